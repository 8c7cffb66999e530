"""What is known of a patient: everything, for those who may; the least, for all others."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from app.errors import NotFoundError
from app.keys.keyring import KeyRing, Purpose
from app.keys.words import told_if_it_opens
from app.patients import store
from app.patients.finding import require, root_of
from app.patients.identity import Identity, Least, Minimum
from app.patients.numbers import normal_number, normal_phone, normal_resident
from app.patients.sealing import number_index, opened
from app.patients.states import AidGroup, IdentityKind, PatientKind
from app.patients.tables import PatientIdentity
from app.work import Work

__all__ = [
    "Person",
    "find_by_id_number",
    "find_by_phone",
    "identity_of",
    "kind_of",
    "know_kinds",
    "least_of",
    "minimum_of",
    "person_of",
]

UNKNOWN = "未知"
"""Written on wristbands and said on the telephone, so the same in every language."""
MANY = 20_000
_KINDS: dict[uuid.UUID, PatientKind] = {}


@dataclass(frozen=True, slots=True)
class Person:
    """What follows for her care from who she is; None is unknown."""

    birth_date: date | None = field(repr=False)
    aid_group: AidGroup | None


def person_of(session: Session, patient_id: uuid.UUID) -> Person:
    """Return what is worked out for her from her record; nobody is shown it by this.

    A field that does not open is unknown: her file is kept all the same.
    """
    group = store.group_of(session, patient_id)
    row = next((one for one in group if one.birth_date is not None), None)
    born = None if row is None else told_if_it_opens(session, row, "birth_date")
    aid = _first(group, "aid_group")
    return Person(
        birth_date=date.fromisoformat(born) if born else None,
        aid_group=AidGroup(str(aid)) if aid else None,
    )


def find_by_id_number(
    work: Work, keys: KeyRing, kind: IdentityKind, number: str
) -> uuid.UUID | None:
    """Return whose number it is; the caller narrows it to what the actor may see.

    A number that cannot be one is simply nobody's.
    """
    normal = normal_number(number)
    if kind is IdentityKind.RESIDENT_ID:
        normal = normal_resident(normal)
    owner = store.with_number(work.session, work.actor.province, number_index(keys, kind, normal))
    return None if owner is None else root_of(work.session, owner)


def find_by_phone(work: Work, keys: KeyRing, phone: str) -> tuple[uuid.UUID, ...]:
    """Return who is reached under a number; a telephone may be of several, or of a clinic."""
    index = keys.index(Purpose.PHONE, normal_phone(phone))
    found = store.with_phone(work.session, work.actor.province, index)
    return tuple(dict.fromkeys(root_of(work.session, one) for one in found))


def identity_of(work: Work, keys: KeyRing, patient_id: uuid.UUID) -> Identity:
    """Open everything that is known of somebody; the caller writes down that it was looked at."""
    require(work, patient_id)
    root = require(work, root_of(work.session, patient_id))
    group = store.group_of(work.session, root.id)
    texts = {name: _first_text(keys, group, name) for name in _SEALED}
    born, aid = texts.pop("birth_date"), _first(group, "aid_group")
    numbered = next((row for row in group if row.id_number), group[0])
    return Identity(
        patient_id=root.id,
        kind=PatientKind(root.kind),
        identity_kind=IdentityKind(numbered.identity_kind),
        birth_date=date.fromisoformat(born) if born else None,
        aid_group=AidGroup(str(aid)) if aid else None,
        language=_text(_first(group, "language")),
        interpreter_needed=_interpreter(group),
        residence_county=_text(_first(group, "residence_county")),
        home_county=_text(_first(group, "home_county")),
        unknown=_unknown(group),
        erased=group[0].erased_at is not None,
        merged=tuple(row.id for row in group[1:]),
        version=group[0].version,
        **texts,
    )


def kind_of(session: Session, patient_id: uuid.UUID) -> PatientKind:
    """Return whether somebody is a mother or a newborn: a long list asks this of each line once."""
    kind = _KINDS.get(patient_id)
    if kind is None:
        if len(_KINDS) >= MANY:
            _KINDS.clear()
        kind = _KINDS[patient_id] = PatientKind(store.kind_of(session, patient_id))
    return kind


def know_kinds(session: Session, patient_ids: Collection[uuid.UUID]) -> None:
    """Read of several at once what :func:`kind_of` is asked of each."""
    unknown = [one for one in patient_ids if one not in _KINDS]
    if unknown:
        if len(_KINDS) + len(unknown) > MANY:
            _KINDS.clear()
        kinds = store.kinds_of(session, unknown)
        _KINDS.update({key: PatientKind(kind) for key, kind in kinds.items()})


def least_of(work: Work, patient_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Least]:
    """Return what questions to a centre say of several patients, as :func:`minimum_of` of one.

    Raises
    ------
    NotFoundError
        One of them is not there; another province is as good as nowhere.
    """
    session = work.session
    roots = store.roots_of(session, patient_ids)
    kinds = store.kinds_of(session, {*patient_ids, *roots.values()}, work.actor.province)
    for one in patient_ids:
        if not {one, roots[one]} <= kinds.keys():
            raise NotFoundError("patient", str(one))
    groups = store.groups_of(session, {*roots.values()})
    return {
        one: Least(
            PatientKind(kinds[root]),
            _text(_first(groups[root], "language")),
            _interpreter(groups[root]),
        )
        for one, root in roots.items()
    }


def minimum_of(work: Work, patient_id: uuid.UUID) -> Minimum:
    """Return what a centre needs before it accepts; nothing says who she is."""
    require(work, patient_id)
    root = require(work, root_of(work.session, patient_id))
    group = store.group_of(work.session, root.id)
    birth = store.birth_of(work.session, root.id)
    mother = root.mother_id
    return Minimum(
        patient_id=root.id,
        kind=PatientKind(root.kind),
        unknown=_unknown(group),
        identity_known=any(row.name or row.id_number for row in group),
        language=_text(_first(group, "language")),
        interpreter_needed=_interpreter(group),
        mother_id=None if mother is None else root_of(work.session, mother),
        birth_order=root.birth_order,
        order_in_birth=None if birth is None else birth.order_in_birth,
        born_at=None if birth is None else birth.born_at,
        born_in_transit=birth is not None and birth.in_transit,
        version=group[0].version,
    )


_SEALED = (
    "id_number",
    "name",
    "birth_date",
    "phone",
    "address",
    "contact_name",
    "contact_phone",
)


def _first_text(keys: KeyRing, group: Sequence[PatientIdentity], column: str) -> str | None:
    row = next((one for one in group if getattr(one, column) is not None), None)
    return None if row is None else opened(keys, row, column)


def _first(group: Sequence[PatientIdentity], column: str) -> object:
    """Return what the kept record says, else the one merged first that says anything."""
    return next(
        (value for row in group if (value := getattr(row, column)) is not None),
        None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _interpreter(group: Sequence[PatientIdentity]) -> bool | None:
    """Tell whether any record says that she needs one: one too many harms nobody (R-PERSON-02)."""
    said = [row.interpreter_needed for row in group if row.interpreter_needed is not None]
    return any(said) if said else None


def _unknown(group: Sequence[PatientIdentity]) -> str | None:
    """Return what she is called while no record holds a name."""
    row = group[0]
    if row.unknown_on is None or any(one.name for one in group):
        return None
    return f"{UNKNOWN}-{row.unknown_on}-{row.unknown_number}"
