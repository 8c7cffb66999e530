"""What a no has to say beside its reason: the missing capability, or who has a bed (R-REF-02).

A detail is a code and never a sentence. What is no ground for a no, an infection or who pays
(R-REF-04), must find no field to stand in, and the commission counts what is missing where.
"""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session

from app.referrals import store
from app.referrals.states import DeclineCode
from facilities.capability import load_capabilities

__all__ = ["detail_faults"]

BETWEEN: Final = ";"
"""Several capabilities are listed as in ``facilities.csv``."""
NEEDED: Final[Mapping[str, str]] = {
    DeclineCode.NO_CAPABILITY: "capability_missing",
    DeclineCode.NO_BED_DIVERTING_TO: "diverting_to_missing",
}


def detail_faults(session: Session, code: str, detail: str | None, *, own: str) -> tuple[str, ...]:
    """Return what is wrong with the detail of a no; ``own`` is the centre that says it."""
    said = (detail or "").strip()
    if not said:
        return (NEEDED[code],) if code in NEEDED else ()
    if code == DeclineCode.NO_CAPABILITY:
        listed = [part.strip() for part in said.split(BETWEEN)]
        return () if set(listed) <= load_capabilities().keys() else ("capability_unknown",)
    if code == DeclineCode.NO_BED_DIVERTING_TO:
        if said == own:
            return ("diverting_to_itself",)
        known = store.organisation_at(session, said) is not None
        return () if known else ("diverting_to_unknown",)
    return ("detail_not_wanted",)
