"""The rows of the rule tables as values, each with source, scope, status and signature."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from routing.triage.booking_rows import BookingRows
from routing.triage.expression import Formula, Known, Node
from routing.triage.facts import Fact
from routing.triage.recent import Recent

if TYPE_CHECKING:
    from routing.triage.colour import ColourResult, LeftOpen, Weighed
    from routing.triage.completion import Completed

Groups = tuple[tuple[str, ...], ...]

_SEEN = frozenset({"read", "corroborated"})
_LOCAL = frozenset({"elsewhere", "international"})


class Patient(StrEnum):
    """Whose need an emergency row speaks of."""

    MATERNAL = "maternal"
    IN_UTERO = "in_utero"
    NEONATE = "neonate"


class BirthHold(StrEnum):
    """What imminent birth means for a row (R-HOLD-01, 01b, 01c)."""

    NONE = "none"
    ALLOW = "allow"
    WARN = "warn"
    NEVER = "never"


class Colour(StrEnum):
    """Base colours in rising order; purple stands beside them (R-COLOUR-001, 002)."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """Place in the order green < yellow < orange < red."""
        return tuple(Colour).index(self)


PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed which wording of a row (R-SIGN-01)."""

    rule: str
    content_hash: str
    signed_by: str
    role: str
    rule_set: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class RowInfo:
    """What every row carries beside its content; ``cells`` are that, as it stands in the table."""

    id: str
    table: str
    name_zh: str
    name_en: str
    status: str
    scope: str
    source: str
    content_hash: str
    in_use: bool
    signed_by: str | None = None
    signed_at: str | None = None
    signed_role: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def needs_signature(self) -> bool:
        """Tell whether the row counts as M or D (R-SIGN-01, R-SCOPE-01)."""
        seen = set(self.status.split("+")) <= _SEEN
        return not seen or self.scope in _LOCAL


@dataclass(frozen=True, slots=True)
class ColourRow:
    """One row of ``risk_conditions.csv``; ``colour`` is a base colour or ``purple``.

    ``rank`` is that of the colour, None for purple; ``names`` are the facts of the condition in
    reading order. Green has no condition.
    """

    info: RowInfo
    colour: str
    rank: int | None
    condition: Node | None
    names: tuple[str, ...]


class OpenColour(NamedTuple):
    """A colour row that is open, in the order in which it is named.

    ``below`` is its rank, the highest first; ``names`` would settle it.
    """

    below: int
    length: int
    place: int
    rule: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelAlternative:
    """An exception that satisfies the level of a row outright (R-LEVEL-01b)."""

    maternal: int
    neonatal: int
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """One row of ``destination_requirements.csv``."""

    info: RowInfo
    patient: Patient
    trigger: Node
    leading: Node
    presume_as: str
    required: Groups
    preferred: Groups
    min_maternal: int
    neonatal: str
    target_min: float | None
    hard_max: Formula | None
    clock: str
    escort: str
    first_action: str
    never_bypass: bool
    birth_hold: BirthHold
    level_or: tuple[LevelAlternative, ...]
    places: tuple[str, ...]

    @property
    def id(self) -> str:
        """The row identifier, E-M.. or E-N.."""
        return self.info.id

    @property
    def booking(self) -> bool:
        """A planned row: no emergency clock."""
        return self.clock == "booking"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One threshold of an early-warning or transport score.

    ``unless`` is an exception that counts only when it is known to apply.
    """

    info: RowInfo
    score: str
    parameter: str
    severity: str
    points: int
    condition: Node
    unless: Node | None = None


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """One item of the screening form; None where no fact of the dictionary expresses it.

    A place may leave a recommended item out, a mandatory one never (R-SCREEN-10).
    """

    info: RowInfo
    condition: Node | None
    mandatory: bool


class FillMode(StrEnum):
    """Whether a computed fact gives way to what was stated."""

    UNSTATED = "unstated"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """A bool fact that follows from others (R-DATA-08).

    It takes ``value`` where ``when`` is true (None is always) and ``unless`` is not; an
    exception must be known to count.
    """

    info: RowInfo
    fact: str
    when: Node | None
    unless: Node | None
    value: bool
    mode: FillMode


@dataclass(frozen=True, slots=True)
class WardRow:
    """Ward for a birth below a gestation or a weight (R-NEO-01..05)."""

    info: RowInfo
    below_days: int
    below_g: float
    ward: str
    neonatal_level: int


@dataclass(frozen=True, slots=True)
class ManagementRow:
    """Where a colour is cared for and delivered (R-MGMT)."""

    info: RowInfo
    label: str
    min_grade: int
    preferred_grade: int
    min_maternal: int
    case_file: bool


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All tables, checked against each other; ``version`` names them in every answer.

    ``completed``, ``coloured``, ``weighed`` and ``left_open`` are answers given lately on these
    tables.
    ``open_colours`` are the rows with a condition as they are named while nothing is known: red
    first, then those with the fewest facts.
    """

    version: str
    facts: Mapping[str, Fact]
    colours: tuple[ColourRow, ...]
    emergencies: Mapping[str, EmergencyRow]
    scores: tuple[ScoreRow, ...]
    screening: tuple[ScreeningRow, ...]
    computed: tuple[ComputedRow, ...]
    wards: tuple[WardRow, ...]
    management: Mapping[str, ManagementRow]
    numbers: Mapping[str, float]
    groups: Mapping[str, frozenset[str]]
    booking: BookingRows
    rows: tuple[RowInfo, ...]
    unsigned: int  # rows in use that need a signature and have none (R-SIGN-01)
    yunnan_profile: bool = True
    hbsag_carrier_is_purple: bool = False
    completed: "Recent[Completed]" = field(
        default_factory=Recent, init=False, repr=False, compare=False
    )
    coloured: "Recent[ColourResult]" = field(
        default_factory=Recent, init=False, repr=False, compare=False
    )
    weighed: "Recent[Weighed]" = field(
        default_factory=Recent, init=False, repr=False, compare=False
    )
    left_open: "Recent[LeftOpen]" = field(
        default_factory=Recent, init=False, repr=False, compare=False
    )
    open_colours: tuple[OpenColour, ...] = field(init=False, repr=False, compare=False)
    _colours_of: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _emergencies_of: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _emergencies: tuple[EmergencyRow, ...] = field(init=False, repr=False, compare=False)

    @property
    def profile(self) -> str:
        """``national`` or ``yunnan`` (R-CASE-02)."""
        return "yunnan" if self.yunnan_profile else "national"

    def __post_init__(self) -> None:
        rows = tuple(self.emergencies.values())
        names = [(*row.trigger.names(), *row.leading.names()) for row in rows]
        object.__setattr__(self, "_emergencies", rows)
        object.__setattr__(self, "_emergencies_of", _by_name(names))
        object.__setattr__(self, "_colours_of", _by_name([row.names for row in self.colours]))
        still_open = (
            OpenColour(-row.rank, len(row.names), place, row.info.id, row.names)
            for place, row in enumerate(self.colours)
            if row.rank is not None and row.condition is not None
        )
        object.__setattr__(self, "open_colours", tuple(sorted(still_open)))

    def emergencies_touched(self, known: Known) -> tuple[EmergencyRow, ...]:
        """Return the rows of which anything is known; all others are unknown, leading fact and all.

        In the order of the table.
        """
        touched = set().union(*(self._emergencies_of.get(name, ()) for name in known))
        return tuple(self._emergencies[n] for n in sorted(touched))

    def colours_touched(self, known: Known) -> Set[int]:
        """Return the places of the colour rows of which anything is known."""
        return set().union(*(self._colours_of.get(name, ()) for name in known))


def _by_name(names: Iterable[Iterable[str]]) -> Mapping[str, tuple[int, ...]]:
    """Return for each name the places of the rows that ask for it."""
    found: dict[str, dict[int, None]] = {}
    for place, of_row in enumerate(names):
        for name in of_row:
            found.setdefault(name, {})[place] = None
    return {name: tuple(places) for name, places in found.items()}
