"""Bookings as tables and lines."""

from collections.abc import Iterator

from app.answer_words import Record, codes_of, records_of
from app.cli.console import print_table, say, tell
from app.cli.layout import Column
from app.cli.show_assessment import DOT, INDENT, banner, record
from app.words import Words

__all__ = ["show_bookings"]

COLUMNS = (
    Column("pregnancy", least=10),
    Column("due_week", least=8),
    Column("to", least=24),
    Column("county", least=12, extra=3),
    Column("come_by", least=10),
    Column("to_care", right=True),
    Column("birth_plan", least=8, extra=2),
    Column("because", least=16, extra=1),
)
FULL_SHOWN = 20


def show_bookings(answer: object, words: Words, *, unsigned: int) -> None:
    """Print who goes where and when, who has no place and why, and who is left aside."""
    found = record(answer)
    banner(words, unsigned)
    for line in _head(found, words):
        tell(line)
    booked = records_of(found, "bookings")
    if booked:
        say()
        columns = [
            Column(words.t(f"bookings.{c.title}"), right=c.right, least=c.least, extra=c.extra)
            for c in COLUMNS
        ]
        print_table(columns, [tuple(_booked(row, words)) for row in booked])
    for lines in (_unbooked, _aside, _full, _groups):
        found_lines = list(lines(found, words))
        if found_lines:
            say()
        for line in found_lines:
            tell(line)


def _head(found: Record, words: Words) -> Iterator[str]:
    totals = found["totals"]
    assert isinstance(totals, dict)  # noqa: S101  contract.md 2.4
    proof = words.t("cli.proven" if found["proven"] else "cli.unproven")
    yield DOT.join((words.code("plan_status", found["status"]), proof))
    yield words.t(
        "bookings.totals",
        booked=totals["booked"],
        unbooked=totals["unbooked"],
        moved=totals["moved"],
        minutes=f"{totals['objective']:.1f}",
    )
    if totals["gap"]:
        yield words.t("bookings.gap", gap=f"{100 * float(totals['gap']):.3f}")
    against = found["against"]
    assert isinstance(against, dict)  # noqa: S101  contract.md 2.4
    for name, rule in against.items():
        yield words.t(
            "bookings.against",
            name=words.code("baselines", name),
            unbooked=rule["unbooked"],
            minutes=f"{rule['objective']:.1f}",
        )


def _booked(row: Record, words: Words) -> Iterator[str]:
    yield str(row["id"])
    yield str(row["due_week"])
    yield words.facility(row["facility_id"])
    yield words.near(row["facility_id"])
    yield str(row["come_by"] or "-")
    yield "-" if row["time_to_care_min"] is None else f"{row['time_to_care_min']:.0f}"
    yield words.code("birth_plans", row["plan"])
    yield words.listed([words.code("booking_why", code) for code in codes_of(row, "why")]) or "-"


def _unbooked(found: Record, words: Words) -> Iterator[str]:
    entries = records_of(found, "unbooked")
    if entries:
        yield words.t("bookings.unbooked", n=len(entries))
    for entry in entries:
        yield f"{INDENT}{entry['id']}"
        for block in records_of(entry, "blocking"):
            yield f"{INDENT * 2}{words.t('cli.blocked_by')}: {_week(block, words)}"
        for relief in records_of(entry, "relief"):
            added = [_week(one, words) for one in records_of(relief, "added")]
            yield f"{INDENT * 2}{words.t('cli.would_help')}: {words.t('cli.and').join(added)}"


def _week(block: Record, words: Words) -> str:
    """Return what is full or what is to be added: what, how many, where, in which week."""
    parts = [words.code("booking_blocks", block["code"])]
    number = block.get("n")
    if isinstance(number, int) and number > 1:
        parts[0] += f" x {number}"
    if block["kind"]:
        parts.append(words.code("places", block["kind"]))
    if block["facility_id"]:
        parts.append(words.facility(block["facility_id"]))
    if block["week"]:
        parts.append(str(block["week"]))
    return DOT.join(parts)


def _aside(found: Record, words: Words) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for row in records_of(found, "set_aside"):
        reasons.setdefault(str(row["reason"]), []).append(str(row["id"]))
    if reasons:
        yield words.t("bookings.aside")
    for reason, ids in reasons.items():
        what = words.code("booking_aside", reason)
        more = len(ids) - FULL_SHOWN
        rest = f" {words.t('units.more', n=more)}" if more > 0 else ""
        yield f"{INDENT}{what} ({len(ids)}): {words.listed(ids[:FULL_SHOWN])}{rest}"


def _full(found: Record, words: Words) -> Iterator[str]:
    weeks = records_of(found, "full_weeks")
    if weeks:
        yield words.t("bookings.full", n=len(weeks))
    for row in weeks[:FULL_SHOWN]:
        kind = words.code("places", row["kind"]) if row["kind"] else words.t("bookings.lodging")
        where = DOT.join((words.facility(row["facility_id"]), kind, str(row["week"])))
        load = words.t("bookings.load", load=row["load"], limit=row["limit"], n=row["places"])
        yield f"{INDENT}{where}: {load}"
    if len(weeks) > FULL_SHOWN:
        yield INDENT + words.t("units.more", n=len(weeks) - FULL_SHOWN)


def _groups(found: Record, words: Words) -> Iterator[str]:
    """Yield the times by county and by aid group: nobody is to lose by being poor or far."""
    for title, key in (("bookings.by_county", "by_county"), ("bookings.by_aid", "by_aid_group")):
        groups = found[key]
        assert isinstance(groups, dict)  # noqa: S101  contract.md 2.4
        if groups:
            yield words.t(title)
        for name, row in groups.items():
            shown = words.county(name) if key == "by_county" else name
            mean, longest = (
                "-" if row[part] is None else f"{row[part]:.0f}"
                for part in ("mean_min", "longest_min")
            )
            yield INDENT + words.t(
                "bookings.times",
                name=shown,
                booked=row["booked"],
                unbooked=row["unbooked"],
                mean=mean,
                longest=longest,
            )
