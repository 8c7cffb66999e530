"""How long it is kept who somebody was, and ending it.

What is erased is who she was: every sealed field and every index, of all her records. Kind of
patient, counties, births and referrals stay, for the figures; nothing in them leads back to her.
What was sealed is gone from the database at once. A backup still holds it, sealed, until it is
thrown away or until the version of the key it was sealed with is retired, which makes every copy
unreadable: an installation that has to erase for good rotates the keys once a year and retires the
old version when the last backup of it is too old to be used.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.patients import store
from app.patients.errors import KeptLongerError
from app.patients.finding import for_change, for_referral
from app.patients.merging import HasOpenReferral
from app.patients.sealing import clear
from app.patients.states import PatientKind
from app.patients.tables import INDEXES, SEALED, PatientIdentity
from app.work import Work

__all__ = [
    "Retention",
    "due_for_erasure",
    "erase_group",
    "erase_identity",
    "keep_from_now",
    "kept_before",
]

FEBRUARY, LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class Retention:
    """Years after the last referral, by kind of patient (settings ``retention_..._years``)."""

    maternal_years: int
    newborn_years: int

    def years(self, kind: PatientKind) -> int:
        """Return the years of one kind."""
        return self.maternal_years if kind is PatientKind.MATERNAL else self.newborn_years


def keep_from_now(work: Work, patient_id: uuid.UUID) -> None:
    """Count her years from now: she is referred, or her referral ends."""
    _, row = for_change(work, for_referral(work, patient_id))
    row.kept_from = max(row.kept_from, work.now)
    store.add(work.session, row)


def due_for_erasure(session: Session, now: datetime, retention: Retention) -> list[uuid.UUID]:
    """Return the patients whose identity need not be kept any longer, in all provinces here."""
    return [
        one
        for kind in PatientKind
        for one in _due(session, kind, kept_before(now, retention.years(kind)))
    ]


def _due(session: Session, kind: PatientKind, before: datetime) -> list[uuid.UUID]:
    return store.none_kept(session, store.past(session, kind.value, before), before)


def erase_identity(
    work: Work,
    patient_id: uuid.UUID,
    retention: Retention,
    *,
    has_open_referral: HasOpenReferral,
) -> int:
    """Erase who somebody was; how many records it was. It cannot be undone.

    Raises
    ------
    KeptLongerError
        It is not due, or she is being referred.
    """
    patient, _ = for_change(work, patient_id)
    group = store.group_of(work.session, patient.id)
    before = kept_before(work.now, retention.years(PatientKind(patient.kind)))
    if any(row.kept_from > before or has_open_referral(row.id) for row in group):
        raise KeptLongerError(patient_id)
    erase_group(work.session, group, work.now)
    return len(group)


def erase_group(session: Session, group: Sequence[PatientIdentity], now: datetime) -> None:
    """Take everything that says who she was out of all her records."""
    for row in group:
        clear(row, (*SEALED, *INDEXES))
        row.erased_at = now
        row.version += 1
        store.add(session, row)


def kept_before(now: datetime, years: int) -> datetime:
    """Return the same day so many years ago; the day before where that year has no such day."""
    leap = (now.month, now.day) == (FEBRUARY, LEAP_DAY)
    return now.replace(year=now.year - years, day=LEAP_DAY - 1 if leap else now.day)
