"""A real server is killed in every gap of a command and at any moment, and started again.

The clients repeat what was not answered under its key. ``SOAK=1`` makes eight deaths a hundred.
"""

import http.client
import itertools
import os
import random
import uuid

from app.accounts.states import Role
from app.failpoints import POINTS
from app.verifying.invariants import broken
from tests.app.pressure.calls import once, request_of

DEATHS = 100 if os.environ.get("SOAK") else 8
EACH = 3
SEED = int(os.environ.get("SEED", "1"))
HOSPITAL = "YN530600-011"


def lives(province, monkeypatch, *, deaths, new_keys=False):
    """Ask until all is answered: what was answered to each, and how often the server died."""
    chance, died = random.Random(SEED), 0
    person = province.person("wang", Role.COUNTY_CLINICIAN, facility_id=HOSPITAL)
    left, answered = [str(uuid.uuid4()) for _ in range(EACH * deaths)], {}
    points = itertools.cycle(POINTS)
    while left:
        if died < deaths:
            point = f"{next(points)}:{chance.randint(1, EACH)}"
            monkeypatch.setenv("GREENCHANNEL_FAILPOINT", point)
        else:
            monkeypatch.delenv("GREENCHANNEL_FAILPOINT", raising=False)
        with province.serving() as port:
            try:
                while left:
                    key = str(uuid.uuid4()) if new_keys else left[0]
                    body = request_of(person)
                    status, document = once(port, person, "POST", "/referrals", body, key=key)
                    assert status == 201, document
                    answered[left.pop(0)] = document
            except (OSError, http.client.HTTPException):
                died += 1
    return answered, died


def stored(database):
    with database.reading() as session:
        asked = session.connection().exec_driver_sql
        referrals = {str(key) for (key,) in asked("SELECT id FROM referral")}
        offers = asked("SELECT count(*) FROM offer").scalar()
        keys = asked("SELECT count(*) FROM command").scalar()
        return referrals, offers, keys, list(broken(session))


def test_no_answer_of_a_server_that_dies_is_lost_and_none_is_done_twice(province, monkeypatch):
    answered, died = lives(province, monkeypatch, deaths=DEATHS)
    referrals, offers, keys, faults = stored(province.database)

    assert died >= DEATHS, f"seed {SEED}"
    assert len(answered) == keys == EACH * DEATHS, f"seed {SEED}"
    assert {one["id"] for one in answered.values()} == referrals, f"seed {SEED}"
    assert sum(len(one["offers"]) for one in answered.values()) == offers, f"seed {SEED}"
    assert faults == []


def test_a_client_that_makes_a_new_key_after_a_death_does_it_twice(province, monkeypatch):
    """The planted fault: what was stored and not answered is asked for a second time."""
    answered, _ = lives(province, monkeypatch, deaths=len(POINTS), new_keys=True)
    referrals, *_ = stored(province.database)

    assert len(referrals) > len(answered), f"seed {SEED}"
