"""A joint plan as tables and lines."""

from collections.abc import Iterator

from app.answer_words import Record, codes_of, records_of
from app.cli.console import print_table, say, tell
from app.cli.layout import Column
from app.cli.show_assessment import DOT, INDENT, banner, record
from app.words import Words

__all__ = ["show_plan"]

TIER_TITLES = ("priority", "placed", "waiting", "minutes", "bound")
# Who goes where stays readable; the last columns go first.
COLUMNS = (
    Column("request", least=12),
    Column("priority", right=True),
    Column("to", least=24),
    Column("county", least=12, extra=3),
    Column("vehicle", extra=1),
    Column("because", least=16),
    Column("places", least=12, extra=2),
    Column("score", right=True, extra=4),
)
SHOWN = 3


def show_plan(answer: object, words: Words, *, unsigned: int) -> None:
    """Print what each priority reached, where each goes, and what the waiting wait for."""
    found = record(answer)
    banner(words, unsigned)
    proof = words.t("cli.proven" if found["proven"] else "cli.unproven")
    say(DOT.join((words.code("plan_status", found["status"]), proof)))
    tiers = records_of(found, "tiers")
    columns = [Column(words.t(f"cli.{title}"), right=True) for title in TIER_TITLES]
    print_table(columns, [tuple(_tier(tier)) for tier in tiers])
    for line in _against(found, words):
        tell(line)
    placed = [row for row in records_of(found, "assignments") if row["facility_id"]]
    if placed:
        say()
        _show_placed(placed, words)
    waiting = records_of(found, "waiting")
    if waiting:
        say()
        say(words.t("cli.waiting_title", n=len(waiting)))
    for entry in waiting:
        for line in _waiting(entry, words):
            tell(line)


def _show_placed(placed: list[Record], words: Words) -> None:
    columns = [
        Column(words.t(f"cli.{c.title}"), right=c.right, least=c.least, extra=c.extra)
        for c in COLUMNS
    ]
    print_table(columns, [tuple(_assignment(row, words)) for row in placed])


def _tier(tier: Record) -> Iterator[str]:
    for key in ("priority", "placed", "waiting"):
        yield str(tier[key])
    yield f"{tier['objective']:.1f}"
    yield "-" if tier["bound"] is None else f"{tier['bound']:.1f}"


def _against(found: Record, words: Words) -> Iterator[str]:
    """Yield what simple rules would have reached on the same requests."""
    against = found["against"]
    assert isinstance(against, dict)  # noqa: S101  contract.md 2.3
    for name, reached in against.items():
        tiers = records_of(reached, "tiers")
        minutes = sum(float(str(tier["objective"])) for tier in tiers)
        waiting = sum(int(str(tier["waiting"])) for tier in tiers)
        shown = words.code("baselines", name)
        yield words.t("cli.against", name=shown, waiting=waiting, minutes=f"{minutes:.1f}")


def _assignment(row: Record, words: Words) -> Iterator[str]:
    yield str(row["request_id"])
    yield str(row["priority"])
    name = words.facility(row["facility_id"])
    yield f"{name} [{words.t('answer.over_capacity')}]" if row["over_capacity"] else name
    yield words.near(row["facility_id"])
    yield str(row["vehicle_id"] or "-")
    yield words.whys(codes_of(row, "why")) or "-"
    kinds = [words.code("places", place["kind"]) for place in records_of(row, "places")]
    yield words.listed(kinds) or "-"
    yield "-" if row["cost_min"] is None else f"{row['cost_min']:.1f}"


def _waiting(entry: Record, words: Words) -> Iterator[str]:
    yield f"{INDENT}{entry['request_id']}"
    for block in records_of(entry, "blocking"):
        yield f"{INDENT * 2}{words.t('cli.blocked_by')}: {_block(block, words)}"
    for relaxation in records_of(entry, "smallest_relaxation"):
        yield f"{INDENT * 2}{words.t('cli.would_help')}: {_block(relaxation, words)}"


def _block(block: Record, words: Words) -> str:
    """Return what blocks or what would help, with its place and its centres."""
    parts = [words.code("relaxations", block["code"])]
    number = block.get("n")
    if isinstance(number, int) and number > 1:
        parts[0] += f" x {number}"
    if block.get("kind"):
        parts.append(words.detail(block["kind"]))
    names = _names(block, words)
    if names:
        parts.append(names)
    also = block.get("also")
    more = [_block(other, words) for other in also] if isinstance(also, list) else []
    return words.t("cli.and").join([DOT.join(parts), *more])


def _names(block: Record, words: Words) -> str:
    """Return the centres, the first few by name."""
    listed = block.get("facility_ids")
    ids = [str(i) for i in listed] if isinstance(listed, list) else []
    if block.get("facility_id"):
        ids.append(str(block["facility_id"]))
    shown = [words.facility(i) for i in ids[:SHOWN]]
    if len(ids) > SHOWN:
        shown.append(words.t("units.more", n=len(ids) - SHOWN))
    return words.listed(shown)
