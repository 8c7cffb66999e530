"""Reading kept rankings. They are long and never change: what was read of one is kept a while."""

import contextlib
import uuid
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.keys.words import document
from app.referrals.tables import Recommendation

__all__ = [
    "Kept",
    "Pregnancy",
    "colour_of",
    "colours_by_key",
    "know",
    "pregnancy",
    "read",
    "trips_of",
]

Rows = Sequence[Mapping[str, object]]
FEW, MANY = 32, 20_000
"""A ranking takes some hundred kilobytes of memory, a colour next to nothing."""
_READ: OrderedDict[uuid.UUID, "Kept"] = OrderedDict()
_COLOURS: OrderedDict[uuid.UUID, str | None] = OrderedDict()
_PREGNANCIES: OrderedDict[uuid.UUID, "Pregnancy"] = OrderedDict()
WEEKS = ("gestational_age_weeks", "neo_ga_weeks")
"""Of a mother, and of a newborn."""


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """How many weeks, and whether it is over, as it was stated; None where nobody said so."""

    weeks: str | None = None
    delivered: bool | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was recommended, as far as it is shown; it is shared and must not be changed."""

    assessment: Mapping[str, object]
    ranking: Rows
    passed_over: int
    alternatives: Rows
    blood: Mapping[str, object] | None
    silent_lines: Sequence[str]
    booked: Mapping[str, object] | None
    roads: Rows = ()
    cut_off: Sequence[str] = ()
    """Facilities that are not ranked for nothing but that no road led there."""

    def row(self, facility_id: str | None) -> Mapping[str, object] | None:
        """Return the row of a facility; None where it is not in the ranking."""
        return next((row for row in self.ranking if row["facility_id"] == facility_id), None)

    @property
    def places(self) -> Rows:
        """Return the places that she needs."""
        need = self.assessment["need"]
        found = need["places"] if isinstance(need, Mapping) else None
        if not isinstance(found, list):
            raise TypeError("an assessment lists the places that she needs")
        return found


def read(session: Session, found: Recommendation) -> Kept:
    """Return what was recommended."""
    kept = _READ.get(found.id)
    if kept is None:
        kept = know(found.id, document(session, found, "answer"))
    return kept


def colour_of(session: Session, found: Recommendation | None) -> str | None:
    """Return the colour that she was assessed with; None where nothing was ranked.

    A green that is not complete is no colour yet: a list has no room to say so beside it. A list of
    a hundred referrals shows a hundred colours; each is looked for once.
    """
    if found is None:
        return None
    with contextlib.suppress(KeyError):
        return _COLOURS[found.id]
    said = read(session, found).assessment
    is_open = said["colour"] is None or (said["colour"] == "green" and said.get("incomplete"))
    colour = None if is_open else str(said["colour"])
    _COLOURS[found.id] = colour
    if len(_COLOURS) > MANY:
        with contextlib.suppress(KeyError):
            _COLOURS.popitem(last=False)
    return colour


def colours_by_key(session: Session, keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str | None]:
    """Return the colours of rankings that are stored; rows are read only of those not known."""
    known: dict[uuid.UUID, str | None] = {}
    for key in keys:
        with contextlib.suppress(KeyError):
            known[key] = _COLOURS[key]
    unknown = [key for key in keys if key not in known]
    for start in range(0, len(unknown), FEW):
        some = unknown[start : start + FEW]
        asked = select(Recommendation).where(col(Recommendation.id).in_(some))
        known |= {one.id: colour_of(session, one) for one in session.exec(asked)}
    return known


def pregnancy(session: Session, found: Recommendation) -> Pregnancy:
    """Return how far on she was when she was ranked."""
    said = _PREGNANCIES.get(found.id)
    if said is None:
        stated = document(session, found, "asked").get("facts")
        facts = stated if isinstance(stated, Mapping) else {}
        weeks = next((facts[name] for name in WEEKS if facts.get(name) is not None), None)
        over = facts.get("delivered")
        said = Pregnancy(
            None if weeks is None else str(weeks), over if isinstance(over, bool) else None
        )
        _PREGNANCIES[found.id] = said
        if len(_PREGNANCIES) > MANY:
            with contextlib.suppress(KeyError):
                _PREGNANCIES.popitem(last=False)
    return said


def trips_of(session: Session, found: Recommendation | None) -> int | None:
    """Return the score of a newborn in a ranking; None for a mother, or where an item lacks."""
    scores = None if found is None else read(session, found).assessment.get("scores")
    said = scores.get("trips") if isinstance(scores, Mapping) else None
    return said if isinstance(said, int) else None


def know(key: uuid.UUID, answer: Mapping[str, object]) -> Kept:
    """Take over what a ranking says from who has it open."""
    _READ[key] = kept = _kept(answer)
    while len(_READ) > FEW:
        with contextlib.suppress(KeyError):
            _READ.popitem(last=False)
    return kept


def _kept(said: Mapping[str, object]) -> Kept:
    assessment, ranking = said["assessment"], said["ranking"]
    excluded, others = said.get("excluded", []), said.get("alternatives", [])
    if not isinstance(assessment, Mapping) or not (
        isinstance(ranking, list) and isinstance(excluded, list) and isinstance(others, list)
    ):
        raise TypeError("this is no answer of recommend")
    blood, silent, booked = said.get("blood"), said.get("silent_lines"), said.get("booked")
    roads = said.get("roads")
    return Kept(
        assessment,
        ranking,
        len(excluded),
        others,
        blood if isinstance(blood, Mapping) else None,
        silent if isinstance(silent, list) else [],
        booked if isinstance(booked, Mapping) else None,
        roads if isinstance(roads, list) else (),
        [str(one["facility_id"]) for one in excluded if _cut_off(one)],
    )


def _cut_off(excluded: Mapping[str, object]) -> bool:
    reasons = excluded["reasons"]
    return isinstance(reasons, list) and all(one["code"] == "no_time" for one in reasons)
