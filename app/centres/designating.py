"""Which centre is designated as what, since when and by which document (R-CENTRE-05)."""

from collections.abc import Sequence
from datetime import date

from app.centres import store_registry
from app.centres.errors import NotYoursError, ReportRefusedError
from app.centres.speaking import COMMISSIONS, speaking_for
from app.centres.states import LEVELS, CentreKind
from app.centres.tables_registry import Designation
from app.keys.words import put
from app.work import Work

__all__ = ["designate", "designations_of"]


def designate(
    work: Work,
    facility_id: str,
    kind: CentreKind,
    level: str | None,
    *,
    valid_from: date,
    document: str,
    valid_to: date | None = None,
) -> Designation:
    """Record a decision of the commission; ``level`` None ends the designation from that day.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be.
    NotYoursError
        The actor belongs to no health commission above the facility.
    """
    if work.actor.org_kind not in COMMISSIONS:
        raise NotYoursError(facility_id)
    spoken = speaking_for(work, facility_id)
    checks = (
        (level is not None and level not in LEVELS[kind], "unknown_level"),
        (valid_to is not None and valid_to < valid_from, "over_already"),
        (not document.strip(), "no_source"),
    )
    faults = tuple(code for wrong, code in checks if wrong)
    if faults:
        raise ReportRefusedError(faults)
    line = Designation(
        province=spoken.province,
        facility_id=facility_id,
        kind=kind.value,
        level=level,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
        recorded_at=work.now,
        by_org=work.actor.org_id,
    )
    put(work.session, line, document=document.strip(), by_name=work.actor.name)
    work.session.add(line)
    work.session.flush()
    return line


def designations_of(work: Work, facility_id: str) -> Sequence[Designation]:
    """Return the history of a facility, oldest first."""
    return store_registry.all_designations(work.session, facility_id)
