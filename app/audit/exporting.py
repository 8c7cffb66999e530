"""The record of some time as AuditEvents, one after another however many there are."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from app.audit import store
from app.audit.balp import audit_event
from app.audit.states import NOBODY, Chain

__all__ = ["PatientOf", "audit_events"]

PatientOf = Callable[[uuid.UUID], uuid.UUID | None]
"""Whose referral it is."""
OF_PERSONS = {Chain.REFERRAL: "referral", Chain.PATIENT: "patient"}


def audit_events(
    session: Session,
    *,
    since: datetime,
    until: datetime,
    site: str,
    patient_of: PatientOf,
) -> Iterator[dict[str, object]]:
    """Yield what was done and seen from a moment until before another, in its order.

    Entries of a transaction that nobody spoke for hold digests of rows and no act; they are left
    out. One page is held at a time.
    """
    after = 0
    while page := store.page_between(session, since=since, until=until, after=after):
        for entry in page:
            after = int(str(entry["number"]))
            if entry["act"] != NOBODY:
                yield audit_event(entry, site=site, patient_id=_patient(entry, patient_of))


def _patient(entry: Mapping[str, object], patient_of: PatientOf) -> uuid.UUID | None:
    """Return whose record it is: by what it is about, or by the chain that it stands in."""
    for kind, key in _named(entry):
        if kind == Chain.PATIENT:
            return key
        if kind == Chain.REFERRAL and (found := patient_of(key)) is not None:
            return found
    return None


def _named(entry: Mapping[str, object]) -> Iterator[tuple[str, uuid.UUID]]:
    chain, _, subject = str(entry["chain"]).partition(":")
    for kind, value in ((str(entry["object_kind"]), str(entry["object_id"])), (chain, subject)):
        if kind in OF_PERSONS.values():
            try:
                yield kind, uuid.UUID(value)
            except ValueError:
                continue
