"""Codes of the answers put into words, for tables, pages and print alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import LOCAL
from app.text import Catalogue

__all__ = ["NameBook", "Words"]

Pair = tuple[str, str]
Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NameBook:
    """Names out of the data tables, each as (zh, en)."""

    facilities: Mapping[str, Pair] = field(default_factory=dict)
    divisions: Mapping[str, Pair] = field(default_factory=dict)
    prefecture_of: Mapping[str, str] = field(default_factory=dict)
    county_of: Mapping[str, str] = field(default_factory=dict)
    capabilities: Mapping[str, Pair] = field(default_factory=dict)
    rules: Mapping[str, Pair] = field(default_factory=dict)
    facts: Mapping[str, Pair] = field(default_factory=dict)
    hubs: Mapping[str, Pair] = field(default_factory=dict)
    short: Mapping[str, Pair] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """A catalogue together with the names of the data tables."""

    texts: Catalogue
    book: NameBook

    def t(self, key: str, **values: object) -> str:
        """Return a phrase."""
        return self.texts.text(key, **values)

    def code(self, group: str, code: object) -> str:
        """Return the words for a code."""
        return self.texts.code(group, code)

    def _name(self, table: Mapping[str, Pair], key: object) -> str:
        zh, en = table.get(str(key), ("", ""))
        first, second = (zh, en) if self.texts.language == "zh" else (en, zh)
        return first or second or str(key)

    def facility(self, key: object) -> str:
        """Return the name of a facility or of a hub outside the province."""
        return self._name(
            self.book.hubs if str(key) in self.book.hubs else self.book.facilities, key
        )

    def division(self, key: object) -> str:
        """Return the name of a division; of a hub outside its city with the province."""
        return self._name(
            self.book.hubs if str(key) in self.book.hubs else self.book.divisions, key
        )

    def county(self, adcode: str) -> str:
        """Return a county with its prefecture: two of them share a name in English.

        A hub outside is its city with the province.
        """
        prefecture = self.book.prefecture_of.get(adcode)
        if not prefecture:
            return self.division(adcode)
        return self.t(
            "units.county_in", county=self.division(adcode), above=self.division(prefecture)
        )

    def whereabouts(self, facility_id: object) -> str:
        """Return county and prefecture of a facility, city and province of one outside."""
        adcode = self.book.county_of.get(str(facility_id))
        return self.county(adcode) if adcode else ""

    def near(self, facility_id: object) -> str:
        """Return where a facility is in few letters, the prefecture only where it must be said."""
        adcode = self.book.county_of.get(str(facility_id), "")
        if adcode in self.book.hubs or adcode not in self.book.short:
            return self.division(adcode)
        return self._name(self.book.short, adcode)

    def road(self, said: Record) -> str:
        """Return what is known of a road that is closed or slowed, and until when."""
        until = datetime.fromisoformat(str(said["until"])).astimezone(LOCAL)
        return self.t(
            f"roads.said_{said['state']}",
            one=self.division(said["one"]),
            other=self.division(said["other"]),
            n=said["longer_min"],
            why=self.code("roads.reasons", said["reason"]),
            by=said["by_org"] or self.t("units.unknown"),
            until=f"{until:%Y-%m-%d %H:%M}",
        )

    def rule(self, key: object) -> str:
        """Return the name of a rule row."""
        return self._name(self.book.rules, key)

    def presumed(self, row: Record) -> str:
        """Return a presumed row, or a stated one whose worse neighbour is not ruled out."""
        key = "answer.maybe_worse" if row["stated"] else "sheet.presumed"
        return self.t(key, name=self.rule(row["row"]))

    def fact(self, key: object) -> str:
        """Return the label of a fact."""
        return self._name(self.book.facts, key)

    def capability(self, code: object) -> str:
        """Return the label of a capability; ``A|B`` is any of them."""
        parts = [self._name(self.book.capabilities, part) for part in str(code).split("|")]
        return self.t("units.or").join(parts)

    def listed(self, items: Sequence[str]) -> str:
        """Join short words."""
        return self.t("units.comma").join(items)

    def span(self, minutes: object) -> str:
        """Return minutes as hours and minutes."""
        if not isinstance(minutes, int | float):
            return self.t("units.unknown_time")
        whole = round(minutes)
        if whole < 60:
            return self.t("units.min", n=whole)
        if whole < 24 * 60:
            return self.t("units.hour_min", h=whole // 60, m=f"{whole % 60:02d}")
        return self.t("units.days_hours", d=whole // 1440, h=whole % 1440 // 60)

    def band(self, minutes: Record) -> str:
        """Return the low and high estimate."""
        return self.t("units.band", low=self.span(minutes["low"]), high=self.span(minutes["high"]))

    def driver(self, transport: Record) -> str:
        """Return who drives."""
        return self.code("transport", transport["by"])

    def place(self, place: Record) -> str:
        """Return one place with free places, age and trust."""
        kind = self.code("places", place["kind"])
        free = place["free"]
        shown = self.t("units.unknown") if free is None else str(free)
        age = place["age_min"]
        if place["trust"] == "assumed" or age is None:
            return self.t("answer.place_assumed", kind=kind, free=shown)
        trust = self.code("trust", place["trust"])
        return self.t("answer.place", kind=kind, free=shown, age=self.span(age), trust=trust)

    def reason(self, code: object) -> str:
        """Return why a facility is not ranked."""
        return self.code("reasons", code)

    def detail(self, code: object) -> str:
        """Return a detail of a reason: a capability, a kind of place or a code of its own."""
        text = str(code)
        if text in self.book.capabilities or "|" in text:
            return self.capability(text)
        for group in ("places", "details", "levels"):
            if self.texts.has(f"{group}.{text}"):
                return self.code(group, text)
        return text

    def why(self, code: object) -> str:
        """Return why a destination stands where it stands; ``code:detail`` names a facility."""
        stem, _, rest = str(code).partition(":")
        if not rest:
            return self.code("why", stem)
        return self.t(f"why.{stem}", name=self.facility(rest))

    def colours(self, assessment: Record) -> tuple[str, ...]:
        """Return the colours to show; a green that is not complete is none (contract.md 2.1)."""
        shown = [] if _is_open(assessment) else [assessment["colour"]]
        shown += ["purple"] if assessment["purple"] else []
        return tuple(str(colour) for colour in shown if colour)

    def incomplete(self, assessment: Record) -> str:
        """Return what to say of an assessment that is incomplete."""
        return self.t("answer.colour_open" if _is_open(assessment) else "answer.incomplete")

    def level(self, maternal: object, neonatal: object) -> str:
        """Return both levels of a centre."""
        parts = [self.code("levels", level) for level in (maternal, neonatal) if level]
        return self.listed(parts) if parts else self.t("units.none")

    def codes(self, group: str, codes: Sequence[object]) -> str:
        """Return several codes of a group."""
        return self.listed([self.code(group, code) for code in codes])

    def details(self, codes: Sequence[object]) -> str:
        """Return several capabilities or kinds of place."""
        return self.listed([self.detail(code) for code in codes])

    def whys(self, codes: Sequence[object]) -> str:
        """Return several reasons for a rank."""
        return self.listed([self.why(code) for code in codes])

    def guessed(self, row: Record) -> list[str]:
        """Return the capabilities of a centre that nobody has confirmed."""
        trust = row["capability_trust"]
        assert isinstance(trust, Mapping)  # noqa: S101  contract.md 2.2
        return [str(code) for code, level in trust.items() if level == "assumed"]


def _is_open(assessment: Record) -> bool:
    """Whether nothing stated is more than green while something is still unknown."""
    return assessment["colour"] == "green" and bool(assessment["incomplete"])
