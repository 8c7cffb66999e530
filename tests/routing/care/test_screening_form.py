"""The screening form with answers by hand, who may assess, who may decide."""

import pytest

from facilities.centre import Grade
from routing.care.acts import rows_of, why_not
from routing.care.rows_deciding import Act, Rank
from routing.care.screening import may_assess, screened, screening_refers
from routing.triage.screening import ScreeningOutcome
from tests.routing.care.records import CARE

ITEMS = [row.info.id for row in CARE.rules.screening]
MANDATORY = [row.info.id for row in CARE.rules.screening if row.mandatory]
NO = dict.fromkeys(ITEMS, False)


def test_laboratory_items_are_recommended_and_all_others_mandatory():
    """R-SCREEN-10: the starred items of the form."""
    recommended = [item for item in ITEMS if item not in MANDATORY]

    assert recommended == [item for item in ITEMS if item.startswith("R-SCREEN-08")]
    assert len(recommended) == 5


def test_any_one_item_makes_the_form_positive():
    """R-SCREEN-02."""
    for item in ITEMS:
        found = screened(CARE, {}, {item: True})
        assert (found.outcome, found.positive) == (ScreeningOutcome.POSITIVE, (item,))


def test_with_every_mandatory_item_answered_it_is_negative():
    found = screened(CARE, {}, dict.fromkeys(MANDATORY, False))

    assert found.outcome is ScreeningOutcome.NEGATIVE
    assert found.open_mandatory == ()
    assert len(found.open_recommended) == 5
    assert screened(CARE, {}, NO).open_recommended == ()


def test_one_mandatory_item_left_out_leaves_it_undetermined():
    for item in MANDATORY:
        answers = {name: answer for name, answer in NO.items() if name != item}
        found = screened(CARE, {}, answers)
        assert (found.outcome, found.open_mandatory) == (ScreeningOutcome.UNDETERMINED, (item,))


def test_a_fact_makes_an_item_true_whatever_was_ticked():
    found = screened(CARE, {"age_years": 36}, NO)

    assert found.positive == ("R-SCREEN-03-age",)


def test_a_tick_makes_an_item_true_where_the_facts_say_less():
    """The item of adverse history covers more than its facts."""
    facts = {"abortion_count": 0}
    found = screened(CARE, facts, {**NO, "R-SCREEN-04-history": True})

    assert found.positive == ("R-SCREEN-04-history",)


def test_an_item_that_the_form_does_not_have_is_refused():
    with pytest.raises(KeyError):
        screened(CARE, {}, {"R-SCREEN-99": True})


@pytest.mark.parametrize(
    ("grade", "capabilities", "may"),
    [
        (Grade.G2, {"OB_DELIVERY"}, True),
        (Grade.G3, {"OB_DELIVERY", "AICU"}, True),
        (Grade.G1, {"OB_DELIVERY"}, False),
        (Grade.G2, set(), False),
        (None, {"OB_DELIVERY"}, False),
    ],
)
def test_colours_are_assessed_from_grade_2_with_midwifery(grade, capabilities, may):
    """R-COLOUR-000; an unknown grade does not assess."""
    assert may_assess(CARE, grade, capabilities) is may


def test_a_positive_woman_is_referred_from_where_nobody_assesses():
    """R-SCREEN-11."""
    can, cannot = (Grade.G2, {"OB_DELIVERY"}), (Grade.G1, {"OB_DELIVERY"})

    assert screening_refers(CARE, ScreeningOutcome.POSITIVE, *cannot) is True
    assert screening_refers(CARE, ScreeningOutcome.POSITIVE, *can) is False
    assert screening_refers(CARE, ScreeningOutcome.NEGATIVE, *cannot) is False
    assert screening_refers(CARE, ScreeningOutcome.UNDETERMINED, *cannot) is None


def test_plans_of_orange_and_red_are_made_with_the_higher_centre():
    """R-CASE-03."""
    for label in ("orange", "red"):
        assert why_not(CARE, Act.PLAN, labels=[label]) == ("without_higher_centre",)
        assert why_not(CARE, Act.PLAN, labels=[label], higher_centre=True) == ()
    assert why_not(CARE, Act.PLAN, labels=["yellow"]) == ()


def test_red_is_judged_in_a_grade_3_hospital():
    assert why_not(CARE, Act.JUDGE_CONTINUATION, labels=["red"], grade=Grade.G2) == (
        "grade_too_low",
    )
    assert why_not(CARE, Act.JUDGE_CONTINUATION, labels=["red"], grade=Grade.G3) == ()


def test_that_a_pregnancy_may_not_go_on_is_decided_by_a_deputy_chief_and_the_woman_is_told():
    """R-MGMT-RED."""
    asked = {"labels": ["red", "purple"], "grade": Grade.G3}

    assert why_not(CARE, Act.END_PREGNANCY, **asked) == ("rank_too_low", "woman_not_informed")
    for rank in (Rank.RESIDENT, Rank.ATTENDING):
        assert "rank_too_low" in why_not(CARE, Act.END_PREGNANCY, **asked, rank=rank)
    for rank in (Rank.DEPUTY_CHIEF, Rank.CHIEF):
        told = {**asked, "rank": rank, "woman_informed": True}
        assert why_not(CARE, Act.END_PREGNANCY, **told) == ()


def test_every_act_has_a_row():
    for act in Act:
        assert rows_of(CARE, act, ["red"])
