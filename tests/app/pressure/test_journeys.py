"""Random histories of the whole path of a referral."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.db import Database
from tests.app.pressure.journeys import SEEN, Journeys

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


def histories(kind, request, tmp_path, keys, *, examples, steps, of=Journeys):
    made = []

    def machine():
        if kind == "sqlite":
            path = tmp_path / f"{len(made)}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            database = Database(f"sqlite:///{path}")
        else:
            database = Database(request.getfixturevalue("address_of_copy")())
        made.append(database)
        return of(database, keys)

    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                phases=[Phase.generate] if os.environ.get("NOSHRINK") else list(Phase),
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        for database in made:
            database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_history_leaves_a_referral_unwatched_or_a_place_astray(kind, request, tmp_path, keys):
    SEEN.clear()
    histories(kind, request, tmp_path, keys, examples=int(os.environ.get("EX", "20")), steps=40)
    print(sorted(SEEN.items()))
