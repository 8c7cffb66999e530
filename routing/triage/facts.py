"""The data dictionary: every fact with its type, unit, range and allowed values.

``rules/facts.csv`` is authoritative. A fact that is not stated is unknown, never normal. Weeks of
gestation are kept as days (R-DATA-06): a value stated as ``"34+3"`` or 34.43 is stored as 241.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

WEEKS_AND_DAYS = re.compile(r"^(\d{1,2})\+([0-6])$")
HAEMOGLOBIN_G_DL_MAX = 25
_HUGE = 1e15
_IN_DAYS = frozenset({"gestational_age_weeks", "neo_ga_weeks"})


class FactType(StrEnum):
    """How a fact is stated."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the data dictionary; ``minimum`` and ``maximum`` are in the unit as stated.

    ``in_days`` is stated in weeks and stored in days.
    """

    name: str
    type: FactType
    unit: str
    minimum: float | None
    maximum: float | None
    values: tuple[str, ...]
    group: str
    label_zh: str
    label_en: str
    leading_for: tuple[str, ...]
    in_days: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_days", self.name in _IN_DAYS)

    @property
    def expected(self) -> str:
        """What a value must look like, for a refusal."""
        if self.type is FactType.BOOL:
            return "true | false"
        if self.type is FactType.ENUM:
            return " | ".join(self.values)
        weeks = ' (34.43 or "34+3")' if self.in_days else ""
        return f"{self.minimum:g}..{self.maximum:g} {self.unit}{weeks}"

    def holds(self, stated: float) -> bool:
        """Tell whether a number as stated lies in the range."""
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        return low <= stated <= high

    def stored(self, value: float) -> float:
        """Return a number as it is kept: days for weeks, everything else unchanged."""
        return round(value * 7) if self.in_days else value

    def literal_problem(self, value: object) -> str | None:
        """Return what is wrong with a literal of a rule table, None when it fits."""
        match self.type:
            case FactType.BOOL:
                fits = isinstance(value, bool)
            case FactType.ENUM:
                fits = value in self.values
            case _:
                fits = isinstance(value, int | float) and not isinstance(value, bool)
                fits = fits and self.holds(float(str(value)))
        return None if fits else f"{self.name}: {self.expected}"


class FactValueError(ValueError):
    """A stated value does not fit its fact; ``code`` and ``expected`` go into the refusal."""

    def __init__(self, code: str, expected: str) -> None:
        self.code = code
        self.expected = expected
        super().__init__(f"{code}: expected {expected}")


def read_value(fact: Fact, value: object) -> bool | int | float | str:
    """Return a stated value as it is stored.

    Raises
    ------
    FactValueError
        Wrong type, not an allowed value, or out of range; a haemoglobin below 25 is asked back
        as g/dL (R-DATA-02).
    """
    match fact.type:
        case FactType.BOOL if isinstance(value, bool):
            return value
        case FactType.ENUM if isinstance(value, str) and value in fact.values:
            return value
        case FactType.ENUM if isinstance(value, str):
            raise FactValueError("unknown_value", fact.expected)
        case FactType.INT | FactType.FLOAT:
            return _read_number(fact, value)
    raise FactValueError("wrong_type", fact.expected)


def _read_number(fact: Fact, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _read_weeks(fact, value)
    if not -_HUGE < value < _HUGE:  # no finite number either; an integer may be too long for one
        raise FactValueError("out_of_range", fact.expected)
    if fact.type is FactType.INT and value != int(value):
        raise FactValueError("wrong_type", fact.expected)
    if fact.name == "hb_g_l" and value < HAEMOGLOBIN_G_DL_MAX:
        raise FactValueError("unit_g_dl", f"{fact.expected}; {value:g} g/dL = {value * 10:g} g/L?")
    return _in_range(fact, value, fact.stored(value) if fact.in_days else value)


def _read_weeks(fact: Fact, value: object) -> int | float:
    weeks = WEEKS_AND_DAYS.match(value) if fact.in_days and isinstance(value, str) else None
    if not weeks:
        raise FactValueError("wrong_type", fact.expected)
    days = int(weeks[1]) * 7 + int(weeks[2])
    return _in_range(fact, days / 7, days)


def _in_range(fact: Fact, stated: float, stored: float) -> int | float:
    if not fact.holds(stated):
        raise FactValueError("out_of_range", fact.expected)
    return int(stored) if fact.type is FactType.INT else stored


def by_name(facts: tuple[Fact, ...]) -> Mapping[str, Fact]:
    """Return the dictionary as a read-only mapping."""
    return MappingProxyType({fact.name: fact for fact in facts})
