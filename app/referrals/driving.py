"""What who drives sees of a referral: where from, where to, how urgent, whom to ring.

Of the assessment no more than the escort, of her no more than her language (R-ROLE-01).
"""

from collections.abc import Mapping

from app.referrals.schemas import ReferralOut

__all__ = ["for_who_drives", "only_escort"]

Row = Mapping[str, object]


def for_who_drives(found: ReferralOut, ring: list[Row]) -> ReferralOut:
    """Return a referral without her story, what was observed, and other centres."""
    empty = ("ranking", "alternatives", "stops", "words", "offers", "events")
    return found.model_copy(
        update={
            **{name: [] for name in empty},
            "assessment": only_escort(found.assessment),
            "blood": None,
            "silent_lines": [],
            "raised_because": None,
            "spoken_yes": None,
            "only_by_telephone": [],
            "passed_over": 0,
            "ring": ring,
            "community": None,
        }
    )


def only_escort(assessment: Row | None) -> Row:
    """Return who and what has to go with her, and nothing of why."""
    need = (assessment or {}).get("need")
    return {"need": {"escort": need.get("escort")}} if isinstance(need, Mapping) else {}
