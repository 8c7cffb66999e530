"""A run of more women than one request books: the worker makes it, under the key that was told."""

from datetime import timedelta

import pytest

from app.bookings.asked import ASKED, ROUNDS, make_asked
from app.deadlines.service import open_of_kind
from tests.app.storage.exchanging import ask
from tests.flows.cases import SUIJIANG, manager
from tests.flows.test_booking_runs import COUNTY, RED, proposal, run
from tests.flows.test_bookings import managed, work

NEXT_DOOR = "530625"


@pytest.fixture
def small(house, monkeypatch):
    """One request books nobody."""
    small = house.app.state.settings.model_copy(update={"max_booking_pregnancies": 0})
    monkeypatch.setattr(house.app.state, "settings", small)


def made(house, solve=None):
    """Let the worker make what is asked for."""

    def solved(engine, asked):
        return engine.bookings(asked, limit_s=10)

    return make_asked(house.database, house.current, solve or solved, "53")


def open_asks(house):
    with house.database.reading() as session:
        return len(open_of_kind(session, ASKED, "53"))


def test_a_large_run_is_under_way_until_the_worker_has_made_it(house, small):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    woman = managed(house, doctor, **RED)
    asked = run(mch, status=202)
    again = run(mch, status=202)
    looked = mch.get(f"/bookings/runs/{asked['id']}")

    assert (again, looked.status_code, looked.json()) == (asked, 202, asked)
    assert manager(house, NEXT_DOOR).get(f"/bookings/runs/{asked['id']}").status_code == 404
    assert ask(house.database, "SELECT count(*) FROM booking_run") == [(0,)]

    assert (made(house), made(house)) == (1, 0)
    found = mch.get(f"/bookings/runs/{asked['id']}").json()
    assert (found["id"], found["women"], found["nightly"]) == (asked["id"], 1, False)
    work(house)
    assert [one["run_id"] for one in proposal(doctor, woman)] == [asked["id"]]
    assert open_asks(house) == 0


def test_a_run_in_other_words_is_another_one(house, small):
    mch = manager(house, COUNTY)
    managed(house, house.clinician(SUIJIANG))

    assert run(mch, status=202)["id"] != run(mch, status=202, rethink=True)["id"]
    assert made(house) == 2


def test_what_cannot_be_made_is_tried_again_and_given_up_after_hours(house, small, caplog):
    mch = manager(house, COUNTY)
    managed(house, house.clinician(SUIJIANG))
    asked = run(mch, status=202)

    def broken(engine, document):
        raise RuntimeError

    for number in range(ROUNDS):
        assert made(house, broken) == 0
        assert mch.get(f"/bookings/runs/{asked['id']}").status_code == 202
        house.worker.step(now=now(house) + (number + 1) * timedelta(minutes=31))

    assert open_asks(house) == 0
    assert mch.get(f"/bookings/runs/{asked['id']}").status_code == 404
    assert run(mch, status=202)["id"] != asked["id"]


def now(house):
    with house.database.reading() as session:
        return house.database.now(session)
