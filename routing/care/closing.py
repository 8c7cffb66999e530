"""What keeps a case file open, and what may end it before its time.

R-CASE-06, R-POST-02, R-STATE-01, R-STATE-02.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from routing.care.calendar import due_items
from routing.care.due import DueState
from routing.care.moment import FILE_ENDS
from routing.care.pregnancy import Pregnancy
from routing.care.rows import CareRules, EventKind
from routing.triage.rows import Colour

__all__ = ["LAST_CHECK", "Hindrance", "why_not_closed", "why_not_ended"]

LAST_CHECK = "R-POST-01-42d"
"""The row of ``due.csv`` that asks for the assessment at 42 days."""

UNSTABLE = "red_disease_unstable_postpartum"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a file may not be closed or ended: the rule, and a code for people's words."""

    rule: str
    code: str


def why_not_closed(
    care: CareRules, pregnancy: Pregnancy, *, now: datetime
) -> tuple[Hindrance, ...]:
    """Return all that forbids closing at 42 days; nothing where it may be closed.

    Codes: ``over``, ``not_delivered``, ``not_assessed_at_42_days``, ``red_unstable`` and
    ``red_stability_unknown``: a red disease of which nobody has said that it is stable is not.
    """
    record = pregnancy.until(now)
    if record.first(*FILE_ENDS) is not None:
        return (Hindrance("R-CASE-06", "over"),)
    if record.first(EventKind.DELIVERED) is None:
        return (Hindrance("R-CASE-06", "not_delivered"),)
    found = []
    checks = [item for item in due_items(care, record, now=now) if item.rule == LAST_CHECK]
    if not any(item.state is DueState.DONE for item in checks):
        found.append(Hindrance("R-CASE-06", "not_assessed_at_42_days"))
    standing = record.standings[-1] if record.standings else None
    if standing is not None and standing.colour is Colour.RED:
        unstable = record.facts.get(UNSTABLE)
        if unstable is None:
            found.append(Hindrance("R-POST-02", "red_stability_unknown"))
        elif unstable is True:
            found.append(Hindrance("R-POST-02", "red_unstable"))
    return tuple(found)


def why_not_ended(
    care: CareRules,
    pregnancy: Pregnancy,
    end: EventKind,
    *,
    given: Collection[str],
    now: datetime,
) -> tuple[Hindrance, ...]:
    """Return what is missing to end a file in one of the ways of ``rules/ends.csv``.

    Parameters
    ----------
    end
        One of ``END_KINDS``.
    given
        Which of ``clinician`` and ``reason`` come with the act. Everything else that a row needs
        must be on record.

    Raises
    ------
    KeyError
        ``end`` is no way to end a file.
    """
    row = care.ends[end]
    record = pregnancy.until(now)
    if record.first(*FILE_ENDS) is not None:
        return (Hindrance(row.info.id, "over"),)
    there = {*given, *(event.kind.value for event in record.events)}
    standing = record.standings[-1] if record.standings else None
    is_red = standing is not None and standing.colour is Colour.RED
    needs = (*row.needs, *(row.red_needs if is_red else ()))
    return tuple(Hindrance(row.info.id, f"missing_{need}") for need in needs if need not in there)
