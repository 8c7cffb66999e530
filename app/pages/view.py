"""An answer arranged for the page and for the printed sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.answer_words import (
    LAST,
    STOPS,
    URGENT,
    Record,
    alternative_words,
    causes,
    codes_of,
    cut,
    questions,
    records_of,
)
from app.pages.form import Entered
from app.remarks import remarks_of
from app.words import Words
from routing.triage.facts import Fact
from routing.triage.rows import RuleSet

__all__ = ["SHOWN_FIRST", "AnswerView", "answer_view"]

SHOWN_FIRST = 5
# What one A4 sheet holds; what is left out is said with its number.
SHEET_CENTRES = 2
SHEET_QUESTIONS = 10
SHEET_CODES = 8
SHEET_TOLD = 14
SHEET_OTHERWISE = 4
SHEET_ROWS = 4
SHEET_ROOMY = 1_200
ADDS_NOTHING = "adds_nothing"
FIRST_WIDE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way, in words."""

    kind: str
    words: str
    phone: str | None
    facility_id: str | None = None


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
    remarks: tuple[str, ...]
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
        lines = (*self.before, *self.remarks, *self.ask, *self.otherwise)
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
    remarks: tuple[str, ...]
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


def _excluded(words: Words, answer: Record) -> tuple[ExcludedGroup, ...]:
    groups: dict[str, list[ExcludedFacility]] = {}
    ways = records_of(answer, "alternatives")
    stops = {way["facility_id"] for way in ways if way["kind"] in STOPS}
    for entry in records_of(answer, "excluded"):
        reasons = records_of(entry, "reasons")
        code = str(reasons[0]["code"])
        details = [d for reason in reasons for d in codes_of(reason, "detail")]
        facility = entry["facility_id"]
        # One that is offered as a stop is not said to be of no help.
        no_end = facility in stops and code == ADDS_NOTHING
        said = [words.details(details)] if details else []
        said += [words.t("answer.may_stop")] if facility in stops and not no_end else []
        shown = ExcludedFacility(
            words.facility(facility), words.whereabouts(facility), words.listed(said)
        )
        why = words.t("answer.no_end_but_stop") if no_end else words.reason(code)
        groups.setdefault(why, []).append(shown)
    return tuple(ExcludedGroup(why, tuple(found)) for why, found in groups.items())


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
    for row in records_of(answer, "ranking")[:shown]:
        name = words.facility(row["facility_id"])
        guessed = [words.capability(code) for code in words.guessed(row)]
        places = [p for p in records_of(row, "places") if p["trust"] == "assumed"]
        guessed += [words.place(place) for place in places]
        if guessed:
            found.append(words.t("answer.assumed_at", name=name, what=words.listed(guessed)))
    return tuple(found)


def _questions_on_sheet(words: Words, assessment: Record, first: Record | None) -> list[str]:
    clear_up = [
        words.t("sheet.clear_up", what=words.fact(f)) for f in codes_of(assessment, "ask_next")
    ]
    return questions(words, first, SHEET_QUESTIONS - len(clear_up)) + clear_up


def _sheet(
    words: Words,
    answer: Record,
    lines: Sequence[Told],
    others: Sequence[Alternative],
    remarks: tuple[str, ...],
) -> Sheet:
    ranking = records_of(answer, "ranking")
    first = ranking[0] if ranking else None
    assessment = answer["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    late = first is None or first["within"] == "late" or first["role"] == "first_stop"
    kept = [o for o in others if o.kind not in URGENT and (late or o.kind == LAST)]
    if len(kept) > SHEET_OTHERWISE:
        kept = [*kept[: SHEET_OTHERWISE - 1], kept[-1]]
    return Sheet(
        rows=cut(causes(words, assessment), SHEET_ROWS, words),
        before=tuple(o.words for o in others if o.kind in URGENT),
        remarks=remarks,
        next=tuple(ranking[1 : 1 + SHEET_CENTRES]),
        ask=tuple(_questions_on_sheet(words, assessment, first)),
        otherwise=tuple(
            f"{o.words} ☎ {o.phone or words.t('sheet.phone_blank')}" if o.kind == LAST else o.words
            for o in kept
        ),
        lacks=cut([words.detail(c) for c in codes_of(first, "lacks")], SHEET_CODES, words)
        if first
        else "",
        assumed=cut([words.capability(c) for c in words.guessed(first)], SHEET_CODES, words)
        if first
        else "",
        told=cut([f"{line.label} {line.value}" for line in lines], SHEET_TOLD, words),
    )


def answer_view(
    words: Words,
    form: Entered,
    document: Record,
    answer: Record,
    rules: RuleSet,
    now: datetime,
    valid_minutes: int,
) -> AnswerView:
    """Arrange one recommendation (contract.md 2.2, as JSON) for page and sheet."""
    facts = rules.facts
    ranking = records_of(answer, "ranking")
    assessment = answer["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    alternatives = tuple(
        Alternative(
            str(entry["kind"]),
            alternative_words(words, entry),
            str(entry["phone"]) if entry["phone"] else None,
            str(entry["facility_id"]) if entry["facility_id"] else None,
        )
        for entry in records_of(answer, "alternatives")
    )
    lines = told(words, form, facts)
    stated = document["facts"]
    assert isinstance(stated, Mapping)  # noqa: S101  made by document_of
    remarks = remarks_of(rules, stated, assessment, words)
    sent_by = form.origin if not form.origin.isdigit() else ""
    place = words.county(form.county)
    actions = [words.code("first_actions", row) for row in codes_of(assessment, "first_actions")]
    return AnswerView(
        origin=f"{words.facility(sent_by)} ({place})" if sent_by else place,
        first=ranking[0] if ranking else None,
        actions=tuple(dict.fromkeys(actions)),
        remarks=remarks,
        alternatives=alternatives,
        urgent_alternatives=tuple(a for a in alternatives if a.kind in URGENT),
        excluded=_excluded(words, answer),
        assumed=_assumed(words, answer, SHOWN_FIRST),
        questions=tuple(facts[n] for n in codes_of(assessment, "ask_next") if n in facts),
        told=lines,
        decided_at=str(document["decided_at"]),
        made_at=words.t("units.moment", d=now.strftime("%Y-%m-%d"), t=now.strftime("%H:%M")),
        valid_until=(now + timedelta(minutes=valid_minutes)).strftime("%H:%M"),
        sheet=_sheet(words, answer, lines, alternatives, remarks),
    )
