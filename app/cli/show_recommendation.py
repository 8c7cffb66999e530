"""A recommendation as tables and lines."""

from collections import Counter
from collections.abc import Iterator

from app.cli.console import Column, print_table, say
from app.cli.show_assessment import (
    DOT,
    INDENT,
    Record,
    assessment_lines,
    banner,
    codes,
    record,
    records,
)
from app.words import Words

__all__ = ["alternative_line", "show_recommendation"]

SHOWN = 8
TITLES = ("rank", "to", "county", "time", "band", "km", "by", "care", "score", "within", "phone")
RIGHT = frozenset({"rank", "time", "km", "care", "score"})


def show_recommendation(
    answer: object, words: Words, *, unsigned: int, every: bool = False, most: int = SHOWN
) -> None:
    """Print decision, ranking, why the first is first, other ways, and why not the rest."""
    found = record(answer)
    assessment = found["assessment"]
    assert isinstance(assessment, dict)  # noqa: S101  contract.md 2.2
    banner(words, unsigned)
    for line in assessment_lines(assessment, words):
        say(line)
    say()
    ranking = records(found, "ranking")
    _show_ranking(ranking if every else ranking[:most], len(ranking), words)
    if ranking:
        for line in _reasons(ranking[0], words):
            say(line)
    say()
    say(words.t("answer.alternatives"))
    for alternative in records(found, "alternatives"):
        say(f"{INDENT}{alternative_line(alternative, words)}")
    say()
    _show_excluded(found, words, every=every)


def _show_ranking(shown: list[Record], number: int, words: Words) -> None:
    if not number:
        say(words.t("answer.nobody"))
        return
    say(f"{words.t('answer.ranking', n=number)} · {words.t('cli.hours')}")
    columns = [
        Column(words.t(f"cli.{title}"), right=title in RIGHT, fold=title in ("to", "county"))
        for title in TITLES
    ]
    print_table(columns, [tuple(_cells(row, words)) for row in shown])
    if number > len(shown):
        say(f"{INDENT}{words.t('answer.more_centres', n=number - len(shown))}")


def _cells(row: Record, words: Words) -> Iterator[str]:
    minutes, transport = row["minutes"], row["transport"]
    assert isinstance(minutes, dict)  # noqa: S101  contract.md 2.2
    assert isinstance(transport, dict)  # noqa: S101  as above
    yield str(row["rank"])
    name = words.facility(row["facility_id"])
    marks = [words.code("roles", row["role"])] if row["role"] == "first_stop" else []
    marks += [words.t("answer.over_capacity")] if row["over_capacity"] else []
    yield f"{name} [{words.listed(marks)}]" if marks else name
    yield words.division(words.book.county_of.get(str(row["facility_id"]), ""))
    yield _clock(minutes["expected"])
    yield f"{_clock(minutes['low'])}–{_clock(minutes['high'])}"
    yield f"{row['km']:.0f}"
    yield words.code("transport_short", transport["by"])
    yield _clock(row["time_to_care_min"])
    yield f"{row['cost_min']:.1f}"
    yield words.code("within_short", row["within"]) if row["within"] else "-"
    yield str(row["phone"] or "-")


def _clock(minutes: object) -> str:
    """Return minutes as hours and minutes, narrow enough for a column."""
    assert isinstance(minutes, int | float)  # noqa: S101  contract.md 2.2
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"


def _reasons(row: Record, words: Words) -> Iterator[str]:
    """Yield why the first one is first, its places, and what is not known of it."""
    yield f"1. {words.facility(row['facility_id'])} ({words.whereabouts(row['facility_id'])})"
    if row["why"]:
        yield INDENT + words.t("answer.why", what=words.whys(codes(row, "why")))
    for place in records(row, "places"):
        yield INDENT + words.place(place)
    if row["lacks"]:
        yield INDENT + words.t("answer.lacks", what=words.details(codes(row, "lacks")))
    transport, cost = row["transport"], row["cost"]
    assert isinstance(transport, dict)  # noqa: S101  contract.md 2.2
    assert isinstance(cost, dict)  # noqa: S101  as above
    if transport["escort_short"]:
        short = words.codes("escorts", codes(transport, "escort_short"))
        yield INDENT + words.t("answer.escort_short", escorts=short)
    parts = [f"{words.code('cost', part)} {m:.1f}" for part, m in cost.items() if m]
    score = words.t("answer.cost", n=f"{row['cost_min']:.1f}")
    yield f"{INDENT}{score}: {words.listed(parts)}"
    flags = [words.t("answer.phone_first")] if row["phone_first"] else []
    flags += [words.t("answer.may_be_late")] if row["may_be_late"] else []
    if flags:
        yield INDENT + DOT.join(flags)
    guessed = words.guessed(row)
    if guessed:
        yield f"{INDENT}{words.t('answer.assumed')}: {words.details(guessed)}"


def alternative_line(alternative: Record, words: Words) -> str:
    """Return one alternative with its telephone number."""
    from app.pages.view import alternative_words

    text = alternative_words(words, alternative)
    return f"{text} ☎ {alternative['phone']}" if alternative["phone"] else text


def _show_excluded(found: Record, words: Words, *, every: bool) -> None:
    excluded = records(found, "excluded")
    say(words.t("answer.excluded", n=len(excluded)))
    if every:
        for entry in excluded:
            say(f"{INDENT}{words.facility(entry['facility_id'])}: {_why_not(entry, words)}")
        return
    counted = Counter(str(records(entry, "reasons")[0]["code"]) for entry in excluded)
    parts = [f"{words.reason(code)} {number}" for code, number in counted.most_common()]
    say(INDENT + words.listed(parts))


def _why_not(entry: Record, words: Words) -> str:
    reasons = []
    for reason in records(entry, "reasons"):
        detail = words.details(codes(reason, "detail"))
        text = words.reason(reason["code"])
        reasons.append(f"{text} ({detail})" if detail else text)
    return words.listed(reasons)
