"""Groups of medical aid: whom the list of the insurance bureau names on a day (R-PAY-03).

The group opens a line of a worklist. Nothing clinical is ever given it (R-PAY-02, R-PERSON-01).
"""

from datetime import date

from routing.care.rows import CareRules
from routing.care.rows_deciding import AidGroup

__all__ = ["aid_group_on", "aid_groups_on"]


def aid_groups_on(care: CareRules, day: date) -> tuple[AidGroup, ...]:
    """Return the groups that are valid on a day, in the order of the table."""
    return tuple(group for group in care.aid_groups if _valid(group, day))


def aid_group_on(care: CareRules, code: str | None, day: date) -> AidGroup | None:
    """Return the group of a person on a day: None where she is in none, or it is over."""
    return next((group for group in aid_groups_on(care, day) if group.code == code), None)


def _valid(group: AidGroup, day: date) -> bool:
    begun = group.valid_from is None or group.valid_from <= day
    return begun and (group.valid_to is None or day <= group.valid_to)
