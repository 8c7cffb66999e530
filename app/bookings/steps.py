"""By when somebody has to act on a booking, and who: rows, read once.

Until it is due it belongs to the clinician or the centre. When it is late it belongs to the office
of the county where she lives, and is due again until somebody has acted.
"""

import csv
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from app.bookings.states import BookingStatus

__all__ = ["CENTRE", "Step", "all_steps", "step_of"]

EVERY = "*"
CENTRE, CLINICIAN = "centre", "clinician"


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what is due after a booking came to a status, for women of a colour."""

    id: str
    status: BookingStatus
    colour: str | None
    step: str
    owner: str
    within: timedelta
    late_step: str
    again: timedelta


@cache
def all_steps() -> tuple[Step, ...]:
    """Return every row, in the order of the file."""
    text = (files("app.bookings") / "steps.csv").read_text(encoding="utf-8")
    return tuple(
        Step(
            id=row["id"],
            status=BookingStatus(row["status"]),
            colour=None if row["colour"] == EVERY else row["colour"],
            step=row["step"],
            owner=row["owner"],
            within=timedelta(hours=int(row["hours"])),
            late_step=row["late_step"],
            again=timedelta(hours=int(row["again_hours"])),
        )
        for row in csv.DictReader(text.splitlines())
    )


def step_of(status: str, colour: str) -> Step:
    """Return the row of a status that waits for somebody; the row of her colour goes first."""
    return next(s for s in all_steps() if s.status == status and s.colour in (colour, None))
