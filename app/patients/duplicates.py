"""Records that may be one patient, offered to a person; nothing is merged by a likeness."""

import uuid
from datetime import timedelta

from app.patients import store
from app.patients.finding import require, root_of
from app.patients.identity import Candidate
from app.patients.states import Likeness, PatientKind
from app.patients.tables import Birth, PatientIdentity
from app.work import Work

__all__ = ["possible_duplicates"]

ONE_BIRTH = timedelta(hours=24)
"""Two entries of one birth may be hours apart, two births of one mother never are."""
ORDER = tuple(Likeness)


def possible_duplicates(work: Work, patient_id: uuid.UUID) -> tuple[Candidate, ...]:
    """Return other records that may be this patient, the likeliest first, and why each.

    The order is by the strongest thing in common, then by how many. No identity is told; the
    caller narrows the answer to what the actor may see.
    """
    patient = require(work, root_of(work.session, require(work, patient_id).id))
    group = store.group_of(work.session, patient.id)
    found: dict[uuid.UUID, set[Likeness]] = {}
    for row in store.rows_like(work.session, work.actor.province, group):
        _note(found, root_of(work.session, row.id), _in_common(group, row))
    if patient.kind == PatientKind.NEWBORN and patient.mother_id is not None:
        _note_siblings(work, found, patient.id, patient.mother_id)
    likeness = {one: tuple(sorted(found[one], key=ORDER.index)) for one in found if found[one]}
    same_kind = [
        one for one in likeness if one != patient.id and require(work, one).kind == patient.kind
    ]
    ranked = sorted(
        same_kind, key=lambda one: (ORDER.index(likeness[one][0]), -len(likeness[one]), one)
    )
    return tuple(Candidate(one, likeness[one]) for one in ranked)


def _note(found: dict[uuid.UUID, set[Likeness]], other: uuid.UUID, why: set[Likeness]) -> None:
    found.setdefault(other, set()).update(why)


def _in_common(group: list[PatientIdentity], row: PatientIdentity) -> set[Likeness]:
    """Return what a record has in common with the records of a patient."""
    found = set[Likeness]()
    for own in group:
        numbers = {own.id_index, own.claimed_index} - {None}
        if numbers & {row.id_index, row.claimed_index}:
            found.add(Likeness.SAME_NUMBER)
        if own.name_index is not None and own.name_index == row.name_index:
            found.add(Likeness.SAME_NAME_AND_BIRTH_YEAR)
        if own.phone_index is not None and own.phone_index == row.phone_index:
            found.add(Likeness.SAME_PHONE)
        phones = {own.phone_index, own.contact_phone_index} - {None}
        if phones & {row.phone_index, row.contact_phone_index}:
            found.add(Likeness.SHARED_CONTACT_PHONE)
    return found - ({Likeness.SHARED_CONTACT_PHONE} if Likeness.SAME_PHONE in found else set())


def _note_siblings(
    work: Work,
    found: dict[uuid.UUID, set[Likeness]],
    newborn_id: uuid.UUID,
    mother_id: uuid.UUID,
) -> None:
    """Note newborns of the same mother and time that were entered as another birth."""
    mothers = [row.id for row in store.group_of(work.session, root_of(work.session, mother_id))]
    children = store.children_of(work.session, mothers)
    own = next((birth for child, birth in children if child.id == newborn_id), None)
    for child, birth in children:
        if own is not None and birth.birth_id != own.birth_id and _one_time(own, birth):
            _note(found, root_of(work.session, child.id), {Likeness.SAME_MOTHER_AND_TIME})


def _one_time(one: Birth, other: Birth) -> bool:
    """Tell whether two entries may be of one birth; a time nobody knows may be any."""
    if one.born_at is None or other.born_at is None:
        return abs(one.entered_at - other.entered_at) < ONE_BIRTH
    return abs(one.born_at - other.born_at) < ONE_BIRTH
