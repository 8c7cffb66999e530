"""Whom to ring meanwhile, with the numbers that hold when it is read.

A number that was entered after the request is as good as one that was there before. First who
looks after her now, then the centres that are asked, then the next of the ranking.
"""

from collections.abc import Collection, Mapping, Sequence

from app.accounts.service import division_of
from app.centres.duty import phone_on_duty
from app.referrals import store
from app.referrals.states import WAITING
from app.referrals.tables import Offer, Referral
from app.work import Work

__all__ = ["NOBODY_SIGNED_UP", "SHOWN", "noted_silent", "ring"]

SHOWN = 10
"""Rows that are shown; all of a ranking are stored."""
NOBODY_SIGNED_UP, NUMBER_UNKNOWN = "nobody_signed_up", "number_unknown"
"""Their words are among the notes of the catalogues."""

Row = Mapping[str, object]


def ring(
    work: Work, referral: Referral, ranking: Sequence[Row], offers: Sequence[Offer]
) -> list[Row]:
    """Return whom to ring; who has no number known says so in ``note_code``."""
    asked = [offer.facility_id for offer in offers if offer.status in WAITING]
    rows = {str(row["facility_id"]): row for row in ranking}
    names = list(dict.fromkeys((*asked, *rows)))[:SHOWN]
    centres = [_centre(work, name, rows.get(name, {}), asked=name in asked) for name in names]
    return [*_owner(work, referral, names), *centres]


def noted_silent(row: Row, silent: Collection[str]) -> Row:
    """Return whom to ring with a note where nobody there sees that they are asked."""
    return {**row, "note_code": NOBODY_SIGNED_UP} if row["facility_id"] in silent else row


def _centre(work: Work, name: str, row: Row, *, asked: bool) -> Row:
    phone = phone_on_duty(work.session, name, work.now) or row.get("phone")
    return {
        "facility_id": name,
        "division": None,
        "name_zh": row.get("name_zh"),
        "phone": phone,
        "asked": asked,
        "owner": False,
        "note_code": None if phone else NUMBER_UNKNOWN,
    }


def _owner(work: Work, referral: Referral, names: Collection[str]) -> list[Row]:
    """Return who looks after her now: a duty office, or a hospital that is not hers already."""
    if referral.owner_org is None or referral.owner_org == referral.origin_org:
        return []
    facility_id = store.facility_of(work.session, referral.owner_org)
    if facility_id in names:
        return []
    found = named(work.session, referral.owner_org)
    code = facility_id or found.division
    phone = phone_on_duty(work.session, code, work.now)
    return [
        {
            "facility_id": facility_id,
            "division": None if facility_id else found.division,
            "name_zh": found.name_zh,
            "phone": phone,
            "asked": False,
            "owner": True,
            "note_code": None if phone else NUMBER_UNKNOWN,
        }
    ]
