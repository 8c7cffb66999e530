"""The file of pregnancies: one row for each, wholly right or the file is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.case_exchange.cells import Known
from app.case_exchange.dates import Slip, age_on, pregnancy_slips, span_of
from app.case_exchange.limits import Limits, load_limits
from app.case_exchange.mapping import Column
from app.case_exchange.reading import (
    Progress,
    RowReader,
    arranged,
    naming_nobody,
    quiet,
    read_rows,
    refuse_any,
)
from app.case_exchange.rows import Lined, PregnancyRow, given_in, pregnancy_of
from app.patients.errors import IdentityRefusedError
from app.patients.identity import Given, checked
from app.patients.numbers import normal_number, normal_resident
from geodata.check import Fault
from geodata.place_file import EXAMPLE
from geodata.table import Table

__all__ = ["parse_pregnancies"]

GOES_WITH = {
    "colour": ("assessed_on",),
    "screening": ("screened_on",),
    "ended_as": ("ended_on",),
    "ended_on": ("ended_as",),
}
"""What a field is worth nothing without. Who assessed may be no institution of ours."""
AGE = "facts.age_years"


@dataclass(slots=True)
class _Seen:
    """Lines on which records and numbers stood before."""

    records: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def parse_pregnancies(
    table: Table, *, columns: Sequence[Column], known: Known, told: Progress = quiet
) -> tuple[Lined[PregnancyRow], ...]:
    """Read the pregnancies of a table.

    Parameters
    ----------
    table : Table
        As it was read with formulas kept.
    columns : Sequence[Column]
        The columns of the format ``pregnancies``.
    known : Known
        What a row may name, and the moment.
    told : Progress
        Is told how many rows have been read.

    Raises
    ------
    RefusedInputError
        With every fault of every row; values of persons are not repeated.
    """
    faults: list[Fault] = []
    limits = load_limits()
    seen, rows = _Seen(), list[Lined[PregnancyRow]]()
    with naming_nobody(columns):
        whole = arranged(table, columns, faults)
        for reader in read_rows(whole, columns, known, faults, told=told):
            _check_keys(reader, seen)
            given = _given(reader, known.today)
            for slip in _slips(reader, given, limits, known):
                reader.fault(*slip)
            if not faults:
                rows.append(Lined(reader.line, _row(reader, given, limits)))
        refuse_any(table, faults)
    return tuple(rows)


def _check_keys(reader: RowReader, seen: _Seen) -> None:
    record = reader.said.get("record_id")
    if isinstance(record, str):
        if record.upper().startswith(EXAMPLE):
            reader.fault("record_id", "example_row", "an id of your own")
        reader.once("record_id", record, seen.records)
    number = reader.said.get("id_number")
    if isinstance(number, str):
        # A number that is wrong in itself may still be the same wrong number twice.
        reader.once("id_number", normal_resident(normal_number(number)), seen.numbers)


def _given(reader: RowReader, today: date) -> Given:
    given = given_in(reader.said)
    try:
        return checked(given, today=today)
    except IdentityRefusedError as error:
        for fault in error.faults:
            if fault.column == "birth_date" and reader.empty("birth_date"):
                continue  # it is the one in her number, which has that fault already
            reader.fault(fault.column, fault.code, fault.expected)
        return given


def _slips(reader: RowReader, given: Given, limits: Limits, known: Known) -> Iterator[Slip]:
    said = reader.said
    days = {name: value for name, value in said.items() if type(value) is date}
    over = "delivered_on" in said or "ended_as" in said
    yield from pregnancy_slips(days, ended=over, limits=limits, today=known.today)
    if reader.empty("due_date") and reader.empty("lmp"):
        yield "due_date", "missing", "a due date or the last menstrual period"
    for name, others in GOES_WITH.items():
        for other in others:
            if name in said and reader.empty(other):
                yield other, "missing", "not empty"
    updated = said.get("updated_at")
    if isinstance(updated, datetime) and updated > known.now:
        yield "updated_at", "in_the_future", f"<= {known.now.isoformat()}"
    yield from _area_slips(reader, known)
    if given.birth_date is not None:
        yield from _age_slips(reader, given.birth_date, limits)
    township, county = said.get("township"), said.get("residence_county")
    if isinstance(township, str) and isinstance(county, str) and known.places[township] != county:
        yield "township", "not_in_county", "a township of the county of residence"


def _area_slips(reader: RowReader, known: Known) -> Iterator[Slip]:
    """Tell where a row is of a woman whom somebody else looks after.

    One whose file lives in the area may have moved out of it: that waits for a person.
    """
    record, lives = reader.said.get("record_id"), reader.said.get("residence_county")
    there = known.county_of.get(str(record))
    if there is not None and not there.startswith(known.area):
        yield "record_id", "out_of_area", "a county that you look after"
    elif there is None and isinstance(lives, str) and not lives.startswith(known.area):
        yield "residence_county", "out_of_area", "a county that you look after"


def _age_slips(reader: RowReader, born: date, limits: Limits) -> Iterator[Slip]:
    registered, stated = reader.said.get("registered_on"), reader.said.get(AGE)
    youngest, oldest = limits.youngest_years, limits.oldest_years
    if not isinstance(registered, date):
        return
    age = age_on(registered, born)
    if not youngest <= age <= oldest:
        column = "birth_date" if "birth_date" in reader.said else "id_number"
        yield column, "impossible_age", f"{youngest}..{oldest}"
    if isinstance(stated, int) and not age <= stated <= age + 1:
        yield AGE, "contradicts_birth_date", "the age that her date of birth gives"


def _row(reader: RowReader, given: Given, limits: Limits) -> PregnancyRow:
    """Return the row of a line without a fault, in a file that has had none so far."""
    said = reader.said
    span = span_of(_day(said.get("lmp")), _day(said.get("due_date")), limits)
    assert span is not None  # noqa: S101  or the row was refused
    return pregnancy_of({**said, "due_date": span.due}, given)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
