"""A fault planted in the code of case files, that the database does not let through."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from app.case_files.acts import assessing
from routing.care.lowering import Label, Outcome
from tests.app.storage.test_case_histories import FACTS, CaseHistories, engine

__all__ = ["engine"]


def test_a_chain_of_colours_that_may_go_back_is_found(one_after_another, engine):
    """The planted fault: whoever assesses lets the colour of today stand, lower or not."""
    real = assessing.standing_after

    def forgets(care, facts, **more):
        found = real(care, facts, **more)
        if found.outcome is Outcome.KEPT:
            return replace(
                found, outcome=Outcome.RAISED, label=Label(found.found.colour, found.found.purple)
            )
        return found

    machine = CaseHistories(one_after_another("sqlite"), engine)
    machine.register(0, 20, True, {})
    machine.screening(0, FACTS[2])
    machine.assessing(0, FACTS[2], False)
    assessing.standing_after = forgets
    try:
        with pytest.raises(DBAPIError, match="ck_case_colour_named"):
            machine.assessing(0, FACTS[1], False)
    finally:
        assessing.standing_after = real
