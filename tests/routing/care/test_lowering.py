"""A colour rises at once and falls by the word of a named clinician only (R-COLOUR-005)."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.care.lowering import Label, Outcome, Refusal, Word, standing_after
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.facts import read_value
from routing.triage.rows import Colour
from routing.triage.screening import ScreeningOutcome
from routing.triage.tables import read_tables
from tests.routing.care.records import CARE, RULES
from tests.routing.triage.conditions import candidates, names_in, stored

WORD = Word("测试甲", "血红蛋白已恢复")
RED, ORANGE, YELLOW, GREEN = (
    Label(Colour(name), purple=False) for name in ("red", "orange", "yellow", "green")
)


def after(facts, *, standing=None, earlier=(), **more):
    return standing_after(
        CARE,
        stored(facts, RULES.facts),
        standing=standing,
        earlier=[stored(one, RULES.facts) for one in earlier],
        **more,
    )


def test_the_first_colour_stands_by_itself():
    change = after({"hb_g_l": 40})

    assert (change.outcome, change.label) == (Outcome.FIRST, RED)


def test_a_colour_rises_at_once_and_nobody_is_asked():
    """Hb 40 is red, whoever was yellow before."""
    change = after({"hb_g_l": 40}, standing=YELLOW, earlier=[{"age_years": 36}])

    assert (change.outcome, change.label, change.refused) == (Outcome.RAISED, RED, ())


def test_a_lower_colour_does_not_stand_without_a_name_and_a_reason():
    change = after({"hb_g_l": 105, "age_years": 36}, standing=RED, earlier=[{"hb_g_l": 40}])

    assert (change.outcome, change.label) == (Outcome.KEPT, RED)
    assert change.refused == (Refusal.NOBODY_NAMED, Refusal.NO_REASON)
    assert change.found.colour is Colour.YELLOW


@pytest.mark.parametrize(
    ("word", "refused"),
    [
        (Word(" ", "恢复"), (Refusal.NOBODY_NAMED,)),
        (Word("测试甲", ""), (Refusal.NO_REASON,)),
    ],
)
def test_half_a_word_lowers_nothing(word, refused):
    now = {"hb_g_l": 105, "age_years": 36}
    change = after(now, standing=RED, earlier=[{"hb_g_l": 40}], word=word)

    assert (change.label, change.refused) == (RED, refused)


def test_a_named_clinician_with_a_reason_lowers_it():
    now = {"hb_g_l": 105, "age_years": 36}
    change = after(now, standing=RED, earlier=[{"hb_g_l": 40}], word=WORD)

    assert (change.outcome, change.label, change.refused) == (Outcome.LOWERED, YELLOW, ())


def test_what_made_her_red_and_is_merely_unknown_now_keeps_her_red():
    """Nobody measured the haemoglobin again."""
    change = after({"age_years": 36}, standing=RED, earlier=[{"hb_g_l": 40}], word=WORD)

    assert (change.label, change.refused) == (RED, (Refusal.STILL_UNKNOWN,))
    assert change.rules == ("R-COLOUR-RED-20",)


def test_age_height_and_history_never_go_down_in_one_pregnancy():
    """36 years are yellow; whoever writes 30 later has made a mistake, not a younger woman."""
    change = after({"age_years": 30}, standing=YELLOW, earlier=[{"age_years": 36}], word=WORD)

    assert (change.outcome, change.label) == (Outcome.KEPT, YELLOW)
    assert Refusal.FIXED_FACTOR in change.refused
    assert "R-COLOUR-YELLOW-01" in change.rules


def test_a_word_lowers_down_to_what_history_gives():
    """Two operations of the womb are orange for good; from red she comes to orange."""
    earlier = [{"uterine_surgery_count": 2, "hb_g_l": 40}]
    now = {"hb_g_l": 105, "uterine_surgery_count": 1}
    change = after(now, standing=RED, earlier=earlier, word=WORD)

    assert (change.outcome, change.label) == (Outcome.LOWERED, ORANGE)


def test_purple_goes_by_a_word_too_and_hiv_never():
    syphilis = after(
        {"hb_g_l": 50, "syphilis": False},
        standing=Label(Colour.ORANGE, purple=True),
        earlier=[{"hb_g_l": 50, "syphilis": True}],
    )
    assert (syphilis.outcome, syphilis.label.purple) == (Outcome.KEPT, True)
    told = after(
        {"hb_g_l": 50, "syphilis": False},
        standing=Label(Colour.ORANGE, purple=True),
        earlier=[{"hb_g_l": 50, "syphilis": True}],
        word=WORD,
    )
    assert (told.outcome, told.label) == (Outcome.LOWERED, ORANGE)
    hiv = after(
        {"hb_g_l": 50, "hiv": False},
        standing=Label(Colour.ORANGE, purple=True),
        earlier=[{"hb_g_l": 50, "hiv": True}],
        word=WORD,
    )
    assert (hiv.outcome, hiv.label.purple) == (Outcome.KEPT, True)


def test_a_rise_of_one_label_never_lowers_the_other():
    change = after({"hb_g_l": 40}, standing=Label(Colour.YELLOW, purple=True), word=WORD)

    assert change.label == Label(Colour.RED, purple=True)


def test_the_same_again_is_the_same():
    change = after({"hb_g_l": 40}, standing=RED, earlier=[{"hb_g_l": 40}])

    assert (change.outcome, change.label) == (Outcome.SAME, RED)


def everything_normal():
    """A value of each fact that makes no row true; the area of a valve says that it is narrow."""
    rows = [row for row in RULES.colours if row.condition is not None]
    names = {name for row in rows for name in row.names} - {"mitral_valve_area_cm2"}
    facts = {name: _harmless(name) for name in names}
    found = colour_of(RULES, complete(RULES, facts, patient="maternal"))
    assert set(found.undetermined) == {*VALVE}
    return facts


VALVE = ("R-COLOUR-ORANGE-05", "R-COLOUR-RED-03")


NUMBERS = {"age_years": 28, "bmi": 21.0, "hb_g_l": 125, "plt_1e9_l": 200, "lvef_pct": 65}
NUMBERS |= {"months_since_last_uterine_surgery": 60.0}
NUMBERS |= {"nyha_class": 1, "fetus_count": 1, "gestational_age_weeks": 140, "height_cm": 160}
NUMBERS |= {"urine_ml_day": 1500.0, "creatinine_ratio_uln": 0.5, "pap_mmhg": 20.0}
NUMBERS |= {"aortic_diameter_mm": 25.0, "abortion_count": 0}


def _harmless(name):
    fact = RULES.facts[name]
    if name in NUMBERS:
        return NUMBERS[name]
    if fact.type == "bool":
        return False
    return fact.values[0] if fact.values else 0


def test_green_stands_by_itself_only_after_a_negative_screening_with_nothing_open():
    """R-COLOUR-004."""
    facts = everything_normal()
    green = {"screening": ScreeningOutcome.NEGATIVE, "ruled_out": VALVE}
    negative = standing_after(CARE, facts, **green)
    assert (negative.outcome, negative.label, negative.open) == (Outcome.FIRST, GREEN, ())

    for screening in (None, ScreeningOutcome.UNDETERMINED):
        change = standing_after(CARE, facts, screening=screening, ruled_out=VALVE, word=WORD)
        assert change.label.colour is None
        assert change.refused == (Refusal.SCREENING_OPEN,)
    some = standing_after(CARE, {"age_years": 28}, screening=ScreeningOutcome.NEGATIVE, word=WORD)
    assert (some.label.colour, some.refused) == (None, (Refusal.STILL_UNKNOWN,))


def test_a_row_that_no_fact_can_answer_is_ruled_out_by_hand():
    """No fact says that her valves are well: both rows stay open until the assessor says so."""
    facts = everything_normal()
    asked = standing_after(CARE, facts, screening=ScreeningOutcome.NEGATIVE)
    half = standing_after(CARE, facts, screening=ScreeningOutcome.NEGATIVE, ruled_out=VALVE[:1])

    assert (asked.label.colour, asked.refused) == (None, (Refusal.STILL_UNKNOWN,))
    assert set(asked.open) == {*VALVE}
    assert half.open == VALVE[1:]


def test_what_the_facts_make_true_is_not_ruled_out_by_hand():
    change = after({"hb_g_l": 40}, ruled_out=["R-COLOUR-RED-20"])

    assert change.label == RED
    with pytest.raises(KeyError):
        after({"hb_g_l": 40}, ruled_out=["R-COLOUR-RED-99"])


def test_a_positive_woman_without_a_row_is_green_by_name_only():
    """R-SCREEN-13: Rh-negative is positive and has no colour (R-COLOUR-009)."""
    facts = {**everything_normal(), "rh_negative": True}
    positive = {"screening": ScreeningOutcome.POSITIVE, "ruled_out": VALVE}
    alone = standing_after(CARE, facts, **positive)
    named = standing_after(CARE, facts, **positive, word=WORD)

    assert (alone.outcome, alone.label.colour) == (Outcome.UNLABELLED, None)
    assert alone.refused == (Refusal.NOBODY_NAMED, Refusal.NO_REASON)
    assert (named.outcome, named.label) == (Outcome.FIRST, GREEN)


def test_down_to_green_nothing_may_be_open():
    change = after({"hb_g_l": 125}, standing=RED, earlier=[{"hb_g_l": 40}], word=WORD)

    assert (change.label, change.refused) == (RED, (Refusal.STILL_UNKNOWN,))
    full = {**everything_normal(), "hb_g_l": 125}
    before = {"standing": RED, "earlier": [{"hb_g_l": 40}]}
    told = standing_after(CARE, full, **before, ruled_out=VALVE, word=WORD)
    assert (told.outcome, told.label) == (Outcome.LOWERED, GREEN)


@cache
def _drawn(name):
    """A fact of the colour table on both sides of every value that a row compares it with."""
    fact = RULES.facts[name]
    texts = [row["machine_condition"] for row in read_tables()["risk_conditions"]]
    asked = [text for text in texts if name in (names_in(text) if text else ())]
    values = {read_value(fact, one) for text in asked for one in candidates(text, name, fact)}
    return st.sampled_from(sorted(values))


COLOURING = sorted({name for row in RULES.colours if row.condition for name in row.names})
DRAWN = st.lists(st.sampled_from(COLOURING), max_size=6, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({name: _drawn(name) for name in chosen})
)


def above(label, other):
    """Whether a label gives at least what another does, colour and purple each."""
    ranks = [-1 if one.colour is None else one.colour.rank for one in (label, other)]
    return ranks[0] >= ranks[1] and label.purple >= other.purple


@given(st.lists(DRAWN, min_size=1, max_size=4))
def test_through_any_assessments_no_label_ever_falls_silently(assessments):
    """Without a word the label is the highest that any of them found, colour and purple each."""
    standing = Label(None, purple=False)
    earlier = []
    for facts in assessments:
        change = standing_after(CARE, facts, standing=standing, earlier=earlier)
        assert above(change.label, standing)
        found = change.found
        if found.labels != ("green",):
            assert above(change.label, Label(found.colour, found.purple))
        standing, earlier = change.label, [*earlier, facts]


@given(st.lists(DRAWN, min_size=1, max_size=3), DRAWN)
def test_a_word_never_lowers_below_what_is_found_or_what_is_fixed(assessments, now):
    standing = Label(None, purple=False)
    earlier = []
    for facts in assessments:
        standing = standing_after(CARE, facts, standing=standing, earlier=earlier).label
        earlier.append(facts)
    change = standing_after(CARE, now, standing=standing, earlier=earlier, word=WORD)
    fixed = {row.fact for row in CARE.fixed}

    for facts in (*earlier, now):
        kept = {name: value for name, value in facts.items() if name in fixed}
        floor = colour_of(RULES, complete(RULES, kept, patient="maternal"))
        if change.label.colour is not None:
            assert above(change.label, Label(floor.colour, floor.purple))
    if change.outcome is Outcome.LOWERED:
        assert above(change.label, Label(change.found.colour, change.found.purple))
        assert not above(change.label, standing)
