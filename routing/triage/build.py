"""From the text of a rule table's row to its value; every faulty cell of a row is noted."""

from collections.abc import Mapping
from dataclasses import dataclass

from facilities.capacity import PlaceKind
from facilities.centre import Grade, MaternalLevel, NeonatalLevel, WardLevel
from geodata.table import CellReader
from routing.triage.cells import Cells
from routing.triage.facts import Fact, FactType
from routing.triage.rows import (
    PURPLE,
    BirthHold,
    Colour,
    ColourRow,
    ComputedRow,
    EmergencyRow,
    FillMode,
    ManagementRow,
    Patient,
    RowInfo,
    ScoreRow,
    ScreeningRow,
    WardRow,
)

__all__ = [
    "Tables",
    "colour_row",
    "computed_row",
    "emergency_row",
    "fact",
    "management_row",
    "number",
    "row_group",
    "score_row",
    "screening_row",
    "ward_row",
]

CLOCKS = ("decision_to_refer", "diagnosis_to_delivery", "after_stabilisation", "booking")
ESCORTS = ("ESC-OB", "ESC-OB-CRIT", "ESC-NEO", "ESC-NEO-CRIT", "none", "none (planned)")
NEONATAL = (*NeonatalLevel.__members__, "by_GA", "by_GA_pref")
PLACES = (*(kind.value for kind in PlaceKind), "by_GA", "none")
SEVERITIES = {
    "mewc": ("trigger",),
    "meows": ("yellow", "red"),
    "trips": ("points",),
}
DUTIES = ("mandatory", "recommended")
MINUTES_MAX = 100_000.0
NUMBER_MAX = 1e6


@dataclass(frozen=True, slots=True)
class Tables:
    """What rows may refer to: facts, capability codes, and the rows themselves by id."""

    facts: Mapping[str, Fact]
    capabilities: frozenset[str]
    infos: Mapping[str, RowInfo]

    def cells(self, reader: CellReader) -> Cells:
        """Return a reader that knows these names."""
        return Cells(reader, self.facts, self.capabilities)


def fact(reader: CellReader) -> Fact:
    """Read one row of the data dictionary."""
    cells = Cells(reader, {}, frozenset())
    kind = cells.word("type", FactType)
    low = cells.limit("min", low=-NUMBER_MAX, high=NUMBER_MAX)
    high = cells.limit("max", low=-NUMBER_MAX, high=NUMBER_MAX)
    values = tuple(part for part in cells.text("values").split(";") if part)
    if kind in (FactType.INT, FactType.FLOAT):
        if low is None or high is None or low >= high:
            reader.fault("min", "no_range", "min < max, both given")
    elif kind is FactType.ENUM and (len(values) < 2 or len(set(values)) < len(values)):
        reader.fault("values", "no_values", "two or more values, each once")
    return Fact(
        name=cells.text("name", required=True),
        type=kind,
        unit=cells.text("unit"),
        minimum=low,
        maximum=high,
        values=values,
        group=cells.text("group", required=True),
        label_zh=cells.text("label_zh", required=True),
        label_en=cells.text("label_en", required=True),
        leading_for=tuple(part for part in cells.text("leading_for").split(";") if part),
    )


def colour_row(reader: CellReader, known: Tables) -> ColourRow:
    """Read one row of ``risk_conditions.csv``; only green has no condition."""
    cells = known.cells(reader)
    colour = cells.choice("colour", (*Colour, PURPLE))
    condition = cells.perhaps("machine_condition")
    if bool(cells.text("machine_condition")) == (colour == Colour.GREEN):
        reader.fault("machine_condition", "condition", "a condition, and none for green")
    rank = Colour(colour).rank if colour in tuple(Colour) else None
    names = condition.names() if condition else ()
    return ColourRow(known.infos[reader.row["id"]], colour, rank, condition, names)


def emergency_row(reader: CellReader, known: Tables) -> EmergencyRow:
    """Read one row of ``destination_requirements.csv``."""
    cells = known.cells(reader)
    patient = cells.word("patient", Patient)
    newborn = patient is Patient.NEONATE
    escort = cells.choice("escort", ESCORTS)
    return EmergencyRow(
        info=known.infos[reader.row["id"]],
        patient=patient,
        trigger=cells.condition("trigger_condition"),
        leading=cells.condition("leading_fact"),
        presume_as=cells.text("presume_as", required=True),
        required=cells.groups("required_capabilities"),
        preferred=cells.groups("preferred_capabilities"),
        min_maternal=0 if newborn else cells.level("min_maternal_level", MaternalLevel),
        neonatal=cells.choice("min_neonatal_level", NEONATAL, required=newborn),
        target_min=cells.limit("target_max_min", low=1, high=MINUTES_MAX),
        hard_max=cells.formula("hard_max_min"),
        clock=cells.choice("clock_start", CLOCKS, required=False),
        escort="none" if escort.startswith("none") else escort,
        first_action=cells.text("hold_or_first_action"),
        never_bypass=cells.flag("never_bypass"),
        birth_hold=cells.word("birth_hold", BirthHold),
        level_or=cells.level_or("level_or"),
        places=cells.words("places", PLACES),
    )


def score_row(reader: CellReader, known: Tables) -> ScoreRow:
    """Read one threshold of a score; the parameter is a fact."""
    cells = known.cells(reader)
    score = cells.choice("score", SEVERITIES)
    severity = cells.choice("severity", SEVERITIES.get(score, ()))
    points = cells.limit("points", low=0, high=65)
    if (points is None) == (severity == "points"):
        reader.fault("points", "points", "a number for a row of points only")
    return ScoreRow(
        info=known.infos[reader.row["rule"]],
        score=score,
        parameter=cells.choice("parameter", known.facts),
        severity=severity,
        points=int(points or 0),
        condition=cells.condition("condition"),
        unless=cells.perhaps("unless"),
    )


def screening_row(reader: CellReader, known: Tables) -> ScreeningRow:
    """Read one item of the screening form; without a condition no fact can express it yet."""
    cells = known.cells(reader)
    mandatory = cells.choice("duty", DUTIES) == DUTIES[0]
    return ScreeningRow(known.infos[reader.row["rule"]], cells.perhaps("condition"), mandatory)


def computed_row(reader: CellReader, known: Tables) -> ComputedRow:
    """Read one computed fact; only a bool fact can be filled by a condition."""
    cells = known.cells(reader)
    name = cells.choice("fact", known.facts)
    if name and known.facts[name].type is not FactType.BOOL:
        reader.fault("fact", "wrong_type", "a bool fact")
    return ComputedRow(
        info=known.infos[reader.row["rule"]],
        fact=name,
        when=cells.perhaps("when"),
        unless=cells.perhaps("unless"),
        value=cells.flag("value"),
        mode=cells.word("mode", FillMode),
    )


def ward_row(reader: CellReader, known: Tables) -> WardRow:
    """Read one ward of a birth by weeks and weight."""
    cells = known.cells(reader)
    wards = tuple(level.capability for level in WardLevel)
    return WardRow(
        info=known.infos[reader.row["rule"]],
        below_days=int(cells.number("below_days", low=1, high=400)),
        below_g=cells.number("below_g", low=1, high=10_000),
        ward=cells.choice("ward", wards),
        neonatal_level=cells.level("neonatal_level", NeonatalLevel),
    )


def management_row(reader: CellReader, known: Tables) -> ManagementRow:
    """Read where one label is cared for and delivered."""
    cells = known.cells(reader)
    lowest, wished = (
        int(cells.number(column, low=min(Grade), high=max(Grade)))
        for column in ("min_institution_grade", "preferred_institution_grade")
    )
    if wished < lowest:
        reader.fault("preferred_institution_grade", "out_of_range", "not below the minimum")
    return ManagementRow(
        info=known.infos[reader.row["rule"]],
        label=cells.choice("label", (*Colour, PURPLE)),
        min_grade=lowest,
        preferred_grade=wished,
        min_maternal=cells.level("min_maternal_level", MaternalLevel),
        case_file=cells.flag("case_file"),
    )


def number(reader: CellReader) -> tuple[str, float]:
    """Read one named number."""
    cells = Cells(reader, {}, frozenset())
    cells.text("unit", required=True)
    cells.text("meaning", required=True)
    return cells.text("name", required=True), cells.number(
        "value", low=-NUMBER_MAX, high=NUMBER_MAX
    )


def row_group(
    reader: CellReader, emergencies: Mapping[str, EmergencyRow]
) -> tuple[str, frozenset[str]]:
    """Read a named set of emergency rows."""
    cells = Cells(reader, {}, frozenset())
    return cells.text("group", required=True), frozenset(cells.words("rows", emergencies))
