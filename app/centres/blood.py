"""What a county's blood store says it has, and how it gets to a hospital (R-BLOOD-01)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.centres import store_registry
from app.centres.errors import ReportRefusedError
from app.centres.reporting import AHEAD
from app.centres.speaking import speaking_for_division
from app.centres.states import BLOOD_GROUPS, COMPONENTS
from app.centres.tables_registry import BloodStock
from app.keys.words import put
from app.work import Work

__all__ = ["Units", "blood_of", "report_blood"]


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one component and group at a moment."""

    component: str
    blood_group: str
    units: int
    as_of: datetime


def report_blood(
    work: Work,
    county: str,
    lines: Sequence[Units],
    *,
    source: str,
    courier_phone: str | None = None,
    courier_min: int | None = None,
) -> tuple[BloodStock, ...]:
    """Keep what a store says, all lines or none.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be.
    """
    speaking_for_division(work, county)
    faults = dict.fromkeys(code for line in lines for code in _faults(line, work.now))
    if not lines:
        faults["nothing_said"] = None
    if not source.strip():
        faults["no_source"] = None
    if faults:
        raise ReportRefusedError(tuple(faults))
    stock = tuple(
        BloodStock(
            province=county[:2],
            county=county,
            component=line.component,
            blood_group=line.blood_group,
            units=line.units,
            as_of=line.as_of,
            received_at=work.now,
            courier_min=courier_min,
            by_org=work.actor.org_id,
        )
        for line in (replace(line, as_of=min(line.as_of, work.now)) for line in lines)
    )
    words = {"courier_phone": courier_phone, "source": source.strip()}
    for row in stock:
        put(work.session, row, **words, by_name=work.actor.name)
    work.session.add_all(stock)
    work.session.flush()
    return stock


def blood_of(work: Work, county: str) -> Sequence[BloodStock]:
    """Return the last word on each component and group; its age is for the reader to weigh."""
    return store_registry.latest_blood(work.session, county)


def _faults(line: Units, now: datetime) -> tuple[str, ...]:
    checks = (
        (line.component not in COMPONENTS, "unknown_component"),
        (line.blood_group not in BLOOD_GROUPS, "unknown_blood_group"),
        (line.units < 0, "out_of_range"),
        (line.as_of > now + AHEAD, "in_the_future"),
    )
    return tuple(code for wrong, code in checks if wrong)
