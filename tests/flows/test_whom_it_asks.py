"""What a screen says before sending, whom a request asks, is whom it asks."""

import pytest

from app.referrals.whom_to_ask import asks
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

HIGH_PRESSURE = {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"}
SEEN = (1, 2)
"""Places in the ranking of centres in which somebody has an account."""


def answer(who, facts):
    said = who.post("/recommendations", {"facts": facts, "origin": {"facility_id": SUIJIANG}})
    assert said.status_code == 200, said.text
    return said.json()


def asked(found):
    return [one["facility_id"] for one in found["offers"]]


@pytest.mark.parametrize("facts", [BLEEDING, HIGH_PRESSURE], ids=["two", "one"])
def test_who_is_said_to_be_asked_is_asked_by_the_ranking_and_beside_every_choice(house, facts):
    doctor = house.clinician(SUIJIANG)
    order = [row["facility_id"] for row in answer(doctor, facts)["ranking"]]
    for place in SEEN:
        house.coordinator(order[place])
    before = answer(doctor, facts)["asks"]

    assert before["beside"].keys() == set(order)
    assert asked(doctor.ask(facts)) == before["first"]
    for chosen in order[:6]:
        found = doctor.ask(facts, chosen={"facility_id": chosen, "because": "road"})
        assert set(asked(found)) == {chosen, *before["beside"][chosen]}
        assert chosen not in before["beside"][chosen]
    # The centre without an account that stands before one with takes no place of those asked.
    assert len(before["first"]) > answer(doctor, facts)["parallel_offers"]


def test_who_may_not_send_is_not_told_whom_it_would_ask(house):
    assert answer(house.analyst("530000"), BLEEDING)["asks"] is None


def rows(minutes):
    """Centres a, b, c … at so many minutes of care."""
    return [
        {"facility_id": chr(97 + at), "time_to_care_min": float(one)}
        for at, one in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("minutes", "silent", "at_once", "first", "chosen", "beside"),
    [
        ([60, 70, 80], "", 2, "ab", "c", "a"),
        ([60, 70, 80, 90], "b", 2, "abc", "b", "a"),
        ([60, 70, 131], "b", 2, "ab", "a", "b"),  # nobody is looked for an hour farther away
        ([60, 70], "ab", 2, "ab", "a", "b"),
        ([60, 70, 80, 90], "a", 2, "abc", "d", "ab"),
        ([60, 70], "", 1, "a", "b", ""),
    ],
)
def test_a_chosen_centre_takes_one_of_the_places(minutes, silent, at_once, first, chosen, beside):
    found = asks(rows(minutes), at_once, set(silent))

    assert "".join(found["first"]) == first
    assert "".join(found["beside"][chosen]) == beside
