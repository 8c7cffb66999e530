"""From the text of a row of care to its value; every faulty cell of a row is noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from facilities.centre import Grade
from geodata.table import CellReader, Row
from routing.care.rows import (
    ANY,
    CASE_FILE,
    COLOURED,
    END_KINDS,
    GESTATION,
    LABELS,
    MISSED,
    UNASSESSED,
    DueRow,
    EndRow,
    EventKind,
    FixedRow,
    FollowUpRow,
    OpeningRow,
    ProfileRow,
    Unit,
    Until,
)
from routing.care.rows_deciding import Act, ActRow, AidGroup, Rank, TrialKind, TrialRow
from routing.triage.cells import Cells
from routing.triage.facts import Fact
from routing.triage.rows import RowInfo, RuleSet
from routing.triage.tables import PROFILES

__all__ = [
    "Known",
    "act_row",
    "aid_group",
    "due_row",
    "end_row",
    "fixed_row",
    "follow_up_row",
    "opening_row",
    "profile_row",
    "trial_row",
]

_NUMBER = re.compile(r"\{(\w+)\}")
_ANCHORS = (GESTATION, COLOURED, MISSED, *EventKind)
_APPLIES = (ANY, CASE_FILE, UNASSESSED, *LABELS)
_NEEDS = ("clinician", "reason", *EventKind)
DAYS_MAX = 10_000
WEEKS_MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: facts and numbers of triage, capability codes, the rows by id."""

    rules: RuleSet
    infos: Mapping[str, RowInfo]
    capabilities: frozenset[str]
    trial_facts: Mapping[str, Fact]

    def cells(self, reader: CellReader) -> Cells:
        """Return typed cells; a number of ``numbers.csv`` stands in braces."""
        return Cells(reader, self.rules.facts, self.capabilities)

    def filled(self, reader: CellReader) -> CellReader:
        """Return a reader with the numbers in braces put in; an unknown one is a fault."""
        numbers = self.rules.numbers

        def value(found: re.Match[str]) -> str:
            return f"{numbers[found[1]]:g}" if found[1] in numbers else found[0]

        cells = {column: _NUMBER.sub(value, text) for column, text in reader.row.cells.items()}
        made = replace(reader, row=Row(reader.row.line, MappingProxyType(cells)))
        for column, text in cells.items():
            if _NUMBER.search(text):
                made.fault(column, "unknown_number", "a name of numbers.csv in braces")
        return made

    def info(self, reader: CellReader) -> RowInfo:
        """Return what the row carries beside its content."""
        return self.infos[reader.row["rule"]]


def due_row(reader: CellReader, known: Known) -> DueRow:
    """Read one thing that becomes due."""
    cells = known.cells(reader)
    opens = _whole(reader, "opens")
    due = _whole(reader, "due")
    if due < opens:
        reader.fault("due", "out_of_range", "not before opens")
    ever = cells.text("counts_from", required=True) == "ever"
    undone = cells.text("undone_by")
    return DueRow(
        info=known.info(reader),
        labels=cells.words("labels", _APPLIES),
        when=cells.perhaps("when"),
        settled_when=cells.perhaps("settled_when"),
        anchor=cells.choice("anchor", _ANCHORS),
        opens=opens,
        counts_from=None if ever else _whole(reader, "counts_from"),
        due=due,
        unit=cells.word("unit", Unit),
        warn_share=cells.number("warn_share", low=0, high=1),
        done_by=_kinds(cells, "done_by"),
        undone_by=_kinds(cells, "undone_by") if undone else (),
        until=cells.word("until", Until),
    )


def follow_up_row(reader: CellReader, known: Known) -> FollowUpRow:
    """Read how often one label is seen in a part of pregnancy."""
    cells = known.cells(reader)
    begins = _whole(reader, "from_days", high=WEEKS_MAX_DAYS)
    ends = reader.integer("until_days", low=1, high=WEEKS_MAX_DAYS)
    if ends is not None and ends <= begins:
        reader.fault("until_days", "out_of_range", "after from_days")
    return FollowUpRow(
        info=known.info(reader),
        label=cells.choice("label", LABELS),
        from_days=begins,
        until_days=ends,
        interval_days=_whole(reader, "interval_days", low=1, high=WEEKS_MAX_DAYS),
    )


def opening_row(reader: CellReader, known: Known) -> OpeningRow:
    """Read one reason to open a case file."""
    cells = known.cells(reader)
    has_labels = bool(cells.text("labels"))
    if has_labels == bool(cells.text("when")):
        reader.fault("when", "condition", "labels or a condition, one of them")
    return OpeningRow(
        info=known.info(reader),
        yunnan_only=cells.choice("profile", PROFILES) == "yunnan",
        labels=cells.words("labels", LABELS) if has_labels else (),
        when=cells.perhaps("when"),
    )


def profile_row(reader: CellReader, known: Known) -> ProfileRow:
    """Read by which profile a province opens case files."""
    cells = known.cells(reader)
    province = cells.text("province", required=True)
    if not re.fullmatch(r"\d{2}", province):
        reader.fault("province", "unknown_code", "two digits")
    return ProfileRow(known.info(reader), province, cells.choice("profile", PROFILES))


def fixed_row(reader: CellReader, known: Known) -> FixedRow:
    """Read one fact that stays for the whole pregnancy."""
    return FixedRow(known.info(reader), known.cells(reader).choice("fact", known.rules.facts))


def end_row(reader: CellReader, known: Known) -> EndRow:
    """Read one way to end a file."""
    cells = known.cells(reader)
    end = cells.choice("end", END_KINDS)
    return EndRow(
        info=known.info(reader),
        end=EventKind(end) if end else END_KINDS[0],
        needs=cells.words("needs", _NEEDS),
        red_needs=cells.words("red_needs", _NEEDS) if cells.text("red_needs") else (),
        returns=cells.flag("returns"),
    )


def act_row(reader: CellReader, known: Known) -> ActRow:
    """Read who may do one thing."""
    cells = known.cells(reader)
    rank = cells.choice("min_rank", tuple(Rank), required=False)
    codes = cells.groups("capabilities")
    if any(len(group) > 1 for group in codes):
        reader.fault("capabilities", "grammar", "CODE;CODE, all of them")
    return ActRow(
        info=known.info(reader),
        act=cells.word("act", Act),
        labels=cells.words("labels", _APPLIES),
        min_grade=Grade(_whole(reader, "min_grade", low=min(Grade), high=max(Grade)) or min(Grade)),
        capabilities=tuple(code for (code, *_) in codes),
        min_rank=Rank(rank) if rank else None,
        higher_centre=cells.flag("higher_centre"),
        woman_informed=cells.flag("woman_informed"),
    )


def trial_row(reader: CellReader, known: Known) -> TrialRow:
    """Read one criterion of a trial of labour; it may ask for facts of ``trial_facts.csv``."""
    facts = {**known.rules.facts, **known.trial_facts}
    cells = Cells(reader, facts, known.capabilities)
    return TrialRow(known.info(reader), cells.word("kind", TrialKind), cells.condition("condition"))


def aid_group(reader: CellReader, known: Known) -> AidGroup:
    """Read one group of medical aid; a person's fact carries its code."""
    codes = known.rules.facts["aid_group"].values
    begins, ends = _day(reader, "valid_from"), _day(reader, "valid_to")
    if begins is not None and ends is not None and ends < begins:
        reader.fault("valid_to", "out_of_range", "not before valid_from")
    return AidGroup(known.info(reader), known.cells(reader).choice("code", codes), begins, ends)


def _day(reader: CellReader, column: str) -> date | None:
    text = reader.text(column)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.fault(column, "not_a_date", "YYYY-MM-DD")
        return None


def _whole(reader: CellReader, column: str, *, low: int = 0, high: int = DAYS_MAX) -> int:
    return reader.integer(column, low=low, high=high, required=True) or 0


def _kinds(cells: Cells, column: str) -> tuple[EventKind, ...]:
    words = cells.words(column, tuple(EventKind))
    return tuple(EventKind(word) for word in words if word in tuple(EventKind))
