"""Identities whose years are over erase themselves, a few at a time (section C, retention).

What nobody has to know any longer is not waited for by a person. Each erasure is an entry of the
patient's own chain that names the setting it was done under; the chain still holds, since it names
rows by digest and never held what they said.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.audit.states import Chain, Said, chain_of
from app.audit.tracing import say
from app.patients import store
from app.patients.retention import Retention, erase_group, kept_before
from app.patients.states import PatientKind

__all__ = ["AT_ONCE", "DueCount", "StillNeeded", "count_due", "erase_due"]

StillNeeded = Callable[[Session, uuid.UUID], bool]
"""Tell whether somebody may still have to know who a record is, whatever her years."""
AT_ONCE = 100
"""Patients in one transaction; writers wait for it."""
PAGE = 500


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many patients of a kind are past their years; ``held`` of them are still needed."""

    kind: PatientKind
    years: int
    due: int
    held: int


def erase_due(
    session: Session,
    now: datetime,
    retention: Retention,
    *,
    still_needed: StillNeeded,
    most: int = AT_ONCE,
) -> int:
    """Erase who somebody was, of patients past their years that nobody needs; how many.

    One who is still needed is passed by, and looked at again the next time.
    """
    erased = 0
    for kind in PatientKind:
        for patient_id in _past(session, kind, now, retention):
            if erased == most:
                return erased
            erased += _erased(session, patient_id, kind, now, retention, still_needed)
    return erased


def count_due(
    session: Session, now: datetime, retention: Retention, *, still_needed: StillNeeded
) -> tuple[DueCount, ...]:
    """Return what would be erased; nothing is, and nobody is named."""
    found = []
    for kind in PatientKind:
        held = [
            any(still_needed(session, row.id) for row in store.group_of(session, one))
            for one in _past(session, kind, now, retention)
        ]
        found.append(DueCount(kind, retention.years(kind), len(held), sum(held)))
    return tuple(found)


def _past(
    session: Session, kind: PatientKind, now: datetime, retention: Retention
) -> Iterator[uuid.UUID]:
    """Yield the patients of a kind past their years, by rising key."""
    before, after = kept_before(now, retention.years(kind)), None
    while ids := store.past(session, kind.value, before, after=after, most=PAGE):
        yield from store.none_kept(session, ids, before)
        after = ids[-1]


def _erased(
    session: Session,
    patient_id: uuid.UUID,
    kind: PatientKind,
    now: datetime,
    retention: Retention,
    still_needed: StillNeeded,
) -> bool:
    """Erase one, under a lock: whoever refers or merges her meanwhile is waited for."""
    patient = store.lock_one(session, patient_id)
    group = store.group_of(session, patient_id)
    before = kept_before(now, retention.years(kind))
    if group[0].erased_at is not None or group[0].merged_into is not None:
        return False
    if any(row.kept_from > before or still_needed(session, row.id) for row in group):
        return False
    erase_group(session, group, now)
    said = Said(
        province=patient.province,
        act="identity_erased",
        object_kind="patient",
        object_id=str(patient_id),
        scope="retention",
        why=f"retention_{kind.value}_years={retention.years(kind)}",
    )
    say(session, chain_of(Chain.PATIENT, patient_id), said)
    return True
