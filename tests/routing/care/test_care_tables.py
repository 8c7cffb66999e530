"""The tables of care load, are counted and signed with the others, and faults are all listed."""

from datetime import UTC, datetime

import pytest

from routing.care.opening import reasons_to_open
from routing.care.tables import (
    DICTIONARY,
    TABLES,
    load_care_rules,
    load_rule_set,
    profile_of,
    read_care_tables,
)
from routing.errors import RuleTableError
from routing.triage.rows import Colour
from routing.triage.signing import sign
from routing.triage.tables import load_rules
from tests.routing.care.records import CARE, RULES

SIGNED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def planted(table, row, **cells):
    """The shipped tables with some cells of one row changed."""
    raw = dict(read_care_tables())
    changed = tuple(
        {**one, **cells} if row in (one.get("rule"), one.get("name")) else one for one in raw[table]
    )
    assert changed != raw[table]
    return {**raw, table: changed}


def faults_of(raw):
    with pytest.raises(RuleTableError) as caught:
        load_care_rules(RULES, raw)
    return [(fault.where, fault.column, fault.code) for fault in caught.value.faults]


def test_every_row_of_care_is_listed_with_those_of_triage():
    listed = {row.id: row for row in load_rule_set().rows}
    own = [row["rule"] for table in TABLES for row in read_care_tables()[table]]

    assert set(own) <= listed.keys()
    assert {row.id for row in RULES.rows} <= listed.keys()
    assert len(listed) == len(load_rule_set().rows) == len(RULES.rows) + len(own)
    assert all(listed[name].source and listed[name].name_zh for name in own)


def test_unsigned_rows_of_care_are_counted_with_the_others():
    waiting = [row for row in CARE.rows if row.needs_signature]

    assert CARE.rules.unsigned == RULES.unsigned + len(waiting)
    assert len(waiting) > 0


def test_loading_on_top_of_a_counted_rule_set_counts_nothing_twice():
    again = load_care_rules(CARE.rules)

    assert again.rules.unsigned == CARE.rules.unsigned
    assert again.rules.rows == CARE.rules.rows


def test_a_row_of_care_is_signed_like_any_other_and_stays_signed():
    """R-SIGN-01."""
    (signature,) = sign(
        CARE.rules, ["R-FOLLOW-04-red"], signed_by="测试甲", role="产科主任", signed_at=SIGNED_AT
    )
    signed = load_rule_set([signature])

    assert signed.unsigned == CARE.rules.unsigned - 1
    assert load_care_rules(signed).rules.unsigned == signed.unsigned
    changed = planted("due", "R-FOLLOW-04-red", due="2")
    assert load_care_rules(signed, changed).rules.unsigned == signed.unsigned + 1


FAULTS = [
    ("opening", "R-CASE-01-red", {"labels": "crimson"}, "unknown_code"),
    ("opening", "R-CASE-01-red", {"when": "hiv"}, "condition"),
    ("profiles", "R-CASE-02-53", {"profile": "sichuan"}, "unknown_code"),
    ("profiles", "R-CASE-02-53", {"province": "530000"}, "unknown_code"),
    ("ends", "R-STATE-01-terminated", {"red_needs": "somebody"}, "unknown_code"),
    ("opening", "R-CASE-01-red", {"labels": ""}, "condition"),
    ("opening", "R-CASE-02-age", {"when": "age_years>={case_age}"}, "unknown_number"),
    ("opening", "R-CASE-02-age", {"when": "age>=35"}, "grammar"),
    ("opening", "R-CASE-02-age", {"profile": "moon"}, "unknown_code"),
    ("opening", "R-CASE-02-age", {"rule": "R-MGMT-RED"}, "duplicate"),
    ("opening", "R-CASE-02-age", {"rule": "R-CASE-01-red"}, "duplicate"),
    ("opening", "R-CASE-02-age", {"rule": ""}, "missing"),
    ("opening", "R-CASE-02-age", {"source": ""}, "missing"),
    ("opening", "R-CASE-02-age", {"source_status": "heard"}, "unknown_code"),
    ("opening", "R-CASE-02-age", {"scope": "village"}, "unknown_code"),
    ("follow_up", "R-FOLLOW-01-red", {"label": "any"}, "unknown_code"),
    ("follow_up", "R-FOLLOW-01-red", {"from_days": "7"}, "gap"),
    ("follow_up", "R-FOLLOW-01-red", {"until_days": "280"}, "gap"),
    ("follow_up", "R-FOLLOW-01-orange-late", {"from_days": "251"}, "gap"),
    ("follow_up", "R-FOLLOW-01-orange-late", {"until_days": "250"}, "out_of_range"),
    ("follow_up", "R-FOLLOW-01-red", {"interval_days": "0"}, "out_of_range"),
    ("follow_up", "R-FOLLOW-01-red", {"interval_days": "7.5"}, "not_an_integer"),
    ("due", "R-REPORT-02-red", {"labels": ""}, "missing"),
    ("due", "R-REPORT-02-red", {"anchor": "yesterday"}, "unknown_code"),
    ("due", "R-REPORT-02-red", {"due": "{report_h}"}, "unknown_number"),
    ("due", "R-REPORT-02-red", {"due": "soon"}, "not_a_number"),
    ("due", "R-REPORT-02-red", {"unit": "weeks"}, "unknown_code"),
    ("due", "R-REPORT-02-red", {"warn_share": "1.5"}, "out_of_range"),
    ("due", "R-REPORT-02-red", {"done_by": "letter"}, "unknown_code"),
    ("due", "R-REPORT-02-red", {"done_by": ""}, "missing"),
    ("due", "R-REPORT-02-red", {"undone_by": "letter"}, "unknown_code"),
    ("due", "R-REPORT-02-red", {"until": "sunday"}, "unknown_code"),
    ("due", "R-REPORT-02-red", {"counts_from": ""}, "missing"),
    ("due", "R-REPORT-02-red", {"when": "red"}, "grammar"),
    ("due", "R-CASE-05-delivery", {"opens": "300"}, "out_of_range"),
    ("due", "R-SCAR-00-sac", {"settled_when": "seen"}, "grammar"),
    ("fixed_facts", "R-COLOUR-005-hiv", {"fact": "luck"}, "unknown_code"),
    ("ends", "R-STATE-01-terminated", {"end": "delivered"}, "unknown_code"),
    ("ends", "R-STATE-01-terminated", {"end": "moved_away"}, "disagrees"),
    ("ends", "R-STATE-01-terminated", {"needs": "luck"}, "unknown_code"),
    ("ends", "R-STATE-01-terminated", {"returns": "maybe"}, "unknown_code"),
    ("acts", "R-MGMT-RED-end", {"act": "pray"}, "unknown_code"),
    ("acts", "R-MGMT-RED-end", {"min_grade": "4"}, "out_of_range"),
    ("acts", "R-MGMT-RED-end", {"capabilities": "MAGIC"}, "unknown_capability"),
    ("acts", "R-MGMT-RED-end", {"capabilities": "IR|AICU"}, "grammar"),
    ("acts", "R-MGMT-RED-end", {"min_rank": "professor"}, "unknown_code"),
    ("trial_of_labour", "R-SCAR-02-wish", {"condition": "willing"}, "grammar"),
    ("trial_of_labour", "R-SCAR-02-wish", {"kind": "likes"}, "unknown_code"),
    ("trial_facts", "incision_type", {"values": "classical"}, "no_values"),
    ("trial_facts", "estimated_weight_g", {"min": "8000"}, "no_range"),
    ("trial_facts", "incision_type", {"name": "hdp"}, "duplicate"),
    ("trial_facts", "incision_healed", {"name": "trial_wished"}, "duplicate"),
    ("trial_facts", "incision_type", {"name": ""}, "missing"),
    ("aid_groups", "R-PAY-03-dibao", {"code": "rich"}, "unknown_code"),
    ("aid_groups", "R-PAY-03-dibao", {"code": "tekun"}, "disagrees"),
    ("aid_groups", "R-PAY-03-dibao", {"valid_from": "last year"}, "not_a_date"),
    (
        "aid_groups",
        "R-PAY-03-dibao",
        {"valid_from": "2026-01-01", "valid_to": "2025-12-31"},
        "out_of_range",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "code"), FAULTS)
def test_a_planted_fault_is_refused_and_named(table, row, cells, code):
    found = faults_of(planted(table, row, **cells))

    assert (f"{table}.csv", code) in {(where, fault) for where, _, fault in found}


def test_the_faults_of_all_tables_are_listed_at_once_with_their_lines():
    raw = planted("opening", "R-CASE-01-orange", scope="here", profile="moon")
    raw["ends"] = planted("ends", "R-STATE-01-pregnancy_lost", returns="?")["ends"]
    raw["trial_facts"] = planted("trial_facts", "incision_type", type="text")["trial_facts"]

    with pytest.raises(RuleTableError) as caught:
        load_care_rules(RULES, raw)

    named = {(fault.where, fault.line, fault.column) for fault in caught.value.faults}
    assert {
        ("opening.csv", 2, "scope"),
        ("opening.csv", 2, "profile"),
        ("ends.csv", 2, "returns"),
        ("trial_facts.csv", 2, "type"),
    } <= named


@pytest.mark.parametrize("table", [DICTIONARY, *TABLES])
def test_a_row_with_a_cell_too_many_is_refused(table):
    raw = dict(read_care_tables())
    first, *others = raw[table]
    raw[table] = ({**first, None: ["one more"]}, *others)

    assert (f"{table}.csv", "", "ragged_row") in faults_of(raw)


def test_the_row_of_a_province_says_who_gets_a_case_file():
    """R-CASE-02: Yunnan opens one after a caesarean, a province without a row does not."""
    facts = {"prior_cs_count": 1}
    opened = {}
    for province in ("53", "51"):
        profile = profile_of(province)
        care = load_care_rules(load_rules(profile=profile))
        found = reasons_to_open(care, Colour.YELLOW, facts, purple=False)
        opened[profile] = [row.info.id for row in found.reasons]
        assert care.rules.profile == profile
        assert profile in load_rule_set(profile=profile).version

    assert opened == {"yunnan": ["R-CASE-02-caesarean"], "national": []}
