"""A hospital and the ledger contradict each other: somebody sees it, until when, and ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.centres.settling import TO_SETTLE
from tests.flows.test_centres_say import BLEEDING, SUIJIANG

HOURS = int(TO_SETTLE.total_seconds() // 3600)


def contradicted(house):
    """A centre that has promised its bed says that it has none at all."""
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = asked["offers"][0]["facility_id"]
    night = house.coordinator(centre)
    offer = asked["offers"][0]
    kind = offer["places"][0]["kind"]
    yes = night.post(f"/offers/{offer['id']}/accept")
    assert yes.json()["places_held"] == 1, yes.text
    lines = [{"kind": kind, "in_service": 0, "free": 0}]
    said = night.post("/capacity-reports", {"facility_id": centre, "lines": lines})
    assert said.json()["kinds"][kind]["contradictions"] == ["fewer_than_held"], said.text
    return night, centre, kind, asked["id"]


def items(caller):
    return caller.get("/worklists/mine").json()["work_items"]


def told(house):
    with house.database.reading() as session:
        found = session.execute(
            text("SELECT n.template FROM notice n WHERE n.subject_kind = 'work_item'")
        )
        return [template for (template,) in found]


def test_the_hospital_finds_it_in_its_list_and_settles_it_with_a_reason(house):
    night, centre, kind, referral = contradicted(house)
    (item,) = items(night)
    path = f"/worklists/items/{item['id']}/settle"
    stranger = house.clinician(SUIJIANG)
    foreign = stranger.post(path, {"because": "counted_again"})
    no_reason = night.post(path, {"because": "figures_agree"})
    done = night.post(path, {"because": "report_was_wrong"})

    assert (item["code"], item["facility_id"], item["kind"]) == ("fewer_than_held", centre, kind)
    assert item["deadline_at"] > item["opened_at"]
    assert items(stranger) == []
    assert foreign.status_code == 403
    assert no_reason.status_code in (400, 422)
    assert (done.status_code, done.json()["closed_because"]) == (200, "report_was_wrong")
    assert items(night) == []
    assert night.referral(referral)["status"] == "accepted"
    with house.database.reading() as session:
        held = session.execute(
            text("SELECT count(*) FROM place WHERE reservation_id IS NOT NULL")
        ).scalar()
    assert held >= 1


def test_what_nobody_settles_goes_up_to_the_offices_and_leaves_no_list(house):
    night, *_ = contradicted(house)
    (item,) = items(night)
    county = house.duty(_division(house, night))
    prefecture = house.duty(f"{_division(house, night)[:4]}00")
    before = (items(county), items(prefecture))
    late(house)
    in_county = items(county)
    late(house)
    in_prefecture = items(prefecture)

    assert before == ([], [])
    assert [one["id"] for one in in_county] == [item["id"]]
    assert [one["id"] for one in in_prefecture] == [item["id"]]
    assert [(one["id"], one["yours"]) for one in items(night)] == [(item["id"], False)]
    assert told(house) == ["beds_disagree"] * 4
    done = prefecture.post(
        f"/worklists/items/{item['id']}/settle", {"because": "patient_not_in_ledger"}
    )
    assert done.status_code == 200, done.text
    late(house)
    assert len(told(house)) == 4


def test_figures_that_agree_again_end_it_and_its_deadline(house):
    night, centre, kind, _ = contradicted(house)
    lines = [{"kind": kind, "in_service": 20, "free": 1}]
    night.post("/capacity-reports", {"facility_id": centre, "lines": lines})

    assert items(night) == []
    with house.database.reading() as session:
        ended = session.execute(
            text(
                "SELECT w.closed_because, d.cancelled_at IS NOT NULL FROM work_item w "
                "JOIN deadline d ON d.subject_id = w.id"
            )
        ).all()
    assert [(because, bool(off)) for because, off in ended] == [("figures_agree", True)]


def test_the_database_takes_no_end_without_a_reason(house):
    contradicted(house)
    for change in (
        "UPDATE work_item SET closed_at = opened_at",
        "UPDATE work_item SET closed_because = 'counted_again'",
        "UPDATE work_item SET closed_at = opened_at, closed_because = 'never mind'",
    ):
        with pytest.raises(DBAPIError), house.database.writing() as session:
            session.execute(text(change))


def _division(house, caller):
    return house.people[caller.name].division


def late(house):
    """Let the time for one step run out."""
    house.hours = getattr(house, "hours", 0) + HOURS
    with house.database.reading() as session:
        start = house.database.now(session)
    for _ in range(20):
        house.worker.step(now=start + timedelta(hours=house.hours, minutes=5))
