"""A centre asks to be passed over for some hours, with a reason and an end.

It refuses nobody in an emergency (R-REF-01): routing passes it over for planned patients and counts
its places as full for the others, who may still be sent there.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from app.centres import store_said
from app.centres.errors import DiversionOpenError, ReportRefusedError
from app.centres.speaking import speaking_for
from app.centres.states import DIVERSION_REASONS, WHOLE
from app.centres.tables_said import Diversion
from app.errors import NotFoundError
from app.keys.words import put
from app.work import Work
from facilities.capacity import PlaceKind

__all__ = ["LONGEST", "declare_diversion", "lift_diversion", "list_diversions", "passed_over"]

LONGEST = timedelta(hours=24)
"""Whoever must ask for longer asks again: a diversion that everybody forgot ends by itself."""
LOOK_BACK = timedelta(days=30)


def declare_diversion(
    work: Work,
    facility_id: str,
    *,
    reason: str,
    until: datetime,
    kinds: Sequence[str] = (),
    from_at: datetime | None = None,
) -> tuple[Diversion, ...]:
    """Ask to be passed over, as a whole or for some kinds of place.

    Parameters
    ----------
    kinds
        Kinds of place; none is the whole facility.
    from_at
        When it begins; None is now.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be.
    DiversionOpenError
        One of these is open already.
    """
    spoken = speaking_for(work, facility_id)
    start = work.now if from_at is None else from_at
    faults = _faults(reason, kinds, start, until, work.now)
    if faults:
        raise ReportRefusedError(faults)
    lines = [
        Diversion(
            province=spoken.province,
            facility_id=facility_id,
            kind=kind,
            reason=reason,
            from_at=start,
            until_at=until,
            declared_at=work.now,
            by_org=work.actor.org_id,
        )
        for kind in (sorted(set(kinds)) or [WHOLE])
    ]
    for line in lines:
        put(work.session, line, by_name=work.actor.name)
        store_said.end_run_out(work.session, facility_id, line.kind, now=work.now)
        if store_said.open_diversion(work.session, facility_id, line.kind) is not None:
            raise DiversionOpenError(facility_id, line.kind)
    work.session.add_all(lines)
    work.session.flush()
    return tuple(lines)


def lift_diversion(work: Work, facility_id: str, diversion_id: uuid.UUID) -> None:
    """Take patients again before the time; lifting what has ended already changes nothing.

    Raises
    ------
    NotFoundError
        The facility never declared it.
    """
    speaking_for(work, facility_id)
    found = store_said.diversion(work.session, diversion_id)
    if found is None or found.facility_id != facility_id:
        raise NotFoundError("diversion", str(diversion_id))
    store_said.end_diversion(work.session, diversion_id, at=work.now)


def list_diversions(work: Work, facility_id: str) -> Sequence[Diversion]:
    """Return the diversions of the last 30 days and those to come, newest first."""
    start, end = work.now - LOOK_BACK, work.now + LONGEST + LOOK_BACK
    return store_said.diversions_between(work.session, facility_id, start, end)


def _faults(
    reason: str, kinds: Sequence[str], start: datetime, until: datetime, now: datetime
) -> tuple[str, ...]:
    checks = (
        (reason not in DIVERSION_REASONS, "unknown_reason"),
        (any(kind not in tuple(PlaceKind) for kind in kinds), "unknown_kind"),
        (until <= max(start, now), "over_already"),
        (until - start > LONGEST, "too_long"),
    )
    return tuple(code for wrong, code in checks if wrong)


def passed_over(session: Session, facility_id: str, kinds: Sequence[str], now: datetime) -> bool:
    """Return whether a centre asks to be passed over now, as a whole or for one of these kinds."""
    found = store_said.diversions_in_force(session, now, facility_id)
    return any(one.kind == WHOLE or one.kind in kinds for one in found)
