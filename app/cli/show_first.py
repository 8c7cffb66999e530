"""The first destination as it is read out: where, how long, whom to ring, why, what to ask."""

from collections.abc import Iterator, Mapping

from app.answer_words import (
    URGENT,
    Record,
    alternative_words,
    codes_of,
    newborn_of,
    place_question,
    places_asked,
    records_of,
)
from app.cli.show_assessment import DOT, INDENT
from app.words import Words

__all__ = ["asked_lines", "destination_lines", "urgent_lines"]


def destination_lines(first: Record | None, words: Words) -> Iterator[str]:
    """Yield destination, time, telephone and why it is that one."""
    if first is None:
        yield words.t("answer.nobody")
        return
    transport, minutes = first["transport"], first["minutes"]
    assert isinstance(transport, Mapping)  # noqa: S101  contract.md 2.2
    assert isinstance(minutes, Mapping)  # noqa: S101  as above
    name = words.facility(first["facility_id"])
    yield f"{words.t('sheet.to')} {name} ({words.whereabouts(first['facility_id'])})"
    phone = first["phone"] or words.t("answer.no_phone")
    time = f"{words.span(minutes['expected'])} ({words.band(minutes)})"
    yield INDENT + DOT.join((time, f"☎ {phone}", *_flags(first, words)))
    newborn = newborn_of(first)
    if newborn is not None:
        onward = words.t("why.newborn_to", name=words.facility(newborn["facility_id"]))
        there = words.whereabouts(newborn["facility_id"])
        yield f"{INDENT}{onward} ({there}){DOT}☎ {newborn['phone'] or words.t('answer.no_phone')}"
    care = words.t("answer.care_after", time=words.span(first["time_to_care_min"]))
    ready = words.t("answer.ready", time=words.span(transport["ready_min"]))
    yield INDENT + DOT.join((words.driver(transport), ready, care))
    if transport["escort_short"]:
        short = words.codes("escorts", codes_of(transport, "escort_short"))
        yield INDENT + words.t("answer.escort_short", escorts=short)
    if first["why"]:
        yield INDENT + words.t("answer.why", what=words.whys(codes_of(first, "why")))
    if first["lacks"]:
        yield INDENT + words.t("answer.lacks", what=words.details(codes_of(first, "lacks")))
    places = [words.place(place) for place in records_of(first, "places")]
    if places:
        yield f"{INDENT}{words.t('cli.places')}: {words.listed(places)}"


def _flags(first: Record, words: Words) -> Iterator[str]:
    if first["role"] == "first_stop":
        yield words.t("answer.first_stop")
    if first["within"]:
        yield words.code("within", first["within"])
    if first["may_be_late"] and first["within"] != "late":
        yield words.t("answer.may_be_late")
    if first["over_capacity"]:
        yield words.t("answer.over_capacity")
    if first["phone_first"]:
        yield words.t("answer.phone_first")


def urgent_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield what is to be asked before she leaves: whether she has to leave at all."""
    for other in records_of(found, "alternatives"):
        if other["kind"] in URGENT:
            phone = f" ☎ {other['phone']}" if other["phone"] else ""
            text = alternative_words(words, other)
            yield f"{words.t('answer.before_leaving')}: {text}{phone}"


def _questions(first: Record, words: Words) -> Iterator[str]:
    """Yield one question about places and one about what nobody has confirmed."""
    for name, kinds in places_asked(words, first):
        yield place_question(words, name, words.listed(kinds))
    guessed = words.guessed(first)
    if guessed:
        yield words.t("sheet.ask_capability", what=words.details(guessed))


def asked_lines(assessment: Record, first: Record | None, words: Words) -> Iterator[str]:
    """Yield what to ask on the telephone and what to find out of her."""
    asked = " ".join(_questions(first, words)) if first else ""
    if asked:
        yield f"{words.t('cli.ask')}: {asked}"
    unknown = [words.fact(name) for name in codes_of(assessment, "ask_next")]
    if unknown:
        yield f"{words.t('answer.ask_next')}: {words.listed(unknown)}"
