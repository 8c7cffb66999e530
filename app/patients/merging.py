"""Two records said to be one patient by a named person, and taken back.

A merge copies nothing and empties nothing: the record that is not kept points at the one that is,
under the row that says who said so, when and why. Taking it back ends the pointing, and the record
is byte for byte what it was.

Referrals keep the record they were written for. So that a person has one open referral and not one
for each of her records, the record that is not kept may have none open, and from then on none is
written for it (:func:`app.patients.finding.for_referral`); the database refuses both.
"""

import uuid
from collections.abc import Callable

from app.errors import NotFoundError
from app.patients import store
from app.patients.errors import (
    MergedPatientError,
    MergeRefusedError,
    NotMergedError,
    StalePatientError,
)
from app.patients.finding import one_locked, root_of
from app.patients.states import IdentityKind, MergeReason, UnmergeReason
from app.patients.tables import Merge, Patient, PatientIdentity, Unmerge
from app.work import Work

__all__ = ["HasOpenReferral", "merge", "undo_merge"]

HasOpenReferral = Callable[[uuid.UUID], bool]
"""Tell whether a record has an open referral, in the transaction of the caller."""


def merge(
    work: Work,
    keep_id: uuid.UUID,
    drop_id: uuid.UUID,
    reason: MergeReason,
    *,
    has_open_referral: HasOpenReferral,
    read: int | None = None,
) -> Merge:
    """Say that two records are one patient; what one leaves open is taken from the other.

    Raises
    ------
    NotFoundError
        One of them is not there.
    MergedPatientError
        One was merged before.
    StalePatientError
        The record that is kept has changed since version ``read``.
    MergeRefusedError
        They cannot be one patient, or the other one has to be kept.
    """
    if keep_id == drop_id:
        raise MergeRefusedError("same_patient")
    both = store.locked(work.session, work.actor.province, [keep_id, drop_id])
    for one in (keep_id, drop_id):
        if one not in both:
            raise NotFoundError("patient", str(one))
        if both[one][1].merged_into is not None:
            raise MergedPatientError(one, root_of(work.session, one))
    now = both[keep_id][1].version
    if read is not None and read != now:
        raise StalePatientError(keep_id, read=read, now=now)
    _refuse_different(work, both[keep_id], both[drop_id])
    if has_open_referral(drop_id):
        both_open = has_open_referral(keep_id)
        raise MergeRefusedError("two_open_referrals" if both_open else "open_referral_not_kept")
    said = Merge(
        province=work.actor.province,
        keep_id=keep_id,
        drop_id=drop_id,
        reason=reason.value,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
        at=work.now,
    )
    store.add(work.session, said)
    dropped = both[drop_id][1]
    dropped.merged_into, dropped.merge_id = keep_id, said.id
    store.add(work.session, dropped)
    return said


def undo_merge(work: Work, drop_id: uuid.UUID, reason: UnmergeReason) -> Unmerge:
    """Take back the merge of a record that was not kept.

    Raises
    ------
    NotMergedError
        It is not merged.
    """
    _, dropped = one_locked(work, drop_id)
    if dropped.merge_id is None:
        raise NotMergedError(drop_id)
    said = Unmerge(
        province=work.actor.province,
        merge_id=dropped.merge_id,
        reason=reason.value,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
        at=work.now,
    )
    store.add(work.session, said)
    dropped.merged_into = dropped.merge_id = None
    store.add(work.session, dropped)
    return said


def _refuse_different(
    work: Work, keep: tuple[Patient, PatientIdentity], drop: tuple[Patient, PatientIdentity]
) -> None:
    """Refuse what is known to be two patients."""
    if keep[0].kind != drop[0].kind:
        raise MergeRefusedError("other_kind")
    if keep[1].erased_at is not None or drop[1].erased_at is not None:
        raise MergeRefusedError("erased")
    groups = [store.group_of(work.session, one.id) for one, _ in (keep, drop)]
    if all(any(_has_resident_number(row) for row in group) for group in groups):
        raise MergeRefusedError("different_numbers")
    mothers = [one.mother_id and root_of(work.session, one.mother_id) for one, _ in (keep, drop)]
    if all(mothers) and mothers[0] != mothers[1]:
        raise MergeRefusedError("different_mothers")
    births = [
        {birth.birth_id for row in group if (birth := store.birth_of(work.session, row.id))}
        for group in groups
    ]
    if births[0] & births[1]:
        raise MergeRefusedError("twins")


def _has_resident_number(row: PatientIdentity) -> bool:
    return row.id_index is not None and row.identity_kind == IdentityKind.RESIDENT_ID
