"""From the text of a row of booking to its value; every faulty cell is noted."""

from collections.abc import Mapping, Sequence

from geodata.table import CellReader
from routing.triage.booking_rows import PLANS, BirthPlanRow, BirthWeeksRow, LodgingRow
from routing.triage.cells import Cells
from routing.triage.facts import Fact
from routing.triage.rows import Colour

__all__ = ["birth_plan_row", "birth_weeks_row", "lodging_row"]

WEEKS = (24, 43)
DAYS = (168, 294)
WHOLE = 1e-9


def birth_plan_row(reader: CellReader, facts: Mapping[str, Fact]) -> BirthPlanRow:
    """Read one plan of birth."""
    cells = Cells(reader, facts, frozenset())
    return BirthPlanRow(
        rule=cells.text("rule", required=True),
        plan=cells.choice("plan", PLANS),
        when=cells.perhaps("when"),
        caesarean=cells.flag("caesarean"),
    )


def birth_weeks_row(reader: CellReader, facts: Mapping[str, Fact]) -> BirthWeeksRow:
    """Read the weeks of birth of one plan and colour: ``28:0.010;…;40:0.300``."""
    cells = Cells(reader, facts, frozenset())
    return BirthWeeksRow(
        rule=cells.text("rule", required=True),
        plan=cells.choice("plan", PLANS),
        colour=cells.choice("colour", tuple(Colour)),
        shares=_shares(reader, cells.text("shares", required=True).split(";")),
    )


def _shares(reader: CellReader, parts: Sequence[str]) -> Mapping[int, float]:
    """Return week and share; anything that does not add up is a fault of the cell."""
    low, high = WEEKS
    found: dict[int, float] = {}
    for part in parts:
        week, _, share = part.partition(":")
        try:
            found[int(week)] = float(share)
        except ValueError:
            reader.fault("shares", "grammar", "WEEK:SHARE;WEEK:SHARE")
            return {}
    positive = all(share > 0 for share in found.values())
    if abs(sum(found.values()) - 1) > WHOLE or not positive or len(found) < len(parts):
        reader.fault("shares", "out_of_range", "0..1")
    if not all(low <= week <= high for week in found):
        reader.fault("shares", "out_of_range", f"{low}..{high}")
    return found


def lodging_row(reader: CellReader, facts: Mapping[str, Fact]) -> LodgingRow:
    """Read who is lodged near her centre before labour."""
    cells = Cells(reader, facts, frozenset())
    return LodgingRow(
        rule=cells.text("rule", required=True),
        when=cells.perhaps("when"),
        min_colour=cells.choice("min_colour", tuple(Colour), required=False) or None,
        over_min=cells.number("over_min", low=0, high=10_000),
        come_by_days=int(cells.number("come_by_days", low=DAYS[0], high=DAYS[1])),
        required=cells.flag("required"),
    )
