"""What a centre can do, or cannot, for some hours: "no anaesthetist tonight"."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.centres import store_said
from app.centres.errors import ReportRefusedError
from app.centres.speaking import speaking_for
from app.centres.tables_said import CapabilityNote
from app.keys.words import put
from app.work import Work
from facilities.capability import load_capabilities

__all__ = ["LONGEST", "note_capability", "notes_now"]

LONGEST = timedelta(days=7)
"""What lasts longer belongs into the registry, where the commission confirms it."""


def note_capability(
    work: Work,
    facility_id: str,
    capability: str,
    *,
    available: bool,
    until: datetime,
    said_by: str,
    from_at: datetime | None = None,
) -> CapabilityNote:
    """Note that a capability is or is not there until a time; the latest note counts.

    Parameters
    ----------
    said_by
        Who said so: a member of staff.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be.
    """
    spoken = speaking_for(work, facility_id)
    start = work.now if from_at is None else from_at
    checks = (
        (capability not in load_capabilities(), "unknown_capability"),
        (until <= max(start, work.now), "over_already"),
        (until - start > LONGEST, "too_long"),
        (not said_by.strip(), "no_source"),
    )
    faults = tuple(code for wrong, code in checks if wrong)
    if faults:
        raise ReportRefusedError(faults)
    note = CapabilityNote(
        province=spoken.province,
        facility_id=facility_id,
        capability=capability,
        available=available,
        from_at=start,
        until_at=until,
        declared_at=work.now,
        by_org=work.actor.org_id,
    )
    put(work.session, note, said_by=said_by.strip(), by_name=work.actor.name)
    work.session.add(note)
    work.session.flush()
    return note


def notes_now(work: Work, facility_id: str) -> Sequence[CapabilityNote]:
    """Return what was said for this moment, for each capability the last word."""
    found = store_said.notes_in_force(work.session, work.now, facility_id)
    return tuple({note.capability: note for note in found}.values())
