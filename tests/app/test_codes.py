"""Every code that may reach a person has words in both languages."""

import ast
import itertools
from pathlib import Path

import pytest

from app.clock import local_now
from app.doctor import QUALITY, examine
from app.documents import plain
from app.pages.api import ESCORTS
from app.pages.layout import TOPICS
from app.problems import OF_STATUS, STATUS
from app.referrals.states import StayReason
from app.text import catalogue
from app.transfers.states import DivertReason
from facilities.capacity import PlaceKind
from facilities.centre import Grade, MaternalLevel, NeonatalLevel, WardLevel
from facilities.quality import QualityCode

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("geodata", "facilities", "routing", "app")
LANGUAGES = [catalogue("zh"), catalogue("en")]
# Where the code of a fault stands among the arguments of what makes one.
POSITION = {"Fault": 4, "fault": 1, "FactValueError": 0, "_fault": 2}


def without_words(keys):
    """Keys that one of the languages has no phrase for."""
    return sorted({key for key in keys for words in LANGUAGES if not words.has(key)})


def literals(node):
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def fault_codes(root):
    """Codes of faults as they are written in the source."""
    found = set()
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                at = POSITION.get(name)
                if at is not None and len(node.args) > at:
                    found |= set(literals(node.args[at]))
                if at is not None:
                    found |= {
                        c for k in node.keywords if k.arg == "code" for c in literals(k.value)
                    }
    return {code for code in found if code.replace("_", "").replace("-", "").isalpha()}


def test_every_fault_can_be_explained():
    codes = fault_codes(ROOT)

    assert {"unit_g_dl", "unknown_fact", "missing_crs", "outside_data"} <= codes
    assert without_words(f"faults.{code}" for code in codes) == []


def test_a_fault_without_words_is_noticed(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "app" / "a.py").write_text('part.fault("x", "brand_new", "y")\n')

    assert without_words(f"faults.{c}" for c in fault_codes(tmp_path)) == ["faults.brand_new"]


def test_every_problem_has_a_title_and_a_detail():
    slugs = {slug for _, _, slug in STATUS} | set(OF_STATUS.values()) | {"internal", "refused"}
    keys = [f"problems.{slug}.{part}" for slug in slugs for part in ("title", "detail")]

    assert without_words(keys) == []


def test_everything_the_form_shows_has_words(engine):
    facts = engine.rules.facts.values()
    keys = [f"values.{fact.name}.{value}" for fact in facts for value in fact.values]
    keys += [f"fact_units.{fact.unit}" for fact in facts if fact.unit]
    keys += [f"groups.{fact.group}" for fact in facts]
    keys += [f"topics.{topic}" for topics in TOPICS.values() for topic in topics]
    keys += [f"escorts.{code}" for code in ESCORTS]

    assert without_words(keys) == []


def test_every_level_place_and_check_has_words(settings, engine):
    levels = itertools.chain(MaternalLevel, NeonatalLevel, Grade, WardLevel)
    keys = [f"levels.{level.name}" for level in levels]
    keys += [f"places.{kind.value}" for kind in PlaceKind]
    keys += [f"checks.{check.code}" for check in examine(settings, engine, local_now())]
    keys += [f"hubs.{hub.hub_id}" for hub in engine.estimate.hubs]

    assert without_words(keys) == []
    assert {code.value for code in QualityCode} == set(QUALITY)


def test_every_emergency_row_says_what_to_do_first_and_which_escort(engine):
    rows = engine.rules.emergencies.values()
    keys = [f"first_actions.{row.id}" for row in rows]
    keys += [f"escorts.{row.escort}" for row in rows if row.escort.startswith("ESC-")]

    assert without_words(keys) == []


def test_a_label_without_the_remark_of_its_table_is_what_people_see(engine):
    labels = [text for pair in engine.book.facts.values() for text in pair]

    assert not [label for label in labels if "R-" in label or "(计算)" in label]


# One cause of every kind: rows of each group, holds, planned care, newborns with and without time.
CAUSES = [
    {"pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80},
    {"placental_abruption": True, "delivered": False, "gestational_age_weeks": 36},
    {"hdp": "eclampsia", "seizure_controlled": False, "delivered": False},
    {"hdp": "preeclampsia_severe", "gestational_age_weeks": "30+0", "fetus_count": 2},
    {"maternal_cardiac_arrest": True},
    {"death_on_the_way_likely": True, "maternal_sepsis": True},
    {"preterm_labour": True, "gestational_age_weeks": 33, "cervix_cm": 8, "eta_high_min": 90},
    {"placenta_position": "praevia", "gestational_age_weeks": 31, "prior_cs_count": 2},
    {"hiv": True, "gestational_age_weeks": 20},
    {"aortic_dissection": True},
    {"cord_prolapse": True, "delivered": False},
    {"clinician_says_critical": True},
    {},
    {"hie_grade": "moderate", "neo_ga_weeks": 39, "age_hours": 1, "birth_weight_g": 3200},
    {"hie_grade": "severe", "neo_ga_weeks": 39, "age_hours": 8},
    {"neo_ga_weeks": "25+0", "birth_weight_g": 700, "needs_invasive_ventilation": True},
    {"surgical_condition": "cdh", "newborn_stabilised": False},
    {"critical_chd": True},
    {"oxygenation_index": 45, "pphn": True},
    {"tension_pneumothorax": True},
]
PLACES = ["533324", "530626", "532628", "530102", "533401", "530829"]


def keys_of(answer):
    """Phrase keys of everything in a recommendation that people read."""
    assessment = answer["assessment"]
    yield f"decisions.{assessment['decision']}"
    yield from (f"holds.{code}" for code in assessment["holds"])
    yield from (f"first_actions.{row}" for row in assessment["first_actions"])
    yield from (f"colours.{colour}" for colour in assessment["labels"])
    for row in answer["ranking"]:
        yield f"roles.{row['role']}"
        yield f"methods.{row['method']}"
        yield f"transport.{row['transport']['by']}"
        yield from (f"escorts.{code}" for code in row["transport"]["escort_short"])
        yield from (f"cost.{part}" for part in row["cost"])
        yield from (f"places.{place['kind']}" for place in row["places"])
        yield from (f"trust.{place['trust']}" for place in row["places"])
        yield from (f"trust.{trust}" for trust in row["capability_trust"].values())
        yield from (f"why.{str(code).partition(':')[0]}" for code in row["why"])
        if row["within"]:
            yield f"within.{row['within']}"
    for entry in answer["excluded"]:
        yield from (f"reasons.{reason['code']}" for reason in entry["reasons"])
    for other in answer["alternatives"]:
        yield f"alternatives.{other['kind']}"
        if other["note_code"]:
            yield f"notes.{other['note_code']}"


def details_of(answer):
    for entry in answer["excluded"]:
        for reason in entry["reasons"]:
            yield from reason["detail"]


@pytest.mark.parametrize("county", PLACES)
def test_every_code_of_an_answer_has_words(engine, county):
    keys, details = set(), set()
    for facts in CAUSES:
        request = {"facts": facts, "origin": {"adcode": county}, "now": "2026-01-14T03:00:00+08:00"}
        answer = plain(engine.recommend(request))
        keys |= set(keys_of(answer))
        details |= set(details_of(answer))
    named = set(engine.book.capabilities)
    open_details = [
        detail
        for detail in details
        if not set(str(detail).split("|")) <= named
        and without_words([f"places.{detail}"])
        and without_words([f"levels.{detail}"])
        and without_words([f"details.{detail}"])
    ]

    assert without_words(keys) == []
    assert open_details == []


def test_every_code_of_a_plan_has_words(engine):
    """Three mothers, no vehicle and one reserve: somebody waits, and what would help is said."""
    mother = {"facts": {"hdp": "preeclampsia_severe"}, "origin": {"adcode": "533324"}}
    document = {
        "now": "2026-01-14T03:00:00+08:00",
        "requests": [mother | {"id": str(n)} for n in range(3)],
        "vehicles": [],
    }
    plan = plain(engine.plan(document))
    keys = {f"plan_status.{plan['status']}"}
    keys |= {f"why.{str(c).partition(':')[0]}" for a in plan["assignments"] for c in a["why"]}
    keys |= {f"baselines.{name}" for name in plan["against"]}
    for entry in plan["waiting"]:
        blocks = [*entry["blocking"], *entry["smallest_relaxation"]]
        keys |= {f"relaxations.{block['code']}" for block in blocks}

    assert plan["waiting"]
    assert without_words(keys) == []


def test_every_reason_of_diversion_and_of_staying_has_words():
    keys = [f"divert_reasons.{reason}" for reason in DivertReason]
    keys += [f"stay_reasons.{reason}" for reason in StayReason]

    assert without_words(keys) == []
