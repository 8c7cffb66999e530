"""Random histories of the whole path of a referral."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event

from app.referrals.climbing import handlers
from app.worker.handling import Handler
from tests.app.pressure.acting import SEEN
from tests.app.pressure.journeys import Journeys
from tests.app.pressure.world import off_the_disk

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


def histories(kind, one_after_another, keys, *, examples, steps, of=Journeys, shrinks=True):
    def machine():
        database = one_after_another(kind)
        if database.is_sqlite and not event.contains(database.engine, "connect", off_the_disk):
            # What is looked at is in the file whether or not the disk has it.
            event.listen(database.engine, "connect", off_the_disk)
        return of(database, keys)

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[*Phase] if shrinks else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_history_leaves_a_referral_unwatched_or_a_place_astray(kind, one_after_another, keys):
    SEEN.clear()
    examples = 5_000 if SOAK else 150
    histories(kind, one_after_another, keys, examples=examples, steps=60 if SOAK else 40)

    # The random ones have come by everything that matters; otherwise they prove nothing.
    wanted = {"accept", "hand over", "outcome", "die", "rogue refused", "rogue let in"}
    assert wanted <= set(SEEN), f"never came by {wanted - set(SEEN)}"


class Forgets(Journeys):
    """The planted fault: what falls due is marked as done, and nobody sets what is next."""

    @staticmethod
    def handlers():
        return {name: Handler(act=lambda task: None) for name in handlers()}


def test_a_step_that_forgets_what_is_next_is_found(one_after_another, keys):
    with pytest.raises(AssertionError, match="unwatched"):
        histories(
            "sqlite", one_after_another, keys, examples=50, steps=20, of=Forgets, shrinks=False
        )
