"""A list of offers is read by as many statements as one offer, however long it is."""

import contextlib
from collections import OrderedDict

import pytest
from sqlalchemy import event

from app.patients import reading
from app.referrals import kept, question
from tests.flows.test_bad_night import BLEEDING

CENTRE = "YN530100-001"
MANY = 20


@contextlib.contextmanager
def counted(house):
    """The statements that the application runs meanwhile."""
    engine, said = house.app.state.database.engine, []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def hospitals(house):
    found = [one.facility_id for one in house.engine.registry.facilities]
    return [one for one in found if one.startswith("YN530") and one != CENTRE][: MANY + 1]


def asked_by(house, facility_id):
    chosen = {"facility_id": CENTRE, "because": "treated_there"}
    return house.clinician(facility_id).ask(BLEEDING, chosen=chosen)


@pytest.mark.parametrize("path", ["/worklists/mine", "/offers"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_twenty_offers_are_read_by_as_many_statements_as_one(house, monkeypatch, path, known):
    """Each from another hospital, of another woman, by another ranking."""

    def read():
        if not known:
            monkeypatch.setattr(question, "_SHOWN", OrderedDict())
            monkeypatch.setattr(kept, "_READ", OrderedDict())
            monkeypatch.setattr(kept, "_COLOURS", OrderedDict())
            monkeypatch.setattr(kept, "_PREGNANCIES", OrderedDict())
            monkeypatch.setattr(reading, "_KINDS", {})
        with counted(house) as said:
            answer = centre.get(path)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return len(found.get("items", found.get("offers"))), len(said)

    centre, others = house.coordinator(CENTRE), hospitals(house)
    asked_by(house, others[0])
    read()
    few, of_few = read()
    for one in others[1:MANY]:
        asked_by(house, one)
    read()
    many, of_many = read()

    assert (few, many) == (1, MANY)
    assert of_many == of_few
