"""A canary in every sealed column of case files, bookings and exchange, and seen nowhere."""

import dataclasses
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.accounts.tables import UserAccount
from app.case_exchange.rows import VisitRow
from app.db_types import metadata
from app.keys.keyring import KeyRing
from app.keys.sealed import Sealed
from app.keys.words import put
from routing.care.days import day_of
from tests.app.storage import canary, exchanging
from tests.app.storage.canary import CANARY, sightings
from tests.app.storage.test_canary import first_segment, left_behind
from tests.app.storage.test_canary_copies import copies
from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_bookings import act, choose
from tests.flows.test_canary_notices import sent
from tests.flows.test_case_rules import HEART
from tests.flows.test_patients import SAID

__all__ = ["first_segment"]

HEIGHT = 163.97531
"""A fact that nobody else has."""
TRACES = canary.TRACES | canary.traces([str(HEIGHT), "\u91d1\u4e1d\u96c0"])
WORDS = f"{canary.NAME},{canary.PHONE},{canary.ADDRESS}"
FEATURES = ("case_", "booking", "exchange_")


def sealed_columns():
    """Every sealed column of the three features by its name."""
    return {
        f"{table.name}.{column.name}": column
        for table in metadata.sorted_tables
        if table.name.startswith(FEATURES) and table.name != "case_review"
        for column in table.columns
        if isinstance(column.type, Sealed)
    }


def empty(house):
    """Those of them in which nothing stands."""
    with house.database.reading() as session:
        return [
            name
            for name, column in sealed_columns().items()
            if session.execute(select(column).where(column.is_not(None))).first() is None
        ]


def a_file(house):
    """Everything that can be said of her in words, and a fact; the texts of some refusals."""
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    with house.database.writing() as session:
        user = session.get(UserAccount, house.people[doctor.name].user_id)
        put(session, user, name=canary.NAME)
        session.add(user)
    facts = {"height_cm": HEIGHT}
    woman = Woman(house, doctor, weeks=24, facts=facts, identity=SAID)
    woman.post("screenings", screened(**facts))
    woman.post("assessments", assessed(**facts, **HEART))
    woman.post("clinician", {})
    refusals = [
        woman.post("plans", {"kind": "emergency", "text": WORDS}, status=422),
        woman.post("end", {"how": "lost_to_follow_up", "because": WORDS}, status=409),
    ]
    plan = {"kind": "emergency", "text": WORDS, "made_with": CENTRE, "agreed_by": canary.NAME}
    woman.post("plans", plan)
    found = {"text": WORDS, "facts": {"hb_g_l": 96, "nobody": canary.NAME}}
    woman.post("visits", {"kind": "antenatal", "status": "held", "findings": found})
    woman.post("reports", {"kind": "near_miss", "content": WORDS})
    said = {"subject": "counselling", "answer": "refused", "said": WORDS}
    woman.post("counselling", said)
    woman.post("assessments", assessed(**facts))
    woman.post("downgrades", {"because": WORDS})
    asked = choose(woman, doctor, CENTRE, because=WORDS)
    act(house.coordinator(CENTRE), asked, "consent")
    woman.whole()
    woman.post("handovers", {"to_county": "530102", "note": WORDS}, by=mch)
    there = manager(house, "530102")
    offer = woman.whole(there)["handovers"][0]
    no = {"answer": "declined", "reason": WORDS}
    woman.post(f"handovers/{offer['id']}/answer", no, by=there)
    glass = {"phone": canary.PHONE, "break_glass": {"reason": WORDS}}
    stranger = house.clinician("YN530100-008")
    assert stranger.post("/case-files/lookup", glass).json()["id"] == woman.id
    woman.whole()
    born = {"mode": "vaginal", "stillborn": 1, "elsewhere": WORDS}
    woman.post("deliveries", born)
    woman.post("end", {"how": "maternal_death", "because": WORDS})
    return [str(one).encode() for one in refusals]


def told_by_the_platform(house, engine):
    """A pregnancy and a visit of hers as the platform tells of them, filed."""
    with house.database.writing() as session:
        exchanging.account_rows.user(session, exchanging.LOGIN)
    women = exchanging.pregnant(house.database, engine)
    row = women[0].row
    who = {
        name: getattr(CANARY, name)
        for name in ("name", "phone", "address", "contact_name", "contact_phone")
    }
    row = dataclasses.replace(row, given=dataclasses.replace(row.given, **who))
    exchanging.take(house.database, engine, [row])
    visit = VisitRow(
        visit_id="v1",
        record_id=row.record_id,
        updated_at=row.updated_at,
        state="held",
        visited_on=day_of(row.updated_at) - timedelta(days=1),
        findings=WORDS,
    )
    exchanging.take(house.database, engine, [visit])
    exchanging.filed(house.database, engine)


def a_life(house, engine):
    refusals = a_file(house)
    told_by_the_platform(house, engine)
    for days in (0.01, 2, 9):
        house.worker.step(now=_now(house) + timedelta(days=days))
    messages = sent(house)
    assert len(messages) > 3
    return {f"refusal {n}": one for n, one in enumerate(refusals)} | {
        "messages": "\n".join(map(repr, messages)).encode()
    }


def _now(house):
    with house.database.reading() as session:
        return house.database.now(session)


@pytest.fixture
def everything_is_logged(caplog):
    caplog.set_level(logging.DEBUG)


def test_she_is_in_every_sealed_column_and_seen_nowhere(
    house, house_address, flow_engine, tmp_path, request, caplog, capfd, monkeypatch,
    everything_is_logged,
):  # fmt: skip
    said = a_life(house, flow_engine)
    assert empty(house) == []
    places = said | left_behind(house.database, house_address, tmp_path, request, caplog, capfd)
    backup = tmp_path / "backup"
    backup.mkdir()
    places |= copies(house.database, backup, monkeypatch)

    assert sightings(places, TRACES) == []
    assert len(caplog.text) > 10_000
    with house.database.reading() as session:
        ids = [str(row[0]) for row in session.execute(text("SELECT id FROM case_file"))]
    # What was looked through is the copy: her file is in it.
    assert any(one.encode() in places["plain copy"] for one in ids)


@pytest.mark.parametrize("column", ["findings", "chosen_because", "content"])
def test_a_column_that_hides_nothing_is_noticed(
    house, house_address, flow_engine, tmp_path, request, caplog, capfd, monkeypatch, column
):
    """The planted fault: what was found at a visit, why a centre was chosen, what was told."""
    right = KeyRing.seal

    def seal(self, value, bound):
        sealed = right(self, value, bound)
        return sealed[:16] + value.encode() * 4 if bound.column == column else sealed

    with monkeypatch.context() as planted:
        planted.setattr(KeyRing, "seal", seal)
        planted.setattr(KeyRing, "open", _opens(KeyRing.open, column))
        a_life(house, flow_engine)
    seen = sightings(
        left_behind(house.database, house_address, tmp_path, request, caplog, capfd), TRACES
    )
    assert any(where.startswith("table ") for where, _ in seen)


def _opens(right, column):
    """What was never sealed is read as it lies there."""

    def opens(self, sealed, bound):
        if bound.column == column:
            plain = bytes(sealed[16:])
            return plain[: len(plain) // 4].decode()
        return right(self, sealed, bound)

    return opens
