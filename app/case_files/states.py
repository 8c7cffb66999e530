"""What may become of a case file (rules 12.1, R-STATE-01 and 02), and the words of its entries.

The same moves are rows in the database.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.events.states import START, moves_of

__all__ = [
    "BEYOND_BOOKING",
    "BORN",
    "CASE_FILE",
    "COLOURS",
    "ENDED",
    "FOLLOWED",
    "MANAGED",
    "NEXT",
    "NO_COLOUR",
    "OPEN",
    "OVER",
    "PREGNANT",
    "REVIEWS",
    "WITH_A_CENTRE",
    "Answer",
    "Capacity",
    "Contact",
    "DeliveryMode",
    "DueEnd",
    "EndReason",
    "FileStatus",
    "HandoverAnswer",
    "PlanKind",
    "ReportKind",
    "Subject",
    "VisitKind",
    "VisitStatus",
    "moves",
    "rank",
]

CASE_FILE = "case_file"


class FileStatus(StrEnum):
    """Where a case file stands."""

    REGISTERED = "registered"
    SCREENED_NEGATIVE = "screened_negative"
    SCREENED_POSITIVE = "screened_positive"
    REFERRED_FOR_ASSESSMENT = "referred_for_assessment"
    ASSESSED = "assessed"
    CASE_MANAGED = "case_managed"
    DELIVERY_PLANNED = "delivery_planned"
    ADMITTED_EARLY = "admitted_early"
    DELIVERED = "delivered"
    POSTPARTUM = "postpartum"
    CLOSED_42D = "closed_42d"
    PREGNANCY_LOST = "pregnancy_lost"
    TERMINATED = "terminated"
    MATERNAL_DEATH = "maternal_death"
    MOVED_AWAY = "moved_away"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"


S = FileStatus

ENDED = (
    S.PREGNANCY_LOST,
    S.TERMINATED,
    S.MATERNAL_DEATH,
    S.MOVED_AWAY,
    S.LOST_TO_FOLLOW_UP,
)
"""``ended_*`` of the table: every open file may come here (R-STATE-01)."""
OPEN = tuple(status for status in FileStatus if status not in (S.CLOSED_42D, *ENDED))
"""Files that somebody has to look at."""
FOLLOWED = (*OPEN, S.LOST_TO_FOLLOW_UP)
"""Who was lost is looked for on."""

NEXT: Mapping[str, tuple[FileStatus, ...]] = {
    START: (S.REGISTERED,),
    # Delivered: nobody is kept from giving birth by what the file still lacks.
    S.REGISTERED: (S.SCREENED_NEGATIVE, S.SCREENED_POSITIVE, S.DELIVERED, *ENDED),
    # Positive: what was found later counts (R-COLOUR-013).
    S.SCREENED_NEGATIVE: (S.SCREENED_POSITIVE, S.DELIVERED, *ENDED),
    S.SCREENED_POSITIVE: (S.REFERRED_FOR_ASSESSMENT, S.ASSESSED, S.DELIVERED, *ENDED),
    S.REFERRED_FOR_ASSESSMENT: (S.ASSESSED, S.DELIVERED, *ENDED),
    S.ASSESSED: (S.ASSESSED, S.CASE_MANAGED, S.DELIVERED, *ENDED),
    # Management ends with the file and not before; a new assessment is an entry beside it.
    S.CASE_MANAGED: (S.DELIVERY_PLANNED, S.ADMITTED_EARLY, S.DELIVERED, *ENDED),
    # Managed: her booking was taken back, and nowhere is planned any more.
    S.DELIVERY_PLANNED: (
        S.DELIVERY_PLANNED,
        S.CASE_MANAGED,
        S.ADMITTED_EARLY,
        S.DELIVERED,
        *ENDED,
    ),
    # Managed, planned: she goes home again before her birth.
    S.ADMITTED_EARLY: (S.CASE_MANAGED, S.DELIVERY_PLANNED, S.DELIVERED, *ENDED),
    S.DELIVERED: (S.POSTPARTUM, *ENDED),
    S.POSTPARTUM: (S.CLOSED_42D, *ENDED),
    S.CLOSED_42D: (),
    S.PREGNANCY_LOST: (),
    S.TERMINATED: (),
    S.MATERNAL_DEATH: (),
    S.MOVED_AWAY: (),
    # Back to where she was (R-STATE-02): to which of these, a trigger says.
    S.LOST_TO_FOLLOW_UP: OPEN,
}

MANAGED = (S.CASE_MANAGED, S.DELIVERY_PLANNED, S.ADMITTED_EARLY)
"""States that only a 专案 has."""
BORN = (S.DELIVERED, S.POSTPARTUM)
PREGNANT = tuple(status for status in OPEN if status not in BORN)
OVER = tuple(status for status in ENDED if status is not S.LOST_TO_FOLLOW_UP)
"""Whoever is lost may come back (R-STATE-02), and then her place has to be there."""
BEYOND_BOOKING = (*BORN, S.CLOSED_42D, *OVER)
"""No place to give birth is looked for any more."""

NO_COLOUR = ""
COLOURS = (NO_COLOUR, "green", "yellow", "orange", "red")
"""By their order (R-COLOUR-001); purple stands beside them."""


class Capacity(StrEnum):
    """As what an organisation or an area has to do with a file, from a time until a time."""

    REGISTERED = "registered"
    RESPONSIBLE = "responsible"
    ASSESSES = "assesses"
    RESIDENCE_COUNTY = "residence_county"
    HOME_COUNTY = "home_county"
    OFFERED_COUNTY = "offered_county"
    CONSULTED = "consulted"
    BOOKED = "booked"
    DELIVERS = "delivers"


class EndReason(StrEnum):
    """How a file ends before its time; the names are those of the states."""

    PREGNANCY_LOST = "pregnancy_lost"
    TERMINATED = "terminated"
    MATERNAL_DEATH = "maternal_death"
    MOVED_AWAY = "moved_away"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"


class VisitKind(StrEnum):
    """What a visit is for."""

    ANTENATAL = "antenatal"
    SCAR_ULTRASOUND = "scar_ultrasound"
    PLACENTA_IMAGING = "placenta_imaging"
    POSTPARTUM = "postpartum"
    DAY_42 = "day_42"


class VisitStatus(StrEnum):
    """What an entry says of a visit: it is planned, was held or missed, she was called."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CONTACTED = "contacted"
    CALLED_OFF = "called_off"


class Contact(StrEnum):
    """What came of looking for who had not come."""

    REACHED = "reached"
    FAMILY_REACHED = "family_reached"
    VISITED_AT_HOME = "visited_at_home"
    NOT_REACHED = "not_reached"


class PlanKind(StrEnum):
    """Plans that orange and red have (R-CASE-03), and for red whether she may carry on."""

    MANAGEMENT = "management"
    TREATMENT = "treatment"
    EMERGENCY = "emergency"
    CONTINUATION = "continuation"


WITH_A_CENTRE = (PlanKind.MANAGEMENT, PlanKind.TREATMENT, PlanKind.EMERGENCY)
"""R-CASE-03: made with the higher centre, or not made."""
REVIEWS = ("death_review", "near_miss_review")
"""What the institution in charge owes itself (R-DUTY-05)."""


class DeliveryMode(StrEnum):
    """How she gave birth."""

    VAGINAL = "vaginal"
    ASSISTED = "assisted"
    CAESAREAN_PLANNED = "caesarean_planned"
    CAESAREAN_EMERGENCY = "caesarean_emergency"
    UNKNOWN = "unknown"


class Subject(StrEnum):
    """What is offered to a woman of 35 or more (R-CASE-08)."""

    COUNSELLING = "counselling"
    PRENATAL_DIAGNOSIS = "prenatal_diagnosis"


class Answer(StrEnum):
    """What she said; a refusal is recorded and respected."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDECIDED = "undecided"


class HandoverAnswer(StrEnum):
    """What became of a file that was offered to another county."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ReportKind(StrEnum):
    """What is owed to the institution in charge (R-REPORT-01 to 03, R-DUTY-05)."""

    RISK = "risk"
    MATERNAL_DEATH = "maternal_death"
    DEATH_REVIEW = "death_review"
    NEAR_MISS = "near_miss"
    NEAR_MISS_REVIEW = "near_miss_review"


class DueEnd(StrEnum):
    """Why something is owed no longer: it was done, no longer applies, or the file is over."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    FILE_OVER = "file_over"


def rank(colour: str) -> int:
    """Return the place of a colour in their order; none at all is the lowest."""
    return COLOURS.index(colour)


def moves() -> list[tuple[str, str]]:
    """Return every allowed move, from and to."""
    return moves_of(NEXT)
