"""Colours: the highest wins, purple stands beside, the unknown is named and never harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.triage.colour import NO_COLOUR, colour_of
from routing.triage.completion import complete
from routing.triage.facts import FactType
from routing.triage.rows import Colour
from routing.triage.tables import load_rules, read_tables
from tests.routing.triage.conditions import example, names_in, stored

RULES = load_rules()
RANK = {row.info.id: row.rank for row in RULES.colours}
CONDITIONS = [
    row["machine_condition"]
    for row in read_tables()["risk_conditions"]
    if row["machine_condition"] and row["id"] in RANK
]
HARMLESS_NUMBERS = {
    "age_years": 28,
    "height_cm": 160,
    "bmi": 21,
    "fetus_count": 1,
    "abortion_count": 0,
    "prior_cs_count": 0,
    "uterine_surgery_count": 0,
    "months_since_last_uterine_surgery": 60,
    "fibroid_max_cm": 0,
    "ovarian_cyst_max_cm": 0,
    "nyha_class": 1,
    "lvef_pct": 65,
    "pap_mmhg": 20,
    "mitral_valve_area_cm2": 0,
    "aortic_stenosis_gradient_mmhg": 0,
    "aortic_diameter_mm": 25,
    "creatinine_ratio_uln": 0.8,
    "urine_ml_day": 1500,
    "hb_g_l": 125,
    "plt_1e9_l": 220,
    "gestational_age_weeks": "30+0",
    "pph_ml": 0,
    "alt_u_l": 20,
}


def colour(rules=RULES, **stated):
    return colour_of(rules, complete(rules, stored(stated, rules.facts), patient="maternal"))


def healthy():
    """Every fact a colour asks about, stated as harmless."""
    names = {name for text in CONDITIONS for name in names_in(text)}
    harmless = {FactType.BOOL: False, FactType.ENUM: None}
    found = {}
    for name in names:
        fact = RULES.facts[name]
        value = harmless.get(fact.type, HARMLESS_NUMBERS.get(name))
        found[name] = fact.values[0] if fact.type is FactType.ENUM else value
    return found


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ({"hb_g_l": 110}, "green"),
        ({"hb_g_l": 109}, "yellow"),
        ({"hb_g_l": 60}, "orange"),
        ({"hb_g_l": 41}, "orange"),
        ({"hb_g_l": 40}, "red"),
        ({"plt_1e9_l": 100, "bleeding_tendency": False}, "green"),
        ({"plt_1e9_l": 99, "bleeding_tendency": False}, "yellow"),
        ({"plt_1e9_l": 50}, "orange"),
        ({"plt_1e9_l": 30}, "orange"),
        ({"plt_1e9_l": 29}, "red"),
        ({"age_years": 34}, "green"),
        ({"age_years": 35}, "yellow"),
        ({"age_years": 40}, "orange"),
        ({"bmi": 25}, "green"),
        ({"bmi": 25.1}, "yellow"),
        ({"bmi": 28}, "orange"),
        ({"age_years": 36, "bmi": 30, "hb_g_l": 39}, "red"),
        ({"hdp": "preeclampsia_severe"}, "orange"),
        ({"hdp": "eclampsia"}, "red"),
        ({"malpresentation": True, "gestational_age_weeks": "36+0"}, "yellow"),
        ({"malpresentation": True, "gestational_age_weeks": "35+6"}, "green"),
        ({"clinician_says_critical": True}, "red"),
        ({"pprom": True}, "yellow"),
        ({"cvst": True}, "red"),
    ],
)
def test_a_value_on_a_border_takes_the_higher_colour(stated, wanted):
    """R-COLOUR-001 and 003."""
    assert colour(**stated).colour == wanted


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ({}, "orange"),
        ({"uterine_scar": False}, "orange"),
        ({"placenta_over_scar": False}, "orange"),
        ({"uterine_scar": True, "placenta_over_scar": False}, "orange"),
        ({"uterine_scar": True, "accreta_suspected": True}, "orange"),
        ({"prior_cs_count": 1, "placenta_over_scar": True}, "red"),
        ({"uterine_scar": False, "placenta_over_scar": True}, "red"),
    ],
)
def test_every_praevia_is_at_least_orange_and_red_over_the_scar(stated, wanted):
    """R-COLOUR-008; a placenta over a scar means a scar, whatever was stated."""
    assert colour(placenta_position="praevia", **stated).colour == wanted


@pytest.mark.parametrize(
    ("meds", "nyha", "wanted"),
    [(False, 1, "yellow"), (True, 1, "orange"), (False, 2, "orange"), (True, 3, "red")],
)
def test_mild_stenosis_or_prolapse_is_yellow_only_without_drugs_in_nyha_1(meds, nyha, wanted):
    """R-COLOUR-007; NYHA III is red by itself."""
    found = colour(heart_disease="mild_ps_or_mvp", cardiac_meds_needed=meds, nyha_class=nyha)

    assert found.colour == wanted


def test_purple_stands_beside_the_colour_and_alone_when_nothing_else_matches():
    """R-COLOUR-002: the base colour stays green inside."""
    alone, beside = colour(syphilis=True), colour(syphilis=True, age_years=41)

    assert (alone.colour, alone.purple, alone.labels) == ("green", True, ("purple",))
    assert (beside.colour, beside.purple, beside.labels) == ("orange", True, ("orange", "purple"))
    assert colour(age_years=41).labels == ("orange",)


def test_a_hepatitis_carrier_is_yellow_and_purple_only_by_local_option():
    """R-COLOUR-006."""
    carrier = {"hbsag_positive": True, "liver_function": "normal"}
    local = load_rules(hbsag_carrier_is_purple=True)

    assert colour(**carrier).labels == ("yellow",)
    assert colour(local, **carrier).labels == ("yellow", "purple")
    assert colour(viral_hepatitis_active=True).labels == ("purple",)


def test_an_overlay_colours_only_where_it_is_in_force():
    """R-COLOUR-010, 011: small stature is a colour in Zhejiang only."""
    zhejiang = load_rules(overlays=["zhejiang2018"])

    assert colour(height_cm=145).colour == "green"
    assert colour(zhejiang, height_cm=145).colour == "yellow"


def test_green_is_final_only_when_nothing_is_open_and_screening_is_not_positive():
    """R-COLOUR-004, R-SCREEN-13: Rh-negative alone matches no row (R-COLOUR-009)."""
    well = colour(**healthy())
    small = colour(**{**healthy(), "rh_negative": True})

    assert (well.colour, well.incomplete, well.undetermined) == ("green", False, ())
    assert (small.colour, small.incomplete, small.undetermined) == ("green", True, ())


def test_open_purple_rows_are_not_listed_and_leave_the_colour_complete():
    stated = healthy()
    for name in ("syphilis", "hiv", "tuberculosis", "special_viral_infection"):
        stated.pop(name)

    assert colour(**stated).incomplete is False


def test_open_rules_are_those_above_the_colour_red_first_then_the_fewest_unknown():
    found = colour(age_years=36)
    ranks = [RANK[rule] for rule in found.undetermined]
    red = [rule for rule in found.undetermined if RANK[rule] == Colour.RED.rank]
    widths = [len(next(r for r in RULES.colours if r.info.id == rule).names) for rule in red]

    assert set(ranks) == {Colour.RED.rank, Colour.ORANGE.rank}
    assert ranks == sorted(ranks, reverse=True)
    assert widths == sorted(widths)
    assert colour(hb_g_l=40).undetermined == ()
    assert colour(hb_g_l=40).incomplete is False


def test_what_would_settle_the_first_open_rule_is_asked_first():
    stated = healthy()
    stated.pop("hb_g_l")
    stated.pop("bmi")
    found = colour(**stated)

    assert found.ask == ("hb_g_l", "bmi")
    assert found.undetermined[0] == "R-COLOUR-RED-20"


def test_a_newborn_has_no_colour():
    known = complete(RULES, {"birth_weight_g": 900}, patient="newborn")

    assert colour_of(RULES, known) == NO_COLOUR
    assert NO_COLOUR.colour is None
    assert NO_COLOUR.case_file is None


@pytest.mark.parametrize(
    ("stated", "national", "yunnan"),
    [
        ({"age_years": 34}, False, False),
        ({"age_years": 35}, False, True),
        ({"prior_cs_count": 1}, False, True),
        ({"uterine_scar": True}, False, False),
        ({"age_years": 40}, True, True),
        ({"syphilis": True}, True, True),
        ({"hb_g_l": 40}, True, True),
        ({}, False, False),
    ],
)
def test_a_case_file_is_opened_by_colour_and_in_yunnan_by_age_and_caesarean(
    stated, national, yunnan
):
    """R-CASE-01, R-CASE-02."""
    assert colour(load_rules(profile="national"), **stated).case_file is national
    assert colour(load_rules(profile="yunnan"), **stated).case_file is yunnan


def test_an_age_that_crosses_35_is_flagged_and_colours_nothing():
    """R-DATA-04."""
    found = colour(age_years=34, age_at_edd_years=35)

    assert found.age_upgrade_at_edd is True
    assert found.colour == "green"


def test_language_papers_and_money_decide_nothing():
    """R-PERSON-01: no condition of any table asks for a fact of the person."""
    person = {name for name, fact in RULES.facts.items() if fact.group == "person"}
    rows = [row.condition for table in (RULES.colours, RULES.scores) for row in table]
    rows += [row.condition for row in RULES.screening]
    rows += [part for row in RULES.emergencies.values() for part in (row.trigger, row.leading)]
    rows += [part for row in RULES.computed for part in (row.when, row.unless)]

    assert person
    assert not person & {name for row in rows if row for name in row.names()}


def test_marriage_permits_and_registration_are_no_facts():
    """R-CONSENT-05."""
    words = ("marri", "permit", "registr", "lawful", "婚姻登记", "结婚", "准生", "依法")
    texts = [f"{name} {fact.label_zh} {fact.label_en}" for name, fact in RULES.facts.items()]
    texts = [text for text in texts if not text.startswith("identity_kind")]

    assert [text for text in texts if any(word in text.lower() for word in words)] == []


def drawn_facts():
    """Facts that make up to three rows true, and a few beside them."""
    examples = st.lists(st.sampled_from(CONDITIONS), max_size=3)
    return examples.map(_merged)


def _merged(conditions):
    found = {}
    for text in conditions:
        for name, value in example(text, RULES.facts).items():
            found.setdefault(name, value)
    return found


@given(drawn_facts(), st.sampled_from(CONDITIONS))
def test_a_true_condition_more_never_lowers_the_colour(drawn, added):
    """Purple added counts as not lower."""
    before = colour(**drawn)
    after = colour(**{**example(added, RULES.facts), **drawn})

    assert after.colour.rank >= before.colour.rank
    assert after.purple or not before.purple
    assert {row.info.id for row in before.true_rows} <= {row.info.id for row in after.true_rows}


@given(drawn_facts(), st.data())
def test_erasing_facts_never_raises_certainty(drawn, data):
    """What is open on all facts is open, or fires no more, on fewer."""
    kept = data.draw(st.sets(st.sampled_from(sorted(drawn)))) if drawn else set()
    before = complete(RULES, stored(drawn, RULES.facts), patient="maternal")
    fewer = {name: value for name, value in drawn.items() if name in kept}
    after = complete(RULES, stored(fewer, RULES.facts), patient="maternal")
    rows = [row for row in RULES.colours if row.condition]
    opened = [row.info.id for row in rows if row.condition.truth(before.known) is None]
    decided = [row.info.id for row in rows if row.condition.truth(after.known) is not None]

    assert not set(opened) & set(decided)


@given(drawn_facts(), st.randoms(use_true_random=False))
def test_equal_facts_give_an_equal_answer_in_whatever_order_they_were_stated(drawn, random):
    names = list(drawn)
    random.shuffle(names)

    assert colour(**{name: drawn[name] for name in names}) == colour(**drawn)
