"""Every statement on the registry in the database, and on blood stocks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import bindparam, func, tuple_
from sqlmodel import Session, SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.centres.tables_registry import (
    BloodStock,
    CatchmentLine,
    Designation,
    FacilityPhone,
    RegistryLine,
    StaffCount,
)

__all__ = [
    "all_designations",
    "catchment_lines",
    "latest_blood",
    "phone_lines",
    "phone_lines_of",
    "registry_lines",
    "replace_catchments",
    "replace_lines",
    "replace_phones",
    "replace_staff",
    "staff_lines",
]

AT_ONCE = 5_000
"""So many keys in one statement; both databases take more, neither all of a province."""
Line = TypeVar("Line", bound=SQLModel)


# Built once: building a statement costs more than running it.
_PHONES_OF = (
    select(FacilityPhone)
    .where(
        col(FacilityPhone.replaced_at).is_(None),
        col(FacilityPhone.facility_id_or_adcode).in_(bindparam("codes", expanding=True)),
    )
    .order_by(col(FacilityPhone.id))
)


def registry_lines(session: Session, name: str) -> Sequence[RegistryLine]:
    """Return the imported lines in use, in the order in which they came."""
    return session.exec(
        select(RegistryLine)
        .where(RegistryLine.name == name, col(RegistryLine.replaced_at).is_(None))
        .order_by(col(RegistryLine.id))
    ).all()


def phone_lines(session: Session) -> Sequence[FacilityPhone]:
    """Return the numbers in use, in the order in which they came."""
    return session.exec(
        select(FacilityPhone)
        .where(col(FacilityPhone.replaced_at).is_(None))
        .order_by(col(FacilityPhone.id))
    ).all()


def phone_lines_of(session: Session, codes: Collection[str]) -> Sequence[FacilityPhone]:
    """Return the numbers of some facilities and divisions that hold now."""
    return session.exec(_PHONES_OF, params={"codes": list(codes)}).all()


def catchment_lines(session: Session) -> Sequence[CatchmentLine]:
    """Return the catchments in use, of all days."""
    return session.exec(
        select(CatchmentLine)
        .where(col(CatchmentLine.replaced_at).is_(None))
        .order_by(
            CatchmentLine.county, CatchmentLine.kind, col(CatchmentLine.rank), col(CatchmentLine.id)
        )
    ).all()


def staff_lines(session: Session) -> Sequence[StaffCount]:
    """Return the staff counts in use."""
    return session.exec(
        select(StaffCount).where(col(StaffCount.replaced_at).is_(None)).order_by(col(StaffCount.id))
    ).all()


def all_designations(session: Session, facility_id: str | None = None) -> Sequence[Designation]:
    """Return the designations, the one that counts on a day after all it takes the place of."""
    asked = select(Designation)
    if facility_id is not None:
        asked = asked.where(Designation.facility_id == facility_id)
    return session.exec(
        asked.order_by(Designation.valid_from, col(Designation.recorded_at), col(Designation.id))
    ).all()


def latest_blood(session: Session, county: str) -> Sequence[BloodStock]:
    """Return what a county's store said last, for each component and group."""
    return session.exec(_latest_blood(), params={"county": county}).all()


@cache
def _latest_blood() -> SelectOfScalar[BloodStock]:
    """Return what finds the last word of a store, built once."""
    number = (
        func.row_number()
        .over(
            partition_by=(BloodStock.component, BloodStock.blood_group),
            order_by=(col(BloodStock.as_of).desc(), col(BloodStock.id).desc()),
        )
        .label("number")
    )
    of_county = col(BloodStock.county) == bindparam("county")
    ranked = select(BloodStock.id, number).where(of_county).subquery()
    return (
        select(BloodStock)
        .join(ranked, col(BloodStock.id) == ranked.c.id)
        .where(ranked.c.number == 1)
        .order_by(BloodStock.component, BloodStock.blood_group)
    )


def replace_lines(
    session: Session, name: str, keys: Collection[str], new: Sequence[RegistryLine], *, at: datetime
) -> None:
    """Put imported lines in the place of those with their keys."""
    every = tuple(keys)
    for first in range(0, len(every), AT_ONCE):
        session.exec(
            update(RegistryLine)
            .where(
                col(RegistryLine.name) == name,
                col(RegistryLine.line_key).in_(every[first : first + AT_ONCE]),
                col(RegistryLine.replaced_at).is_(None),
            )
            .values(replaced_at=at)
        )
    _add(session, new)


def replace_phones(
    session: Session, whose: Collection[str], new: Sequence[FacilityPhone], *, at: datetime
) -> None:
    """Put numbers in the place of all those of their facilities and divisions."""
    session.exec(
        update(FacilityPhone)
        .where(
            col(FacilityPhone.facility_id_or_adcode).in_(whose),
            col(FacilityPhone.replaced_at).is_(None),
        )
        .values(replaced_at=at)
    )
    _add(session, new)


def replace_catchments(
    session: Session,
    of: Collection[tuple[str, str]],
    new: Sequence[CatchmentLine],
    *,
    at: datetime,
) -> None:
    """Put catchments in the place of all those of their county and kind."""
    session.exec(
        update(CatchmentLine)
        .where(
            tuple_(col(CatchmentLine.county), col(CatchmentLine.kind)).in_(of),
            col(CatchmentLine.replaced_at).is_(None),
        )
        .values(replaced_at=at)
    )
    _add(session, new)


def replace_staff(
    session: Session, whose: Collection[str], new: Sequence[StaffCount], *, at: datetime
) -> None:
    """Put counts in the place of all those of their facilities."""
    session.exec(
        update(StaffCount)
        .where(col(StaffCount.facility_id).in_(whose), col(StaffCount.replaced_at).is_(None))
        .values(replaced_at=at)
    )
    _add(session, new)


def _add(session: Session, new: Sequence[Line]) -> None:
    session.add_all(new)
    session.flush()
