"""What would have to be added so that a waiting request is placed: the least, and verified.

For a waiting request every column is tried against what the plan leaves of the rows. The units that
lack are what has to be added; fewest units first, then the least cost. In a proven plan no other
arrangement places one more without adding anything, so one unit is the fewest there can be. Where
her own columns lack more, one unit elsewhere may do: what would let those move who hold what she
lacks is tried first, by solving again. Rows that one thing feeds (a pool and what of it is not
reserved) are a bundle: they grow together, as one unit.

Verified means: solved again with the units added, no tier above gets worse and in the tier of the
request one fewer waits. The plan together with the new column is possible then, so only one thing
can go wrong: a tier above takes the added place for itself. Where the proofs of the tiers above
give the row no price (``Assignment.sensitive_tier``) the same prices prove the same optimum of the
larger problem: solving again would start and stop at this plan. Otherwise it is solved again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from routing.models.errors import RoutingModelError
from routing.models.face import first_face
from routing.models.greedy import place_in_turn, stay_in_turn
from routing.models.options import Options, prepare
from routing.models.solving import Clock
from routing.models.tier import open_tier, solve_tier
from routing.problem import TIERS, UNASSIGNED, Assignment, ReferralProblem, TierProof

__all__ = ["LeftOutMatters", "Relaxation", "smallest_relaxation", "smallest_relaxations"]

Ints = npt.NDArray[np.int64]
MOST_UNITS = 3
FIXED = -1
LeftOutMatters: TypeAlias = Callable[[int, TierProof | None], bool]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Adding ``added`` (row, units) lets the request take ``column`` at ``cost`` ticks."""

    added: tuple[tuple[int, int], ...]
    column: int
    units: int
    cost: int


@dataclass(frozen=True, eq=False)
class _Search:
    """What stays the same for every request of one search, and what was solved again so far."""

    problem: ReferralProblem
    assignment: Assignment
    clock: Clock
    grid_ticks: int
    at_most: int
    tries: int
    bundle: Ints
    left_out: "LeftOutMatters"
    solved: dict[tuple[int, tuple[tuple[int, int], ...]], bool] = field(default_factory=dict)

    @cached_property
    def options(self) -> Options:
        """The columns for solving again."""
        return prepare(self.problem)

    @cached_property
    def plan(self) -> Ints:
        """The plan as options, shape (R,)."""
        return self.options.of_plan(self.assignment.column_of)

    def proof(self, tier: int) -> tuple[Ints | None, TierProof | None]:
        """Return the prices that a tier was solved with, and what they prove."""
        prices = self.assignment.prices
        found = prices[tier - 1] if tier <= len(prices) else None
        return found, self.assignment.proofs[tier - 1]


def _all_listed(tier: int, proof: TierProof | None) -> bool:
    """Say that nothing has been left out."""
    return False


def smallest_relaxation(
    problem: ReferralProblem,
    assignment: Assignment,
    request: int,
    *,
    rows: Sequence[int] | Ints,
    bundles: Sequence[Sequence[int]] = (),
    limit_s: float = 0.25,
    grid_ticks: int = 1,
    at_most: int = 3,
    tries: int = 6,
) -> tuple[Relaxation, ...]:
    """Find the smallest relaxations of one waiting request; see :func:`smallest_relaxations`."""
    return smallest_relaxations(
        problem,
        assignment,
        rows=rows,
        bundles=bundles,
        requests=[request],
        limit_s=limit_s,
        grid_ticks=grid_ticks,
        at_most=at_most,
        tries=tries,
    )[request]


def smallest_relaxations(
    problem: ReferralProblem,
    assignment: Assignment,
    *,
    rows: Sequence[int] | Ints,
    bundles: Sequence[Sequence[int]] = (),
    requests: Sequence[int] | None = None,
    left_out: LeftOutMatters | None = None,
    limit_s: float = 0.25,
    grid_ticks: int = 1,
    at_most: int = 3,
    tries: int = 6,
) -> dict[int, tuple[Relaxation, ...]]:
    """Find what is least to add for each waiting request.

    Parameters
    ----------
    assignment : Assignment
        The plan of ``problem``.
    rows : sequence of int
        The rows to which something may be added; a column that lacks another row is no way out.
    bundles : sequence of sequences of int
        Rows that may grow, but only together and by the same number; no row in two of them.
    requests : sequence of int, optional
        Requests of interest; all that wait if not given.
    left_out : callable, optional
        Says of a tier and its proof (None: it is not proven by prices) whether columns that are not
        listed may matter. Where they may there is no relaxation; whoever keeps them lists more and
        asks again. All columns are listed if not given, and in any case those of requests that
        wait.
    limit_s : float
        Time for all solving again; when it is over only what the prices prove is given.
    grid_ticks : int
        Costs that are equal in multiples of this count as equal.
    at_most : int
        How many equal ones are given.
    tries : int
        How many ways are solved again per request before it is said that there is none.

    Returns
    -------
    dict
        For each request verified relaxations, equal in units and cost; empty if there is none.
    """
    waiting = np.flatnonzero(assignment.column_of == UNASSIGNED)
    wanted = waiting if requests is None else np.intersect1d(waiting, np.asarray(requests))
    bundle = _bundle_of(problem.rows, rows, bundles)
    clock = Clock.start(limit_s=limit_s, seed=assignment.seed, workers=1)
    search = _Search(
        problem, assignment, clock, grid_ticks, at_most, tries, bundle, left_out or _all_listed
    )
    lacks = _lacks(problem, assignment, wanted, bundle)
    found: dict[int, tuple[Relaxation, ...]] = {int(r): () for r in requests or ()}
    for request in wanted.tolist():
        ways, tier = _ways(search, lacks, request), int(problem.tier[request])
        several = bool(ways) and ways[0].units > 1
        found[request] = (several and _elsewhere(search, tier, ways)) or _verified(
            search, tier, ways
        )
    return found


def _bundle_of(size: int, rows: Sequence[int] | Ints, bundles: Sequence[Sequence[int]]) -> Ints:
    """Give every row the number of the thing that feeds it, shape (K,); ``FIXED`` cannot grow."""
    bundle = np.full(size, FIXED)
    bundle[np.asarray(rows, dtype=np.int64)] = np.asarray(rows, dtype=np.int64)
    for together in bundles:
        bundle[list(together)] = min(together)
    return bundle


@dataclass(frozen=True, slots=True, eq=False)
class _Lacks:
    """What the columns of interest lack, and in which order they are tried.

    ``order`` holds the columns by ``request``, then fewest units, then least cost; column
    ``column[i]`` lacks ``units[i]`` of ``thing[i]``, which feeds ``rows[thing[i]]``.
    """

    order: Ints
    request: Ints
    column: Ints
    thing: list[int]
    units: list[int]
    rows: dict[int, tuple[int, ...]]


def _lacks(problem: ReferralProblem, assignment: Assignment, wanted: Ints, bundle: Ints) -> _Lacks:
    """Compare every column of the requests of interest with what the plan leaves of the rows."""
    left = problem.left(assignment.column_of)
    ours = np.isin(problem.request, wanted)
    asked = np.flatnonzero(ours[problem.use_column])
    pair, place = np.unique(
        problem.use_column[asked] * problem.rows + problem.use_row[asked], return_inverse=True
    )
    amount = np.zeros(pair.size, dtype=np.int64)
    np.add.at(amount, place, problem.use_amount[asked])
    column, row = np.divmod(pair, max(1, problem.rows))
    lack = amount - left[row]
    ours[column[(lack > 0) & (bundle[row] == FIXED)]] = False
    short = (lack > 0) & ours[column]
    column, row, lack = column[short], row[short], lack[short]
    things, place = np.unique(column * problem.rows + bundle[row], return_inverse=True)
    units = np.zeros(things.size, dtype=np.int64)
    np.maximum.at(units, place, lack)
    column, thing = np.divmod(things, max(1, problem.rows))
    total = np.zeros(problem.columns, dtype=np.int64)
    np.add.at(total, column, units)
    mine = np.flatnonzero(ours)
    order = mine[np.lexsort((mine, problem.cost[mine], total[mine], problem.request[mine]))]
    rows = {t: tuple(np.flatnonzero(bundle == t).tolist()) for t in np.unique(thing).tolist()}
    return _Lacks(order, problem.request[order], column, thing.tolist(), units.tolist(), rows)


def _ways(search: _Search, lacks: _Lacks, request: int) -> list[Relaxation]:
    """List the first ways out that differ in what they add: fewest units, then least cost."""
    ways: dict[tuple[tuple[int, int], ...], Relaxation] = {}
    first, end = np.searchsorted(lacks.request, (request, request + 1)).tolist()
    columns = lacks.order[first:end]
    begins = np.searchsorted(lacks.column, columns).tolist()
    ends = np.searchsorted(lacks.column, columns, side="right").tolist()
    for column, begin, stop in zip(columns.tolist(), begins, ends, strict=True):
        things = zip(lacks.thing[begin:stop], lacks.units[begin:stop], strict=True)
        added = tuple(sorted((row, n) for thing, n in things for row in lacks.rows[thing]))
        if added not in ways:
            units, cost = sum(lacks.units[begin:stop]), int(search.problem.cost[column])
            ways[added] = Relaxation(added, column, units, cost)
            if len(ways) == search.tries:
                break
    return list(ways.values())


def _elsewhere(search: _Search, tier: int, ways: list[Relaxation]) -> tuple[Relaxation, ...]:
    """Find one unit that is enough although her own columns lack more.

    Tried is what she lacks herself, and what would let those move who hold it.
    """
    problem, column_of = search.problem, search.assignment.column_of
    wanted = {row for way in ways for row, _ in way.added}
    holding = np.zeros(problem.columns, dtype=np.bool_)
    holding[problem.use_column[np.isin(problem.use_row, sorted(wanted))]] = True
    placed = np.flatnonzero((column_of != UNASSIGNED) & ~problem.frozen)
    holders = placed[holding[column_of[placed]]]
    lacks = _lacks(problem, search.assignment, holders, search.bundle)
    things = {int(search.bundle[row]): None for row in sorted(wanted)}
    for holder in holders.tolist():
        single = (way for way in _ways(search, lacks, holder) if way.units == 1)
        things |= {int(search.bundle[way.added[0][0]]): None for way in single}
    kept: list[Relaxation] = []
    for thing in list(things)[: search.tries * search.at_most]:
        rows = np.flatnonzero(search.bundle == thing).tolist()
        added = tuple((row, 1) for row in rows)
        if _again(search, tier, added):
            kept.append(replace(ways[0], added=added, units=1))
            if len(kept) == search.at_most:
                break
    return tuple(kept)


def _verified(search: _Search, tier: int, ways: list[Relaxation]) -> tuple[Relaxation, ...]:
    """Take the first of ``ways`` that holds and those equal to it that hold as well."""
    kept: list[Relaxation] = []
    tried: set[tuple[tuple[int, int], ...]] = set()
    for way in ways:
        rank = (way.units, way.cost // search.grid_ticks)
        if kept and rank != (kept[0].units, kept[0].cost // search.grid_ticks):
            break
        if len(kept) == search.at_most or len(tried) == search.tries:
            break
        if way.added not in tried and _holds(search, tier, way.added):
            kept.append(way)
        tried.add(way.added)
    if kept or not ways or ways[0].units >= MOST_UNITS:
        return tuple(kept)
    more = [_with_one_more(way, search.bundle) for way in ways[: search.tries]]
    return _verified(search, tier, more)


def _with_one_more(way: Relaxation, bundle: Ints) -> Relaxation:
    """Add one unit more of the first thing: a tier above has taken the others for itself."""
    first = bundle[way.added[0][0]]
    added = tuple((row, n + int(bundle[row] == first)) for row, n in way.added)
    return replace(way, added=added, units=way.units + 1)


def _holds(search: _Search, tier: int, added: tuple[tuple[int, int], ...]) -> bool:
    """Whether one fewer of ``tier`` waits with the units added and no tier above gets worse."""
    rows = [row for row, _ in added]
    if added and np.all(search.assignment.sensitive_tier[rows] >= tier):
        return True
    return _again(search, tier, added)


def _again(search: _Search, tier: int, added: tuple[tuple[int, int], ...]) -> bool:
    """Solve again, once for everybody of a tier to whom the same would be added."""
    if (tier, added) not in search.solved:
        search.solved[tier, added] = _solved_again(search, tier, added)
    return search.solved[tier, added]


def _solved_again(search: _Search, tier: int, added: tuple[tuple[int, int], ...]) -> bool:
    """Begin with the plan and its prices, and solve down to ``tier`` with the units added.

    Those who come later cannot change what this tier reaches.
    """
    try:
        search.clock.left_s("solving again")
        return _one_fewer(search, search.options.enlarged(added), tier)
    except RoutingModelError:
        return False


def _one_fewer(search: _Search, options: Options, tier: int) -> bool:
    """Whether one fewer of ``tier`` waits when there is more, and no tier above gets worse."""
    before, of = search.assignment.tiers, options.of_requests
    face, chosen = first_face(options), options.own_or_waiting()
    for at in TIERS[:tier]:
        chosen = stay_in_turn(options, chosen, search.plan, of(at))
        opened = open_tier(
            face,
            at,
            search.clock,
            yield_ticks=search.assignment.yield_ticks,
            last=at == tier,
        )
        price, proof = search.proof(at)
        if at == tier:
            # Nobody else has taken it: she is placed, and that is one fewer.
            stays = place_in_turn(options, chosen, of(at)[opened.waits[chosen[of(at)]] > 0])
            if opened.waits[stays].sum() < before[at - 1].waiting:
                chosen = stays
                break
            if proof and opened.waiting_bound(proof) >= before[at - 1].waiting:
                return False
        result = solve_tier(opened, chosen, price=price)
        face, chosen = result.face, result.chosen
        if at == tier and opened.waits[chosen].sum() < before[at - 1].waiting:
            break
        if search.left_out(at, result.proof) or at == tier or not result.proven:
            return False
    return all(
        _figures(options, chosen, at) <= (before[at - 1].waiting, before[at - 1].objective)
        for at in TIERS[: tier - 1]
    )


def _figures(options: Options, chosen: Ints, tier: int) -> tuple[int, int]:
    """Return how many of a tier wait and what the others cost."""
    mine = chosen[options.tier == tier]
    return int((options.column[mine] == UNASSIGNED).sum()), int(options.cost[mine].sum())
