"""Rule tables: they load, and a planted fault is refused with every bad row named."""

import csv
import itertools
from pathlib import Path

import pytest

from facilities.capability import load_capabilities
from routing.errors import RuleTableError
from routing.triage.rows import Patient
from routing.triage.tables import load_rules, read_tables
from tests.routing.triage.conditions import instances, python_says

RULES = Path(__file__).resolve().parents[3] / "routing" / "triage" / "rules"


def planted(table: str, **cells: str):
    """The shipped tables with some cells of one row changed; ``row`` says which by its id."""
    identifier = cells.pop("row")
    raw = dict(read_tables())
    changed = [
        {**row, **cells} if identifier in (row.get("id"), row.get("rule"), row.get("name")) else row
        for row in raw[table]
    ]
    assert changed != list(raw[table])
    raw[table] = tuple(changed)
    return raw


def faults_of(raw, **settings):
    with pytest.raises(RuleTableError) as caught:
        load_rules(raw, **settings)
    return [(fault.where, fault.column, fault.code) for fault in caught.value.faults]


def test_the_shipped_tables_load_as_one_named_version():
    rules = load_rules()

    assert rules.version == "cn-2017+yunnan@1"
    assert load_rules(profile="national").version == "cn-2017+national@1"
    assert len(rules.emergencies) == 76
    assert {row.colour for row in rules.colours} == {"green", "yellow", "orange", "red", "purple"}


def test_overlays_are_off_until_they_are_named():
    plain, overlaid = load_rules(), load_rules(overlays=["zhejiang2018"])
    added = {row.info.id for row in overlaid.colours} - {row.info.id for row in plain.colours}

    assert added == {f"R-OVERLAY-ZJ2018-0{n}" for n in range(1, 9)}
    assert overlaid.version == "cn-2017+zhejiang2018+yunnan@1"
    assert overlaid.unsigned == plain.unsigned + 8


FAULTS = [
    ("risk_conditions", "R-COLOUR-RED-20", {"machine_condition": "hb<=40"}, "grammar"),
    ("risk_conditions", "R-COLOUR-RED-20", {"machine_condition": "hb_g_l<=4"}, "grammar"),
    ("risk_conditions", "R-COLOUR-RED-20", {"machine_condition": ""}, "condition"),
    ("risk_conditions", "R-COLOUR-GREEN-01", {"machine_condition": "delivered"}, "condition"),
    ("risk_conditions", "R-COLOUR-RED-20", {"colour": "crimson"}, "unknown_code"),
    ("risk_conditions", "R-COLOUR-RED-20", {"source_status": "heard"}, "unknown_code"),
    ("risk_conditions", "R-COLOUR-RED-20", {"scope": "village"}, "unknown_code"),
    ("risk_conditions", "R-COLOUR-RED-20", {"source": ""}, "missing"),
    ("risk_conditions", "R-COLOUR-RED-20", {"signed_by": "someone"}, "signed_in_table"),
    ("risk_conditions", "R-COLOUR-RED-20", {"id": "R-COLOUR-RED-19"}, "duplicate"),
    ("risk_conditions", "R-COLOUR-RED-20", {"id": ""}, "missing"),
    ("destination_requirements", "E-M01", {"patient": "father"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"trigger_condition": "pph_ml()>=500"}, "grammar"),
    ("destination_requirements", "E-M01", {"trigger_condition": ""}, "missing"),
    ("destination_requirements", "E-M01", {"leading_fact": "pph_ml"}, "grammar"),
    ("destination_requirements", "E-M01", {"leading_fact": "retained_placenta"}, "disagrees"),
    ("destination_requirements", "E-M01", {"presume_as": "E-M99"}, "unknown_row"),
    ("destination_requirements", "E-M01", {"presume_as": "E-N01"}, "unknown_row"),
    ("destination_requirements", "E-M01", {"required_capabilities": "MAGIC"}, "unknown_capability"),
    ("destination_requirements", "E-M01", {"required_capabilities": "AICU; IR"}, "grammar"),
    ("destination_requirements", "E-M01", {"preferred_capabilities": "IR|"}, "grammar"),
    ("destination_requirements", "E-M01", {"min_maternal_level": "M4"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"min_neonatal_level": "N9"}, "unknown_code"),
    ("destination_requirements", "E-N01", {"min_neonatal_level": ""}, "missing"),
    ("destination_requirements", "E-M01", {"target_max_min": "soon"}, "not_a_number"),
    ("destination_requirements", "E-M01", {"hard_max_min": "330-age"}, "grammar"),
    ("destination_requirements", "E-M01", {"clock_start": "tomorrow"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"escort": "ESC-DOG"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"never_bypass": "maybe"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"birth_hold": "perhaps"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"level_or": "M1"}, "grammar"),
    ("destination_requirements", "E-M01", {"level_or": "M9+AICU"}, "grammar"),
    ("destination_requirements", "E-M01", {"level_or": "M1+MAGIC"}, "unknown_capability"),
    ("destination_requirements", "E-M01", {"places": "SOFA"}, "unknown_code"),
    ("destination_requirements", "E-M01", {"places": ""}, "missing"),
    ("facts", "hb_g_l", {"type": "text"}, "unknown_code"),
    ("facts", "hb_g_l", {"min": "220"}, "no_range"),
    ("facts", "hdp", {"values": "none"}, "no_values"),
    ("facts", "pph_ongoing", {"leading_for": "E-M01"}, "disagrees"),
    ("facts", "hb_g_l", {"name": "plt_1e9_l"}, "duplicate"),
    ("scores", "R-MEWC-01", {"condition": "sbp<'low'"}, "grammar"),
    ("scores", "R-MEWC-01", {"score": "apgar"}, "unknown_code"),
    ("scores", "R-MEWC-01", {"severity": "red"}, "unknown_code"),
    ("scores", "R-MEWC-01", {"parameter": "pulse"}, "unknown_code"),
    ("scores", "R-MEWC-01", {"points": "3"}, "points"),
    ("scores", "R-TRIPS-temp-8", {"points": ""}, "points"),
    ("screening", "R-SCREEN-08-hb", {"condition": "hb_g_l<11"}, "grammar"),
    ("computed", "R-DATA-08-prom", {"fact": "parity"}, "wrong_type"),
    ("computed", "R-DATA-08-prom", {"mode": "sometimes"}, "unknown_code"),
    ("computed", "R-DATA-08-prom", {"when": "ruptured"}, "grammar"),
    ("newborn_levels", "R-NEO-01", {"ward": "NEO_L9"}, "unknown_code"),
    ("newborn_levels", "R-NEO-01", {"below_days": "many"}, "not_a_number"),
    ("management", "R-MGMT-RED", {"min_institution_grade": "4"}, "out_of_range"),
    ("management", "R-MGMT-RED", {"preferred_institution_grade": "2"}, "out_of_range"),
    ("management", "R-MGMT-RED", {"case_file": "yes"}, "unknown_code"),
    ("numbers", "report_red_h", {"value": "a day"}, "not_a_number"),
    ("numbers", "report_red_h", {"unit": ""}, "missing"),
    ("row_groups", "R-ROUTE-09", {"rows": "E-N99"}, "unknown_code"),
]


@pytest.mark.parametrize(("table", "row", "cells", "code"), FAULTS)
def test_a_planted_fault_is_refused_and_named(table, row, cells, code):
    found = faults_of(planted(table, row=row, **cells))

    where = "destination_requirements.csv" if code == "disagrees" else f"{table}.csv"
    assert (where, code) in {(file, fault) for file, _, fault in found}


def test_every_bad_row_of_every_table_is_listed_at_once_with_its_line():
    raw = dict(planted("scores", row="R-MEWC-01", condition="sbp<low"))
    raw["risk_conditions"] = planted(
        "risk_conditions", row="R-COLOUR-GREEN-01", scope="here", machine_condition="x"
    )["risk_conditions"]
    raw["destination_requirements"] = planted(
        "destination_requirements", row="E-M01", escort="?", places="?"
    )["destination_requirements"]

    with pytest.raises(RuleTableError) as caught:
        load_rules(raw)

    found = {(fault.where, fault.line, fault.column) for fault in caught.value.faults}
    assert found == {
        ("scores.csv", 2, "condition"),
        ("risk_conditions.csv", 2, "scope"),
        ("risk_conditions.csv", 2, "machine_condition"),
        ("destination_requirements.csv", 2, "escort"),
        ("destination_requirements.csv", 2, "places"),
    } | {
        ("row_groups.csv", line, "rows")
        for line, row in enumerate(raw["row_groups"], start=2)
        if "E-M01" in row["rows"].split(";")
    }


def test_a_row_with_more_or_fewer_cells_than_the_header_is_refused():
    header, first, *_ = (RULES / "scores.csv").read_text(encoding="utf-8").splitlines()
    for line in (first + ",one,more", ",".join(first.split(",")[:4])):
        raw = {**read_tables(), "scores": tuple(csv.DictReader([header, line]))}

        assert ("scores.csv", "", "ragged_row") in faults_of(raw)


def test_an_unknown_overlay_or_profile_is_refused():
    assert faults_of(read_tables(), overlays=["atlantis"]) == [
        ("settings", "overlays", "unknown_overlay")
    ]
    assert faults_of(read_tables(), profile="moon") == [("settings", "profile", "unknown_code")]


def test_capability_lists_are_all_of_with_any_of_inside():
    row = load_rules().emergencies["E-M33"]

    assert row.required == (
        ("IR", "HYSTEROSCOPY"),
        ("ANAES_24H",),
        ("BLOOD_RBC",),
        ("CS_24H",),
    )


def test_a_level_exception_names_a_level_and_capabilities():
    (exception,) = load_rules().emergencies["E-M13"].level_or
    (newborn,) = load_rules().emergencies["E-N09"].level_or

    assert (exception.maternal, exception.neonatal, exception.capabilities) == (1, 0, ("AICU",))
    assert (newborn.maternal, newborn.neonatal) == (0, 2)
    assert newborn.capabilities == ("NEO_L3C", "NEO_ECMO")


def test_never_bypass_rows_are_those_of_the_rule():
    """R-ROUTE-04 lists them."""
    found = {row.id for row in load_rules().emergencies.values() if row.never_bypass}

    assert found == {"E-M07", "E-M08", "E-M09", "E-M22", "E-M30", "E-M40"}


def test_a_row_that_demands_a_ward_of_a_newborn_demands_a_capability_for_it():
    wards = {code for code in load_capabilities() if code.startswith("NEO_L")}
    rows = [r for r in load_rules().emergencies.values() if r.patient is Patient.NEONATE]
    without = {r.id for r in rows if not any(wards & set(group) for group in r.required)}

    assert without == set()


def test_every_number_is_used_by_the_code_that_it_steers():
    """A number that nothing reads would be signed for nothing."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("routing", "app")
        for path in (RULES.parents[2] / package).rglob("*.py")
    )
    idle = [name for name in load_rules().numbers if name not in code]

    assert idle == []


@pytest.mark.parametrize("row", read_tables()["destination_requirements"], ids=lambda r: r["id"])
def test_a_row_that_fires_has_its_leading_fact(row):
    """Else a stated row could be presumed by nothing once one of its facts is erased."""
    trigger, leading = row["trigger_condition"], row["leading_fact"]
    tables = itertools.islice(instances(f"({trigger}) or ({leading})", load_rules().facts), 2_000)
    fired = [stated for stated in tables if python_says(trigger, stated)]

    assert fired
    assert all(python_says(leading, stated) for stated in fired)
