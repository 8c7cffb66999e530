"""Who gets a case file, and that an unknown fact is named and not taken for harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.care.opening import reasons_to_open
from routing.triage.rows import Colour
from tests.routing.care.records import CARE, RULES
from tests.routing.triage.conditions import stored


def opening(colour, facts, *, purple=False, profile=None):
    colour = None if colour is None else Colour(colour)
    return reasons_to_open(CARE, colour, stored(facts, RULES.facts), purple=purple, profile=profile)


def reasons(*args, **more):
    return [row.info.id for row in opening(*args, **more).reasons]


HARMLESS = {"age_years": 28, "prior_cs_count": 0}


@pytest.mark.parametrize(
    ("colour", "purple", "expected"),
    [
        ("green", False, []),
        ("yellow", False, []),
        ("orange", False, ["R-CASE-01-orange"]),
        ("red", False, ["R-CASE-01-red"]),
        ("green", True, ["R-CASE-01-purple"]),
        ("red", True, ["R-CASE-01-red", "R-CASE-01-purple"]),
    ],
)
def test_orange_red_and_purple_open_a_file(colour, purple, expected):
    """R-CASE-01."""
    assert reasons(colour, HARMLESS, purple=purple) == expected
    assert opening(colour, HARMLESS, purple=purple).opens is bool(expected)


def test_in_yunnan_age_and_caesarean_open_a_file_even_in_yellow():
    """R-CASE-02."""
    older, after = {**HARMLESS, "age_years": 35}, {**HARMLESS, "prior_cs_count": 1}

    assert reasons("yellow", older) == ["R-CASE-02-age"]
    assert reasons("yellow", after) == ["R-CASE-02-caesarean"]
    assert reasons("yellow", older, profile="national") == []
    assert opening("yellow", after, profile="national").opens is False


def test_a_profile_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="moon"):
        opening("yellow", HARMLESS, profile="moon")


def test_whoever_is_35_on_the_due_date_is_older_today():
    """R-DATA-04, R-CASE-08: 34 now, 35 when the child is due."""
    assert reasons("yellow", {"age_years": 34, "age_at_edd_years": 35, "prior_cs_count": 0}) == [
        "R-CASE-02-age"
    ]
    assert reasons("yellow", {"age_at_edd_years": 36, "prior_cs_count": 0}) == ["R-CASE-02-age"]
    assert reasons("green", {"age_years": 34, "age_at_edd_years": 34, "prior_cs_count": 0}) == []


def test_with_34_and_no_due_date_it_is_open_and_with_33_it_is_not():
    """At the due date she is as old as now or one year more."""
    at_34 = opening("yellow", {"age_years": 34, "prior_cs_count": 0})
    at_33 = opening("yellow", {"age_years": 33, "prior_cs_count": 0})

    assert (at_34.opens, at_34.ask) == (None, ("age_at_edd_years",))
    assert at_33.opens is False


def test_an_age_on_the_due_date_says_how_old_she_is_now():
    """34 then is 34 or 33 now: she is in no register of age, and nobody has to be asked."""
    assert opening("yellow", {"age_at_edd_years": 34, "prior_cs_count": 0}).opens is False
    assert reasons("yellow", {"age_at_edd_years": 35, "prior_cs_count": 0}) == ["R-CASE-02-age"]


def test_without_colour_every_label_is_undetermined():
    found = opening(None, HARMLESS)

    assert found.opens is None
    assert [row.info.id for row in found.undetermined] == [
        "R-CASE-01-orange",
        "R-CASE-01-red",
        "R-CASE-01-purple",
    ]
    assert opening(None, {"prior_cs_count": 1}).opens is True


def test_what_is_unknown_is_asked():
    found = opening("yellow", {})

    assert found.opens is None
    assert found.ask == ("age_years", "age_at_edd_years", "prior_cs_count")


FACTS = {
    "age_years": st.integers(14, 50),
    "age_at_edd_years": st.integers(14, 51),
    "prior_cs_count": st.integers(0, 3),
}


@given(
    st.sampled_from([None, *Colour]),
    st.booleans(),
    st.fixed_dictionaries({}, optional=FACTS),
    st.fixed_dictionaries(FACTS),
)
def test_an_unknown_fact_never_opens_less_than_a_harmless_one_would(colour, purple, known, others):
    """Whatever the unknown facts turn out to be: no file is opened that was not at least open."""
    before = reasons_to_open(CARE, colour, known, purple=purple)
    step = others["age_at_edd_years"] % 2
    stated = known.get("age_at_edd_years", others["age_years"] + step)
    age = known.get("age_years", stated - step)
    at_due_date = known.get("age_at_edd_years", age + step)
    full = {**others, "age_years": age, "age_at_edd_years": at_due_date, **known}
    after = reasons_to_open(CARE, colour, full, purple=purple)

    assert {row.info.id for row in before.reasons} <= {row.info.id for row in after.reasons}
    possible = {row.info.id for row in (*before.reasons, *before.undetermined)}
    assert {row.info.id for row in after.reasons} <= possible
