"""What a no has to say beside its reason: the missing capability, or who has a bed (R-REF-02).

A detail is a code and never a sentence. What is no ground for a no, an infection or who pays
(R-REF-04), must find no field to stand in, and the commission counts what is missing where.
"""

from collections.abc import Mapping
from typing import Final

from app.referrals import store
from app.referrals.elsewhere import known_full
from app.referrals.said_no import said_no
from app.referrals.states import DeclineCode
from app.referrals.tables import Offer
from app.work import Work
from facilities.capability import load_capabilities

__all__ = ["detail_faults"]

BETWEEN: Final = ";"
"""Several capabilities are listed as in ``facilities.csv``."""
NEEDED: Final[Mapping[str, str]] = {
    DeclineCode.NO_CAPABILITY: "capability_missing",
    DeclineCode.NO_BED_DIVERTING_TO: "diverting_to_missing",
}


def detail_faults(work: Work, code: str, detail: str | None, *, offer: Offer) -> tuple[str, ...]:
    """Return what is wrong with the detail of a no to an offer."""
    said = (detail or "").strip()
    if not said:
        return (NEEDED[code],) if code in NEEDED else ()
    if code == DeclineCode.NO_CAPABILITY:
        listed = [part.strip() for part in said.split(BETWEEN)]
        return () if set(listed) <= load_capabilities().keys() else ("capability_unknown",)
    if code == DeclineCode.NO_BED_DIVERTING_TO:
        return _diverting_faults(work, offer, said)
    return ("detail_not_wanted",)


def _diverting_faults(work: Work, offer: Offer, facility_id: str) -> tuple[str, ...]:
    """Return why a centre cannot be named as one with a bed."""
    if facility_id == offer.facility_id:
        return ("diverting_to_itself",)
    if store.organisation_at(work.session, facility_id) is None:
        return ("diverting_to_unknown",)
    if facility_id in said_no(work.session, offer.referral_id):
        return ("diverting_to_said_no",)
    return ("diverting_to_full",) if known_full(work, offer, facility_id) else ()
