"""What dates are possible, by rows of the numbers that are signed like all other rules."""

from dataclasses import dataclass
from functools import cache

from routing.triage.tables import load_rules

__all__ = ["Limits", "load_limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Days of a pregnancy and years of age; ``numbers.csv`` says where each is from."""

    term_days: int
    due_from_lmp_days: int
    longest_days: int
    shortest_birth_days: int
    youngest_years: int
    oldest_years: int
    after_birth_days: int
    planned_ahead_days: int


@cache
def load_limits() -> Limits:
    """Return the limits of the rules that are shipped."""
    numbers = load_rules().numbers
    return Limits(
        term_days=int(numbers["exchange_term_days"]),
        due_from_lmp_days=int(numbers["exchange_due_from_lmp_days"]),
        longest_days=int(numbers["exchange_longest_days"]),
        shortest_birth_days=int(numbers["exchange_shortest_birth_days"]),
        youngest_years=int(numbers["exchange_youngest_years"]),
        oldest_years=int(numbers["exchange_oldest_years"]),
        after_birth_days=int(numbers["exchange_after_birth_days"]),
        planned_ahead_days=int(numbers["exchange_planned_ahead_days"]),
    )
