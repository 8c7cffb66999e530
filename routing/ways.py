"""All ways of serving one request, for the joint plan (R-DEST-02, R-PRIO-04)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.answer import Alternative, Excluded, Ranked
from routing.catchment_use import inside_catchment
from routing.choices import Choices
from routing.first_stop import Stop
from routing.pairs import uses_at
from routing.triage.assess import Assessed
from routing.way import COST_PARTS, Way
from routing.weighing import Weighed

__all__ = ["Ways", "all_ways", "fallback_pair", "fallback_row"]


@dataclass(frozen=True, slots=True)
class Ways:
    """One request with everything that may become of it; ``ways`` as ``all_ways`` gives them."""

    assessed: Assessed
    ways: tuple[Way, ...]
    ranking: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    alternatives: tuple[Alternative, ...]


def all_ways(choices: Choices, stop: Stop | None, *, priority: int) -> tuple[Way, ...]:
    """Return every way; the first one is that of the ranking's first row, the rest by cost.

    A first stop is the only choice of its request while it can be taken (contract 2.2); the
    definitive ways follow it. For priority 1 one of them is always possible.
    """
    found = [*_alone(choices, priority), *_split(choices, priority)]
    found.sort(key=lambda way: (way.cost_min, way.position, way.over_capacity))
    return (_of_stop(choices, stop), *found) if stop is not None else tuple(found)


def _of_stop(choices: Choices, stop: Stop) -> Way:
    """Return the stop: no place, but one of the placements over capacity of that centre."""
    return Way(
        facility_id=choices.question.network.ids[stop.row],
        newborn_facility_id=None,
        role="first_stop",
        uses=(),
        over_capacity=True,
        fallback=False,
        transport=stop.transport,
        cost=dict.fromkeys(COST_PARTS, 0.0) | {"time_to_care": stop.care_min},
        cost_min=round(stop.care_min, 1),
        position=0,
    )


def _alone(choices: Choices, priority: int) -> Iterator[Way]:
    """Yield every way to one centre: each variant of places that fits there, and over capacity."""
    positions = {row: position for position, row in enumerate(choices.order)}
    fallback = fallback_row(choices, priority)
    for weighed in choices.weighed:
        for v, row in np.argwhere(weighed.seating.fits & weighed.feasible).tolist():
            yield _way(choices, weighed, row, v, position=positions[row], fallback=False)
        for row in np.flatnonzero(weighed.may_ask).tolist():
            always = row == fallback
            yield _way(choices, weighed, row, None, position=positions[row], fallback=always)


def _way(
    choices: Choices,
    weighed: Weighed,
    row: int,
    variant: int | None,
    *,
    position: int,
    fallback: bool,
) -> Way:
    """Return the way to one centre; ``variant`` None is over capacity."""
    facility_id = choices.question.network.ids[row]
    cost = weighed.parts(row, variant)
    return Way(
        facility_id=facility_id,
        newborn_facility_id=None,
        role="definitive",
        uses=() if variant is None else uses_at(weighed, variant, facility_id),
        over_capacity=variant is None,
        fallback=fallback,
        transport=weighed.drives.plan(choices.question, row, choices.assessed.need.escort),
        cost=cost,
        cost_min=round(sum(cost.values()), 1),
        position=position,
    )


def _split(choices: Choices, priority: int) -> Iterator[Way]:
    """Yield mother and newborn apart."""
    ids = choices.question.network.ids
    apart, behind = choices.apart, len(choices.order)
    if apart is None:
        return
    fallback = fallback_pair(choices, priority)
    for n in range(apart.size):
        pair = apart.pair(n)
        escort = choices.assessed.need.escort
        yield Way(
            facility_id=ids[pair.row],
            newborn_facility_id=ids[pair.newborn_row],
            role="definitive",
            uses=pair.uses,
            over_capacity=bool(pair.asked),
            fallback=n == fallback,
            transport=pair.mother.drives.plan(choices.question, pair.row, escort),
            cost=pair.cost,
            cost_min=pair.cost_min,
            position=behind + n,
        )


def fallback_row(choices: Choices, priority: int) -> int | None:
    """Return the centre that a priority-1 request may always be sent to, None where there is none.

    The best of its catchment; where nobody of the catchment can take her, the best of all: she
    never ends as waiting (R-PRIO-04). A hospital outside the province can promise no such thing.
    """
    if priority != 1:
        return None
    need = choices.weighed[-1].need
    inside, _ = inside_catchment(choices.question, need, choices.feasible)
    ours = [row for row in choices.order if not choices.question.centres.outside[row]]
    return next((row for row in ours if inside[row]), ours[0] if ours else None)


def fallback_pair(choices: Choices, priority: int) -> int | None:
    """Return the number of the pair that is always possible where no single centre is.

    Both centres are asked over capacity, so it takes no place that another could have (R-PRIO-04).
    """
    apart = choices.apart
    if priority != 1 or apart is None or fallback_row(choices, priority) is not None:
        return None
    return apart.always()
