"""What may become of a booking, and the coded reasons for it.

A booking is a planned referral through the green channel with the consent of the centre, and a
record of its own: one open referral of a patient is a promise of the database, and a booking must
never keep an emergency request out. The same moves are rows in the database.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.events.states import START, moves_of

__all__ = [
    "BOOKING",
    "NEXT",
    "OF_ROOM",
    "STANDING",
    "WAITING",
    "BookingStatus",
    "ClosureReason",
    "DeclineReason",
    "LodgingReply",
    "LodgingSource",
    "ReopenReason",
    "RunStatus",
    "WithdrawReason",
    "moves",
]

BOOKING = "booking"


class BookingStatus(StrEnum):
    """Where a booking stands."""

    PROPOSED = "proposed"
    ASKED = "asked"
    BOOKED = "booked"
    REOPENED = "reopened"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    USED = "used"
    ENDED = "ended"


S = BookingStatus

NEXT: Mapping[str, tuple[BookingStatus, ...]] = {
    # What a clinician chooses by hand begins here too, and is asked in the same transaction.
    START: (S.PROPOSED,),
    S.PROPOSED: (S.ASKED, S.SUPERSEDED, S.WITHDRAWN, S.ENDED),
    S.ASKED: (S.BOOKED, S.DECLINED, S.WITHDRAWN, S.ENDED),
    S.BOOKED: (S.REOPENED, S.REPLACED, S.WITHDRAWN, S.USED, S.ENDED),
    # The place stays hers until her clinician confirms it or the next one is booked.
    S.REOPENED: (S.BOOKED, S.REPLACED, S.WITHDRAWN, S.USED, S.ENDED),
    S.SUPERSEDED: (),
    S.DECLINED: (),
    S.WITHDRAWN: (),
    S.REPLACED: (),
    S.USED: (),
    S.ENDED: (),
}

STANDING = (S.BOOKED, S.REOPENED)
"""A place is hers."""
WAITING = (S.PROPOSED, S.ASKED, S.REOPENED)
"""Somebody has to act: a clinician, the centre, a clinician."""


class DeclineReason(StrEnum):
    """Why a centre does not take a booking; each says what to do next."""

    NO_ROOM = "no_room"
    NO_CAPABILITY = "no_capability"
    WARD_CLOSED = "ward_closed"
    HIGHER_CENTRE = "higher_centre"
    NEARER_CENTRE = "nearer_centre"


class WithdrawReason(StrEnum):
    """Why a clinician takes a booking or a proposal back."""

    SHE_DECLINES = "she_declines"
    ANOTHER_PLAN = "another_plan"
    ENTERED_IN_ERROR = "entered_in_error"


class ReopenReason(StrEnum):
    """What has changed since the place was booked."""

    COLOUR_RAISED = "colour_raised"
    COLOUR_LOWERED = "colour_lowered"
    PURPLE_CHANGED = "purple_changed"
    HOME_MOVED = "home_moved"
    DUE_DATE_MOVED = "due_date_moved"
    CENTRE_CLOSED = "centre_closed"
    WARD_CLOSED = "ward_closed"
    TRAVEL_TIME = "travel_time"
    NO_WAY = "no_way"
    ROAD_CLOSED = "road_closed"
    TAKEN_IN = "taken_in"
    NO_ROOM = "no_room"
    NO_LODGING = "no_lodging"


OF_ROOM = (ReopenReason.NO_ROOM, ReopenReason.NO_LODGING)
"""Said by who looks at all of a centre together; a look at one file leaves them as they are."""


class LodgingReply(StrEnum):
    """Whether she comes to live near the hospital before labour; a refusal is respected."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class LodgingSource(StrEnum):
    """Who keeps the places near a hospital."""

    HOSPITAL = "hospital"
    COUNTY_PROGRAMME = "county_programme"
    CHARITY = "charity"


class ClosureReason(StrEnum):
    """Why a ward takes nobody for some days."""

    RENOVATION = "renovation"
    INFECTION = "infection"
    STAFF = "staff"
    EQUIPMENT = "equipment"


class RunStatus(StrEnum):
    """What the solver says of its own answer."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    FALLBACK_GREEDY = "fallback_greedy"


def moves() -> list[tuple[str, str]]:
    """Return every allowed move, from and to."""
    return moves_of(NEXT)
