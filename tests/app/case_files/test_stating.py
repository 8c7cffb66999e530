"""Facts as they are read again and again, and where they say more than the colour that stands."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from app.case_files.known.stating import Stated, read_facts, risk_stated
from routing.triage.facts import FactValueError

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def stated(hours, is_full=False, **facts):
    at = NOW + timedelta(hours=hours)
    return Stated(uuid.UUID(int=hours), at, at, facts, is_full=is_full)


def asked(*entries):
    return [event.ref for event in risk_stated(entries, ())]


def test_one_and_true_and_one_point_nought_are_read_each_as_what_it_is():
    assert read_facts({"parity": 1, "bmi": 21}) == {"parity": 1, "bmi": 21}
    assert type(read_facts({"bmi": 21.0})["bmi"]) is float
    assert type(read_facts({"bmi": 21})["bmi"]) is int
    with pytest.raises(FactValueError):
        read_facts({"parity": True})
    with pytest.raises(FactValueError):
        read_facts({"parity": [1]})


def test_what_is_said_with_a_later_form_is_weighed_with_what_was_said_before():
    low, high = stated(1, parity=1), stated(2, parity=1, bmi=29)
    assert asked(low, stated(2, parity=1)) == []
    assert asked(low, high) == [f"stated-{uuid.UUID(int=2)}"]


def test_what_is_said_again_after_a_full_assessment_is_asked_again():
    first, full = stated(1, bmi=29), stated(2, is_full=True)
    again = stated(3, bmi=29)
    assert asked(first, again) == [f"stated-{uuid.UUID(int=1)}"]
    assert len(asked(first, full, again)) == 2
