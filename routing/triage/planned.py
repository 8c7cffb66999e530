"""Where her colours are delivered (R-MGMT)."""

from collections.abc import Iterable

from facilities.centre import MaternalLevel
from routing.triage.answer import PlannedDelivery
from routing.triage.rows import RuleSet

__all__ = ["planned_delivery"]


def planned_delivery(rules: RuleSet, labels: Iterable[str]) -> PlannedDelivery:
    """Return the highest minimum of all labels."""
    rows = [rules.management[label] for label in labels]
    return PlannedDelivery(
        min_institution_grade=max(row.min_grade for row in rows),
        preferred_institution_grade=max(row.preferred_grade for row in rows),
        min_maternal_level=MaternalLevel(max(row.min_maternal for row in rows)).name,
    )
