"""A recommendation: first what is needed on the telephone, then the others and the reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.answer_words import (
    URGENT,
    Record,
    alternative_words,
    booked_words,
    codes_of,
    destination,
    records_of,
)
from app.cli.console import print_table, say, tell
from app.cli.layout import Column
from app.cli.show_assessment import INDENT, banner, cause_lines, first_lines, record
from app.cli.show_first import asked_lines, destination_lines, urgent_lines
from app.words import Words

__all__ = ["show_recommendation"]

SHOWN = 5
# Destination and place are folded before they are cut; the last columns go first.
COLUMNS = (
    Column("rank", right=True),
    Column("to", least=24),
    Column("county", least=15),
    Column("time", right=True),
    Column("within"),
    Column("phone"),
    Column("care", right=True, extra=1),
    Column("by", extra=2),
    Column("band", extra=3),
    Column("score", right=True, extra=4),
    Column("km", right=True, extra=5),
)


def show_recommendation(
    answer: object,
    words: Words,
    *,
    unsigned: int,
    remarks: Sequence[str] = (),
    every: bool = False,
    most: int = SHOWN,
) -> None:
    """Print decision and destination, what to do and to ask, the ranking, and why not the rest."""
    found = record(answer)
    banner(words, unsigned)
    _show_first(found, words, remarks)
    say()
    ranking = records_of(found, "ranking")
    _show_ranking(ranking if every else ranking[:most], len(ranking), words)
    for line in _made_of(ranking[0], words) if ranking else ():
        tell(line)
    say()
    say(words.t("answer.alternatives"))
    for alternative in records_of(found, "alternatives"):
        if alternative["kind"] not in URGENT:
            tell(f"{INDENT}{_alternative(alternative, words)}")
    say()
    _show_excluded(found, words, every=every)


def _show_first(found: Record, words: Words, remarks: Sequence[str]) -> None:
    """Print what somebody reads who reads no further."""
    assessment = found["assessment"]
    assert isinstance(assessment, Mapping)  # noqa: S101  contract.md 2.2
    booked = found["booked"]
    assert booked is None or isinstance(booked, Mapping)  # noqa: S101  contract.md 2.2
    first = next(iter(records_of(found, "ranking")), None)
    lines = [
        *booked_words(words, booked),
        *cause_lines(assessment, words),
        "",
        *destination_lines(first, words),
        *urgent_lines(found, words),
        *first_lines(assessment, words),
        *asked_lines(assessment, first, words),
        *(f"{words.t('answer.remarks')}: {remark}" for remark in remarks),
    ]
    for line in lines:
        tell(line)


def _show_ranking(shown: list[Record], number: int, words: Words) -> None:
    if not number:
        return
    tell(f"{words.t('answer.ranking', n=number)} · {words.t('cli.hours')}")
    titled = [
        Column(words.t(f"cli.{c.title}"), right=c.right, least=c.least, extra=c.extra)
        for c in COLUMNS
    ]
    print_table(titled, [tuple(_cells(row, words)) for row in shown])
    if number > len(shown):
        say(f"{INDENT}{words.t('cli.more_centres', n=number - len(shown))}")


def _cells(row: Record, words: Words) -> Iterator[str]:
    minutes, transport = row["minutes"], row["transport"]
    assert isinstance(minutes, dict)  # noqa: S101  contract.md 2.2
    assert isinstance(transport, dict)  # noqa: S101  as above
    yield str(row["rank"])
    name = destination(words, row)
    marks = [words.code("roles", row["role"])] if row["role"] == "first_stop" else []
    marks += [words.t("answer.over_capacity")] if row["over_capacity"] else []
    yield f"{name} [{words.listed(marks)}]" if marks else name
    yield words.near(row["facility_id"])
    yield _clock(minutes["expected"])
    yield words.code("within_short", row["within"]) if row["within"] else "-"
    yield str(row["phone"] or "-")
    yield _clock(row["time_to_care_min"])
    yield words.code("transport_short", transport["by"])
    yield f"{_clock(minutes['low'])}–{_clock(minutes['high'])}"
    yield f"{row['cost_min']:.1f}"
    yield f"{row['km']:.0f}"


def _clock(minutes: object) -> str:
    """Return minutes as hours and minutes, narrow enough for a column."""
    assert isinstance(minutes, int | float)  # noqa: S101  contract.md 2.2
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"


def _made_of(row: Record, words: Words) -> Iterator[str]:
    """Yield what the score of the first is made of."""
    cost = row["cost"]
    assert isinstance(cost, dict)  # noqa: S101  contract.md 2.2
    parts = [f"{words.code('cost', part)} {m:.1f}" for part, m in cost.items() if m]
    score = words.t("answer.cost", n=f"{row['cost_min']:.1f}")
    yield f"{INDENT}{row['rank']}. {score}: {words.listed(parts)}"


def _alternative(alternative: Record, words: Words) -> str:
    """Return one alternative with its telephone number."""
    text = alternative_words(words, alternative)
    return f"{text} ☎ {alternative['phone']}" if alternative["phone"] else text


def _show_excluded(found: Record, words: Words, *, every: bool) -> None:
    excluded = records_of(found, "excluded")
    say(words.t("answer.excluded", n=len(excluded)))
    if every:
        for entry in excluded:
            tell(f"{INDENT}{words.facility(entry['facility_id'])}: {_why_not(entry, words)}")
        return
    counted = Counter(str(records_of(entry, "reasons")[0]["code"]) for entry in excluded)
    parts = [f"{words.reason(code)} {number}" for code, number in counted.most_common()]
    tell(INDENT + words.listed(parts))


def _why_not(entry: Record, words: Words) -> str:
    reasons = []
    for reason in records_of(entry, "reasons"):
        detail = words.details(codes_of(reason, "detail"))
        text = words.reason(reason["code"])
        reasons.append(f"{text} ({detail})" if detail else text)
    return words.listed(reasons)
