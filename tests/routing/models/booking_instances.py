"""Small bookings in numbers, drawn at random, and every plan of them one after the other."""

from dataclasses import replace

import numpy as np

from routing.booking.problem import NO_OPTION, BookingProblem


def draw(seed, *, groups=5, centres=4, kinds=2, weeks=6, most=2, scarcity=1.0):
    """Draw groups of up to ``most`` women; ``scarcity`` is room over load if spread evenly."""
    rng = np.random.default_rng(seed)
    cost = 1000 * rng.integers(20, 900, size=(groups, 2, centres))
    cost[:, 1] = np.minimum(cost[:, 0], cost[:, 1])
    cost[rng.random(cost.shape) < 0.2] = NO_OPTION
    count = rng.integers(1, most + 1, groups)
    load = np.zeros((groups, kinds, weeks), dtype=np.int64)
    for one in range(groups):
        begin = rng.integers(0, weeks - 2)
        load[one, rng.integers(kinds), begin : begin + 3] = rng.integers(300, 2500, 3)
    held = np.stack([np.arange(weeks) // 2 == span for span in range(3)]).astype(np.int64)
    shape = rng.integers(0, groups, groups)
    need = (load[shape] * count[:, None, None]).sum(axis=0)
    room = (need * scarcity / centres * rng.uniform(0.5, 2.0, (centres, 1, 1))).astype(np.int64)
    return BookingProblem(
        count=count,
        cost=cost,
        shape=shape,
        span=rng.integers(0, 3, groups),
        load=load,
        held=held,
        serves=np.tile(np.arange(kinds)[:, None], (1, centres)),
        room=room + 2000 * (rng.random(room.shape) < 0.5),
        lodging=rng.integers(0, 3, size=(centres, weeks)),
    )


def varied(seed, **more):
    """The same with what life brings, each for some: she will not leave home, she has declined a
    centre (dearer than any way), she is booked already (a change costs), a ward is closed for two
    weeks, lodging is full."""
    problem, rng = draw(seed, **more), np.random.default_rng(1_000 + seed)
    groups, centres, weeks = problem.groups, problem.centres, problem.room.shape[2]
    cost, room, lodging = problem.cost.copy(), problem.room.copy(), problem.lodging.copy()
    for group in range(groups):
        if rng.random() < 0.3:
            cost[group, :, rng.integers(centres)] += 1_440_000
        if rng.random() < 0.3:
            stands = rng.integers(centres)
            cost[group, :, np.arange(centres) != stands] += 30_000
        if rng.random() < 0.3:
            cost[group, 1] = NO_OPTION
    closed, week = rng.integers(centres), rng.integers(weeks - 1)
    room[closed, :, week : week + 2] = 0
    lodging[rng.random(lodging.shape) < 0.3] = 0
    cost = np.where(problem.cost >= NO_OPTION, NO_OPTION, np.minimum(cost, NO_OPTION))
    return replace(problem, cost=cost, room=room, lodging=lodging)


def options(problem):
    """(group, lodged, centre, cost) of every option, and what each takes of every row."""
    keys = np.argwhere(problem.cost < NO_OPTION)
    group, lodged, centre = keys.T
    option, row, amount = problem.uses(group, lodged, centre)
    uses = np.zeros((len(keys), problem.capacity.size), dtype=np.int64)
    np.add.at(uses, (option, row), amount)
    return keys, problem.cost[group, lodged, centre], uses


def best_plan(problem):
    """(unbooked, cost) of the best of all plans, by trying every one of them."""
    keys, cost, uses = options(problem)
    women = [g for g, n in enumerate(problem.count.tolist()) for _ in range(n)]
    mine = [sorted(np.flatnonzero(keys[:, 0] == g), key=lambda j: cost[j]) for g in women]
    best = (len(women), 0)

    def go_on(at, left, unbooked, spent):
        nonlocal best
        if (unbooked, spent) >= best:
            return
        if at == len(women):
            best = unbooked, spent
            return
        for option in mine[at]:
            rest = left - uses[option]
            if (rest >= 0).all():
                go_on(at + 1, rest, unbooked, spent + int(cost[option]))
        go_on(at + 1, left, unbooked + 1, spent)

    go_on(0, problem.capacity, 0, 0)
    return best
