"""What a hospital reports of its places, set against the ledger.

The ledger knows who was promised a place; the hospital knows who lies there. A report can close
places, because somebody came without a referral or a bed is broken, and open them again. It never
takes a place from a patient who holds it. Where the two cannot both be right a person is asked.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from app.centres import store
from app.centres.errors import ReportRefusedError
from app.centres.settling import TO_SETTLE, close_item, open_item
from app.centres.states import Settled
from app.centres.tables import CapacityReport, Place, WorkItem
from app.keys.words import put

__all__ = ["Counted", "Reported", "report_capacity"]

AHEAD = timedelta(minutes=5)
"""So far a clock of a hospital may be ahead; a report from later than that is none."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Places of one kind at one hospital, as it says.

    ``free`` are those for the next patient: staffed, empty, and promised to nobody at ``as_of``.
    """

    facility_id: str
    kind: str
    in_service: int
    free: int
    as_of: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What holds after a report.

    ``applied`` is false for one that speaks of an earlier moment than another; ``contradictions``
    are the codes of the work items that are open now.
    """

    in_service: int
    held: int
    blocked: int
    free: int
    applied: bool
    contradictions: tuple[str, ...]


def report_capacity(
    session: Session,
    said: Reported,
    *,
    by_org: uuid.UUID,
    owner_org: uuid.UUID,
    province: str,
    now: datetime,
) -> Counted:
    """Keep a report and let it close or open places.

    Parameters
    ----------
    owner_org
        Who settles what does not fit together.
    now
        By the clock of the database.

    Raises
    ------
    ReportRefusedError
        The figures cannot be, or speak of a time that has not come.
    """
    faults = _faults(said, now)
    if faults:
        raise ReportRefusedError(faults)
    # A clock that is ahead must not outlast reports that come after it.
    said = replace(said, as_of=min(said.as_of, now))
    store.alone_with(session, said.facility_id, said.kind)
    places = store.places_locked(session, said.facility_id, said.kind)
    latest = store.latest_report(session, said.facility_id, said.kind)
    report = CapacityReport(
        province=province,
        facility_id=said.facility_id,
        kind=said.kind,
        in_service=said.in_service,
        free=said.free,
        as_of=said.as_of,
        received_at=now,
        by_org=by_org,
    )
    put(session, report, source=said.source)
    session.add(report)
    codes: set[str] = set(store.open_items(session, said.facility_id, said.kind))
    applied = latest is None or said.as_of >= latest.as_of
    if applied:
        places += _added(session, said, places, province)
        promised = store.held_since(session, said.facility_id, said.kind, said.as_of)
        codes = _apply(said, places, promised=promised)
        _settle(session, said, codes, owner_org=owner_org, province=province, now=now)
    session.flush()
    return _counted(places, applied=applied, codes=codes)


def _faults(said: Reported, now: datetime) -> tuple[str, ...]:
    found = []
    if not 0 <= said.free <= said.in_service:
        found.append("free_beyond_in_service")
    if said.as_of > now + AHEAD:
        found.append("in_the_future")
    if not said.source.strip():
        found.append("no_source")
    return tuple(found)


def _added(session: Session, said: Reported, places: list[Place], province: str) -> list[Place]:
    """Make rows for places that were never spoken of; their labels are numbers that follow."""
    more = [
        Place(
            province=province,
            facility_id=said.facility_id,
            kind=said.kind,
            label=f"{number:04d}",
            in_service=False,
        )
        for number in range(len(places) + 1, said.in_service + 1)
    ]
    session.add_all(more)
    return more


def _apply(said: Reported, places: list[Place], *, promised: int) -> set[str]:
    """Open and close places so that as many can be claimed as both agree on.

    ``promised`` places were held after the moment of the report, which could not know of them.
    """
    held = [place for place in places if place.reservation_id is not None]
    others = [place for place in places if place.reservation_id is None]
    open_ones = max(0, said.in_service - len(held))
    said_free = max(0, said.free - promised)
    free = min(said_free, open_ones)
    for number, place in enumerate(others):
        place.in_service = number < open_ones
        place.blocked = free <= number < open_ones
    codes = set()
    if said_free > open_ones:
        codes.add("more_free_than_ledger")
    if said.in_service < len(held):
        codes.add("fewer_than_held")
    return codes


def _settle(
    session: Session,
    said: Reported,
    codes: set[str],
    *,
    owner_org: uuid.UUID,
    province: str,
    now: datetime,
) -> None:
    """Open an item for each contradiction, and close those that are none any more."""
    there = store.open_items(session, said.facility_id, said.kind)
    for code, item in there.items():
        if code not in codes:
            close_item(session, item, Settled.FIGURES_AGREE, at=now)
    for code in sorted(codes - there.keys()):
        item = WorkItem(
            province=province,
            code=code,
            facility_id=said.facility_id,
            kind=said.kind,
            opened_at=now,
            owner_org=owner_org,
            deadline_at=now + TO_SETTLE,
        )
        open_item(session, item, at=now)


def _counted(places: list[Place], *, applied: bool, codes: set[str]) -> Counted:
    in_service = [place for place in places if place.in_service]
    held = sum(place.reservation_id is not None for place in in_service)
    blocked = sum(place.blocked for place in in_service)
    free = len(in_service) - held - blocked
    return Counted(len(in_service), held, blocked, free, applied, tuple(sorted(codes)))
