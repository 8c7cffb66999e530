"""How urgent a request is (R-PRIO-01)."""

from collections.abc import Iterable

from routing.triage.emergency import Fired
from routing.triage.expression import Known
from routing.triage.rows import EmergencyRow, RuleSet

__all__ = ["clocks_of", "counting_rows", "priority_of"]

_CLINICIAN = ("clinician_says_critical", "clinician_says_critical_newborn")


def counting_rows(rules: RuleSet, fired: Iterable[Fired]) -> tuple[EmergencyRow, ...]:
    """Return the rows whose clock counts: those that fire and those behind a presumption."""
    found: dict[str, EmergencyRow] = {}
    for one in fired:
        found[one.row.id] = one.row
        behind = rules.emergencies.get(one.because_of)
        if behind is not None:
            found[behind.id] = behind
    return tuple(found.values())


def clocks_of(rows: Iterable[EmergencyRow], known: Known) -> tuple[float | None, float | None]:
    """Return the shortest target and hard limit in minutes; None is no limit."""
    counted = [row for row in rows if not row.booking]
    targets = [row.target_min for row in counted if row.target_min is not None]
    limits = [limit for row in counted if (limit := _limit(row, known)) is not None]
    return min(targets, default=None), min(limits, default=None)


def priority_of(rules: RuleSet, fired: Iterable[Fired], known: Known) -> int:
    """Return 1, 2 or 3; a limit that cannot be evaluated yet is taken for a short one."""
    if any(known.get(fact) is True for fact in _CLINICIAN):
        return 1
    counted = [row for row in counting_rows(rules, fired) if not row.booking]
    if not counted:
        return 3
    short = rules.numbers["priority1_hard_max_min"]
    limits = [_limit(row, known) for row in counted]
    return 1 if any(limit is None or limit <= short for limit in limits) else 2


def _limit(row: EmergencyRow, known: Known) -> float | None:
    return None if row.hard_max is None else row.hard_max.value(known)
