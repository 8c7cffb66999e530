"""Load the rule tables; a table that breaks the grammar is refused with every bad row.

The tables lie beside this module. They are the only files this package reads.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from facilities.capability import load_capabilities
from geodata.check import Fault
from geodata.table import CellReader
from routing.errors import RuleTableError
from routing.triage.build import (
    Tables,
    colour_row,
    computed_row,
    emergency_row,
    fact,
    management_row,
    number,
    row_group,
    score_row,
    screening_row,
    ward_row,
)
from routing.triage.facts import Fact, by_name
from routing.triage.row_info import (
    HBSAG_OPTION,
    ID_COLUMN,
    OVERLAY,
    RawRow,
    RawTables,
    reader_of,
    row_infos,
)
from routing.triage.rows import EmergencyRow, Patient, RuleSet, Signature

__all__ = ["PROFILES", "RawRow", "RawTables", "load_rules", "read_tables"]

BASE_VERSION = "cn-2017"
TABLE_REVISION = "1"
PROFILES = ("national", "yunnan")

Built = TypeVar("Built")


def read_tables() -> RawTables:
    """Return the shipped tables as text, one mapping a row."""
    return {name: _read(name) for name in ("facts", *ID_COLUMN)}


@cache
def _read(name: str) -> tuple[RawRow, ...]:
    text = (files("routing.triage") / "rules" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def load_rules(
    tables: RawTables | None = None,
    *,
    signatures: Iterable[Signature] = (),
    overlays: Iterable[str] = (),
    profile: str = "yunnan",
    hbsag_carrier_is_purple: bool = False,
) -> RuleSet:
    """Check the tables against each other and return them as a rule set.

    Parameters
    ----------
    tables
        Raw tables by name; the shipped ones by default.
    signatures
        Signed rows; one whose content hash no longer fits is ignored (R-SIGN-01).
    overlays
        Names of regional overlays in force, such as ``zhejiang2018`` (R-COLOUR-011).
    profile
        ``national`` or ``yunnan``: which women get a case file (R-CASE-02).
    hbsag_carrier_is_purple
        Local habit of R-COLOUR-006; off by default.

    Raises
    ------
    RuleTableError
        Any row breaks the grammar of R-DATA-07, or names something unknown.
    """
    raw = read_tables() if tables is None else tables
    switched_on = {OVERLAY + name for name in overlays}
    faults = _setting_faults(raw, switched_on, profile)
    if hbsag_carrier_is_purple:
        switched_on.add(HBSAG_OPTION)
    infos = row_infos(raw, ID_COLUMN, switched_on, signatures, faults)
    facts = by_name(_each(raw, "facts", fact, faults))
    known = Tables(facts, frozenset(load_capabilities()), infos)

    def built(table: str, build: Callable[[CellReader, Tables], Built]) -> tuple[Built, ...]:
        return _each(raw, table, lambda reader: build(reader, known), faults)

    colours = built("risk_conditions", colour_row)
    emergencies = {row.id: row for row in built("destination_requirements", emergency_row)}
    scores = built("scores", score_row)
    screening = built("screening", screening_row)
    computed = built("computed", computed_row)
    wards = built("newborn_levels", ward_row)
    management = {row.label: row for row in built("management", management_row)}
    numbers = dict(_each(raw, "numbers", number, faults))
    if not faults:
        faults += _reference_faults(emergencies, facts)
    groups = dict(_each(raw, "row_groups", lambda reader: row_group(reader, emergencies), faults))
    if faults:
        raise RuleTableError(faults)
    in_use = tuple(info for info in infos.values() if info.in_use)
    return RuleSet(
        version="+".join((BASE_VERSION, *sorted(overlays), f"{profile}@{TABLE_REVISION}")),
        facts=facts,
        colours=tuple(row for row in colours if row.info.in_use),
        emergencies=MappingProxyType(emergencies),
        scores=scores,
        screening=screening,
        computed=computed,
        wards=wards,
        management=MappingProxyType(management),
        numbers=MappingProxyType(numbers),
        groups=MappingProxyType(groups),
        rows=tuple(infos.values()),
        unsigned=sum(info.needs_signature and info.signed_by is None for info in in_use),
        yunnan_profile=profile == "yunnan",
        hbsag_carrier_is_purple=hbsag_carrier_is_purple,
    )


def _each(
    raw: RawTables, table: str, build: Callable[[CellReader], Built], faults: list[Fault]
) -> tuple[Built, ...]:
    """Build the rows of a table; a row with a fault is left out and its faults are noted."""
    found = []
    for line, row in enumerate(raw[table], start=2):
        reader = reader_of(table, line, row)
        identifier = row.get(ID_COLUMN.get(table, "name"))
        if not identifier or None in row:
            continue  # noted once, by row_infos and _setting_faults
        value = build(reader)
        faults += reader.faults
        if not reader.faults:
            found.append(value)
    return tuple(found)


def _setting_faults(raw: RawTables, switched_on: Iterable[str], profile: str) -> list[Fault]:
    """List settings that name nothing, and rows whose cells do not fit the header."""
    known = {row.get("category", "") for row in raw["risk_conditions"]}
    faults = [
        Fault("settings", None, "overlays", name.removeprefix(OVERLAY), "unknown_overlay", "")
        for name in sorted(switched_on)
        if name not in known
    ]
    if profile not in PROFILES:
        allowed = " | ".join(PROFILES)
        faults.append(Fault("settings", None, "profile", profile, "unknown_code", allowed))
    for table in ("facts", *ID_COLUMN):
        faults += [
            Fault(f"{table}.csv", line, "", "", "ragged_row", "as many cells as the header")
            for line, row in enumerate(raw[table], start=2)
            if None in row or None in row.values()
        ]
    names = [row.get("name") for row in raw["facts"]]
    faults += [
        Fault("facts.csv", line, "name", name or "", "duplicate", "each name once")
        for line, name in enumerate(names, start=2)
        if names.index(name) != line - 2
    ]
    return faults


def _reference_faults(
    emergencies: Mapping[str, EmergencyRow], facts: Mapping[str, Fact]
) -> list[Fault]:
    """List rows presumed as something that cannot be, and leading facts that do not agree."""
    faults = []
    for line, row in enumerate(emergencies.values(), start=2):
        presumed = emergencies.get(row.presume_as)
        newborn = row.patient is Patient.NEONATE
        if presumed is None or (presumed.patient is Patient.NEONATE) != newborn:
            faults.append(_bad_row(line, "presume_as", row.presume_as, "a row of this patient"))
        leading = [name for name in row.leading.names() if row.id not in facts[name].leading_for]
        leading += [
            fact.name
            for fact in facts.values()
            if row.id in fact.leading_for and fact.name not in row.leading.names()
        ]
        if leading:
            names = ";".join(leading)
            faults.append(_bad_row(line, "leading_fact", names, "leading_for of facts.csv"))
    return faults


def _bad_row(line: int, column: str, value: str, expected: str) -> Fault:
    code = "unknown_row" if column == "presume_as" else "disagrees"
    return Fault("destination_requirements.csv", line, column, value, code, expected)
