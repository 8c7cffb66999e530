"""What may become of a referral (contract A5, R-STATE); the same moves are rows in the database."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["NEXT", "OPEN", "REFERRAL", "START", "ReferralStatus", "moves"]

REFERRAL = "referral"
START = ""
"""Where every chain of events begins."""


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
    # Closed: she went by another path, or died before she left.
    S.REQUESTED: (S.MATCHED, S.STAYED, S.CLOSED, S.CANCELLED),
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


def moves() -> list[tuple[str, str]]:
    """Return every allowed move, from and to."""
    return [(before, after.value) for before, later in NEXT.items() for after in later]
