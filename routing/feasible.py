"""Which centres can take her, and every reason why the others cannot (contract.md 2.2).

Reasons are bits of one integer per centre, so all of them are found for all centres at once and
put into words only where two centres differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.answer import Reason
from routing.centres import NO_LEVEL, Centres, Flags, Ints
from routing.question import NOWHERE, Question
from routing.triage.assess import Assessed
from routing.triage.case import PatientKind, Sender
from routing.triage.need import LevelFloor, RoutingNeed

__all__ = ["Feasibility", "Station", "feasibility"]

REASONS = (
    "suspended",
    "diverted",
    "placeholder",
    "not_a_rescue_centre",
    "wrong_patient",
    "is_origin",
    "excluded_by_request",
    "held",
    "lacks_capability",
    "level_too_low",
    "grade_too_low",
    "adds_nothing",
    "no_time",
    "no_place",
)
"""In the order in which they are told: what it is, what it can do, how far, whether free."""

BIT = {code: 1 << i for i, code in enumerate(REASONS)}
_DESIGNATION = BIT["not_a_rescue_centre"] | BIT["wrong_patient"]
_FIRST_GROUP = len(REASONS)
_ALL = (1 << _FIRST_GROUP) - 1
_INT64_BITS = 62


@dataclass(frozen=True, slots=True)
class Station:
    """What the sender's own hospital means for the choice of another one."""

    lacks: frozenset[str]
    sender: Sender
    may_keep_her: bool

    @classmethod
    def of(cls, assessed: Assessed, question: Question) -> "Station":
        """Read an assessment; planned care alone may be booked where she is (R-DEST-05)."""
        return cls(
            assessed.sender_lacks,
            question.request.case.sender,
            assessed.decision == "book_planned",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Feasibility:
    """The reasons against each centre for one need, before places are counted.

    Parameters
    ----------
    bits : shape (F,)
        Reasons of :data:`REASONS`; 0 where nothing stands against the centre.
    floor_met : shape (F,)
        Whether nothing is missing that must be there.
    able : shape (F,)
        Which could take her whatever is free and whatever else is asked: T of R-COST-04.
    """

    need: RoutingNeed
    bits: Ints
    floor_met: Flags
    able: Flags

    def reasons(
        self, question: Question, no_place: Flags, full: Sequence[str]
    ) -> list[tuple[Reason, ...]]:
        """Return all reasons of every centre; equal ones are one object."""
        keys = self._keys(question, no_place)
        example = dict(zip(keys, range(len(keys)), strict=True))
        full = tuple(full)
        told = {key: self._told(question, key, row, full) for key, row in example.items()}
        return list(map(told.__getitem__, keys))

    def _keys(self, question: Question, no_place: Flags) -> list[int]:
        """Return one integer per centre: reasons, missing groups, reason of the missing time."""
        groups = len(self.need.floor)
        small = _FIRST_GROUP + groups + 8 < _INT64_BITS
        weights = np.array([1 << (_FIRST_GROUP + g) for g in range(groups)], None if small else "O")
        keys = self.bits + no_place * BIT["no_place"]
        if groups:
            keys = keys + (weights[:, None] * ~question.centres.meets(self.need.floor)).sum(axis=0)
        shift = 1 << (_FIRST_GROUP + groups)
        timed = question.times.reason[0].astype(np.int64 if small else object)
        listed: list[int] = (keys + timed * shift).tolist()
        return listed

    def _told(
        self, question: Question, key: int, row: int, full: tuple[str, ...]
    ) -> tuple[Reason, ...]:
        """Return the reasons of the centres that have this key, of which ``row`` is one."""
        need, times = self.need, question.times
        missing = tuple(
            "|".join(group) for g, group in enumerate(need.floor) if key >> (_FIRST_GROUP + g) & 1
        )
        no_time = times.reasons[int(times.reason[0, row])]
        return _in_words(key & _ALL, missing, need.levels, need.min_grade, no_time, full)


@lru_cache(maxsize=4096)
def _in_words(
    bits: int,
    missing: tuple[str, ...],
    levels: tuple[LevelFloor, ...],
    min_grade: int | None,
    no_time: str,
    full: tuple[str, ...],
) -> tuple[Reason, ...]:
    """Return reasons with their details; the same come again with every request."""
    details = {
        "lacks_capability": missing,
        "level_too_low": _levels_asked(levels),
        "grade_too_low": () if min_grade is None else (Grade(min_grade).name,),
        "no_time": (no_time,),
        "no_place": full,
    }
    return tuple(Reason(code, details.get(code, ())) for code in REASONS if bits & BIT[code])


def feasibility(
    question: Question, need: RoutingNeed, station: Station, *, planned: bool, held: bool
) -> Feasibility:
    """Return every reason against every centre, places aside.

    A centre that asks to be passed over is, by who is ``planned`` (priority 3): an emergency may
    not be refused for any reason (R-REF-01), there its places count as full (R-DEST-02).

    Levels and grade count for planned care only (R-LEVEL-01b). A never-bypass row asks for its
    theatre and nothing else, so there a hospital with the theatre is a destination whatever it
    was designated for (R-DEST-01b).
    """
    centres = question.centres
    floor_met = centres.meets_all(need.floor)
    bits: Ints = np.where(floor_met, 0, BIT["lacks_capability"])
    closed = _closed(centres, need.patient)
    if need.never_bypass and need.floor:
        closed = np.where(floor_met, closed & ~_DESIGNATION, closed)
    bits |= closed
    bits |= np.where(question.timed, 0, BIT["no_time"])
    if planned:
        bits |= centres.diverting * BIT["diverted"]
    if held:
        bits |= BIT["held"]
    if need.level_is_floor:
        low = ~centres.meets_levels(need.levels)
        bits |= low * BIT["level_too_low"]
    if need.min_grade is not None:
        bits |= (centres.grade < need.min_grade) * BIT["grade_too_low"]
    if station.sender.given and not need.never_bypass and not need.level_is_floor:
        bits |= ~_adds(centres, need, station) * BIT["adds_nothing"]
    _mark_rows(question, bits, station)
    takes = bits & (BIT["placeholder"] | _DESIGNATION) == 0
    elsewhere = np.ones(centres.size, np.bool_)
    if question.origin_row != NOWHERE:
        elsewhere[question.origin_row] = False
    able = floor_met & takes & question.timed & elsewhere & ~centres.suspended
    return Feasibility(need, bits, floor_met, able)


@lru_cache(maxsize=8)
def _closed(centres: Centres, patient: PatientKind) -> Ints:
    """Return the bits that say what each place is: closed, no centre, for other patients."""
    mine = (centres.maternal if patient == "maternal" else centres.neonatal) >= 0
    other = (centres.neonatal if patient == "maternal" else centres.maternal) >= 0
    bits: Ints = centres.suspended * BIT["suspended"] + centres.diverted * BIT["diverted"]
    bits += centres.placeholder * BIT["placeholder"]
    closed = ~mine & ~centres.placeholder
    bits += (closed & other) * BIT["wrong_patient"] + (closed & ~other) * BIT["not_a_rescue_centre"]
    bits.flags.writeable = False
    return bits


def _mark_rows(question: Question, bits: Ints, station: Station) -> None:
    """Mark the hospital she is in and those the request leaves out."""
    if question.origin_row != NOWHERE and not station.may_keep_her:
        bits[question.origin_row] |= BIT["is_origin"]
    for facility_id in question.request.exclude:
        row = question.network.row_of.get(facility_id)
        if row is not None:
            bits[row] |= BIT["excluded_by_request"]


def _adds(centres: Centres, need: RoutingNeed, station: Station) -> Flags:
    """Return which centres have something that the sender lacks (R-DEST-08).

    That is a capability the need names, or the level one of its rows asks for.
    """
    columns = [centres.codes[code] for code in sorted(station.lacks) if code in centres.codes]
    adds: Flags = np.logical_or.reduce(centres.have[:, columns], axis=1)
    for floor in need.levels:
        if not _sender_meets(station.sender, floor):
            adds = adds | centres.meets_level(floor)
    return adds


def _sender_meets(sender: Sender, floor: LevelFloor) -> bool:
    """Tell whether the sender has the level of one row, or what satisfies it outright."""
    own = (_rank(sender.maternal_level), _rank(sender.neonatal_level))
    if own[0] >= _rank(floor.maternal) and own[1] >= _rank(floor.neonatal):
        return True
    return any(
        own[0] >= (other.maternal or NO_LEVEL)
        and own[1] >= (other.neonatal or NO_LEVEL)
        and sender.capabilities.keys() >= set(other.capabilities)
        for other in floor.alternatives
    )


def _rank(level: int | None) -> int:
    return NO_LEVEL if level is None else int(level)


def _levels_asked(levels: Sequence[LevelFloor]) -> tuple[str, ...]:
    """Return the highest levels asked for, as codes."""
    maternal = max((floor.maternal or 0 for floor in levels), default=0)
    neonatal = max((floor.neonatal or 0 for floor in levels), default=0)
    names = (MaternalLevel(maternal).name,) if maternal else ()
    return (*names, NeonatalLevel(neonatal).name) if neonatal else names
