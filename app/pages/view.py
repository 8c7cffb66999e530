"""An answer arranged for the page and for the printed sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.pages.form import Entered
from app.words import Words
from routing.triage.facts import Fact

__all__ = ["SHOWN_FIRST", "AnswerView", "alternative_words", "answer_view"]

SHOWN_FIRST = 5
# What one A4 sheet holds; what is left out is said with its number.
SHEET_CENTRES = 2
SHEET_QUESTIONS = 10
SHEET_CODES = 8
SHEET_TOLD = 14
SHEET_OTHERWISE = 4
SHEET_ROWS = 4
SHEET_ROOMY = 1_200
FIRST_WIDE = "\u2e80"
URGENT = ("operate_here", "county_hospital_unconfirmed")
LAST = "call_coordinator"

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way, in words."""

    kind: str
    words: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class ExcludedFacility:
    """A facility that is not ranked."""

    name: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class ExcludedGroup:
    """Facilities left out for the same reason."""

    words: str
    facilities: tuple[ExcludedFacility, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as it was entered."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes on paper, cut to one page."""

    rows: str
    before: tuple[str, ...]
    next: tuple[Record, ...]
    ask: tuple[str, ...]
    otherwise: tuple[str, ...]
    lacks: str
    assumed: str
    told: str

    @property
    def dense(self) -> bool:
        """Whether there is so much to print that it takes smaller letters."""
        texts = (self.rows, self.lacks, self.assumed, self.told)
        lines = (*self.before, *self.ask, *self.otherwise)
        return sum(map(_cells, (*texts, *lines))) > SHEET_ROOMY


def _cells(text: str) -> int:
    """Return the width of a text, a Chinese character being as wide as two letters."""
    return sum(2 if character > FIRST_WIDE else 1 for character in text)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything the two templates show beside the answer itself."""

    origin: str
    first: Record | None
    actions: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    urgent_alternatives: tuple[Alternative, ...]
    excluded: tuple[ExcludedGroup, ...]
    assumed: tuple[str, ...]
    questions: tuple[Fact, ...]
    told: tuple[Told, ...]
    decided_at: str
    made_at: str
    valid_until: str
    sheet: Sheet


def _records(record: Record, key: str) -> list[Record]:
    found = record[key]
    assert isinstance(found, list)  # noqa: S101  contract.md 2.2
    return found


def _codes(record: Record, key: str) -> list[str]:
    return [str(code) for code in _records(record, key)]


def alternative_words(words: Words, alternative: Record) -> str:
    """Return one alternative as a sentence."""
    name = alternative["facility_id"] or ""
    start = alternative["from_facility_id"] or ""
    meet = alternative["meet_adcode"] or ""
    text = words.t(
        f"alternatives.{alternative['kind']}",
        name=words.facility(name) if name else words.t("units.none"),
        start=words.facility(start) if start else words.t("units.none"),
        meet=words.county(str(meet)) if meet else words.t("units.none"),
        time=words.span(alternative["minutes"]),
    )
    note = alternative["note_code"]
    return f"{text} {words.code('notes', note)}" if note else text


def _cut(items: Sequence[str], most: int, words: Words, joiner: str | None = None) -> str:
    """Join the first entries and say how many more there are."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(words.t("units.more", n=len(items) - most))
    return words.listed(shown) if joiner is None else joiner.join(shown)


def _excluded(words: Words, answer: Record) -> tuple[ExcludedGroup, ...]:
    groups: dict[str, list[ExcludedFacility]] = {}
    for entry in _records(answer, "excluded"):
        reasons = _records(entry, "reasons")
        code = str(reasons[0]["code"])
        details = [d for reason in reasons for d in _codes(reason, "detail")]
        facility = entry["facility_id"]
        shown = ExcludedFacility(
            words.facility(facility), words.whereabouts(facility), words.details(details)
        )
        groups.setdefault(code, []).append(shown)
    return tuple(ExcludedGroup(words.reason(c), tuple(f)) for c, f in groups.items())


def told(words: Words, form: Entered, facts: Mapping[str, Fact]) -> tuple[Told, ...]:
    """Return the entered facts with labels and units."""
    lines = []
    for name, text in form.facts.items():
        fact = facts.get(name)
        if fact is None:
            continue
        value = words.code("tri", text) if text in ("yes", "no") else text
        value = words.code(f"values.{name}", value) if fact.values else value
        unit = words.code("fact_units", fact.unit) if fact.unit and not fact.values else ""
        lines.append(Told(words.texts.named(fact), f"{value} {unit}".strip()))
    return tuple(lines)


def _assumed(words: Words, answer: Record, shown: int) -> tuple[str, ...]:
    found = []
    for row in _records(answer, "ranking")[:shown]:
        name = words.facility(row["facility_id"])
        guessed = [words.capability(code) for code in words.guessed(row)]
        places = [p for p in _records(row, "places") if p["trust"] == "assumed"]
        guessed += [words.place(place) for place in places]
        if guessed:
            found.append(words.t("answer.assumed_at", name=name, what=words.listed(guessed)))
    return tuple(found)


def _questions_on_sheet(words: Words, answer: Record, first: Record | None) -> list[str]:
    asked = []
    if first:
        asked = [
            words.t("sheet.ask_place", kind=words.code("places", place["kind"]))
            for place in _records(first, "places")
        ]
        asked += [
            words.t("sheet.ask_capability", what=words.capability(code))
            for code in words.guessed(first)
        ]
    assessment = answer["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    clear_up = [
        words.t("sheet.clear_up", what=words.fact(f)) for f in _codes(assessment, "ask_next")
    ]
    room = SHEET_QUESTIONS - len(clear_up)
    if len(asked) > room:
        asked = [*asked[: room - 1], words.t("units.more", n=len(asked) - room + 1)]
    return asked + clear_up


def _sheet(
    words: Words, answer: Record, lines: Sequence[Told], others: Sequence[Alternative]
) -> Sheet:
    ranking = _records(answer, "ranking")
    first = ranking[0] if ranking else None
    assessment = answer["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    rows = [words.rule(row) for row in _codes(assessment, "emergencies")]
    rows += [words.presumed(row) for row in _records(assessment, "presumed") if not row["stated"]]
    late = first is None or first["within"] == "late" or first["role"] == "first_stop"
    kept = [o for o in others if o.kind not in URGENT and (late or o.kind == LAST)]
    if len(kept) > SHEET_OTHERWISE:
        kept = [*kept[: SHEET_OTHERWISE - 1], kept[-1]]
    return Sheet(
        rows=_cut(rows, SHEET_ROWS, words),
        before=tuple(o.words for o in others if o.kind in URGENT),
        next=tuple(ranking[1 : 1 + SHEET_CENTRES]),
        ask=tuple(_questions_on_sheet(words, answer, first)),
        otherwise=tuple(
            f"{o.words} ☎ {o.phone or words.t('sheet.phone_blank')}" if o.kind == LAST else o.words
            for o in kept
        ),
        lacks=_cut([words.detail(c) for c in _codes(first, "lacks")], SHEET_CODES, words)
        if first
        else "",
        assumed=_cut([words.capability(c) for c in words.guessed(first)], SHEET_CODES, words)
        if first
        else "",
        told=_cut([f"{line.label} {line.value}" for line in lines], SHEET_TOLD, words),
    )


def answer_view(
    words: Words,
    form: Entered,
    document: Record,
    answer: Record,
    facts: Mapping[str, Fact],
    now: datetime,
    valid_minutes: int,
) -> AnswerView:
    """Arrange one recommendation (contract.md 2.2, as JSON) for page and sheet."""
    ranking = _records(answer, "ranking")
    assessment = answer["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    alternatives = tuple(
        Alternative(
            str(entry["kind"]),
            alternative_words(words, entry),
            str(entry["phone"]) if entry["phone"] else None,
        )
        for entry in _records(answer, "alternatives")
    )
    lines = told(words, form, facts)
    sent_by = form.origin if not form.origin.isdigit() else ""
    place = words.county(form.county)
    actions = [words.code("first_actions", row) for row in _codes(assessment, "first_actions")]
    return AnswerView(
        origin=f"{words.facility(sent_by)} ({place})" if sent_by else place,
        first=ranking[0] if ranking else None,
        actions=tuple(dict.fromkeys(actions)),
        alternatives=alternatives,
        urgent_alternatives=tuple(a for a in alternatives if a.kind in URGENT),
        excluded=_excluded(words, answer),
        assumed=_assumed(words, answer, SHOWN_FIRST),
        questions=tuple(facts[n] for n in _codes(assessment, "ask_next") if n in facts),
        told=lines,
        decided_at=str(document["decided_at"]),
        made_at=words.t("units.moment", d=now.strftime("%Y-%m-%d"), t=now.strftime("%H:%M")),
        valid_until=(now + timedelta(minutes=valid_minutes)).strftime("%H:%M"),
        sheet=_sheet(words, answer, lines, alternatives),
    )
