"""Early-warning and transport scores (R-MEWC, R-MEOWS, R-TRIPS): they suggest, never decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from routing.triage.completion import Completed
from routing.triage.expression import Known, Truth
from routing.triage.rows import RuleSet, ScoreRow

__all__ = ["Meows", "Mewc", "Scores", "scores_of"]

YELLOW_ALARM = 2

_Read: TypeAlias = tuple[ScoreRow, Truth]


@dataclass(frozen=True, slots=True)
class Mewc:
    """Maternal Early Warning Criteria: any one triggers a review at the bedside."""

    triggered: bool
    rules: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meows:
    """Early obstetric warning: one red or two yellow at the same time is an alarm."""

    alarm: bool
    yellow: tuple[str, ...]
    red: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """``trips`` is 0..65, None for a mother or while an item is missing."""

    mewc: Mewc | None
    meows: Meows | None
    trips: int | None


def scores_of(rules: RuleSet, completed: Completed, patient: str) -> Scores:
    """Return the scores of this patient.

    Parameters
    ----------
    rules
        The rule set in force.
    completed
        Facts with the computed ones filled in; a missing parameter is unknown, never normal.
    patient
        ``maternal`` (MEWC and MEOWS) or ``newborn`` (TRIPS).

    Returns
    -------
    Scores
        What does not belong to the patient is None.
    """
    known = completed.known
    if patient == "newborn":
        return Scores(None, None, _trips(_read(rules, "trips", known)))
    mewc, meows = _read(rules, "mewc", known), _read(rules, "meows", known)
    return Scores(_mewc(mewc, known), _meows(meows, known), None)


def _read(rules: RuleSet, score: str, known: Known) -> list[_Read]:
    """Return the thresholds of a score with what the facts say before any exception."""
    return [(row, row.condition.truth(known)) for row in rules.scores if row.score == score]


def _crossed(read: _Read, known: Known) -> bool:
    """Tell whether a threshold is crossed; an unknown exception does not excuse it."""
    row, truth = read
    return truth is True and (row.unless is None or row.unless.truth(known) is not True)


def _missing(found: Iterable[_Read], known: Known) -> tuple[str, ...]:
    """Return the facts that could still change the score, in the order of the table."""
    names: list[str] = []
    for row, truth in found:
        if truth is None:
            names += row.condition.open_names(known)
        elif truth and row.unless is not None:
            names += row.unless.open_names(known)
    return tuple(dict.fromkeys(names))


def _mewc(found: list[_Read], known: Known) -> Mewc:
    triggers = tuple(read[0].info.id for read in found if _crossed(read, known))
    return Mewc(bool(triggers), triggers, _missing(found, known))


def _meows(found: list[_Read], known: Known) -> Meows:
    crossed = [read[0] for read in found if _crossed(read, known)]
    yellow = tuple(row.parameter for row in crossed if row.severity == "yellow")
    red = tuple(row.parameter for row in crossed if row.severity == "red")
    return Meows(bool(red) or len(yellow) >= YELLOW_ALARM, yellow, red, _missing(found, known))


def _trips(found: list[_Read]) -> int | None:
    points = {row.parameter: row.points for row, truth in found if truth}
    return sum(points.values()) if len(points) == len({row.parameter for row, _ in found}) else None
