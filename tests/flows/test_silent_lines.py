"""A centre that does not answer costs the next patient more, until somebody is there again."""

from datetime import timedelta

import pytest
from sqlmodel import update

from app.referrals import ranking
from app.referrals.store_silent import silent_lines
from app.referrals.tables import Offer
from tests.flows.test_centres_say import BLEEDING, SUIJIANG

URGENT = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"}


@pytest.fixture
def later(monkeypatch):
    """Let the next rankings look at the lines so many minutes from now."""

    monkeypatch.setattr(ranking, "SILENT_HOLDS", timedelta(0))

    def look(minutes):
        monkeypatch.setattr(
            ranking,
            "silent_lines",
            lambda session, now: silent_lines(session, now + timedelta(minutes=minutes)),
        )

    return look


def silent(house, minutes):
    with house.database.reading() as session:
        return silent_lines(session, house.database.now(session) + timedelta(minutes=minutes))


def asked_of(answer):
    return {one["facility_id"] for one in answer["offers"]}


def test_whoever_lets_an_offer_run_out_is_silent_for_an_hour(house):
    asked = house.clinician(SUIJIANG).ask(BLEEDING)

    assert silent(house, 0) == set()
    assert silent(house, 30) == asked_of(asked)
    assert silent(house, 120) == set()


@pytest.mark.parametrize("how", ["look", "decline", "report"])
def test_a_look_a_no_or_a_report_breaks_the_silence(house, how):
    asked = house.clinician(SUIJIANG).ask(BLEEDING)
    offer, *others = asked["offers"]
    centre = house.coordinator(offer["facility_id"])
    path = f"/offers/{offer['id']}"
    if how == "look":
        said = centre.get(path)
    elif how == "decline":
        said = centre.post(f"{path}/decline", {"code": "recommend_nearer"})
    else:
        lines = [{"kind": "LABOUR", "in_service": 3, "free": 2}]
        body = {"facility_id": offer["facility_id"], "lines": lines}
        said = centre.post("/capacity-reports", body)
    assert said.status_code in (200, 201), said.text

    assert silent(house, 30) >= {one["facility_id"] for one in others}
    assert offer["facility_id"] not in silent(house, 30)


def test_who_has_looked_at_another_offer_is_there(house):
    first, second = (house.clinician(SUIJIANG, name=name).ask(BLEEDING) for name in ("a", "b"))
    ran_out = {one["facility_id"]: one["id"] for one in first["offers"]}
    (offer,) = (one for one in second["offers"][:1] if one["facility_id"] in ran_out)
    house.coordinator(offer["facility_id"]).get(f"/offers/{offer['id']}")

    assert offer["facility_id"] not in silent(house, 30)
    assert ran_out.keys() - {offer["facility_id"]} <= silent(house, 30)


def test_an_offer_withdrawn_after_its_time_had_run_out_unseen_is_silence(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    with house.database.writing() as session:
        over = house.database.now(session) - timedelta(minutes=1)
        session.exec(update(Offer).values(deadline_at=over))
    path = f"/referrals/{asked['id']}/cancel"
    done = doctor.post(path, {"reason": "recovered"}, version=asked["version"])
    assert done.status_code == 200, done.text

    assert {one["status"] for one in doctor.referral(asked["id"])["offers"]} == {"withdrawn"}
    assert silent(house, 0) == asked_of(asked)


def test_an_offer_withdrawn_in_time_is_no_silence(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    read = asked["version"]
    path = f"/referrals/{asked['id']}/cancel"
    done = doctor.post(path, {"reason": "recovered"}, version=read)
    assert done.status_code == 200, done.text

    assert silent(house, 30) == set()


def test_a_drill_says_nothing_of_a_line(house):
    house.clinician(SUIJIANG).ask(BLEEDING, drill=True)

    assert silent(house, 30) == set()


def test_the_next_ranking_counts_the_longer_wait_and_says_whose_line_is_silent(house, later):
    doctor = house.clinician(SUIJIANG)
    asked = asked_of(doctor.ask(BLEEDING))
    before = doctor.ask(URGENT)
    later(30)
    after = doctor.ask(URGENT)
    old, new = (
        {row["facility_id"]: row["cost"] for row in one["ranking"]} for one in (before, after)
    )
    both = asked & old.keys() & new.keys()

    assert (before["silent_lines"], after["silent_lines"]) == ([], sorted(asked))
    assert both
    for centre in both:
        assert new[centre]["trust"] == pytest.approx(2.5 * old[centre]["trust"], abs=0.1)
        # Of priority 2, that waits at most 15 minutes.
        assert new[centre]["time_to_care"] - old[centre]["time_to_care"] == pytest.approx(5)


def test_it_is_asked_again_after_seconds_and_not_for_every_request(house, monkeypatch):
    doctor, asked = house.clinician(SUIJIANG), []
    monkeypatch.setattr(
        ranking, "silent_lines", lambda _, now: asked.append(now) or frozenset({"YN530100-001"})
    )

    first, second = (doctor.ask(URGENT)["silent_lines"] for _ in range(2))
    monkeypatch.setattr(ranking, "SILENT_HOLDS", timedelta(0))
    doctor.ask(URGENT)

    assert first == second == ["YN530100-001"]
    assert len(asked) == 2
