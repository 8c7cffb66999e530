"""A pregnancy and a visit as a file tells of them, and the way back to what a file says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from app.case_exchange.cells import Said
from app.case_exchange.fields import FACT, FORMATS, Kind
from app.patients.identity import Given
from app.patients.states import AidGroup, IdentityKind
from routing.triage.expression import Value as FactValue
from routing.triage.rows import Colour

__all__ = [
    "GIVEN",
    "Lined",
    "PregnancyRow",
    "VisitRow",
    "content_of",
    "given_in",
    "pregnancy_of",
    "said_by",
    "said_in",
    "visit_of",
]

Item = TypeVar("Item")
GIVEN = tuple(one.name for one in fields(Given))


@dataclass(frozen=True, slots=True)
class PregnancyRow:
    """What a file says of one pregnancy; None is not said and leaves what is known.

    ``record_id`` is the other system's number of the file, ``updated_at`` when that system last
    changed it: together they are the key of what was said. ``due_date`` is there always, counted
    from the period where it was not stated. ``facts`` are as stored: weeks in days.
    """

    record_id: str
    updated_at: datetime
    given: Given
    registered_on: date
    due_date: date
    lmp: date | None = None
    township: str | None = None
    registered_by: str | None = None
    screening: str | None = None
    screened_on: date | None = None
    colour: Colour | None = None
    purple: bool | None = None
    assessed_on: date | None = None
    assessed_by: str | None = None
    clinician: str | None = field(default=None, repr=False)
    booked_facility: str | None = None
    refuses_lodging: bool | None = None
    delivered_on: date | None = None
    live_born: int | None = None
    stillborn: int | None = None
    ended_as: str | None = None
    ended_on: date | None = None
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class VisitRow:
    """What a file says of one visit."""

    visit_id: str
    record_id: str
    updated_at: datetime
    state: str
    visited_on: date
    visited_at: str | None = None
    next_visit_on: date | None = None
    findings: str | None = field(default=None, repr=False)
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Lined(Generic[Item]):
    """Something with the line of the file on which it begins."""

    line: int
    item: Item


def pregnancy_of(said: Mapping[str, Said], given: Given | None = None) -> PregnancyRow:
    """Return the row that says this; ``given`` is who she is, where that was checked."""
    own: dict[str, object] = {name: said[name] for name in said if name in OF_PREGNANCY}
    own |= {"given": given or given_in(said), "facts": facts_in(said)}
    if isinstance(colour := said.get("colour"), str):
        own["colour"] = Colour(colour)
    return PregnancyRow(**own)  # type: ignore[arg-type]


def visit_of(said: Mapping[str, Said]) -> VisitRow:
    """Return the visit that is said."""
    own: dict[str, object] = {name: said[name] for name in said if name in OF_VISIT}
    return VisitRow(**own | {"facts": facts_in(said)})  # type: ignore[arg-type]


def said_in(format_name: str, content: str, updated_at: datetime) -> Mapping[str, Said]:
    """Return what :func:`content_of` wrote down, by field."""
    fields_of = FORMATS[format_name]
    said: dict[str, Said] = json.loads(content)
    for name, value in said.items():
        if name in fields_of and fields_of[name].kind is Kind.DAY:
            said[name] = date.fromisoformat(str(value))
    return said | {"updated_at": updated_at}


def content_of(row: PregnancyRow | VisitRow) -> str:
    """Return everything that a row says but when, as one text; the same for the same content."""
    said = {name: value for name, value in said_by(row).items() if name != "updated_at"}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def facts_in(said: Mapping[str, Said]) -> Mapping[str, FactValue]:
    """Return the facts of the data dictionary among what a row says."""
    found = {
        name.removeprefix(FACT): value
        for name, value in said.items()
        if name.startswith(FACT) and isinstance(value, bool | int | float | str)
    }
    return MappingProxyType(found)


def given_in(said: Mapping[str, Said]) -> Given:
    """Return who she is among what a row says, not yet checked."""
    own: dict[str, object] = {name: said[name] for name in GIVEN if name in said}
    for name, kind in (("identity_kind", IdentityKind), ("aid_group", AidGroup)):
        if name in own:
            own[name] = kind(str(own[name]))
    return Given(**own)  # type: ignore[arg-type]


def said_by(row: PregnancyRow | VisitRow) -> Mapping[str, Said]:
    """Return what a row says by field; what it does not say is left out."""
    return dict(_said(row))


OF_PREGNANCY = frozenset(one.name for one in fields(PregnancyRow))
OF_VISIT = frozenset(one.name for one in fields(VisitRow))


def _said(row: PregnancyRow | VisitRow) -> Iterator[tuple[str, Said]]:
    parts: list[PregnancyRow | VisitRow | Given] = [row]
    parts += [row.given] if isinstance(row, PregnancyRow) else []
    for part in parts:
        for one in fields(part):
            value = getattr(part, one.name)
            if value is not None and one.name not in ("given", "facts"):
                yield one.name, value
    for name, value in row.facts.items():
        yield FACT + name, value
