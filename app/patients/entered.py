"""Records that this transaction has entered.

Until it commits nobody else sees them, so nobody else changes or merges them: they need neither be
locked nor read again.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm.attributes import instance_state
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
    "rows_like",
    "without_birth",
]

NEW, NUMBERS = "patients_entered", "numbers_looked_up"
Key = tuple[type[SQLModel], uuid.UUID]


class _New:
    """Rows that were entered here by key, and by what else is asked for."""

    def __init__(self) -> None:
        self.rows: dict[Key, SQLModel] = {}
        self.entries: dict[uuid.UUID, list[Entry]] = {}
        self.children: dict[uuid.UUID, dict[uuid.UUID, Patient]] = {}
        self.last_unknown: dict[str, int] = {}

    def get(self, key: Key) -> SQLModel | None:
        """Return a row that was entered here."""
        return self.rows.get(key)

    def note(self, row: Patient | PatientIdentity | Birth | Entry) -> None:
        """Keep a row in mind that is entered, or what is said later of one that was."""
        key = type(row), row.id
        if key not in self.rows:
            if not instance_state(row).transient:
                return
            self.rows[key] = row
            if isinstance(row, Entry):
                self.entries.setdefault(row.patient_id, []).append(row)
        if isinstance(row, Patient) and row.mother_id is not None:
            self.children.setdefault(row.mother_id, {})[row.id] = row
        if isinstance(row, PatientIdentity) and row.unknown_on is not None:
            last = self.last_unknown.get(row.unknown_on, 0)
            self.last_unknown[row.unknown_on] = max(last, row.unknown_number or 0)


def before_writing(session: Session, rows: Iterable[SQLModel]) -> None:
    """Keep in mind what is about to be entered; once anything is merged nothing is known."""
    numbers: dict[bytes, uuid.UUID | None] = session.info.get(NUMBERS, {})
    for row in rows:
        if isinstance(row, Merge):
            session.info.pop(NEW, None)
            return
        if isinstance(row, PatientIdentity) and row.id_index in numbers:
            numbers[row.id_index] = row.id
        if isinstance(row, Patient | PatientIdentity | Birth | Entry):
            _new(session).note(row)


def patient(session: Session, patient_id: uuid.UUID) -> Patient | None:
    """Return somebody who was entered here; None where she may have been entered by others."""
    found = _new(session).get((Patient, patient_id))
    return found if isinstance(found, Patient) else None


def record(session: Session, patient_id: uuid.UUID) -> PatientIdentity | None:
    """Return a record that was entered here, with its patient."""
    found = _new(session).get((PatientIdentity, patient_id))
    known = isinstance(found, PatientIdentity) and patient(session, patient_id) is not None
    return found if known and isinstance(found, PatientIdentity) else None


def rows_like(
    session: Session,
    province: str,
    *,
    numbers: Collection[bytes],
    names: Collection[bytes],
    phones: Collection[bytes],
) -> list[PatientIdentity]:
    """Return records that were entered here and have one of these indexes."""

    def has_one(row: PatientIdentity) -> bool:
        return (
            row.id_index in numbers
            or row.claimed_index in numbers
            or row.name_index in names
            or row.phone_index in phones
            or row.contact_phone_index in phones
        )

    rows = _new(session).rows.values()
    return [
        row
        for row in rows
        if isinstance(row, PatientIdentity) and row.province == province and has_one(row)
    ]


def without_birth(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether somebody was entered here, and no birth of hers."""
    return (
        patient(session, patient_id) is not None and (Birth, patient_id) not in _new(session).rows
    )


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
    noted = _new(session).children
    children = [
        row for one in wanted for row in noted.get(one, {}).values() if row.mother_id == one
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
    entries = _new(session).entries
    return [row.found for one in wanted for row in entries.get(one, ()) if row.org_id == org_id]


def know_numbers(session: Session, owners: Mapping[bytes, uuid.UUID | None]) -> None:
    """Keep in mind whose numbers are, or that they are nobody's; nobody else enters them now."""
    session.info.setdefault(NUMBERS, {}).update(owners)


def numbers(session: Session) -> Mapping[bytes, uuid.UUID | None]:
    """Return whose the numbers are that were looked up in this transaction."""
    found: dict[bytes, uuid.UUID | None] = session.info.get(NUMBERS, {})
    return found


def last_unknown(session: Session, day: str) -> int:
    """Return the number of the last one unknown on a day who was entered here; 0 for none."""
    return _new(session).last_unknown.get(day, 0)


def _new(session: Session) -> _New:
    found: _New | None = session.info.get(NEW)
    if found is None:
        found = session.info[NEW] = _New()
    return found
