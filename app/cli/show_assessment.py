"""An assessment in words, as lines."""

from collections.abc import Iterator, Mapping

from app.cli.console import say
from app.documents import plain
from app.words import Words

__all__ = ["assessment_lines", "banner", "record", "records", "show_assessment"]

INDENT = "  "
DOT = " · "

Record = Mapping[str, object]


def record(value: object) -> Record:
    """Return a dataclass of an answer as the JSON of the contract."""
    found = plain(value)
    assert isinstance(found, dict)  # noqa: S101  answers are dataclasses
    return found


def records(above: Record, key: str) -> list[Record]:
    """Return a list of objects of an answer."""
    found = above[key]
    assert isinstance(found, list)  # noqa: S101  contract.md 2
    return found


def codes(above: Record, key: str) -> list[str]:
    """Return a list of codes of an answer."""
    return [str(code) for code in records(above, key)]


def banner(words: Words, unsigned: int) -> None:
    """Say that the rules are not signed, while they are not (R-SIGN-01)."""
    if unsigned:
        say(f"*** {words.t('banner.unsigned')} *** {words.t('banner.count', n=unsigned)}")


def show_assessment(answer: object, words: Words, *, unsigned: int) -> None:
    """Print one assessment."""
    found = record(answer)
    banner(words, unsigned)
    for line in assessment_lines(found, words):
        say(line)
    for line in _need_lines(found, words):
        say(line)


def assessment_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield the decision, what it rests on, and what is to be done and asked."""
    yield DOT.join(_headline(found, words))
    for row in codes(found, "emergencies"):
        yield f"{INDENT}{row}  {words.rule(row)}"
    for presumed in records(found, "presumed"):
        yield f"{INDENT}{presumed['row']}  {words.presumed(presumed)}"
    if not found["emergencies"] and not found["presumed"]:
        for condition in records(found, "conditions"):
            yield f"{INDENT}{condition['rule']}  {words.rule(condition['rule'])}"
    for hold in codes(found, "holds"):
        yield f"{words.t('answer.holds')}: {words.code('holds', hold)} ({hold})"
    actions = [words.code("first_actions", row) for row in codes(found, "first_actions")]
    for action in dict.fromkeys(actions):
        yield f"{words.t('answer.first_actions')}: {action}"
    asked = [words.fact(name) for name in codes(found, "ask_next")]
    if asked:
        yield f"{words.t('answer.ask_next')}: {words.listed(asked)}"


def _headline(found: Record, words: Words) -> Iterator[str]:
    yield words.code("decisions", found["decision"])
    yield words.t("answer.priority", n=found["priority"])
    if found["colour"]:
        yield f"{words.code('shapes', found['colour'])} {words.code('colours', found['colour'])}"
    if found["purple"]:
        yield f"{words.t('shapes.purple')} {words.code('colours', 'purple')}"
    if found["incomplete"]:
        yield words.t("answer.incomplete")


def _need_lines(found: Record, words: Words) -> Iterator[str]:
    """Yield what the destination must have, and what is due."""
    need = found["need"]
    assert isinstance(need, Mapping)  # noqa: S101  contract.md 2.1
    if need["capabilities"]:
        yield f"{words.t('cli.needs')}: {words.details(codes(need, 'capabilities'))}"
    if need["preferred"]:
        yield f"{words.t('cli.prefers')}: {words.details(codes(need, 'preferred'))}"
    levels = words.level(need["min_maternal_level"], need["min_neonatal_level"])
    yield f"{words.t('cli.level')}: {levels}"
    seats = [_seat(place, words) for place in records(need, "places")]
    if seats:
        yield f"{words.t('cli.places')}: {words.listed(seats)}"
    for key in ("target_max_min", "hard_max_min"):
        if need[key] is not None:
            yield f"{words.t(f'cli.{key}')}: {words.span(need[key])}"
    if need["escort"]:
        yield f"{words.t('cli.escort')}: {words.code('escorts', need['escort'])}"
    for due in records(found, "deadlines"):
        mark = words.t("cli.overdue") if due["overdue"] else ""
        yield f"{words.t('cli.due')}: {due['rule']} {due['due_at']} {mark}".rstrip()


def _seat(place: Record, words: Words) -> str:
    who, _, number = str(place["seat"]).partition("_")
    name = f"{words.code('seats', who)} {number}".strip()
    return f"{name} {words.code('places', place['kind'])}"
