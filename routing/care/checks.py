"""Whether the rows of care fit together: all weeks once, every end, every group of aid."""

from collections import Counter
from collections.abc import Iterable, Sequence

from geodata.check import Fault
from routing.care.build import Known
from routing.care.rows import END_KINDS, EndRow, FollowUpRow, ProfileRow
from routing.care.rows_deciding import AidGroup

__all__ = ["table_faults"]

NO_AID = "none"


def table_faults(
    known: Known,
    follow_up: Sequence[FollowUpRow],
    ends: Sequence[EndRow],
    groups: Sequence[AidGroup],
    profiles: Sequence[ProfileRow],
) -> list[Fault]:
    """List what is wrong with tables as a whole; each row by itself is right already."""
    codes = [code for code in known.rules.facts["aid_group"].values if code != NO_AID]
    return [
        *_week_faults(follow_up),
        *_once("ends.csv", "end", END_KINDS, [row.end for row in ends]),
        *_once("aid_groups.csv", "code", codes, [row.code for row in groups]),
        *_once(
            "profiles.csv",
            "province",
            {p.province for p in profiles},
            [p.province for p in profiles],
        ),
    ]


def _week_faults(rows: Sequence[FollowUpRow]) -> Iterable[Fault]:
    """List labels whose weeks do not follow each other from the first to no end."""
    for label in dict.fromkeys(row.label for row in rows):
        of_label = sorted((row for row in rows if row.label == label), key=lambda r: r.from_days)
        begins = [row.from_days for row in of_label]
        if [0, *(row.until_days for row in of_label)] != [*begins, None]:
            yield Fault("follow_up.csv", None, "label", label, "gap", "all weeks, each once")


def _once(table: str, column: str, wanted: Iterable[str], found: Sequence[str]) -> Iterable[Fault]:
    """List codes that do not have exactly one row."""
    times = Counter(found)
    for code in wanted:
        if times[code] != 1:
            yield Fault(table, None, column, code, "disagrees", "one row for each code")
