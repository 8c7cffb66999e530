"""Sentences about an answer that page, sheet and command line share."""

from collections.abc import Iterator, Mapping, Sequence

from app.words import Words
from routing.answer import STOPS

__all__ = [
    "LAST",
    "STOPS",
    "URGENT",
    "Record",
    "alternative_words",
    "booked_words",
    "causes",
    "codes_of",
    "cut",
    "destination",
    "newborn_of",
    "place_question",
    "places_asked",
    "questions",
    "records_of",
]

URGENT = ("operate_here", "county_hospital_unconfirmed")
LAST = "call_coordinator"
LACKS = "lacks_preferred"
"""Of all that is said of a booked centre, what names capabilities and not hospitals."""

Record = Mapping[str, object]


def records_of(record: Record, key: str) -> list[Record]:
    """Return a list of objects of an answer."""
    found = record[key]
    assert isinstance(found, list)  # noqa: S101  contract.md 2
    return found


def codes_of(record: Record, key: str) -> list[str]:
    """Return a list of codes of an answer."""
    return [str(code) for code in records_of(record, key)]


def cut(items: Sequence[str], most: int, words: Words) -> str:
    """Join the first entries and say how many more there are."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(words.t("units.more", n=len(items) - most))
    return words.listed(shown)


def alternative_words(words: Words, alternative: Record) -> str:
    """Return one alternative as a sentence."""
    name = alternative["facility_id"] or ""
    start = alternative["from_facility_id"] or ""
    meet = alternative["meet_adcode"] or ""
    where = words.county(str(meet)) if meet else words.t("units.none")
    text = words.t(
        f"alternatives.{alternative['kind']}",
        # A team comes to a hospital, or where there is none to the county she is in.
        name=words.facility(name) if name else where,
        start=words.facility(start) if start else words.t("units.none"),
        meet=where,
        time=words.span(alternative["minutes"]),
    )
    note = alternative["note_code"]
    return f"{text} {words.code('notes', note)}" if note else text


def booked_words(words: Words, booked: Record | None) -> Iterator[str]:
    """Yield whether the booked centre is still the right one, and each thing to know of it."""
    if booked is None:
        return
    say = "booked.right" if booked["right"] else "booked.not_right"
    yield words.t(say, name=words.facility(booked["facility_id"]))
    for reason in records_of(booked, "because"):
        yield _booked_reason(words, reason)
    later = booked["later_min"]
    if isinstance(later, int | float) and later >= 1:
        yield words.t("booked.later", time=words.span(later))


def _booked_reason(words: Words, reason: Record) -> str:
    code, detail = str(reason["code"]), codes_of(reason, "detail")
    if words.texts.has(f"booked_reasons.{code}"):
        named = [words.facility(one) for one in detail]
        which = words.details(detail) if code == LACKS else words.listed(named)
        what = words.code("booked_reasons", code)
        return words.t("booked.because", what=what, which=which)
    if not detail:
        return words.reason(code)
    return words.t("booked.because", what=words.reason(code), which=words.details(detail))


def causes(words: Words, assessment: Record) -> list[str]:
    """Return why the answer is what it is: rows that fire, then rows that are presumed."""
    rows = [words.rule(row) for row in codes_of(assessment, "emergencies")]
    presumed = [row for row in records_of(assessment, "presumed") if not row["stated"]]
    return rows + [words.presumed(row) for row in presumed]


def newborn_of(row: Record) -> Record | None:
    """Return where the newborn of a destination goes on to; None where they stay together."""
    newborn = row["newborn"]
    assert newborn is None or isinstance(newborn, Mapping)  # noqa: S101  contract.md 2.2
    return newborn


def destination(words: Words, row: Record) -> str:
    """Return the name of a destination, of a pair with that of the newborn's."""
    name, newborn = words.facility(row["facility_id"]), newborn_of(row)
    if newborn is None:
        return name
    onward = words.t("why.newborn_to", name=words.facility(newborn["facility_id"]))
    return words.t("answer.apart", name=name, onward=onward)


def places_asked(words: Words, row: Record) -> Iterator[tuple[str, list[str]]]:
    """Yield each hospital that has to find places, by name, with the kinds to ask it for."""
    newborn, kinds = newborn_of(row), dict[str, list[str]]()
    for place in records_of(row, "places"):
        there = row if newborn is None or place["seat"] == "mother" else newborn
        kinds.setdefault(str(there["facility_id"]), []).append(words.code("places", place["kind"]))
    for facility_id, asked in kinds.items():
        yield words.facility(facility_id) if newborn else "", asked


def place_question(words: Words, name: str, kind: str) -> str:
    """Return the question for a free place, with the hospital that is asked where there are two."""
    question = words.t("sheet.ask_place", kind=kind)
    return words.t("sheet.ask_there", name=name, question=question) if name else question


def questions(words: Words, first: Record | None, most: int) -> list[str]:
    """Return what to ask of the first destination: its places, and what nobody has confirmed."""
    if first is None:
        return []
    asked = [
        place_question(words, name, kind)
        for name, kinds in places_asked(words, first)
        for kind in kinds
    ]
    asked += [
        words.t("sheet.ask_capability", what=words.capability(code))
        for code in words.guessed(first)
    ]
    if len(asked) > most:
        return [*asked[: most - 1], words.t("units.more", n=len(asked) - most + 1)]
    return asked
