"""What may become of a referral and of an offer (contract A5, R-STATE).

The same moves are rows in the database.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.events.states import START, moves_of

__all__ = [
    "ASKS",
    "DECLINE_CODES",
    "EMERGENCIES",
    "LOOKING",
    "MACHINES",
    "NEXT",
    "OFFER",
    "OFFER_NEXT",
    "OPEN",
    "REFERRAL",
    "START",
    "WAITING",
    "CancelReason",
    "Capacity",
    "ChoiceReason",
    "CloseReason",
    "DeclineCode",
    "OfferStatus",
    "PlanStatus",
    "ReferralStatus",
    "Sight",
    "StayReason",
    "moves",
]

REFERRAL, OFFER = "referral", "offer"


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    MATCHED = "matched"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    OUTCOME_REPORTED = "outcome_reported"
    STAYED = "stayed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


S = ReferralStatus

NEXT: Mapping[str, tuple[ReferralStatus, ...]] = {
    START: (S.DRAFT,),
    S.DRAFT: (S.REQUESTED, S.CANCELLED),
    # Accepted: by word, where no ranking has anybody. Closed: she went by another path, or died
    # before she left.
    S.REQUESTED: (S.MATCHED, S.ACCEPTED, S.STAYED, S.CLOSED, S.CANCELLED),
    # Accepted without an offer: inside one community (R-GROUP-01), or by word on the telephone.
    S.MATCHED: (S.MATCHED, S.OFFERED, S.ACCEPTED, S.STAYED, S.CLOSED, S.CANCELLED),
    # Back to matched: every offer declined or lapsed.
    S.OFFERED: (S.MATCHED, S.ACCEPTED, S.STAYED, S.CLOSED, S.CANCELLED),
    # Back to matched: the centre cannot after all, or she is diverted on the way (R-STATE-12).
    S.ACCEPTED: (S.MATCHED, S.HANDED_OVER, S.STAYED, S.CLOSED, S.CANCELLED),
    S.HANDED_OVER: (S.OUTCOME_REPORTED,),
    S.OUTCOME_REPORTED: (S.CLOSED,),
    # The expert team went to her (R-HOLD-03); once she can travel she is asked for again.
    S.STAYED: (S.REQUESTED, S.OUTCOME_REPORTED, S.CLOSED),
    S.CLOSED: (),
    S.CANCELLED: (),
}

OPEN = tuple(status for status in ReferralStatus if NEXT[status])
"""Referrals that somebody has to look at."""

LOOKING = (S.REQUESTED, S.MATCHED, S.OFFERED)
"""Referrals for which a centre is looked for."""


class OfferStatus(StrEnum):
    """Where the question to one centre stands."""

    OFFERED = "offered"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


F = OfferStatus

OFFER_NEXT: Mapping[str, tuple[OfferStatus, ...]] = {
    START: (F.OFFERED,),
    F.OFFERED: (F.SEEN, F.ACCEPTED, F.DECLINED, F.WITHDRAWN, F.LAPSED),
    F.SEEN: (F.ACCEPTED, F.DECLINED, F.WITHDRAWN, F.LAPSED),
    # A late yes is a yes while nobody else has said it.
    F.LAPSED: (F.ACCEPTED, F.WITHDRAWN),
    # A centre that cannot after all says so, with a reason like any other.
    F.ACCEPTED: (F.DECLINED, F.WITHDRAWN),
    F.DECLINED: (),
    F.WITHDRAWN: (),
}

WAITING = (F.OFFERED, F.SEEN)
"""Offers that wait for an answer."""


class DeclineCode(StrEnum):
    """The only negative answers there are (R-REF-02)."""

    NO_CAPABILITY = "no_capability"
    NO_BED_DIVERTING_TO = "no_bed_diverting_to"
    RECOMMEND_NEARER = "recommend_nearer"
    ADVISE_STAY_TEAM_COMING = "advise_stay_team_coming"


DECLINE_CODES = tuple(DeclineCode)


class CancelReason(StrEnum):
    """Why a sender takes a request back."""

    ENTERED_BY_MISTAKE = "entered_by_mistake"
    RECOVERED = "recovered"
    # R-HOLD-08: that they refuse is recorded; she may be asked for again at any time.
    FAMILY_REFUSES = "family_refuses"
    DUPLICATE = "duplicate"


class ChoiceReason(StrEnum):
    """Why another centre is asked before the first of the ranking (assumed; no rule lists them).

    Coded, so that nothing of a patient gets into the record of acts. The centre reads it with the
    question, before it answers.
    """

    AGREED_BY_TELEPHONE = "agreed_by_telephone"
    TREATED_THERE = "treated_there"
    ROAD = "road"
    FAMILY = "family"
    OTHER = "other"


class StayReason(StrEnum):
    """Why a patient stays and others come to her: a rule of R-HOLD, or who decided it."""

    BIRTH_EXPECTED = "R-HOLD-01"
    DEATH_ON_THE_WAY = "R-HOLD-03"
    CAESAREAN_HERE = "R-HOLD-04"
    STABILISE_FIRST = "R-HOLD-05"
    STABILISE_NEWBORN_FIRST = "R-HOLD-06"
    THEY_REFUSE = "R-HOLD-08"
    NO_CIRCULATION = "R-HOLD-09"
    EXPERT_ADVICE = "expert_advice"


class CloseReason(StrEnum):
    """How a referral ends."""

    COMPLETE = "complete"
    MOVED_BY_OTHER_PATH = "moved_by_other_path"
    DELIVERED_BEFORE_DEPARTURE = "delivered_before_departure"
    DIED_BEFORE_DEPARTURE = "died_before_departure"
    DIED_IN_TRANSIT = "died_in_transit"
    DIED_AFTER_ARRIVAL = "died_after_arrival"


EMERGENCIES = 2
"""Priorities up to this are emergencies: duty officers see them, nobody waits to depart."""


class Capacity(StrEnum):
    """As what an organisation or an area has to do with a referral, from a time until a time."""

    SENDER = "sender"
    ENTERED_FOR_SENDER = "entered_for_sender"
    RESPONSIBLE_COUNTY = "responsible_county"
    HOME_COUNTY = "home_county"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    TRANSPORT = "transport"
    COORDINATES = "coordinates"


ASKS = (Capacity.SENDER, Capacity.ENTERED_FOR_SENDER, Capacity.COORDINATES)
"""Who asks centres for her, and lets her be ranked again."""


class PlanStatus(StrEnum):
    """What became of a joint plan."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"


class Sight(StrEnum):
    """How much of a referral somebody sees; a centre sees the least before it says yes.

    Who drives sees vehicles and times, no diagnosis beyond the escort (R-ROLE-01).
    """

    FULL = "full"
    MINIMUM = "minimum"
    JOURNEY = "journey"


MACHINES: Mapping[str, Mapping[str, tuple[StrEnum, ...]]] = {REFERRAL: NEXT, OFFER: OFFER_NEXT}


def moves(machine: str = REFERRAL) -> list[tuple[str, str]]:
    """Return every allowed move of a machine, from and to."""
    return moves_of(MACHINES[machine])
