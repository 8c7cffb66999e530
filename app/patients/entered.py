"""Records that this transaction has entered.

Until it commits nobody else sees them, so nobody else changes or merges them: they need neither be
locked nor read again.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from app.patients.tables import Birth, Entry, Merge, Patient, PatientIdentity

__all__ = [
    "all_of",
    "before_writing",
    "children_of",
    "entered_here",
    "entries_of",
    "know_numbers",
    "last_unknown",
    "numbers",
    "patient",
    "record",
    "without_birth",
]

NEW, NUMBERS = "patients_entered", "numbers_looked_up"
Key = tuple[type[SQLModel], uuid.UUID]


def before_writing(session: Session, rows: Iterable[SQLModel]) -> None:
    """Keep in mind what is about to be entered; once anything is merged nothing is known."""
    numbers: dict[bytes, uuid.UUID | None] = session.info.get(NUMBERS, {})
    for row in rows:
        if isinstance(row, Merge):
            session.info.pop(NEW, None)
            return
        if isinstance(row, PatientIdentity) and row.id_index in numbers:
            numbers[row.id_index] = row.id
        if isinstance(row, Patient | PatientIdentity | Birth | Entry) and inspect(row).transient:
            session.info.setdefault(NEW, {})[type(row), row.id] = row


def patient(session: Session, patient_id: uuid.UUID) -> Patient | None:
    """Return somebody who was entered here; None where she may have been entered by others."""
    found = _new(session).get((Patient, patient_id))
    return found if isinstance(found, Patient) else None


def record(session: Session, patient_id: uuid.UUID) -> PatientIdentity | None:
    """Return a record that was entered here, with its patient."""
    found = _new(session).get((PatientIdentity, patient_id))
    known = isinstance(found, PatientIdentity) and patient(session, patient_id) is not None
    return found if known and isinstance(found, PatientIdentity) else None


def without_birth(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether somebody was entered here, and no birth of hers."""
    return patient(session, patient_id) is not None and (Birth, patient_id) not in _new(session)


def all_of(
    session: Session, patient_ids: Iterable[uuid.UUID]
) -> Sequence[tuple[Patient, PatientIdentity]] | None:
    """Return records if all of them were entered here."""
    found = [(patient(session, one), record(session, one)) for one in patient_ids]
    both = [(who, row) for who, row in found if who is not None and row is not None]
    return both if len(both) == len(found) else None


def entered_here(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether this transaction has entered somebody: nothing is known of her from before."""
    return patient(session, patient_id) is not None


def children_of(
    session: Session, mothers: Iterable[uuid.UUID]
) -> list[tuple[Patient, Birth]] | None:
    """Return the newborns of mothers who were all entered here; None for others."""
    wanted = set(mothers)
    if not all(entered_here(session, one) for one in wanted):
        return None
    children = [
        row
        for row in _new(session).values()
        if isinstance(row, Patient) and row.mother_id in wanted
    ]
    both = [(child, _new(session).get((Birth, child.id))) for child in children]
    return [(child, birth) for child, birth in both if isinstance(birth, Birth)]


def entries_of(
    session: Session, patient_ids: Iterable[uuid.UUID], org_id: uuid.UUID
) -> list[bool] | None:
    """Return the entries by an organisation of who was entered here; None for others."""
    wanted = set(patient_ids)
    if not all(entered_here(session, one) for one in wanted):
        return None
    return [
        row.found
        for row in _new(session).values()
        if isinstance(row, Entry) and row.patient_id in wanted and row.org_id == org_id
    ]


def know_numbers(session: Session, owners: Mapping[bytes, uuid.UUID | None]) -> None:
    """Keep in mind whose numbers are, or that they are nobody's; nobody else enters them now."""
    session.info.setdefault(NUMBERS, {}).update(owners)


def numbers(session: Session) -> Mapping[bytes, uuid.UUID | None]:
    """Return whose the numbers are that were looked up in this transaction."""
    found: dict[bytes, uuid.UUID | None] = session.info.get(NUMBERS, {})
    return found


def last_unknown(session: Session, day: str) -> int:
    """Return the number of the last one unknown on a day who was entered here; 0 for none."""
    return max(
        (
            row.unknown_number or 0
            for row in _new(session).values()
            if isinstance(row, PatientIdentity) and row.unknown_on == day
        ),
        default=0,
    )


def _new(session: Session) -> dict[Key, SQLModel]:
    found: dict[Key, SQLModel] = session.info.get(NEW, {})
    return found
