"""Numbers, catchments and staff counts of an import, as rows of the database."""

from dataclasses import replace

from app.centres import store_registry
from app.centres.imported import Compared, Counts, Import, grouped, iso
from app.centres.tables_registry import CatchmentLine, FacilityPhone, StaffCount
from facilities.catchment import CatchmentRow
from facilities.io import parse_catchment, parse_phones, parse_staff
from facilities.phones import Phone
from facilities.staff import StaffRow

__all__ = ["NO_SOURCE", "take_catchment", "take_phones", "take_staff"]

NO_SOURCE = "import"


def take_phones(work: Import) -> Counts:
    """Put the numbers of the file in the place of all numbers of their facilities."""
    rows = parse_phones(work.table, registry=work.data.registry)
    there = store_registry.phone_lines(work.session)
    compared = Compared(
        grouped(
            ((one.facility_id_or_adcode, (one.role, one.phone, one.hours)) for one in rows),
            in_order=True,
        ),
        grouped(
            ((one.facility_id_or_adcode, (one.role, one.phone, one.hours)) for one in there),
            in_order=True,
        ),
    )
    lines = [_phone(work, one) for one in rows if one.facility_id_or_adcode in compared.differ]
    store_registry.replace_phones(work.session, compared.differ, lines, at=work.now)
    return compared.counts


def take_catchment(work: Import) -> Counts:
    """Put the assignments of the file in the place of all of their county and kind."""
    rows = [
        replace(row, source=row.source or NO_SOURCE)
        for row in parse_catchment(work.table, registry=work.data.registry)
    ]
    there = store_registry.catchment_lines(work.session)
    compared = Compared(
        grouped(
            (
                (row.county, str(row.kind)),
                (row.rank, row.facility_id, iso(row.valid_from), iso(row.valid_to), row.source),
            )
            for row in rows
        ),
        grouped(
            (
                (line.county, line.kind),
                (line.rank, line.facility_id, line.valid_from, line.valid_to, line.source),
            )
            for line in there
        ),
    )
    lines = [_catchment(work, row) for row in rows if (row.county, row.kind) in compared.differ]
    store_registry.replace_catchments(work.session, compared.differ, lines, at=work.now)
    return compared.counts


def take_staff(work: Import) -> Counts:
    """Put the counts of the file in the place of all counts of their facilities."""
    rows = parse_staff(work.table, registry=work.data.registry)
    there = store_registry.staff_lines(work.session)
    compared = Compared(
        grouped(
            (row.facility_id, (row.role, row.count, iso(row.as_of), row.source)) for row in rows
        ),
        grouped((one.facility_id, (one.role, one.number, one.as_of, one.source)) for one in there),
    )
    lines = [_staff(work, row) for row in rows if row.facility_id in compared.differ]
    store_registry.replace_staff(work.session, compared.differ, lines, at=work.now)
    return compared.counts


def _phone(work: Import, phone: Phone) -> FacilityPhone:
    return FacilityPhone(
        province=work.province,
        facility_id_or_adcode=phone.facility_id_or_adcode,
        role=phone.role.value,
        phone=phone.phone,
        hours=phone.hours,
        recorded_at=work.now,
        by_name=work.by_name,
    )


def _catchment(work: Import, row: CatchmentRow) -> CatchmentLine:
    return CatchmentLine(
        province=work.province,
        county=row.county,
        kind=row.kind,
        rank=row.rank,
        facility_id=row.facility_id,
        valid_from=iso(row.valid_from),
        valid_to=iso(row.valid_to),
        source=row.source,
        recorded_at=work.now,
        by_name=work.by_name,
    )


def _staff(work: Import, row: StaffRow) -> StaffCount:
    return StaffCount(
        province=work.province,
        facility_id=row.facility_id,
        role=row.role,
        number=row.count,
        as_of=iso(row.as_of),
        source=row.source,
        recorded_at=work.now,
        by_name=work.by_name,
    )
