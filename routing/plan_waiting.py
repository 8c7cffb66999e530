"""Why a request waits, and what is least to add so that it need not (contract.md 2.3)."""

from collections.abc import Container, Iterable, Sequence

import numpy as np

from routing.centres import Ints
from routing.columns import TICKS_PER_TENTH, Columns
from routing.models.relaxation import LeftOutMatters, Relaxation, smallest_relaxations
from routing.plan_answer import Added, Blocking, Waiting
from routing.plan_stock import Row
from routing.problem import UNASSIGNED, Assignment
from routing.rows import Rows

__all__ = ["waiting_of"]

Place = tuple[str | None, str | None]
FREE_BUT = ("no_place", "no_time")
"""Reasons that stand alone where a centre could do it if only they fell."""


def waiting_of(
    columns: Columns,
    assignment: Assignment,
    *,
    left_out: LeftOutMatters | None = None,
    limit_s: float,
) -> tuple[Waiting, ...]:
    """Explain every request that waits, in the order asked.

    Parameters
    ----------
    left_out : callable, optional
        Says of a proof whether columns that are not listed may matter to it; see
        :func:`routing.models.relaxation.smallest_relaxations`.
    limit_s : float
        Time for solving again; when it is over only what the proof itself shows is given.
    """
    waits = np.flatnonzero(assignment.column_of == UNASSIGNED).tolist()
    if not waits:
        return ()
    told = tuple(columns.stock.told(number) for number in columns.rows.tolist())
    left = columns.problem.left(assignment.column_of)
    ways_out = smallest_relaxations(
        columns.problem,
        assignment,
        rows=[n for n, row in enumerate(told) if row.what == "pack"],
        bundles=columns.stock.bundles(columns.rows, left),
        left_out=left_out,
        limit_s=limit_s,
        grid_ticks=TICKS_PER_TENTH,
    )
    short = _short(columns, assignment, left)
    spare = {
        (row.facility_id, row.kind)
        for row, n in zip(told, left.tolist(), strict=True)
        if row.what == "pool" and n > 0
    }
    found = {}
    for r in waits:
        blocking = _blocking(columns, r, [told[row] for row in short.get(r, ())], spare)
        added = tuple(_added(way, told) for way in ways_out[r])
        entry = columns.entries[r]
        found[entry.place] = Waiting(entry.item.id, blocking, added)
    return tuple(found[place] for place in sorted(found))


def _short(columns: Columns, assignment: Assignment, left: Ints) -> dict[int, list[int]]:
    """Return for each request that waits the rows of which its columns want more than is left."""
    problem = columns.problem
    short = np.flatnonzero(problem.use_amount > left[problem.use_row])
    request = problem.request[problem.use_column[short]]
    waits = assignment.column_of[request] == UNASSIGNED
    pairs = np.unique(request[waits] * problem.rows + problem.use_row[short][waits])
    found: dict[int, list[int]] = {}
    for pair in pairs.tolist():
        r, row = divmod(pair, problem.rows)
        found.setdefault(r, []).append(row)
    return found


def _blocking(
    columns: Columns, request: int, short: Sequence[Row], spare: Container[Place]
) -> tuple[Blocking, ...]:
    """Return what keeps a request out of every centre that could take it."""
    if not short:
        return _without_columns(columns, request)
    found: dict[tuple[str, str | None], set[str]] = {}
    for row in short:
        there = found.setdefault(_code(row, spare), set())
        if row.facility_id is not None:
            there.add(row.facility_id)
    ways, ids = columns.tables[request], columns.stock.ids
    position: dict[str, int] = {}
    for facility, place in zip(ways.row.tolist(), ways.position.tolist(), strict=True):
        position[ids[facility]] = min(place, position.get(ids[facility], place))
    return tuple(
        Blocking(code, kind, _in_order(found[code, kind], position))
        for code, kind in sorted(found, key=lambda pair: (pair[0], pair[1] or ""))
    )


def _code(row: Row, spare: Container[Place]) -> tuple[str, str | None]:
    match row.what:
        case "over":
            return "over_capacity_limit", None
        case "pack":
            return "no_vehicle", row.kind
        case "open" if (row.facility_id, row.kind) in spare:
            return "reserved", row.kind
    return "no_place", row.kind


def _in_order(ids: Iterable[str], position: dict[str, int]) -> tuple[str, ...]:
    last = len(position)
    return tuple(sorted(ids, key=lambda code: (position.get(code, last), code)))


def _without_columns(columns: Columns, request: int) -> tuple[Blocking, ...]:
    """Explain a request that no centre can be a destination for, from the reasons against each."""
    entry = columns.entries[request]
    excluded = Rows(entry.choices, entry.stop).excluded(())
    reasons = {e.facility_id: {reason.code for reason in e.reasons} for e in excluded}
    if reasons and all("held" in codes for codes in reasons.values()):
        return (Blocking("held", None, ()),)
    found = []
    for code in FREE_BUT:
        ids = tuple(sorted(i for i, codes in reasons.items() if codes == {code}))
        if not ids:
            continue
        kinds = sorted({seat.kind.value for seat in entry.choices.assessed.need.seats})
        of_kind = kinds if code == "no_place" and kinds else [None]
        found += [Blocking(code, kind, ids) for kind in of_kind]
    return tuple(found) or (Blocking("no_capable_centre", None, ()),)


def _added(way: Relaxation, told: Sequence[Row]) -> Added:
    """Say what a relaxation adds, one thing with the others beside it."""
    pools = {(told[n].facility_id, told[n].kind) for n, _ in way.added if told[n].what == "pool"}
    things = []
    for number, n in way.added:
        row = told[number]
        match row.what:
            case "pool":
                things.append(Added("one_more_place", row.facility_id, row.kind, n))
            case "pack":
                things.append(Added("one_more_vehicle", row.facility_id, row.kind, n))
            case "open" if (row.facility_id, row.kind) not in pools:
                things.append(Added("release_reserve", row.facility_id, row.kind, n))
    first, *rest = things
    return Added(first.code, first.facility_id, first.kind, first.n, tuple(rest))
