"""When a birth comes: weeks of pregnancy by plan and colour, and the bed-days of each week.

A week of pregnancy g begins on the due date less 7 (40 - g) days. The load of a calendar week is
reckoned as if every woman of one due week were due in its middle, so half of a week of pregnancy
falls into one calendar week and half into the next: exact on average over the seven days on which
they are due. What she costs is reckoned by weeks of pregnancy and needs no such rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from routing.centres import Floats, Ints
from routing.triage.expression import Known
from routing.triage.rows import Colour, RuleSet

__all__ = ["DAY", "Births", "births_of", "loads"]

TERM = 40
DAYS = 7
DAY = 1000
"""Loads are whole thousandths of a bed-day."""


@dataclass(frozen=True, slots=True)
class Births:
    """Weeks of birth of one plan and colour: ``weeks`` in rising order, ``shares`` sum to 1."""

    plan: str
    caesarean: bool
    weeks: tuple[int, ...]
    shares: tuple[float, ...]

    def after(self, week: int) -> Floats:
        """Return the shares of those who have not given birth before a week of pregnancy.

        Whoever is past the last week gives birth in it.
        """
        left = np.where(np.array(self.weeks) >= min(week, self.weeks[-1]), self.shares, 0.0)
        shares: Floats = left / left.sum()
        return shares


def births_of(rules: RuleSet, known: Known, *, plan: str | None, colour: Colour) -> Births:
    """Return when she gives birth: the stated plan, else the first whose condition is true.

    A colour without rows of its own takes those of the next higher one: green those of yellow.
    """
    rows = rules.booking.plans
    if plan is None:
        chosen = next(row for row in rows if row.when is None or row.when.truth(known) is True)
    else:
        chosen = next(row for row in rows if row.plan == plan)
    of_plan = [row for row in rules.booking.weeks if row.plan == chosen.plan]
    near = min(of_plan, key=lambda row: _steps(Colour(row.colour).rank - colour.rank))
    weeks = tuple(sorted(near.shares))
    shares = tuple(near.shares[week] for week in weeks)
    return Births(chosen.plan, chosen.caesarean, weeks, shares)


def _steps(above: int) -> int:
    """Order colours: her own, the next ones above, and those below last."""
    return above if above >= 0 else len(Colour) - above


def week_now(due_week: int) -> int:
    """Return the completed week of pregnancy of somebody due in a week counted from now."""
    return TERM - due_week


@lru_cache(maxsize=64)
def _stay(days: float) -> tuple[float, ...]:
    """Return the bed-days of a stay in the week of birth and after, birth on any day of it."""

    def area(x: float) -> float:
        if x <= 0:
            return 0.0
        return x * x / 2 if x <= days else days * days / 2 + days * (x - days)

    def until(day: float) -> float:
        return (area(day) - area(day - DAYS)) / DAYS

    ends = range(0, DAYS * (2 + int(days // DAYS) + 1), DAYS)
    return tuple(until(day + DAYS) - until(day) for day in ends)


def loads(births: Births, *, due_week: int, weeks: int, stays: Sequence[float]) -> Ints:
    """Return the expected load of each stay in each week, thousandths of a bed-day.

    Parameters
    ----------
    due_week : int
        Week of the due date, counted from the present one.
    weeks : int
        W, the weeks looked at; what falls behind them is not counted.
    stays : sequence of S floats
        Days in each place she and her children take.

    Returns
    -------
    Ints
        Shape (S, W).
    """
    shares = births.after(week_now(due_week))
    born = np.zeros(weeks)
    for week, share in zip(births.weeks, shares.tolist(), strict=True):
        begins = due_week + week - TERM
        for at in (begins, begins + 1):
            if at < weeks:
                born[max(0, at)] += share / 2
    found = np.zeros((len(stays), weeks), dtype=np.int64)
    for row, days in enumerate(stays):
        spread = np.convolve(born, _stay(days))[:weeks]
        found[row] = np.rint(DAY * spread).astype(np.int64)
    return found
