"""One other way, as an answer writes it: whole minutes, and the number to ring."""

import math

from routing.answer import Alternative
from routing.choices import Choices

__all__ = ["other_way", "phone_at", "to_centre"]


def other_way(
    kind: str,
    *,
    facility_id: str | None = None,
    start: str | None = None,
    meet: str | None = None,
    minutes: float | None = None,
    phone: str | None = None,
    note: str | None = None,
) -> Alternative:
    """Return one other way; no minutes where no time is known."""
    known = minutes is not None and math.isfinite(minutes)
    whole = round(minutes) if minutes is not None and known else None
    return Alternative(kind, facility_id, start, meet, whole, phone, note)


def to_centre(choices: Choices, kind: str, row: int, *, note: str | None = None) -> Alternative:
    """Return a way that leads to one centre, with its minutes and its number."""
    return other_way(
        kind,
        facility_id=choices.question.network.ids[row],
        minutes=float(choices.question.expected_min[row]),
        phone=phone_at(choices, row),
        note=note,
    )


def phone_at(choices: Choices, row: int) -> str | None:
    """Return the number to ring at one centre for this patient."""
    return choices.question.network.phones(choices.assessed.need.patient)[row]
