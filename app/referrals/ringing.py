"""Whom to ring meanwhile, with the numbers that hold when it is read.

A number that was entered after the request is as good as one that was there before. First the
centres that are asked, then who looks after her now, then the next of the ranking.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.service import organisation_named
from app.accounts.signed_up import nobody_at
from app.accounts.tables import Organisation
from app.centres.duty import phones_now
from app.referrals.states import WAITING
from app.referrals.store import organisation_at
from app.referrals.tables import Offer, Referral
from app.work import Work
from facilities.phones import PatientKind, Phone, any_of, coordinator_of, line_of
from routing.answer import STOPS

__all__ = [
    "NOBODY_SIGNED_UP",
    "named_first",
    "ring",
    "ring_ahead",
    "ring_ends",
    "ring_stops",
    "stops_of",
]

SHOWN = 10
"""Centres that are shown; all of a ranking are stored."""
NOBODY_SIGNED_UP = "nobody_signed_up"
NUMBER_UNKNOWN, NUMBER_AS_ASKED = "number_unknown", "number_as_asked"
"""Their words are among the notes of the catalogues."""

Row = Mapping[str, object]


def named_first(ranking: Sequence[Row], offers: Sequence[Offer]) -> list[str]:
    """Return the centres that are named: those that are asked, then the first of the ranking."""
    asked = [offer.facility_id for offer in offers if offer.status in WAITING]
    ranked = [str(row["facility_id"]) for row in ranking]
    return list(dict.fromkeys((*asked, *ranked)))[:SHOWN]


def ring(
    work: Work,
    referral: Referral,
    ranking: Sequence[Row],
    offers: Sequence[Offer],
    kind: PatientKind,
    silent: Collection[str],
) -> list[Row]:
    """Return whom to ring; ``phone_note_code`` says where a number is unknown, or may be old.

    ``silent`` are centres in which nobody would see what is sent.
    """
    asked = {offer.facility_id for offer in offers if offer.status in WAITING}
    rows = {str(row["facility_id"]): row for row in ranking}
    names = named_first(ranking, offers)
    owner = _owner(work, referral)
    code = None if owner is None else owner.facility_id or owner.division
    phones = phones_now(work.session, [*names, *([code] if code else [])], work.now)
    centres: list[Row] = [
        {
            "facility_id": name,
            "name_zh": rows.get(name, {}).get("name_zh"),
            "asked": name in asked,
            "owner": owner is not None and owner.facility_id == name,
            "note_code": NOBODY_SIGNED_UP if name in silent else None,
            **_number(
                line_of(phones.get(name, ()), kind) or any_of(phones.get(name, ())),
                rows.get(name, {}).get("phone"),
            ),
        }
        for name in names
    ]
    if owner is None or owner.facility_id in names:
        return centres
    first = [row for row in centres if row["asked"]]
    office = _office(owner, phones.get(code or "", ()))
    return [*first, office, *(row for row in centres if not row["asked"])]


def ring_ahead(
    session: Session, as_ranked: Mapping[str, str | None], kind: PatientKind, now: datetime
) -> list[Row]:
    """Return of every hospital of an answer, before anything is sent, what is said afterwards.

    ``as_ranked`` is the number that the answer says, by hospital; the order is that of it.
    """
    silent = nobody_at(session, as_ranked, at=now)
    phones = phones_now(session, as_ranked, now)
    found: list[Row] = []
    for name, before in as_ranked.items():
        here = phones.get(name, ())
        phone = line_of(here, kind) or any_of(here) or before
        found.append(
            {
                "facility_id": name,
                "note_code": NOBODY_SIGNED_UP if name in silent else None,
                "phone": phone,
                "phone_note_code": None if phone else NUMBER_UNKNOWN,
            }
        )
    return found


def stops_of(ways: Sequence[Row]) -> Mapping[str, object]:
    """Return the hospitals that are named as a stop, with their numbers as she was ranked."""
    return {str(way["facility_id"]): way.get("phone") for way in ways if way["kind"] in STOPS}


def ring_stops(
    work: Work, ways: Sequence[Row], kind: PatientKind, silent: Collection[str]
) -> list[Row]:
    """Return how each hospital is reached that is named as a stop on the way.

    It is rung by people: a stop that is asked and says yes would be her destination.
    """
    as_asked = stops_of(ways)
    phones = phones_now(work.session, as_asked, work.now) if as_asked else {}
    return [
        {
            "facility_id": name,
            "note_code": NOBODY_SIGNED_UP if name in silent else None,
            **_number(line_of(phones.get(name, ()), kind) or any_of(phones.get(name, ())), before),
        }
        for name, before in as_asked.items()
    ]


def ring_ends(
    work: Work, referral: Referral, facility_id: str | None, kind: PatientKind
) -> list[Row]:
    """Return whom who drives may ring: where she is, and where she is brought; no other centre."""
    here = organisation_named(work.session, referral.origin_org)
    org_id = organisation_at(work.session, facility_id)
    there = None if org_id is None else organisation_named(work.session, org_id)
    ends = [(org.facility_id or org.division, org) for org in (here, there) if org is not None]
    phones = phones_now(work.session, [code for code, _ in ends], work.now)
    return [
        {
            "facility_id": org.facility_id,
            "name_zh": org.name_zh,
            "asked": org is there,
            "owner": org.id == referral.owner_org,
            "note_code": None,
            **_number(line_of(phones.get(code, ()), kind) or any_of(phones.get(code, ())), None),
        }
        for code, org in ends
    ]


def _owner(work: Work, referral: Referral) -> Organisation | None:
    """Return who looks after her now; None where that is the hospital that asks."""
    if referral.owner_org is None or referral.owner_org == referral.origin_org:
        return None
    return organisation_named(work.session, referral.owner_org)


def _office(owner: Organisation, phones: Sequence[Phone]) -> Row:
    return {
        "facility_id": owner.facility_id,
        "division": None if owner.facility_id else owner.division,
        "name_zh": owner.name_zh,
        "asked": False,
        "owner": True,
        "note_code": None,
        **_number(coordinator_of(phones) or any_of(phones), None),
    }


def _number(now: str | None, as_asked: object) -> Row:
    note = None if now else NUMBER_AS_ASKED if as_asked else NUMBER_UNKNOWN
    return {"phone": now or as_asked, "phone_note_code": note}
