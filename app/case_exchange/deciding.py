"""What becomes of a row that is right in itself: new, the same, a change, or a conflict.

The key of what another system says is its number of the file and when it changed the row. What says
nothing new changes nothing; something later is a new entry; something older than what we hold
changes nothing either and is told as a conflict. A colour is never lowered by a file, and a number
that leads to somebody else's file never joins two women: a named person decides.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.case_exchange.rows import Lined, PregnancyRow, VisitRow, content_of
from app.patients.identity import Given
from routing.triage.rows import Colour

__all__ = ["Decision", "Held", "Verdict", "changed_fields", "decide", "decide_visits"]

Index = Callable[[Given], bytes | None]
"""The keyed index of a woman's number; None where she gave none."""


class Verdict(StrEnum):
    """What becomes of a row; the last three are conflicts, and nothing of them is taken over."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    OLDER = "older"
    OTHER_WOMAN = "other_woman"
    FILED_ELSEWHERE = "filed_elsewhere"

    @property
    def is_conflict(self) -> bool:
        """Whether a person has to look at it."""
        return self in (Verdict.OLDER, Verdict.OTHER_WOMAN, Verdict.FILED_ELSEWHERE)

    @property
    def is_of_a_woman(self) -> bool:
        """Whether it is about who she is; a row that is merely older is told and no more."""
        return self in (Verdict.OTHER_WOMAN, Verdict.FILED_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of a file or a visit.

    Parameters
    ----------
    key : uuid.UUID
        Our own identifier.
    record_id : str | None
        The other system's number of it; None while it is known here only.
    as_of : datetime
        When it was last changed, by a file or by one of us, whichever came later.
    content : str | None
        What the last row taken over said, see :func:`content_of`; kept sealed.
    number : bytes | None
        Index of her number.
    """

    key: uuid.UUID
    record_id: str | None
    as_of: datetime
    content: str | None = field(default=None, repr=False)
    number: bytes | None = None
    colour: Colour | None = None
    purple: bool | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one row.

    Parameters
    ----------
    held : Held | None
        What it speaks of; None for what is new.
    colour : Colour | None
        The higher of ours and the file's; None where nobody has assessed her. What our rules say to
        the facts of the row is found when it goes into her file.
    changed : frozenset[str]
        Fields that the other system changed since its last row. Only these are taken over: what
        one of us corrected meanwhile is not undone by a row that repeats the old value.
    kept : tuple[str, ...]
        Fields that stay although the file says something lower: a named clinician decides.
    """

    line: int
    record_id: str
    verdict: Verdict
    content: str = field(repr=False)
    changed: frozenset[str]
    held: Held | None = None
    colour: Colour | None = None
    purple: bool | None = None
    kept: tuple[str, ...] = ()


def changed_fields(content: str, before: str | None) -> frozenset[str]:
    """Return the fields that say something else than before; what is said no more stays."""
    said = json.loads(content)
    if before is None:
        return frozenset(said)
    last = json.loads(before)
    return frozenset(name for name, value in said.items() if last.get(name) != value)


def decide(
    rows: Iterable[Lined[PregnancyRow]],
    *,
    by_record: Mapping[str, Held],
    by_number: Mapping[bytes, Held],
    index: Index,
) -> tuple[Decision, ...]:
    """Return what becomes of each row of a file of pregnancies, in its order.

    Parameters
    ----------
    by_record : Mapping[str, Held]
        Files by the other system's number.
    by_number : Mapping[bytes, Held]
        Open files by the index of a woman's number.
    """
    found = []
    for lined in rows:
        row, content, number = lined.item, content_of(lined.item), index(lined.item.given)
        verdict, held = _verdict(
            row, content, number, by_record.get(row.record_id), by_number.get(number or b"")
        )
        told = _Colours.of(row, held)
        found.append(
            Decision(
                line=lined.line,
                record_id=row.record_id,
                verdict=verdict,
                content=content,
                changed=changed_fields(content, None if held is None else held.content),
                held=held,
                colour=told.colour,
                purple=told.purple,
                kept=told.kept,
            )
        )
    return tuple(found)


def _verdict(
    row: PregnancyRow,
    content: str,
    number: bytes | None,
    of_record: Held | None,
    of_number: Held | None,
) -> tuple[Verdict, Held | None]:
    if of_record is None:
        if of_number is None:
            return Verdict.NEW, None
        if of_number.record_id is not None:
            return Verdict.FILED_ELSEWHERE, of_number
        return _later(row.updated_at, content, of_number), of_number
    if of_number is not None and of_number.key != of_record.key:
        return Verdict.FILED_ELSEWHERE, of_number
    if None not in (number, of_record.number) and number != of_record.number:
        return Verdict.OTHER_WOMAN, of_record
    return _later(row.updated_at, content, of_record), of_record


def _later(updated_at: datetime, content: str, held: Held) -> Verdict:
    if not changed_fields(content, held.content):
        return Verdict.SAME
    return Verdict.CHANGED if updated_at > held.as_of else Verdict.OLDER


@dataclass(frozen=True, slots=True)
class _Colours:
    """What is to be recorded of a colour, and what the file would lower."""

    colour: Colour | None
    purple: bool | None
    kept: tuple[str, ...]

    @classmethod
    def of(cls, row: PregnancyRow, held: Held | None) -> "_Colours":
        """Compare what the file says with what we hold."""
        ours = None if held is None else held.colour
        was_purple = held is not None and held.purple is True
        kept = []
        if ours is not None and row.colour is not None and row.colour.rank < ours.rank:
            kept.append("colour")
        if was_purple and row.purple is False:
            kept.append("purple")
        stated = [one for one in (row.colour, ours) if one is not None]
        highest = max(stated, key=lambda one: one.rank, default=None)
        return cls(highest, True if was_purple else row.purple, tuple(kept))


def decide_visits(
    rows: Iterable[Lined[VisitRow]], *, by_visit: Mapping[str, Held]
) -> tuple[Decision, ...]:
    """Return what becomes of each row of a file of visits."""
    found = []
    for lined in rows:
        row, content = lined.item, content_of(lined.item)
        held = by_visit.get(row.visit_id)
        verdict = Verdict.NEW if held is None else _later(row.updated_at, content, held)
        changed = changed_fields(content, None if held is None else held.content)
        found.append(Decision(lined.line, row.visit_id, verdict, content, changed, held))
    return tuple(found)
