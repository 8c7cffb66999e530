"""Figures of places of an import, as reports of their hospitals.

A report can close places and open them again; it never frees one that is held. So a file that is
older than a promise takes nothing from the patient who has it.
"""

from datetime import datetime

from app.accounts.store import organisations_by_facility
from app.accounts.tables import Organisation
from app.centres import store
from app.centres.imported import Counts, Import
from app.centres.importing_rows import NO_SOURCE
from app.centres.opening import open_places
from app.centres.reporting import AHEAD, Reported, report_capacity
from app.centres.tables import CapacityReport
from app.keys.words import told
from facilities.capacity import Pool
from facilities.capacity_file import read_moment
from facilities.io import parse_capacity
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Row

__all__ = ["take_capacity"]


def take_capacity(work: Import) -> Counts:
    """Report every figure of the file.

    In a database a figure without a moment, or without free places, is no report: what nobody said
    must not look like something that somebody said (R-TRUST-01).
    """
    pools = _read(work)
    open_places(work.session, work.data.registry, now=work.now)
    owners = organisations_by_facility(work.session)
    new = changed = same = to_settle = 0
    # In one order: two imports wait for each other, and never in a circle.
    for pool in sorted(pools, key=lambda one: (one.facility_id, one.kind)):
        said = _reported(pool, work.now)
        before = store.latest_report(work.session, said.facility_id, said.kind)
        if before is None:
            new += 1
        elif _as_before(work, said, before):
            same += 1
            continue
        else:
            changed += 1
        to_settle += _report(work, said, owners[said.facility_id])
    return Counts(new, changed, same, to_settle)


def _as_before(work: Import, said: Reported, before: CapacityReport) -> bool:
    """Tell whether the last report says the same."""
    figures = (before.in_service, before.free, before.as_of)
    return figures == (said.in_service, said.free, said.as_of) and (
        told(work.session, before, "source") == said.source
    )


def _read(work: Import) -> tuple[Pool, ...]:
    """Return the figures of the file; what keeps one from being a report is listed with the rest.

    Raises
    ------
    RefusedInputError
        With every fault, by line.
    """
    faults = [fault for row in work.table.rows for fault in _why_no_report(work, row)]
    pools: tuple[Pool, ...] = ()
    try:
        pools = parse_capacity(work.table, registry=work.data.registry)
    except RefusedInputError as error:
        faults += error.faults
    if faults:
        by_line = sorted(faults, key=lambda fault: fault.line or 0)
        raise RefusedInputError(work.table.name, by_line)
    return pools


def _why_no_report(work: Import, row: Row) -> list[Fault]:
    cells = CellReader(work.table.name, row)
    for column in ("free", "as_of"):
        cells.text(column, required=True)
    # What is no moment, or none with an offset, is said of the cell where it is read.
    moment = read_moment(CellReader(work.table.name, row), "as_of")
    if moment is not None and moment > work.now + AHEAD:
        cells.fault("as_of", "after_now", f"<= {work.now.isoformat()}")
    return cells.faults


def _reported(pool: Pool, now: datetime) -> Reported:
    """Return the report; places that empty later are not free yet."""
    later = pool.free_from is not None and pool.free_from > now
    assert pool.as_of is not None  # noqa: S101  every row was looked at before
    return Reported(
        facility_id=pool.facility_id,
        kind=pool.kind.value,
        in_service=pool.in_service,
        free=0 if later else pool.free,
        as_of=pool.as_of,
        source=pool.source or NO_SOURCE,
    )


def _report(work: Import, said: Reported, owner: Organisation) -> int:
    """Report on one kind; how many contradictions are open after it."""
    counted = report_capacity(
        work.session,
        said,
        by_org=owner.id,
        owner_org=owner.id,
        province=owner.province,
        now=work.now,
    )
    return len(counted.contradictions)
