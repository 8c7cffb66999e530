"""The cooling window: when the row that needs it is dropped (R-ROUTE-09)."""

from collections.abc import Iterable

from routing.triage.case import Case, Eta
from routing.triage.emergency import Fired
from routing.triage.expression import Known
from routing.triage.fetus import number_of
from routing.triage.rows import RuleSet

__all__ = ["cools", "keep_cooling", "without_cooling"]

SECONDS_PER_MINUTE = 60


def cools(rules: RuleSet, fired: Fired) -> bool:
    """Tell whether a row stands under the cooling clock."""
    return fired.row.id in rules.groups["cooling"]


def without_cooling(rules: RuleSet, fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """Return the rows that decide when she is not cooled."""
    return tuple(one for one in fired if not cools(rules, one))


def keep_cooling(
    rules: RuleSet, case: Case, known: Known, fired: tuple[Fired, ...], *, eta: Eta | None
) -> tuple[tuple[Fired, ...], bool]:
    """Return the rows without those whose window is missed, and whether one was.

    The age is that at the decision, so the time since then is added. Once the journeys are known
    they decide, and none to a cooling centre misses the window; before that the stated ``eta_min``
    stands for it, and without it only a window that has already passed is missed. An unknown age
    misses nothing.
    """
    if not any(cools(rules, one) for one in fired):
        return fired, False
    age = number_of(known, "age_minutes")
    if age is None:
        return fired, False
    latest = rules.numbers["cooling_latest_arrival_min"]
    age += case.elapsed_s / SECONDS_PER_MINUTE
    if eta is not None:
        missed = eta.cooling_min is None or age + eta.cooling_min > latest
    else:
        way = number_of(known, "eta_min")
        missed = age >= latest if way is None else age + way > latest
    return (without_cooling(rules, fired), True) if missed else (fired, False)
