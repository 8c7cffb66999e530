"""Entering a patient in seconds, and saying later who she is.

Nothing has to be known of her. A number that is known already finds her record instead of making a
second one; what was said besides is taken over only where it cannot be somebody else's.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from sqlmodel import Session

from app.clock import LOCAL
from app.db_types import new_key
from app.keys.keyring import KeyRing
from app.patients import store
from app.patients.errors import IdentityRefusedError, StalePatientError
from app.patients.finding import for_change, root_of
from app.patients.identity import Candidate, Given, checked
from app.patients.numbers import normal_name
from app.patients.sealing import number_index, opened, set_number, write
from app.patients.states import IdentityKind, Likeness, PatientKind
from app.patients.tables import Entry, Patient, PatientIdentity
from app.work import Work
from geodata.check import Fault

__all__ = [
    "Completed",
    "Entered",
    "complete_identity",
    "enter",
    "enter_emergency",
    "look_up",
    "new_record",
]


@dataclass(frozen=True, slots=True)
class Entered:
    """Whose record it is.

    ``found`` tells that her number was known already. ``not_taken`` are the fields that were given
    and say something else than her record, or that were left because the name differs: somebody
    has to look whether it is she.
    """

    patient_id: uuid.UUID
    found: bool = False
    not_taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """What became of a record.

    ``same_number`` is the record that the number belongs to, where it is not this one. Nothing was
    merged: a named person has to.
    """

    patient_id: uuid.UUID
    version: int
    same_number: Candidate | None = None


def enter_emergency(
    work: Work, keys: KeyRing, kind: PatientKind, given: Given | None = None
) -> Entered:
    """Enter somebody; nothing has to be given.

    Raises
    ------
    IdentityRefusedError
        What was given cannot be so; without it she is entered all the same.
    """
    whole = checked(given or Given(), today=work.now.astimezone(LOCAL).date())
    index = _index(keys, whole)
    if index is not None:
        store.alone_with(work.session, f"number:{work.actor.province}:{index.hex()}")
        owner = store.with_number(work.session, work.actor.province, index)
        if owner is not None:
            known = _known(work, keys, kind, root_of(work.session, owner), whole)
            enter(work, known.patient_id, found=True)
            return known
    row = new_record(work, kind, unknown=whole.name is None)
    _fill(keys, row, whole, index)
    store.add(work.session, row)
    enter(work, row.id, found=False)
    return Entered(row.id)


def look_up(session: Session, keys: KeyRing, province: str, given: Iterable[Given]) -> None:
    """Look up the numbers of many by one statement, before each is entered."""
    found = (_index(keys, one) for one in given)
    indexes = {one for one in found if one is not None}
    if indexes:
        store.know_numbers(session, province, indexes)


def complete_identity(
    work: Work,
    keys: KeyRing,
    patient_id: uuid.UUID,
    given: Given,
    *,
    read: int | None = None,
) -> Completed:
    """Add to what is known of somebody, or correct it; what is not given stays.

    A number that belongs to another patient is not taken over. The claim is remembered, so that
    the other record is offered for merging until it is decided.

    Parameters
    ----------
    read : int | None
        The version that was read; None takes whatever there is.

    Raises
    ------
    IdentityRefusedError, MergedPatientError, ErasedPatientError, StalePatientError
    """
    whole = checked(given, today=work.now.astimezone(LOCAL).date())
    index = _index(keys, whole)
    if index is not None:
        store.alone_with(work.session, f"number:{work.actor.province}:{index.hex()}")
    _, row = for_change(work, patient_id)
    if read is not None and read != row.version:
        raise StalePatientError(patient_id, read=read, now=row.version)
    owner = None if index is None else store.with_number(work.session, row.province, index)
    row.version += 1
    if owner is None or owner == row.id:
        _fill(keys, row, whole, index)
        store.add(work.session, row)
        return Completed(row.id, row.version)
    write(keys, row, replace(whole, identity_kind=None, id_number=None))
    other = root_of(work.session, owner)
    row.claimed_index = index if other != row.id else None
    store.add(work.session, row)
    same = Candidate(other, (Likeness.SAME_NUMBER,)) if other != row.id else None
    return Completed(row.id, row.version, same)


def enter(work: Work, patient_id: uuid.UUID, *, found: bool) -> None:
    """Write down which organisation entered somebody: it sees her from then on."""
    entry = Entry(
        province=work.actor.province,
        patient_id=patient_id,
        org_id=work.actor.org_id,
        by_user=work.actor.user_id,
        found=found,
        at=work.now,
    )
    store.add(work.session, entry)


def new_record(
    work: Work,
    kind: PatientKind,
    *,
    unknown: bool,
    mother_id: uuid.UUID | None = None,
    birth_order: int | None = None,
) -> PatientIdentity:
    """Begin a record of which nothing is known; the caller writes it once it is filled."""
    province = work.actor.province
    patient = Patient(
        id=new_key(),
        province=province,
        kind=kind.value,
        mother_id=mother_id,
        birth_order=birth_order,
    )
    store.add(work.session, patient)
    row = PatientIdentity(
        id=patient.id,
        province=province,
        identity_kind=IdentityKind.NONE.value,
        entered_at=work.now,
        kept_from=work.now,
    )
    if unknown:
        row.unknown_on = f"{work.now.astimezone(LOCAL):%Y%m%d}"
        row.unknown_number = store.next_unknown(work.session, province, row.unknown_on)
    return row


def _index(keys: KeyRing, given: Given) -> bytes | None:
    if given.id_number is None or given.identity_kind is None:
        return None
    return number_index(keys, given.identity_kind, given.id_number)


def _fill(keys: KeyRing, row: PatientIdentity, given: Given, index: bytes | None) -> None:
    write(keys, row, given)
    if index is not None and given.identity_kind is not None and given.id_number is not None:
        set_number(keys, row, given.identity_kind, given.id_number, index)


def _known(
    work: Work, keys: KeyRing, kind: PatientKind, patient_id: uuid.UUID, given: Given
) -> Entered:
    """Find somebody by her number, and add what was said to what her record leaves open.

    Only where the name agrees: a number that was mistyped may well be that of somebody else.
    """
    patient, row = for_change(work, patient_id)
    if patient.kind != kind:
        raise IdentityRefusedError(
            [Fault("request", None, "id_number", "", "wrong_patient", "a number of her own")]
        )
    group = store.group_of(work.session, patient_id)
    name = next((opened(keys, one, "name") for one in group if one.name), None)
    agrees = given.name is not None and (
        name is None or normal_name(given.name) == normal_name(name)
    )
    said = [f.name for f in fields(given) if getattr(given, f.name) is not None]
    said = [name for name in said if name not in ("identity_kind", "id_number")]
    open_ones = [n for n in said if all(getattr(one, n) is None for one in group)]
    if agrees and open_ones:
        write(keys, row, Given(**{name: getattr(given, name) for name in open_ones}))
        row.version += 1
        store.add(work.session, row)
    taken = open_ones if agrees else []
    differ = [n for n in said if n not in taken and not _same(keys, group, n, given)]
    return Entered(patient_id, found=True, not_taken=tuple(differ))


def _same(keys: KeyRing, group: list[PatientIdentity], column: str, given: Given) -> bool:
    """Tell whether a record says already what is given."""
    stored = next((getattr(one, column) for one in group if getattr(one, column) is not None), None)
    value = getattr(given, column)
    if not isinstance(stored, bytes):
        return bool(stored == value)
    texts = [opened(keys, one, column) for one in group]
    if column in ("name", "contact_name"):
        return normal_name(str(value)) in [normal_name(text) for text in texts if text]
    return str(value) in texts
