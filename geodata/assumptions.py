"""What the estimate of travel times assumes, as tables with a status in every row."""

from dataclasses import dataclass

from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import CellReader, Table

CLASSES = (
    "expressway",
    "mountain",
    "ordinary",
    "doubtful",
    "same_county_or_touching",
    "inside_county",
    "access",
    "stated_minutes",
    "hub",
)
NUMBERS = (
    "graph_ratio_max",
    "ratio_penalty_min_crow",
    "ratio_penalty",
    "steep_climb",
    "steep_penalty",
    "mountain_relief",
    "inside_county_share",
)


@dataclass(frozen=True, slots=True)
class SpeedClass:
    """One row of ``speed_assumptions.csv``; what a row leaves empty is 0 for speed, else 1.

    ``local_s`` is low, expected and high in seconds where a class is a fixed time, else
    zeros.
    """

    name: str
    straight_line_factor: float
    kph: float
    low: float
    expected: float
    high: float
    night: float
    rain: float
    local_s: tuple[int, int, int]

    def slower(self, *, night: bool, rain: bool) -> float:
        """Return by how much darkness and rain lengthen a time of this class."""
        return (self.night if night else 1.0) * (self.rain if rain else 1.0)

    def seconds(self, distance_m: float) -> float:
        """Return the time for a distance by day in dry weather, before the band."""
        return distance_m * 3.6 / self.kph


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All stated assumptions of the estimate; ``docs/data.md`` gives their origin."""

    classes: dict[str, SpeedClass]
    numbers: dict[str, float]

    def of(self, name: str) -> SpeedClass:
        """Return a class of :data:`CLASSES`."""
        return self.classes[name]

    def number(self, name: str) -> float:
        """Return a number of :data:`NUMBERS`."""
        return self.numbers[name]


def parse_assumptions(speeds: Table, numbers: Table) -> Assumptions:
    """Read both tables of assumptions.

    Raises
    ------
    RefusedInputError
        A class or number is missing, unknown or given twice, or a figure is out of range.
    """
    faults: list[Fault] = []
    classes: dict[str, SpeedClass] = {}
    for row in speeds.rows:
        cells = CellReader(speeds.name, row, faults)
        name = cells.choice("class", CLASSES, required=True)
        if name in classes:
            cells.fault("class", "duplicate", "once")
        speed_class = _speed_class(cells)
        if name is not None:
            classes[name] = speed_class
    values: dict[str, float] = {}
    for row in numbers.rows:
        cells = CellReader(numbers.name, row, faults)
        name = cells.choice("name", NUMBERS, required=True)
        value = cells.number("value", low=0.01, high=100_000, required=True)
        if name in values:
            cells.fault("name", "duplicate", "once")
        if name is not None and value is not None:
            values[name] = value
    faults += _missing(speeds.name, "class", CLASSES, classes.keys() | set())
    faults += _missing(numbers.name, "name", NUMBERS, values.keys() | set())
    if faults:
        raise RefusedInputError("assumptions", faults)
    return Assumptions(classes, values)


def _missing(name: str, column: str, wanted: tuple[str, ...], found: set[str]) -> list[Fault]:
    return [
        Fault(name, None, column, "", "missing_row", item) for item in wanted if item not in found
    ]


def _speed_class(cells: CellReader) -> SpeedClass:
    """Read one row; an empty factor changes nothing."""
    low = _factor(cells, "low_factor", low=0, high=1)
    expected = _factor(cells, "expected_factor", low=0, high=10)
    high = _factor(cells, "high_factor", low=0.1, high=10)
    if not low <= expected <= high:
        cells.fault("expected_factor", "band_not_ordered", "low <= expected <= high")
    minutes = [cells.number(f"{part}_min", low=0, high=240) for part in ("low", "expected", "high")]
    local_s = [round(60 * (value or 0)) for value in minutes]
    if local_s != sorted(local_s):
        cells.fault("expected_min", "band_not_ordered", "low <= expected <= high")
    return SpeedClass(
        name=cells.row["class"],
        straight_line_factor=_factor(cells, "straight_line_factor", low=1, high=5),
        kph=cells.number("speed_kph", low=5, high=130) or 0.0,
        low=low,
        expected=expected,
        high=high,
        night=_factor(cells, "night_factor", low=1, high=5),
        rain=_factor(cells, "rain_factor", low=1, high=5),
        local_s=(local_s[0], local_s[1], local_s[2]),
    )


def _factor(cells: CellReader, column: str, *, low: float, high: float) -> float:
    value = cells.number(column, low=low, high=high)
    return 1.0 if value is None else value
