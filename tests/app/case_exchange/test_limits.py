"""What dates are possible is signed row by row, like every other rule."""

from dataclasses import fields

from app.case_exchange.limits import Limits, load_limits
from routing.care.tables import load_rule_set
from routing.triage.rows import Signature

OF_EXCHANGE = "exchange_"


def rows_of(rules):
    return {row.id: row for row in rules.rows if row.id.startswith(OF_EXCHANGE)}


def test_every_limit_is_a_row_of_the_rules_and_every_such_row_a_limit():
    limits = {OF_EXCHANGE + one.name for one in fields(Limits)}

    assert rows_of(load_rule_set()).keys() == limits
    assert load_limits().term_days == 280


def test_a_limit_is_signed_by_itself():
    rules = load_rule_set()
    row = rows_of(rules)[OF_EXCHANGE + "youngest_years"]
    by = ("某医师", "obstetrician", rules.version, "2026-11-29")
    signed = load_rule_set([Signature(row.id, row.content_hash, *by)])

    assert signed.unsigned == rules.unsigned - 1
