"""An assessment in words, as lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from app.answer_words import Record, codes_of, records_of
from app.cli.console import tell
from app.documents import plain
from app.remarks import remarks_of
from app.words import Words

if TYPE_CHECKING:
    from app.engine import Engine

__all__ = [
    "banner",
    "cause_lines",
    "first_lines",
    "record",
    "remarks_on",
    "show_assessment",
]

INDENT = "  "
DOT = " · "


def record(value: object) -> Record:
    """Return a dataclass of an answer as the JSON of the contract."""
    found = plain(value)
    assert isinstance(found, dict)  # noqa: S101  answers are dataclasses
    return found


def remarks_on(
    document: Record, assessment: object, engine: "Engine", words: Words
) -> tuple[str, ...]:
    """Return what must be seen beside the answer to a request."""
    facts = document["facts"]
    assert isinstance(facts, Mapping)  # noqa: S101  an answered request states its facts
    return remarks_of(engine.rules, facts, record(assessment), words)


def banner(words: Words, unsigned: int) -> None:
    """Say that the rules are not signed, while they are not (R-SIGN-01)."""
    if unsigned:
        tell(f"*** {words.t('banner.unsigned')} *** {words.t('banner.count', n=unsigned)}")


def show_assessment(
    answer: object, words: Words, *, unsigned: int, remarks: Sequence[str] = ()
) -> None:
    """Print one assessment."""
    found = record(answer)
    banner(words, unsigned)
    for line in _assessment_lines(found, words, remarks):
        tell(line)
    for line in _need_lines(found, words):
        tell(line)


def _assessment_lines(found: Record, words: Words, remarks: Sequence[str]) -> Iterator[str]:
    """Yield the decision, what it rests on, and what is to be done and asked."""
    yield from cause_lines(found, words)
    yield from first_lines(found, words)
    asked = [words.fact(name) for name in codes_of(found, "ask_next")]
    if asked:
        yield f"{words.t('answer.ask_next')}: {words.listed(asked)}"
    for remark in remarks:
        yield f"{words.t('answer.remarks')}: {remark}"


def cause_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield the decision and the rows behind it."""
    yield DOT.join(_headline(found, words))
    for row in codes_of(found, "emergencies"):
        yield f"{INDENT}{row}  {words.rule(row)}"
    for presumed in records_of(found, "presumed"):
        yield f"{INDENT}{presumed['row']}  {words.presumed(presumed)}"
    if not found["emergencies"] and not found["presumed"]:
        for condition in records_of(found, "conditions"):
            yield f"{INDENT}{condition['rule']}  {words.rule(condition['rule'])}"


def first_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield what is to be done before and while she leaves."""
    for hold in codes_of(found, "holds"):
        yield f"{words.t('answer.holds')}: {words.code('holds', hold)} ({hold})"
    actions = [words.code("first_actions", row) for row in codes_of(found, "first_actions")]
    for action in dict.fromkeys(actions):
        yield f"{words.t('answer.first_actions')}: {action}"


def _headline(found: Record, words: Words) -> Iterator[str]:
    yield words.code("decisions", found["decision"])
    yield words.t("answer.priority", n=found["priority"])
    for colour in words.colours(found):
        yield f"{words.code('shapes', colour)} {words.code('colours', colour)}"
    if found["incomplete"]:
        yield words.incomplete(found)


def _need_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield what the destination must have, and what is due."""
    need = found["need"]
    assert isinstance(need, Mapping)  # noqa: S101  contract.md 2.1
    if need["capabilities"]:
        yield f"{words.t('cli.needs')}: {words.details(codes_of(need, 'capabilities'))}"
    if need["preferred"]:
        yield f"{words.t('cli.prefers')}: {words.details(codes_of(need, 'preferred'))}"
    levels = words.level(need["min_maternal_level"], need["min_neonatal_level"])
    yield f"{words.t('cli.level')}: {levels}"
    seats = [_seat(place, words) for place in records_of(need, "places")]
    if seats:
        yield f"{words.t('cli.places')}: {words.listed(seats)}"
    for key in ("target_max_min", "hard_max_min"):
        if need[key] is not None:
            yield f"{words.t(f'cli.{key}')}: {words.span(need[key])}"
    if need["escort"]:
        yield f"{words.t('cli.escort')}: {words.code('escorts', need['escort'])}"
    for due in records_of(found, "deadlines"):
        mark = words.t("cli.overdue") if due["overdue"] else ""
        yield f"{words.t('cli.due')}: {due['rule']} {due['due_at']} {mark}".rstrip()


def _seat(place: Record, words: Words) -> str:
    who, _, number = str(place["seat"]).partition("_")
    name = f"{words.code('seats', who)} {number}".strip()
    return f"{name} {words.code('places', place['kind'])}"
