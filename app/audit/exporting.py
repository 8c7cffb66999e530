"""The record of some time as AuditEvents, one after another however many there are."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from app.audit import store
from app.audit.balp import audit_event
from app.audit.states import NOBODY, Chain

__all__ = ["PatientOf", "audit_events"]

PatientOf = Callable[[uuid.UUID], uuid.UUID | None]
"""Whose record of a kind it is; None of a record that is nobody's."""


def audit_events(
    session: Session,
    *,
    since: datetime,
    until: datetime,
    site: str,
    patient_of: Mapping[str, PatientOf],
) -> Iterator[dict[str, object]]:
    """Yield what was done and seen from a moment until before another, in its order.

    ``patient_of`` says for kinds of records, such as referrals and case files, whose one is.
    Entries of a transaction that nobody spoke for hold digests of rows and no act; they are left
    out. One page is held at a time.
    """
    after = 0
    while page := store.page_between(session, since=since, until=until, after=after):
        for entry in page:
            after = int(str(entry["number"]))
            if entry["act"] != NOBODY:
                yield audit_event(entry, site=site, patient_id=_patient(entry, patient_of))


def _patient(entry: Mapping[str, object], patient_of: Mapping[str, PatientOf]) -> uuid.UUID | None:
    """Return whose record it is: by what it is about, or by the chain that it stands in."""
    for kind, key in _named(entry, (Chain.PATIENT, *patient_of)):
        found = key if kind == Chain.PATIENT else patient_of[kind](key)
        if found is not None:
            return found
    return None


def _named(entry: Mapping[str, object], kinds: Collection[str]) -> Iterator[tuple[str, uuid.UUID]]:
    chain, _, subject = str(entry["chain"]).partition(":")
    for kind, value in ((str(entry["object_kind"]), str(entry["object_id"])), (chain, subject)):
        if kind in kinds:
            try:
                yield kind, uuid.UUID(value)
            except ValueError:
                continue
