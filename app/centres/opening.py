"""Places of the registry as rows, and the rows as what routing reads.

An installation begins with what the registry says of every centre, assumed or reported. From then
on the rows count: what is in service, what the ledger holds, what a hospital has reported since.
Routing reads them as pools and knows nothing of rows.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.store import organisations_by_facility
from app.accounts.tables import Organisation
from app.centres import store
from app.centres.tables import CapacityReport, Place
from app.keys.words import put, told_if_it_opens
from facilities.capacity import PlaceKind, Pool
from facilities.registry import Registry

__all__ = ["Said", "open_places", "pool_of", "pools", "said_of_places"]

NO_REPORT = "registry"


@dataclass(frozen=True, slots=True)
class Said:
    """Of which moment a report speaks, whose it is, and which one."""

    as_of: datetime
    source: str
    report_id: uuid.UUID


def open_places(session: Session, registry: Registry, *, now: datetime) -> int:
    """Make organisations and places for what the registry knows and the database does not.

    Nothing that is there is changed. A figure that was reported becomes a report; one that is
    assumed stays without one, and is told as assumed.

    Returns
    -------
    int
        How many places were made.
    """
    store.alone_with(session, "all", "opening")
    owners = organisations_by_facility(session)
    for facility in registry.facilities:
        if facility.facility_id not in owners:
            owners[facility.facility_id] = Organisation(
                province=facility.county[:2],
                kind="institution",
                name_zh=facility.name_zh,
                division=facility.county,
                facility_id=facility.facility_id,
            )
            session.add(owners[facility.facility_id])
    session.flush()
    there = {(facility_id, kind) for facility_id, kind, *_ in store.counted(session)}
    made = 0
    for (facility_id, kind), pool in registry.pools.items():
        if (facility_id, kind.value) in there:
            continue
        owner = owners[facility_id]
        for number in range(pool.in_service):
            session.add(
                Place(
                    province=owner.province,
                    facility_id=facility_id,
                    kind=kind.value,
                    label=f"{number + 1:04d}",
                    blocked=number >= pool.free,
                )
            )
        made += pool.in_service
        if pool.as_of is not None and not pool.assumed:
            report = CapacityReport(
                province=owner.province,
                facility_id=facility_id,
                kind=kind.value,
                in_service=pool.in_service,
                free=pool.free,
                as_of=pool.as_of,
                received_at=now,
                by_org=owner.id,
            )
            put(session, report, source=pool.source or NO_REPORT)
            session.add(report)
    session.flush()
    return made


def pools(session: Session) -> tuple[Pool, ...]:
    """Return the places of every centre as of now: free is what can be claimed."""
    said = said_of_places(session)
    return tuple(pool_of(row, said.get(row[:2])) for row in store.counted(session))


def said_of_places(
    session: Session, before: Mapping[tuple[str, str], Said] | None = None
) -> dict[tuple[str, str], Said]:
    """Return who spoke last of the places of each facility and kind, and of which moment.

    What was said ``before`` by the same report is not opened again: one report comes at a time.
    """
    known, found = before or {}, {}
    for report in store.latest_reports(session):
        place = (report.facility_id, report.kind)
        said = known.get(place)
        if said is None or said.report_id != report.id:
            source = told_if_it_opens(session, report, "source")
            said = Said(report.as_of, NO_REPORT if source is None else source, report.id)
        found[place] = said
    return found


def pool_of(counted: tuple[str, str, int, int], said: Said | None) -> Pool:
    """Return counted places as routing reads them; assumed where nobody ever reported."""
    facility_id, kind, in_service, free = counted
    return Pool(
        facility_id=facility_id,
        kind=PlaceKind(kind),
        in_service=in_service,
        free=free,
        free_from=None,
        as_of=said.as_of if said else None,
        source=said.source if said else NO_REPORT,
        assumed=said is None,
    )
