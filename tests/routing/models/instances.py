"""Small problems: built by hand from a table of costs, or drawn at random."""

import numpy as np

from routing.problem import TIERS, ReferralProblem


def table(costs, free, *, tier=None, **more):
    """One kind of place: ``costs[r][f]`` ticks, None where it cannot; ``free[f]`` places."""
    pairs = [
        (r, f, cost)
        for r, row in enumerate(costs)
        for f, cost in enumerate(row)
        if cost is not None
    ]
    return ReferralProblem(
        tier=tier or [1] * len(costs),
        request=[r for r, _, _ in pairs],
        cost=[cost for _, _, cost in pairs],
        use_column=range(len(pairs)),
        use_row=[f for _, f, _ in pairs],
        use_amount=[1] * len(pairs),
        capacity=free,
        **more,
    )


def draw(
    seed,
    *,
    requests=6,
    centres=4,
    kinds=2,
    scarcity=1.0,
    vehicles=0,
    most=900,
    capable=0.8,
    fallback=0.0,
):
    """Draw requests of three tiers that need one or two of ``kinds`` kinds of place.

    ``scarcity`` = places over need. With ``vehicles`` each column takes one of them as well, dearer
    by its own way. ``fallback``: the share of tier 1 with a dear column that is always possible.
    """
    rng = np.random.default_rng(seed)
    tier = rng.choice(TIERS, size=requests)
    need = np.zeros((requests, kinds), dtype=int)
    need[np.arange(requests), rng.integers(0, kinds, requests)] = 1
    need |= rng.random((requests, kinds)) < 0.25
    total = np.maximum(1, np.rint(need.sum(axis=0) * scarcity)).astype(int)
    capacity = np.stack([rng.multinomial(n, [1 / centres] * centres) for n in total], axis=1)
    minutes = rng.integers(20, most, size=(requests, centres))
    can = rng.random((requests, centres)) < capable
    columns = []
    for r, f in np.argwhere(can).tolist():
        rows = [f * kinds + k for k in np.flatnonzero(need[r]).tolist()]
        if not vehicles:
            columns.append((r, int(minutes[r, f]), rows))
        for v in range(vehicles):
            way = int(minutes[r, f]) + int(rng.integers(0, 60))
            columns.append((r, way, [*rows, centres * kinds + v]))
    always = [False] * len(columns)
    for r in np.flatnonzero((tier == 1) & (rng.random(requests) < fallback)).tolist():
        columns.append((r, most + int(rng.integers(0, 100)), []))
        always.append(True)
    uses = [(j, row) for j, (_, _, rows) in enumerate(columns) for row in rows]
    return ReferralProblem(
        tier=tier,
        request=[r for r, _, _ in columns],
        cost=[cost for _, cost, _ in columns],
        use_column=[j for j, _ in uses],
        use_row=[row for _, row in uses],
        use_amount=[1] * len(uses),
        capacity=[*capacity.reshape(-1).tolist(), *[1] * vehicles],
        fallback=always,
    )


def reached(plan):
    """(waiting, cost) of the three tiers."""
    return [(tier.waiting, tier.objective) for tier in plan.tiers]
