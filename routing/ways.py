"""All ways of serving one request, for the joint plan (R-DEST-02, R-PRIO-04)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from routing.answer import Alternative, Excluded, Ranked
from routing.catchment_use import inside_catchment
from routing.choices import Choices
from routing.first_stop import Stop
from routing.listed import Listed
from routing.seating import needs_free_place
from routing.splitting import uses_at
from routing.triage.assess import Assessed
from routing.way import COST_PARTS, Way
from routing.weighing import Weighed

__all__ = ["Ways", "all_ways"]

Need: TypeAlias = tuple[Weighed, Listed]


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
    fallback = _fallback_row(choices, priority)
    escort = choices.assessed.need.escort
    needs = [(one, Listed(choices.question, one, escort)) for one in choices.weighed]
    places = {row: position for position, row in enumerate(choices.order)}
    found = [
        *_placed(choices, needs, places),
        *_over(choices, needs, places, priority, fallback),
        *_split(choices),
    ]
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


def _placed(choices: Choices, needs: Sequence[Need], positions: Mapping[int, int]) -> Iterator[Way]:
    """Yield every variant of places that fits, at every centre and by every need."""
    ids = choices.question.network.ids
    for weighed, listed in needs:
        for v, row in np.argwhere(weighed.seating.fits & weighed.feasible).tolist():
            cost = listed.cost(row, v)
            yield Way(
                facility_id=ids[row],
                newborn_facility_id=None,
                role="definitive",
                uses=uses_at(weighed, v, ids[row]),
                over_capacity=False,
                fallback=False,
                transport=listed.transport(row),
                cost=cost,
                cost_min=round(sum(cost.values()), 1),
                position=positions[row],
            )


def _over(
    choices: Choices,
    needs: Sequence[Need],
    positions: Mapping[int, int],
    priority: int,
    fallback: int | None,
) -> Iterator[Way]:
    """Yield a placement over capacity at every centre where one may be asked for."""
    ids = choices.question.network.ids
    for weighed, listed in needs:
        seats = weighed.need.seats
        if not seats or needs_free_place(seats, priority):
            continue
        for row in np.flatnonzero(weighed.feasible).tolist():
            cost = listed.cost(row, None)
            yield Way(
                facility_id=ids[row],
                newborn_facility_id=None,
                role="definitive",
                uses=(),
                over_capacity=True,
                fallback=row == fallback,
                transport=listed.transport(row),
                cost=cost,
                cost_min=round(sum(cost.values()), 1),
                position=positions[row],
            )


def _split(choices: Choices) -> Iterator[Way]:
    """Yield mother and newborn apart."""
    ids = choices.question.network.ids
    behind = len(choices.order)
    for n, pair in enumerate(choices.pairs):
        escort = choices.assessed.need.escort
        yield Way(
            facility_id=ids[pair.row],
            newborn_facility_id=ids[pair.newborn_row],
            role="definitive",
            uses=pair.uses,
            over_capacity=False,
            fallback=False,
            transport=pair.mother.drives.plan(choices.question, pair.row, escort),
            cost=pair.cost,
            cost_min=pair.cost_min,
            position=behind + n,
        )


def _fallback_row(choices: Choices, priority: int) -> int | None:
    """Return the centre that a priority-1 request may always be sent to.

    The best of its catchment; where nobody of the catchment can take her, the best of all: she
    never ends as waiting (R-PRIO-04).
    """
    if priority != 1 or not choices.order:
        return None
    need = choices.weighed[-1].need
    inside, _ = inside_catchment(choices.question, need, choices.feasible)
    return next((row for row in choices.order if inside[row]), choices.order[0])
