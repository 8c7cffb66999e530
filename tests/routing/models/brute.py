"""Every plan of a small problem, one after the other: the oracle that cannot be wrong."""

import itertools

import numpy as np

from routing.problem import TIERS, UNASSIGNED


def best_plan(problem):
    """(waiting, cost) of the tiers of the best of all plans; frozen requests are not known."""
    always = set(problem.request[problem.fallback].tolist())
    choices = [
        [*np.flatnonzero(problem.request == r).tolist(), *([] if r in always else [UNASSIGNED])]
        for r in range(problem.requests)
    ]
    plans = np.array(list(itertools.product(*choices)), dtype=np.int64)
    uses = np.zeros((problem.columns + 1, problem.rows), dtype=np.int64)
    np.add.at(uses, (problem.use_column, problem.use_row), problem.use_amount)
    used = np.zeros((plans.shape[0], problem.rows), dtype=np.int64)
    for r in range(problem.requests):
        used += uses[plans[:, r]]
    plans = plans[np.all(used <= problem.capacity, axis=1)]
    cost = np.append(problem.cost, 0)
    keys = []
    for tier in TIERS:
        mine = plans[:, problem.tier == tier]
        keys += [np.sum(mine == UNASSIGNED, axis=1), np.sum(cost[mine], axis=1)]
    first = np.lexsort(keys[::-1])[0]
    values = [int(key[first]) for key in keys]
    return [(values[0], values[1]), (values[2], values[3]), (values[4], values[5])]
