"""The rows of the rule tables of care as values, each with source, scope, status, signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing.care.rows_deciding import ActRow, AidGroup, TrialRow
from routing.triage.expression import Node
from routing.triage.facts import Fact
from routing.triage.rows import PURPLE, Colour, RowInfo, RuleSet

__all__ = [
    "ANY",
    "CASE_FILE",
    "COLOURED",
    "END_KINDS",
    "GESTATION",
    "LABELS",
    "MISSED",
    "UNASSESSED",
    "CareRules",
    "DueRow",
    "EndRow",
    "EventKind",
    "FixedRow",
    "FollowUpRow",
    "OpeningRow",
    "ProfileRow",
    "Unit",
    "Until",
    "labels_of",
]

LABELS = (*(colour.value for colour in Colour), PURPLE)
ANY = "any"
UNASSESSED = "unassessed"
CASE_FILE = "case_file"

GESTATION = "gestation"
COLOURED = "coloured"
MISSED = "missed"


class EventKind(StrEnum):
    """What can happen in a pregnancy that something hangs on."""

    REGISTERED = "registered"
    SCREENED_POSITIVE = "screened_positive"
    SCREENED_NEGATIVE = "screened_negative"
    ASSESSMENT = "assessment"
    ASSESSMENT_INCOMPLETE = "assessment_incomplete"
    HEALTH_CHANGED = "health_changed"
    RISK_STATED = "risk_stated"
    CASE_OPENED = "case_opened"
    CLINICIAN_NAMED = "clinician_named"
    CLINICIAN_LEFT = "clinician_left"
    MANAGEMENT_PLAN = "management_plan"
    TREATMENT_PLAN = "treatment_plan"
    EMERGENCY_PLAN = "emergency_plan"
    CONTINUATION_JUDGED = "continuation_judged"
    CONTINUATION_DENIED = "continuation_denied"
    REPORT = "report"
    VISIT = "visit"
    VISIT_MISSED = "visit_missed"
    CONTACT = "contact"
    EARLY_ULTRASOUND = "early_ultrasound"
    PLACENTA_IMAGING = "placenta_imaging"
    COUNSELLING = "counselling"
    PRENATAL_DIAGNOSIS = "prenatal_diagnosis"
    REFERRAL_SENT = "referral_sent"
    REFERRAL_OUTCOME = "referral_outcome"
    DELIVERY_PLANNED = "delivery_planned"
    DELIVERY_UNPLANNED = "delivery_unplanned"
    ADMITTED = "admitted"
    WENT_HOME = "went_home"
    DELIVERED = "delivered"
    DISCHARGED = "discharged"
    PREGNANCY_LOST = "pregnancy_lost"
    TERMINATED = "terminated"
    MATERNAL_DEATH = "maternal_death"
    DEATH_REPORT = "death_report"
    DEATH_REVIEW = "death_review"
    NEAR_MISS = "near_miss"
    NEAR_MISS_REVIEW = "near_miss_review"
    HANDOVER_ACCEPTED = "handover_accepted"
    MOVED_AWAY = "moved_away"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"
    CLOSED_42D = "closed_42d"


END_KINDS = (
    EventKind.PREGNANCY_LOST,
    EventKind.TERMINATED,
    EventKind.MATERNAL_DEATH,
    EventKind.MOVED_AWAY,
    EventKind.LOST_TO_FOLLOW_UP,
)
"""The ended states of a file (R-STATE-01)."""


class Unit(StrEnum):
    """How an interval is counted from its anchor.

    Hours and ``d``, days of 24 hours, run from the instant. The others are days of the calendar:
    ``day_begins`` is overdue as soon as that day begins, ``day_ends`` once it is over.
    """

    HOURS = "h"
    DAYS = "d"
    DAY_BEGINS = "day_begins"
    DAY_ENDS = "day_ends"


class Until(StrEnum):
    """What makes an open item void."""

    BIRTH = "birth"
    END = "end"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that becomes due.

    ``labels`` are colours, purple, ``unassessed``, ``case_file`` or ``any``; ``when`` a condition
    on the facts beside them, None for none. ``anchor`` is ``gestation``, ``coloured`` (each step of
    the standing colour into ``labels``), ``missed`` (a follow-up visit that is overdue) or the kind
    of an event. ``opens``, ``counts_from`` and ``due`` count from it in ``unit``. The warning
    starts after ``warn_share`` of the way from ``opens`` to ``due`` (R-REPORT-04). What was done
    before ``counts_from`` does not count (None: whenever in this pregnancy). The first of
    ``done_by`` is what is asked for; ``undone_by`` takes it back; ``settled_when`` tells from the
    facts that it is done.
    """

    info: RowInfo
    labels: tuple[str, ...]
    when: Node | None
    settled_when: Node | None
    anchor: str
    opens: int
    counts_from: int | None
    due: int
    unit: Unit
    warn_share: float
    done_by: tuple[EventKind, ...]
    undone_by: tuple[EventKind, ...]
    until: Until


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """How often a label is seen from a day of pregnancy until before another (None: no end)."""

    info: RowInfo
    label: str
    from_days: int
    until_days: int | None
    interval_days: int


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A reason to open a case file: a label, or a condition on the facts."""

    info: RowInfo
    yunnan_only: bool
    labels: tuple[str, ...]
    when: Node | None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """By which profile a province opens case files (R-CASE-02)."""

    info: RowInfo
    province: str
    profile: str


@dataclass(frozen=True, slots=True)
class FixedRow:
    """A fact that cannot get better in the same pregnancy (R-COLOUR-005)."""

    info: RowInfo
    fact: str


@dataclass(frozen=True, slots=True)
class EndRow:
    """A way to end a file before it is closed: what must be on record, and whether it comes back.

    ``needs`` are kinds of events, ``clinician`` and ``reason``; ``red_needs`` are asked for beside
    them while her colour is red.
    """

    info: RowInfo
    end: EventKind
    needs: tuple[str, ...]
    red_needs: tuple[str, ...]
    returns: bool


@dataclass(frozen=True, slots=True)
class CareRules:
    """The tables of care, checked; ``rules`` is the rule set with these rows counted in it.

    ``trial_facts`` are facts that only a trial of labour asks for.
    """

    rules: RuleSet
    due: tuple[DueRow, ...]
    follow_up: tuple[FollowUpRow, ...]
    opening: tuple[OpeningRow, ...]
    profiles: tuple[ProfileRow, ...]
    fixed: tuple[FixedRow, ...]
    ends: Mapping[EventKind, EndRow]
    acts: tuple[ActRow, ...]
    trial_facts: Mapping[str, Fact]
    trial: tuple[TrialRow, ...]
    aid_groups: tuple[AidGroup, ...]
    rows: tuple[RowInfo, ...]


def labels_of(colour: Colour | None, *, purple: bool) -> tuple[str, ...]:
    """Return the labels of a standing: ``unassessed`` without a colour; purple hides green."""
    if colour is None:
        return (UNASSESSED, PURPLE) if purple else (UNASSESSED,)
    if purple:
        return (PURPLE,) if colour is Colour.GREEN else (colour.value, PURPLE)
    return (colour.value,)
