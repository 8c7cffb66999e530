"""Signatures: a person, a role and a wording; a changed row is unsigned again (R-SIGN-01)."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from routing.errors import RuleTableError
from routing.triage.signing import sign, signatures_from_json, signatures_to_json
from routing.triage.tables import load_rules, read_tables

WHEN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DERIVED = "E-M37"


def signed(*ids, rules=None):
    return sign(
        rules or load_rules(), ids, signed_by="Test Person", role="obstetrician", signed_at=WHEN
    )


def row_of(rules, identifier):
    return next(info for info in rules.rows if info.id == identifier)


def changed(table, identifier, column, value):
    raw = dict(read_tables())
    raw[table] = tuple(
        {**row, column: value} if row.get("id") == identifier else row for row in raw[table]
    )
    return raw


def test_a_signature_names_person_role_wording_and_rule_set():
    (found,) = signed(DERIVED)

    assert (found.rule, found.signed_by, found.role) == (DERIVED, "Test Person", "obstetrician")
    assert found.rule_set == "cn-2017+yunnan@1"
    assert found.signed_at == "2026-03-01T08:00:00+00:00"
    assert found.content_hash == row_of(load_rules(), DERIVED).content_hash


def test_a_signed_row_counts_one_unsigned_row_less():
    before = load_rules()
    after = load_rules(signatures=signed(DERIVED))

    assert after.unsigned == before.unsigned - 1
    assert row_of(after, DERIVED).signed_by == "Test Person"
    assert row_of(after, DERIVED).signed_at == "2026-03-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("column", "value"),
    [("hard_max_min", "121"), ("notes", "other words"), ("source_status", "memory")],
)
def test_a_changed_row_loses_its_signature(column, value):
    raw = changed("destination_requirements", DERIVED, column, value)
    found = load_rules(raw, signatures=signed(DERIVED))

    assert row_of(found, DERIVED).signed_by is None
    assert found.unsigned == load_rules().unsigned


def test_a_signature_does_not_pass_to_another_row_and_survives_the_change_of_another():
    other = replace(signed(DERIVED)[0], rule="E-M35")
    raw = changed("destination_requirements", "E-M35", "notes", "other words")

    assert row_of(load_rules(signatures=[other]), "E-M35").signed_by is None
    assert row_of(load_rules(raw, signatures=signed(DERIVED)), DERIVED).signed_by == "Test Person"


def test_memory_derived_and_local_rows_need_a_signature_and_read_ones_do_not():
    """R-SIGN-01, R-SCOPE-01."""
    rows = {info.id: info for info in load_rules(overlays=["zhejiang2018"]).rows}

    assert not rows["R-COLOUR-YELLOW-01"].needs_signature
    assert not rows["R-COLOUR-YELLOW-34"].needs_signature
    assert rows["R-COLOUR-YELLOW-35"].needs_signature
    assert rows["R-COLOUR-ORANGE-D1"].needs_signature
    assert rows["E-M01"].needs_signature
    assert rows["R-OVERLAY-ZJ2018-01"].needs_signature
    assert not rows["case_age_years"].needs_signature


def test_every_row_in_use_that_needs_one_is_counted_and_a_full_set_leaves_none():
    rules = load_rules()
    need = [info.id for info in rules.rows if info.in_use and info.needs_signature]

    assert rules.unsigned == len(need) > 0
    assert load_rules(signatures=signed(*need)).unsigned == 0


def test_a_row_switched_off_is_not_counted_and_may_be_signed_before_its_day():
    overlay = signed("R-OVERLAY-ZJ2018-01")

    assert load_rules(signatures=overlay).unsigned == load_rules().unsigned
    on = load_rules(signatures=overlay, overlays=["zhejiang2018"])
    assert on.unsigned == load_rules().unsigned + 7


def test_the_last_of_two_signatures_is_shown_and_both_are_kept():
    first = signed(DERIVED)
    second = sign(load_rules(), [DERIVED], signed_by="B", role="neonatologist", signed_at=WHEN)

    assert row_of(load_rules(signatures=(*first, *second)), DERIVED).signed_by == "B"
    text = signatures_to_json((*first, *second, *first))
    assert signatures_from_json(text) == (*first, *second)


def test_signing_lists_everything_that_is_wrong_with_it():
    with pytest.raises(RuleTableError) as caught:
        sign(
            load_rules(),
            ["E-M99", DERIVED, "nothing"],
            signed_by=" ",
            role="",
            signed_at=WHEN.replace(tzinfo=None),
        )

    found = [(fault.column, fault.value) for fault in caught.value.faults]
    assert found == [
        ("id", "E-M99"),
        ("id", "nothing"),
        ("signed_by", " "),
        ("role", ""),
        ("signed_at", "2026-03-01T08:00:00"),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[1]", '[{"rule": "E-M01"}]', "[" + json.dumps({"rule": 1}) + "]"],
)
def test_a_file_that_holds_no_signatures_is_refused(text):
    with pytest.raises(RuleTableError):
        signatures_from_json(text)


def test_an_empty_file_of_signatures_is_one():
    assert signatures_from_json(signatures_to_json(())) == ()
