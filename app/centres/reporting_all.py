"""One call of a hospital on all its places: several figures, or "no change"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.centres import store
from app.centres.errors import ReportRefusedError
from app.centres.reporting import Counted, Reported, report_capacity
from app.centres.speaking import Spoken, speaking_for
from app.work import Work
from facilities.capacity import PlaceKind

__all__ = ["Line", "report_all"]


@dataclass(frozen=True, slots=True)
class Line:
    """Places of one kind; ``as_of`` None is now."""

    kind: str
    in_service: int
    free: int
    as_of: datetime | None = None


def report_all(
    work: Work,
    facility_id: str,
    lines: Sequence[Line] = (),
    *,
    no_change: bool = False,
    source: str = "",
) -> dict[str, Counted]:
    """Report several kinds in one transaction, all or none.

    Parameters
    ----------
    lines
        Each kind once; empty with ``no_change``.
    no_change
        The hospital has looked and finds as it is what the system shows it.
    source
        How it came: ``telephone``, ``page``, …; empty takes the name of the actor.

    Returns
    -------
    dict[str, Counted]
        What holds now, by kind; without those that "no change" leaves alone.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be; ``nothing_reported_yet`` where "no change" would turn
        figures that somebody assumed into a report of the hospital.

    Notes
    -----
    "No change" states again what the system counts in this transaction, not the figures of the last
    report. Since then the ledger may have promised or freed places: the screen that the hospital
    looked at shows those already, and the last figures would close a bed twice over or open one
    that is promised. A place promised between the look and the call is counted as promised. Kinds
    that were never reported are left alone, they stay assumed (R-TRUST-01); so are those where the
    hospital and the ledger contradict each other: that is settled by figures, not by a nod.
    """
    spoken = speaking_for(work, facility_id)
    faults = _faults(lines, no_change=no_change)
    if faults:
        raise ReportRefusedError(faults)
    # All locks first and in one order: two calls on the same hospital wait, and never in a circle.
    kinds = _reported(work, facility_id) if no_change else tuple(line.kind for line in lines)
    for kind in sorted(kinds):
        store.alone_with(work.session, facility_id, kind)
    if no_change:
        lines = _as_shown(work, facility_id, kinds)
    said = [
        Reported(
            facility_id=facility_id,
            kind=line.kind,
            in_service=line.in_service,
            free=line.free,
            as_of=line.as_of or work.now,
            source=source.strip() or work.actor.name,
        )
        for line in lines
    ]
    return {one.kind: _one(work, one, spoken) for one in sorted(said, key=lambda one: one.kind)}


def _one(work: Work, said: Reported, spoken: Spoken) -> Counted:
    return report_capacity(
        work.session,
        said,
        by_org=work.actor.org_id,
        owner_org=spoken.org_id,
        province=spoken.province,
        now=work.now,
    )


def _reported(work: Work, facility_id: str) -> tuple[str, ...]:
    """Return the kinds on which the hospital has ever reported."""
    found = tuple(
        kind.value
        for kind in PlaceKind
        if store.latest_report(work.session, facility_id, kind.value) is not None
    )
    clear = tuple(kind for kind in found if not store.open_items(work.session, facility_id, kind))
    if not clear:
        raise ReportRefusedError(("contradiction_open" if found else "nothing_reported_yet",))
    return clear


def _as_shown(work: Work, facility_id: str, kinds: Sequence[str]) -> list[Line]:
    """Return what the system counts now, with the places of these kinds locked."""
    lines = []
    for kind in sorted(kinds):
        places = store.places_locked(work.session, facility_id, kind)
        there = [place for place in places if place.in_service]
        free = sum(not place.blocked and place.reservation_id is None for place in there)
        lines.append(Line(kind, len(there), free))
    return lines


def _faults(lines: Sequence[Line], *, no_change: bool) -> tuple[str, ...]:
    kinds = [line.kind for line in lines]
    checks = (
        (no_change and bool(lines), "both_figures_and_no_change"),
        (not no_change and not lines, "nothing_said"),
        (any(kind not in tuple(PlaceKind) for kind in kinds), "unknown_kind"),
        (len(set(kinds)) < len(kinds), "kind_twice"),
    )
    return tuple(code for wrong, code in checks if wrong)
