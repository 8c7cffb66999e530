"""One JSON object of a request, its fields read with their types, every fault with its path."""

import math
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from geodata.check import Fault

__all__ = ["Part", "shown"]

LONGEST_SHOWN = 80
LONGEST_TEXT = 200
# A clock outside these is broken, and arithmetic with it could overflow.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MOMENT = "RFC 3339, e.g. 2026-01-14T02:55:00+08:00"


def shown(value: object) -> str:
    """Return a value as a refusal shows it: short, and containers by their kind only."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "{...}"
        case list():
            return "[...]"
        case int() if abs(value) > 10**18:
            return "10^18..."
    return str(value)[:LONGEST_SHOWN]


@dataclass(frozen=True, slots=True)
class Part:
    """An object of the request, where it stands, and the one list that collects the faults."""

    fields: dict[str, object]
    where: str
    path: str
    faults: list[Fault]

    def at(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def fault(self, name: str, code: str, expected: str, value: object = ...) -> None:
        """Note a fault of a field; the value is that of the field unless given."""
        found = self.fields.get(name) if value is ... else value
        text = "" if code == "missing" else shown(found)
        self.faults.append(Fault(self.where, None, self.at(name), text, code, expected))

    def only(self, allowed: Collection[str]) -> None:
        """Refuse every field that is not allowed here."""
        expected = " | ".join(allowed)
        for name in self.fields:
            if name not in allowed:
                self.fault(shown(name), "unknown_field", expected, name)

    def has(self, name: str) -> bool:
        """Whether the field is given and not null."""
        return self.fields.get(name) is not None

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Return a text that is not empty."""
        value = self.fields.get(name)
        if value is None:
            if required:
                self.fault(name, "missing", "text")
            return None
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
            self.fault(name, "wrong_type", f"text of 1..{LONGEST_TEXT} characters")
            return None
        return value

    def choice(
        self, name: str, allowed: Iterable[str], *, code: str, required: bool = False
    ) -> str | None:
        """Return one of the allowed words."""
        words = tuple(allowed)
        value = self.text(name, required=required)
        if value is None or value in words:
            return value
        self.fault(name, code, " | ".join(words))
        return None

    def known(
        self, name: str, known: Container[str], *, code: str, expected: str, required: bool = False
    ) -> str | None:
        """Return a code that exists, where there are too many to list them."""
        value = self.text(name, required=required)
        if value is None or value in known:
            return value
        self.fault(name, code, expected)
        return None

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.fault(name, "wrong_type", "true | false")
        return None

    def number(self, name: str, *, low: float, high: float, required: bool = False) -> float | None:
        """Return a finite number within low..high."""
        value = self.fields.get(name)
        expected = f"{low:g}..{high:g}"
        if value is None:
            if required:
                self.fault(name, "missing", expected)
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(name, "wrong_type", expected)
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.fault(name, "not_a_number", expected)
            return None
        if not low <= value <= high:
            self.fault(name, "out_of_range", expected)
            return None
        return float(value)

    def whole(self, name: str, *, low: int, high: int, required: bool = False) -> int | None:
        """Return a whole number within low..high."""
        value = self.number(name, low=low, high=high, required=required)
        if value is None:
            return None
        if value != int(value):
            self.fault(name, "wrong_type", f"{low}..{high}")
            return None
        return int(value)

    def moment(self, name: str, *, required: bool = False) -> datetime | None:
        """Return an aware time; one without offset is refused, for nobody knows when it was."""
        if required and not self.has(name):
            self.fault(name, "missing", MOMENT)
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fault(name, "wrong_type", MOMENT)
            return None
        if moment.tzinfo is None:
            self.fault(name, "no_offset", MOMENT)
            return None
        if not EARLIEST <= moment <= LATEST:
            self.fault(name, "out_of_range", f"{EARLIEST.year}..{LATEST.year}")
            return None
        return moment

    def part(self, name: str, *, required: bool = False) -> "Part | None":
        """Return an object within this one."""
        value = self.fields.get(name)
        if value is None:
            if required:
                self.fault(name, "missing", "{...}")
            return None
        if not isinstance(value, dict):
            self.fault(name, "wrong_type", "{...}")
            return None
        return Part(value, self.where, self.at(name), self.faults)

    def items(self, name: str, *, required: bool = False) -> list[object]:
        """Return the entries of a list, none where there is no list."""
        value = self.fields.get(name)
        if value is None:
            if required:
                self.fault(name, "missing", "[...]")
            return []
        if not isinstance(value, list):
            self.fault(name, "wrong_type", "[...]")
            return []
        return value

    def parts(self, name: str) -> list["Part"]:
        """Return the objects of a list; an entry that is none is a fault."""
        found = []
        for position, entry in enumerate(self.items(name)):
            if isinstance(entry, dict):
                path = self.at(f"{name}[{position}]")
                found.append(Part(entry, self.where, path, self.faults))
            else:
                self.fault(f"{name}[{position}]", "wrong_type", "{...}", entry)
        return found

    def codes(
        self, name: str, known: Container[str], *, code: str, expected: str
    ) -> tuple[str, ...] | None:
        """Return a list of codes that exist, None where it is not given."""
        if not self.has(name):
            return None
        found = []
        for position, entry in enumerate(self.items(name)):
            if isinstance(entry, str) and entry in known:
                found.append(entry)
            else:
                fault = code if isinstance(entry, str) else "wrong_type"
                self.fault(f"{name}[{position}]", fault, expected, entry)
        return tuple(dict.fromkeys(found))
