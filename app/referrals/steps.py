"""What has to happen by when, and who looks after it: rows, read once (R-TIME-06, R-TIME-07).

``after`` is what the minutes are counted from. A step that is not done is due again after
``again_min``: nothing leaves a list by age.
"""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

__all__ = [
    "REMINDERS",
    "Owner",
    "Stage",
    "Step",
    "all_steps",
    "of_stage",
    "set_anew",
    "step_named",
]

EVERY = "*"
REMINDERS = ("vital_signs", "rank_again")
"""Steps that remind somebody beside what is next; they never take its place."""


class Owner(StrEnum):
    """Who looks after a step: a hospital, or the commission of an area."""

    SENDER = "sender"
    ESCORT = "escort"
    DESTINATION = "destination"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"


class Stage(StrEnum):
    """From when minutes are counted."""

    REQUESTED = "requested"
    LEFT_ALONE = "left_alone"
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    OUTCOME_REPORTED = "outcome_reported"
    STAYED = "stayed"
    SPOKEN = "spoken"
    HELD = "held"
    ON_HOLD = "on_hold"
    ROAD = "road"


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what is due ``minutes`` after a stage began, for patients of a priority."""

    id: str
    after: Stage
    priority: int | None
    minutes: int
    again_min: int | None
    step: str
    owner: Owner
    source: str
    status: str

    def due(self, since: datetime) -> datetime:
        """Return when it is due."""
        return since + timedelta(minutes=self.minutes)


@cache
def all_steps() -> tuple[Step, ...]:
    """Return every row, in the order of the file."""
    text = (files("app.referrals") / "steps.csv").read_text(encoding="utf-8")
    return tuple(
        Step(
            id=row["id"],
            after=Stage(row["after"]),
            priority=None if row["priority"] == EVERY else int(row["priority"]),
            minutes=int(row["minutes"]),
            again_min=int(row["again_min"]) if row["again_min"] else None,
            step=row["step"],
            owner=Owner(row["owner"]),
            source=row["source"],
            status=row["status"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def of_stage(stage: Stage, priority: int) -> tuple[Step, ...]:
    """Return what is due after a stage began, the first due first."""
    found = [s for s in all_steps() if s.after is stage and s.priority in (None, priority)]
    return tuple(sorted(found, key=lambda step: step.minutes))


@cache
def set_anew() -> frozenset[str]:
    """Return the steps that are due again until they are done, but for those of the search.

    When a rung of the search fell due follows from when the search began.
    """
    return frozenset(
        step.step
        for step in all_steps()
        if step.again_min is not None
        and step.after not in (Stage.REQUESTED, Stage.LEFT_ALONE)
        and step.step not in REMINDERS
    )


def step_named(name: str, priority: int) -> Step:
    """Return the row of a step for a priority."""
    return next(s for s in all_steps() if s.step == name and s.priority in (None, priority))
