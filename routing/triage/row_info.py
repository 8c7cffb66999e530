"""What every row of a rule table carries beside its content: source, status, signature."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from geodata.check import Fault
from geodata.table import CellReader, Row
from routing.triage.rows import RowInfo, Signature

__all__ = [
    "HBSAG_OPTION",
    "ID_COLUMN",
    "OVERLAY",
    "RawRow",
    "RawTables",
    "content_hash",
    "reader_of",
    "row_infos",
]

RawRow = Mapping[str, str]
RawTables = Mapping[str, tuple[RawRow, ...]]

STATUSES = ("read", "corroborated", "memory", "derived")
SCOPES = ("national", "yunnan", "elsewhere", "international", "project")
ID_COLUMN = {
    "risk_conditions": "id",
    "destination_requirements": "id",
    "scores": "rule",
    "screening": "rule",
    "computed": "rule",
    "newborn_levels": "rule",
    "management": "rule",
    "numbers": "name",
    "row_groups": "group",
    "birth_plans": "rule",
    "birth_weeks": "rule",
    "lodging": "rule",
}
OVERLAY = "overlay_"
HBSAG_OPTION = "option_hbsag_carrier_is_purple"
_NAME_COLUMNS = ("name_zh", "indication_zh", "meaning", "label", "ward", "parameter")
_ENGLISH_COLUMNS = ("name_en", "indication_en", "meaning", "label", "ward", "parameter")
_UNHASHED = ("signed_by", "signed_at")


def content_hash(table: str, row: RawRow) -> str:
    """Return the hash of a row's wording; a changed cell changes it (R-SIGN-01)."""
    cells = {str(column): text for column, text in row.items() if column not in _UNHASHED}
    wording = json.dumps([table, cells], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(wording.encode()).hexdigest()


def reader_of(table: str, line: int, row: RawRow) -> CellReader:
    """Return a reader of one row that names the file and the line in every fault."""
    cells = {column: (text or "").strip() for column, text in row.items() if column is not None}
    return CellReader(f"{table}.csv", Row(line, cells))


def row_infos(
    raw: RawTables,
    columns: Mapping[str, str],
    switched_on: set[str],
    signatures: Iterable[Signature],
    faults: list[Fault],
) -> Mapping[str, RowInfo]:
    """Return what every row carries beside its content, by identifier.

    ``columns`` names for each table the column of the identifier.
    """
    signed = {(one.rule, one.content_hash): one for one in signatures}
    infos: dict[str, RowInfo] = {}
    for table, column in columns.items():
        for line, row in enumerate(raw[table], start=2):
            reader = reader_of(table, line, row)
            info = _info(table, column, row, reader, switched_on)
            if info.id in infos:
                reader.fault(column, "duplicate", "each identifier once")
            signature = signed.get((info.id, info.content_hash))
            if signature is not None:
                info = replace(
                    info,
                    signed_by=signature.signed_by,
                    signed_at=signature.signed_at,
                    signed_role=signature.role,
                )
            infos.setdefault(info.id, info)
            faults += reader.faults
    return MappingProxyType(infos)


def _info(
    table: str, column: str, row: RawRow, reader: CellReader, switched_on: set[str]
) -> RowInfo:
    for cell in _UNHASHED:
        if reader.row[cell]:
            reader.fault(cell, "signed_in_table", "empty; signatures lie in their own file")
    status = reader.text("source_status", required=True) or ""
    if not set(status.split("+")) <= set(STATUSES):
        reader.fault("source_status", "unknown_code", "+".join(STATUSES))
    category = reader.row["category"]
    optional = category.startswith(OVERLAY) or category == HBSAG_OPTION
    return RowInfo(
        id=reader.text(column, required=True) or "",
        table=table,
        name_zh=_first(reader, _NAME_COLUMNS),
        name_en=_first(reader, _ENGLISH_COLUMNS),
        status=status,
        scope=reader.choice("scope", SCOPES, required=True) or "",
        source=reader.text("source", required=True) or "",
        content_hash=content_hash(table, row),
        in_use=category in switched_on or not optional,
        cells=MappingProxyType(
            {str(name): text for name, text in row.items() if name not in _UNHASHED and text}
        ),
    )


def _first(reader: CellReader, columns: Iterable[str]) -> str:
    return next((text for column in columns if (text := reader.row[column])), "")
