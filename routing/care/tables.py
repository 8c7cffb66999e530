"""Load the rule tables of care; bad tables are refused with every bad row of all of them.

The tables lie beside this module. Their rows are signed, listed and counted like those of triage.
"""

import csv
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from facilities.capability import load_capabilities
from geodata.check import Fault
from geodata.table import CellReader
from routing.care.build import (
    Known,
    act_row,
    aid_group,
    due_row,
    end_row,
    fixed_row,
    follow_up_row,
    opening_row,
    profile_row,
    trial_row,
)
from routing.care.checks import table_faults
from routing.care.rows import CareRules
from routing.errors import RuleTableError
from routing.triage.build import fact
from routing.triage.facts import by_name
from routing.triage.row_info import RawRow, RawTables, reader_of, row_infos
from routing.triage.rows import RowInfo, RuleSet, Signature
from routing.triage.tables import PROFILES, load_rules

__all__ = ["TABLES", "load_care_rules", "load_rule_set", "profile_of", "read_care_tables"]

TABLES = (
    "opening",
    "profiles",
    "follow_up",
    "due",
    "fixed_facts",
    "ends",
    "acts",
    "trial_of_labour",
    "aid_groups",
)
DICTIONARY = "trial_facts"
"""Facts that a trial of labour asks for; names and ranges, which nobody signs."""

_ID = "rule"

Built = TypeVar("Built")


def read_care_tables() -> RawTables:
    """Return the shipped tables of care as text, one mapping a row."""
    return {name: _read(name) for name in (DICTIONARY, *TABLES)}


@cache
def _read(name: str) -> tuple[RawRow, ...]:
    text = (files("routing.care") / "rules" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def profile_of(province: str) -> str:
    """Return by which profile a province opens case files (R-CASE-02); ``national`` without a row.

    Parameters
    ----------
    province
        The first two digits of its codes.
    """
    rows = _read("profiles")
    return next((row["profile"] for row in rows if row["province"] == province), PROFILES[0])


def load_rule_set(signatures: Iterable[Signature] = (), *, profile: str = PROFILES[1]) -> RuleSet:
    """Return the shipped rules of triage and care as one set: all rows listed and counted.

    ``profile`` as in :func:`routing.triage.tables.load_rules`.

    Raises
    ------
    RuleTableError
        A row of any table has a fault.
    """
    given = tuple(signatures)
    return load_care_rules(load_rules(signatures=given, profile=profile), signatures=given).rules


def load_care_rules(
    rules: RuleSet, tables: RawTables | None = None, *, signatures: Iterable[Signature] = ()
) -> CareRules:
    """Check the tables of care against the rule set and each other.

    Parameters
    ----------
    rules
        The rule set of triage: facts, numbers, colours. Rows of care that stand in it already are
        taken out of it first, so that loading twice counts nothing twice; who signed them is kept.
    tables
        Raw tables by name; the shipped ones by default.
    signatures
        Signed rows; one whose content hash no longer fits is ignored (R-SIGN-01).

    Returns
    -------
    CareRules
        Its ``rules`` is the rule set with the rows of care listed and counted in it.

    Raises
    ------
    RuleTableError
        Any row of any table has a fault.
    """
    raw = read_care_tables() if tables is None else tables
    faults: list[Fault] = []
    infos = _still_signed(
        row_infos(raw, dict.fromkeys(TABLES, _ID), set(), signatures, faults), rules.rows
    )
    own = [row for row in rules.rows if row.table not in TABLES]
    faults += _ragged(raw) + _taken(raw, {row.id for row in own}) + _names(raw, rules.facts)
    trial_facts = by_name(_each(raw, DICTIONARY, "name", fact, faults))
    known = Known(rules, infos, frozenset(load_capabilities()), trial_facts)

    def built(table: str, build: Callable[[CellReader, Known], Built]) -> tuple[Built, ...]:
        def of_row(reader: CellReader) -> Built:
            full = known.filled(reader)
            value = build(full, known)
            reader.faults.extend(full.faults)
            return value

        return _each(raw, table, _ID, of_row, faults)

    due = built("due", due_row)
    follow_up = built("follow_up", follow_up_row)
    opening = built("opening", opening_row)
    profiles = built("profiles", profile_row)
    fixed = built("fixed_facts", fixed_row)
    ends = built("ends", end_row)
    acts = built("acts", act_row)
    trial = built("trial_of_labour", trial_row)
    groups = built("aid_groups", aid_group)
    if not faults:
        faults += table_faults(known, follow_up, ends, groups, profiles)
    if faults:
        raise RuleTableError(faults)
    rows = tuple(infos.values())
    return CareRules(
        rules=_counted(rules, (*own, *rows)),
        due=due,
        follow_up=follow_up,
        opening=opening,
        profiles=profiles,
        fixed=fixed,
        ends=MappingProxyType({row.end: row for row in ends}),
        acts=acts,
        trial_facts=trial_facts,
        trial=trial,
        aid_groups=groups,
        rows=rows,
    )


def _still_signed(infos: Mapping[str, RowInfo], before: Iterable[RowInfo]) -> Mapping[str, RowInfo]:
    """Return the rows with the signatures that the same wording had in the rule set before."""
    signed = {(row.id, row.content_hash): row for row in before if row.signed_by is not None}
    kept = {name: signed.get((name, row.content_hash), row) for name, row in infos.items()}
    return MappingProxyType(kept)


def _counted(rules: RuleSet, rows: tuple[RowInfo, ...]) -> RuleSet:
    """Return the rule set with these rows; those in use without a needed signature are counted."""
    waiting = (r for r in rows if r.in_use and r.needs_signature and r.signed_by is None)
    return replace(rules, rows=rows, unsigned=sum(1 for _ in waiting))


def _each(
    raw: RawTables,
    table: str,
    column: str,
    build: Callable[[CellReader], Built],
    faults: list[Fault],
) -> tuple[Built, ...]:
    """Build the rows of a table; a row with a fault is left out and its faults are noted."""
    found = []
    for line, row in enumerate(raw[table], start=2):
        if not row.get(column) or None in row:
            continue  # noted once, by row_infos and _ragged
        reader = reader_of(table, line, row)
        value = build(reader)
        faults += reader.faults
        if not reader.faults:
            found.append(value)
    return tuple(found)


def _ragged(raw: RawTables) -> list[Fault]:
    return [
        Fault(f"{table}.csv", line, "", "", "ragged_row", "as many cells as the header")
        for table in (DICTIONARY, *TABLES)
        for line, row in enumerate(raw[table], start=2)
        if None in row or None in row.values()
    ]


def _names(raw: RawTables, others: Container[str]) -> list[Fault]:
    """List facts of a trial of labour without a name of their own."""
    names = [row.get("name") or "" for row in raw[DICTIONARY]]
    return [
        Fault(f"{DICTIONARY}.csv", line, "name", name, "duplicate" if name else "missing", "once")
        for line, name in enumerate(names, start=2)
        if not name or name in others or names.index(name) != line - 2
    ]


def _taken(raw: RawTables, others: set[str]) -> list[Fault]:
    """List identifiers that a row of triage has already."""
    return [
        Fault(f"{table}.csv", line, _ID, row.get(_ID) or "", "duplicate", "each identifier once")
        for table in TABLES
        for line, row in enumerate(raw[table], start=2)
        if row.get(_ID) in others
    ]
