"""The invented women as files: two to import, one to book."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.case_exchange.mapping import Columns
from app.case_exchange.rows import said_by
from app.case_exchange.sheets import sheet_of_rows
from app.clock import LOCAL
from app.demo_women.inventing import AtHome, invent
from app.demo_women.telling import Told, booking_document, tell
from app.documents import dumps
from app.exporting import Sheet
from facilities.io import sheet_text
from facilities.registry import Registry
from routing.care.tables import load_care_rules
from routing.triage.rows import RuleSet

__all__ = ["invented_files", "sheets_of", "told_of_all"]

WOMEN = 3_000


def told_of_all(
    rules: RuleSet,
    registry: Registry,
    *,
    now: datetime,
    count: int = WOMEN,
    seed: int = 0,
    at_home: AtHome | None = None,
) -> tuple[Told, ...]:
    """Return the women of the demonstration with what a file says of each."""
    today = now.astimezone(LOCAL).date()
    women = invent(rules, registry.divisions, today=today, count=count, seed=seed, at_home=at_home)
    return tell(women, rules, load_care_rules(rules), registry, now=now, seed=seed)


def sheets_of(told: Sequence[Told], columns: Columns, rules: RuleSet) -> Mapping[str, Sheet]:
    """Return the tables of pregnancies and of visits as another system would send them."""
    rows = {
        "pregnancies": [said_by(one.row) for one in told],
        "visits": [said_by(visit) for one in told for visit in one.visits],
    }
    return {name: sheet_of_rows(columns[name], those, rules.facts) for name, those in rows.items()}


def invented_files(
    told: Sequence[Told], columns: Columns, rules: RuleSet, *, now: datetime
) -> Mapping[str, bytes]:
    """Return the contents of the files by name."""
    sheets = sheets_of(told, columns, rules)
    files = {f"{name}.csv": sheet_text(sheet).encode() for name, sheet in sheets.items()}
    return files | {"book.json": dumps(booking_document(told, now=now), indent=1).encode()}
