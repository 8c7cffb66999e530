"""Rows of files as another system writes them, all of them invented."""

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from app.case_exchange.cells import Known
from app.case_exchange.mapping import load_columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import read_file
from app.case_exchange.visits import parse_visits
from app.patients.numbers import check_character
from facilities.yunnan import load_registry
from geodata.errors import RefusedInputError
from geodata.io import csv_text
from routing.triage.tables import load_rules

RULES = load_rules()
REGISTRY = load_registry()
COLUMNS = load_columns(None, RULES.facts)
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)
PLACES = MappingProxyType({"V1": "530829", "V2": "530102"})
KNOWN = Known(REGISTRY, PLACES, RULES.facts, NOW)
HOSPITAL = "YN530800-012"
PLACEHOLDER = next(f.facility_id for f in REGISTRY.facilities if f.is_placeholder)
NAMES = {name: {c.field.name: c.name for c in those} for name, those in COLUMNS.items()}


def number(first):
    """An identity number with its check character; the digits are nobody's."""
    return first + check_character(first)


WRONG = number("53082919920101000")[:-1] + ("1" if number("53082919920101000")[-1] != "1" else "2")
"""A number whose check character is another one."""


def day(offset):
    return (TODAY + timedelta(days=offset)).isoformat()


def pregnancy(**said):
    """A row that is right: 20+0 weeks today, registered eighty days ago."""
    row = {
        "record_id": "R1",
        "updated_at": "2026-05-31 20:00:00",
        "identity_kind": "身份证",
        "id_number": number("53082919920101000"),
        "name": "测试甲",
        "residence_county": "530829",
        "registered_on": day(-80),
        "lmp": day(-140),
        "due_date": day(140),
        "colour": "橙色",
        "assessed_on": day(-70),
        "assessed_by": HOSPITAL,
        "facts.hb_g_l": "55",
    }
    return {k: v for k, v in (row | said).items() if v is not None}


def visit(**said):
    row = {
        "visit_id": "F1",
        "record_id": "R1",
        "updated_at": "2026-05-31 20:00:00",
        "state": "已访",
        "visited_on": day(-10),
        "facts.sbp": "120",
    }
    return {k: v for k, v in (row | said).items() if v is not None}


def table(rows, *, format_name="pregnancies", encoding="utf-8", name="t.csv"):
    """The file that holds the rows, with the columns of the mapping."""
    names = NAMES[format_name]
    header = list(dict.fromkeys(names.get(field, field) for row in rows for field in row))
    cells = [[{names.get(f, f): v for f, v in row.items()}.get(c) for c in header] for row in rows]
    data = csv_text(header, cells).encode(encoding)
    return read_file(data, name=name, columns=COLUMNS[format_name])


def read(*rows, known=KNOWN, columns=COLUMNS, told=lambda _: None):
    return parse_pregnancies(
        table(list(rows)), columns=columns["pregnancies"], known=known, told=told
    )


def read_visits(
    *rows, registered=MappingProxyType({"R1": TODAY - timedelta(days=80)}), known=KNOWN
):
    return parse_visits(
        table(list(rows), format_name="visits"),
        columns=COLUMNS["visits"],
        known=known,
        registered=registered,
    )


def faults(*rows, reading=read, **more):
    """Line, field and code of every fault; none is the empty list."""
    fields = {c.name: c.field.name for those in COLUMNS.values() for c in those}
    try:
        reading(*rows, **more)
    except RefusedInputError as error:
        return [(f.line, fields.get(f.column, f.column), f.code) for f in error.faults]
    return []
