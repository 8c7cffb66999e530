"""Several act on the bookings of one woman in the same moment, and histories drawn at random."""

import random

import pytest

from tests.flows.cases import SUIJIANG, assessed, manager
from tests.flows.test_booking_runs import COUNTY, accept_many, proposal, run
from tests.flows.test_bookings import CENTRE, OTHER, act, booked, choose, managed, seen, work
from tests.flows.test_plans_at_once import at_once

THIRD = "YN530300-002"
RED = {"nyha_class": 3}
STEPS = 14


def test_of_two_coordinators_who_accept_at_once_one_has_the_centre_asked(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    run(mch)
    work(house)
    (proposed,) = proposal(doctor, woman)
    both = at_once(0, lambda: accept_many(doctor, proposed), lambda: accept_many(mch, proposed))
    said = [one[0]["problem"] for one in both]

    assert sorted(one is None for one in said) == [False, True]
    assert next(one for one in said if one)["status"] in (409, 412)
    assert seen(doctor, proposed)["status"] == "asked"


def test_consent_and_withdrawal_at_once_leave_one_of_both(house):
    """Whoever is second is told; the file says what stands."""
    doctor, centre = house.clinician(SUIJIANG), house.coordinator(CENTRE)
    woman = managed(house, doctor)
    asked = choose(woman, doctor, CENTRE)
    path = f"/bookings/{asked['id']}"
    answers = at_once(
        0,
        lambda: centre.post(f"{path}/consent", None, version=asked["version"]),
        lambda: doctor.post(
            f"{path}/withdraw", {"reason": "another_plan"}, version=asked["version"]
        ),
    )
    stands = seen(doctor, asked)["status"]

    assert sorted(one.status_code for one in answers) == [200, 412]
    assert (woman.whole()["booked_facility_id"] == CENTRE) == (stands == "booked")


def test_two_who_choose_at_once_leave_one_centre_asked(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor)
    at_once(
        0,
        lambda: choose(woman, doctor, CENTRE),
        lambda: choose(woman, mch, OTHER),
    )
    answer = doctor.get("/bookings", params={"file_id": woman.id}).json()["items"]

    assert sorted(one["status"] for one in answer) == ["asked", "withdrawn"]


class History:
    """One woman, and whatever may be done about her bookings, drawn by a seed."""

    def __init__(self, house, seed):
        self.house, self.rng = house, random.Random(seed)  # noqa: S311
        self.doctor, self.mch = house.clinician(SUIJIANG), manager(house, COUNTY)
        self.woman = managed(house, self.doctor)

    def all(self):
        asked = {"file_id": self.woman.id, "limit": 500}
        return self.doctor.get("/bookings", params=asked).json()["items"]

    def hers(self):
        found = [one for one in self.all() if one["status"] in ("booked", "reopened")]
        assert len(found) <= 1
        return found[0] if found else None

    def run(self):
        run(self.mch, rethink=self.rng.random() < 0.5)
        work(self.house)

    def choose(self):
        wanted = {"facility_id": self.rng.choice((CENTRE, OTHER, THIRD)), "because": "家人住附近"}
        self.doctor.post(f"/case-files/{self.woman.id}/bookings", wanted)

    def answer(self):
        for one in self.all():
            if one["status"] == "asked":
                what, body = self.rng.choice(
                    (("consent", None), ("decline", {"reason": "no_room"}))
                )
                act(self.house.coordinator(one["facility_id"]), one, what, body)

    def accept(self):
        accept_many(self.mch, *[one for one in self.all() if one["status"] == "proposed"] or [ANY])

    def confirm(self):
        for one in self.all():
            if one["status"] == "reopened":
                self.doctor.post(f"/bookings/{one['id']}/confirm", None, version=one["version"])

    def rise(self):
        self.woman.whole()
        self.woman.post("assessments", assessed(prior_cs_count=1, uterine_scar=True, **RED))
        work(self.house)

    def late(self):
        self.woman.pass_days(self.rng.choice((2, 6)))


ANY = {"id": "019ab3c4-0000-7000-8000-000000000001", "version": 1}
ACTS = ("run", "choose", "answer", "accept", "confirm", "rise", "late")


@pytest.mark.parametrize("seed", range(3))
def test_no_history_takes_a_place_before_the_next_is_there(house, seed):
    """Nothing here takes a place back, so whoever had one has one after every step."""
    history = History(house, seed)
    booked(house, history.woman, history.doctor)
    for _ in range(STEPS):
        before = history.hers()
        getattr(history, history.rng.choice(ACTS))()
        now = history.hers()

        assert now is not None, before
        assert history.woman.whole()["booked_facility_id"] == now["facility_id"]
        if now["id"] != before["id"]:
            assert seen(history.doctor, before)["replaced_by"] == now["id"]
