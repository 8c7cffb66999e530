"""The places of a ranked centre as they are shown: how many are free, and how old that is."""

from collections.abc import Sequence
from datetime import timedelta

from facilities.capacity import PlaceKind, PlaceTrust, Pool
from routing.answer import Place
from routing.question import Question
from routing.triage.need import Seat
from routing.way import Use

__all__ = ["PlacesShown"]


class PlacesShown:
    """Shows places of one request; equal assumed ones are one object."""

    def __init__(self, question: Question) -> None:
        self._pools = question.network.registry.pools
        self._now = question.now
        self._assumed: dict[tuple[str, PlaceKind, int], Place] = {}

    def taken(self, uses: Sequence[Use], arrival_min: float) -> tuple[Place, ...]:
        """Return the places a way takes, free as they will be when she arrives."""
        return tuple(
            self._place(use.seat, use.kind, self._pools[use.facility_id, use.kind], arrival_min)
            for use in uses
        )

    def full(
        self, seats: Sequence[Seat], facility_id: str, arrival_min: float
    ) -> tuple[Place, ...]:
        """Return the places a full centre would have to find."""
        return tuple(
            self._place(
                seat.seat, seat.kind, self._pools.get((facility_id, seat.kind)), arrival_min
            )
            for seat in seats
        )

    def _place(self, seat: str, kind: PlaceKind, pool: Pool | None, arrival_min: float) -> Place:
        if pool is None:
            return self._shared(seat, kind, 0)
        free = pool.free
        if pool.free_from is not None:
            free = pool.free_at(self._now + timedelta(minutes=arrival_min))
        if pool.as_of is None or pool.assumed:
            return self._shared(seat, kind, free)
        return Place(
            seat,
            kind.value,
            free,
            pool.as_of.isoformat(),
            pool.age_min(self._now),
            pool.trust(self._now).value,
        )

    def _shared(self, seat: str, kind: PlaceKind, free: int) -> Place:
        key = (seat, kind, free)
        found = self._assumed.get(key)
        if found is None:
            trust = PlaceTrust.ASSUMED.value
            found = self._assumed[key] = Place(seat, kind.value, free, None, None, trust)
        return found
