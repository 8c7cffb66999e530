"""What waits for a person after an import: by area, page by page, decided once."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from routing.triage.rows import Colour
from tests.app.storage import account_rows
from tests.app.storage.exchanging import LOGIN, assessed, filed, later, pregnant, take
from tests.flows.cases import manager

LIST = "/worklists/exchange"


@pytest.fixture
def women(house):
    """Invented women, and an account in whose name files are taken in."""
    with house.database.writing() as session:
        account_rows.user(session, LOGIN)
    return pregnant(house.database, house.engine)


def told(house, *rows):
    taken = take(house.database, house.engine, list(rows))
    return taken, filed(house.database, house.engine)


def waiting(who, **more):
    answer = who.get(LIST, params=more)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def in_short(items):
    return [(one["kind"], *one["what"]) for one in items]


def decide(who, item, decision, status=200):
    answer = who.post(f"{LIST}/{item['id']}/decision", {"decision": decision})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_colour_that_the_platform_would_lower_waits_in_the_county_until_somebody_decides(
    house, women
):
    row = assessed(women, Colour.YELLOW)
    told(house, row)
    told(house, later(row, colour=Colour.GREEN))
    mine = manager(house, row.given.residence_county)
    elsewhere = next(
        w.woman.county for w in women if w.woman.county[:4] != row.given.residence_county[:4]
    )
    stranger = manager(house, elsewhere)
    (item,) = waiting(mine)

    assert in_short([item]) == [("kept", "colour")]
    assert item["record_id"] == row.record_id
    assert mine.get(f"/case-files/{item['case_file_id']}").status_code == 200
    assert waiting(stranger) == []
    decide(stranger, item, "ours", 404)
    decide(mine, item, "again", 422)
    assert decide(mine, item, "ours")["decision"] == "ours"
    assert "decided_before" in decide(mine, item, "sent_back", 422)["codes"]
    assert waiting(mine) == []
    assert in_short(waiting(mine, decided=True)) == [("kept", "colour")]


def test_the_list_comes_page_by_page_and_the_same_point_waits_once(house, women):
    row = assessed(women, Colour.YELLOW)
    told(house, row)
    moved = later(row, due_date=row.due_date + timedelta(days=3), ended_as="moved_away")
    moved = dataclasses.replace(moved, ended_on=row.registered_on)
    told(house, moved)
    told(house, later(moved, due_date=row.due_date + timedelta(days=4)))
    mine, found, cursor = manager(house, row.given.residence_county), [], None
    while True:
        more = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = mine.get(LIST, params=more).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert sorted(in_short(found)) == [
        ("kept", "due_date"),
        ("kept", "ended_as"),
        ("kept", "ended_on"),
    ]


def test_the_number_of_a_filed_woman_under_another_record_waits_for_a_person(house, women):
    """A mistyped number would put one woman's findings into another's file."""
    row = assessed(women, Colour.YELLOW)
    told(house, row)
    taken, _ = told(house, dataclasses.replace(row, record_id="OTHER"))
    found = waiting(manager(house, row.given.residence_county))

    assert taken.counts == {"filed_elsewhere": 1}
    assert in_short(found) == [("conflict", "filed_elsewhere")]


def test_an_older_file_sent_again_gives_nobody_work(house, women):
    row = assessed(women, Colour.YELLOW)
    told(house, later(row))
    told(house, dataclasses.replace(row, facts=dict(row.facts) | {"height_cm": 140.0}))

    assert waiting(manager(house, row.given.residence_county)) == []


def test_a_woman_without_a_number_who_may_be_here_already_is_looked_at(house, women):
    first = dataclasses.replace(
        women[0].row, given=dataclasses.replace(women[0].row.given, phone="13900000001")
    )
    unnumbered = dataclasses.replace(first.given, id_number=None, identity_kind=None)
    told(house, first)
    told(house, dataclasses.replace(first, record_id="AGAIN", given=unnumbered))
    found = waiting(manager(house, first.given.residence_county))

    assert ("likeness", "same_phone") in in_short(found)
    assert {one["record_id"] for one in found if one["kind"] == "likeness"} == {"AGAIN"}


def test_a_refused_line_is_tried_again_when_somebody_says_so(house, women):
    """Its county has no office at first, and then has one."""
    row = women[0].row
    away = dataclasses.replace(row.given, residence_county="530102")
    office = "UPDATE organisation SET kind = :to WHERE kind = :of AND division = '530102'"
    with house.database.writing() as session:
        session.execute(text(office), {"to": "ems120", "of": "mch"})
    told(house, dataclasses.replace(row, given=away))
    with house.database.writing() as session:
        session.execute(text(office), {"to": "mch", "of": "ems120"})
    there = manager(house, "530102")
    (item,) = waiting(there)
    assert in_short([item]) == [("refused", "no_mch_institution")]
    decide(there, item, "again")
    done = filed(house.database, house.engine)

    assert (done.filed, done.refused) == (1, 0)
    assert waiting(there) == []


def test_what_was_decided_stays_so_whoever_writes(house, women):
    """The database itself refuses a second decision, and that anything is taken off the list."""
    row = assessed(women, Colour.YELLOW)
    told(house, row)
    told(house, later(row, colour=Colour.GREEN))
    mine = manager(house, row.given.residence_county)
    decide(mine, waiting(mine)[0], "ours")
    for statement in (
        "UPDATE exchange_item SET decision = 'entered'",
        "UPDATE exchange_item SET decision = NULL, decided_at = NULL, by_user = NULL, "
        "by_org = NULL",
        "DELETE FROM exchange_item",
        "INSERT INTO exchange_item (id, province, county, line_id, format, record_id, kind, what, "
        "opened_at, decision) SELECT '01900000-0000-7000-8000-000000000000', province, county, "
        "line_id, format, record_id, kind, what, opened_at, decision FROM exchange_item",
    ):
        with pytest.raises(DBAPIError), house.database.writing() as session:
            session.execute(text(statement))
