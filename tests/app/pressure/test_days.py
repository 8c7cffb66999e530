"""Simulated days: nothing that is open is ever without somebody, a time and a next step.

``SOAK=1`` makes three days thirty.
"""

import os

import pytest

from app.referrals.climbing import handlers
from app.referrals.steps import Stage, of_stage
from app.worker.handling import Handler
from tests.app.pressure.days import LATE, MINUTE, SECOND, Days

DAYS = 30 if os.environ.get("SOAK") else 3
SEED = int(os.environ.get("SEED", "1"))


def test_nobody_is_forgotten_and_no_step_comes_late(database, keys):
    each = 20 if DAYS > 3 else 1
    days = Days(database, keys, handlers(), days=DAYS, seed=SEED, a_day=6, looks_each=each)
    tally = days.live()
    standing, listed = days.open_and_listed()
    late = days.lateness()

    assert standing == days.open_by_the_book(), f"seed {SEED}"
    assert standing <= listed, f"seed {SEED}"
    assert max(lateness for _, lateness in late) <= LATE, f"seed {SEED}"
    usual = sorted(lateness for _, lateness in late)[len(late) // 2]
    assert usual <= SECOND, f"seed {SEED}"
    # The days were such that it means something.
    assert {"accept", "hand over", "stay", "cancel", "close"} <= set(tally.acts), f"seed {SEED}"
    assert sum(dead.taken for dead in days.deaths) > 0, f"seed {SEED}"
    assert any(row.tries > 1 for row, _ in late), f"seed {SEED}"


def test_where_all_are_silent_every_step_of_the_ladder_comes_at_its_minute(database, keys):
    days = Days(database, keys, handlers(), days=0.25, seed=SEED, a_day=60)
    days.deaths, days.answer_offers, days.habits = [], lambda: None, ["forgets"] * 60
    days.live()
    silent = days.silent()

    assert {priority for _, priority, _ in silent} == {1, 2, 3}, f"seed {SEED}"
    for key, priority, since in silent:
        rows = days.steps_of(key)
        for step in of_stage(Stage.REQUESTED, priority):
            due = [row.due_at for row in rows if row.kind == step.step]
            done = [row.done_at for row in rows if row.kind == step.step and row.done_at]
            assert due[0] == since + step.minutes * MINUTE, (f"seed {SEED}", step.id)
            assert len(due) == (1 if step.again_min is None else len(done) + 1), step.id
            for following, before in zip(due[1:], done, strict=False):
                assert following == before + step.again_min * MINUTE, (f"seed {SEED}", step.id)


def test_a_handler_that_forgets_the_next_deadline_is_found(database, keys):
    """The planted fault: the step above is marked as done, and nobody will look again."""
    forgets = {**handlers(), "province": Handler(act=lambda task: None)}
    days = Days(database, keys, forgets, days=0.25, seed=SEED, a_day=60)

    with pytest.raises(AssertionError, match="unwatched"):
        days.live()
