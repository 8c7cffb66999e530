"""The places of a ranked centre as they are shown: how many are free, and how old that is."""

from datetime import timedelta

from facilities.capacity import PlaceKind, PlaceTrust
from routing.answer import Place
from routing.question import Question

__all__ = ["PlacesShown"]

_ASSUMED = PlaceTrust.ASSUMED.value


class PlacesShown:
    """Shows places of one request; equal assumed ones are one object."""

    def __init__(self, question: Question) -> None:
        self._pools = question.network.registry.pools
        self._now = question.now
        self._assumed: dict[tuple[str, PlaceKind, int], Place] = {}

    def place(self, seat: str, kind: PlaceKind, facility_id: str, arrival_min: float) -> Place:
        """Return a place as it will be when she arrives; a kind that is not there has none free."""
        pool = self._pools.get((facility_id, kind))
        free = 0 if pool is None else pool.free
        if pool is not None and pool.free_from is not None:
            free = pool.free_at(self._now + timedelta(minutes=arrival_min))
        if pool is not None and pool.as_of is not None and not pool.assumed:
            trust, as_of = pool.trust(self._now).value, pool.as_of.isoformat()
            return Place(seat, kind.value, free, as_of, pool.age_min(self._now), trust)
        key = seat, kind, free
        found = self._assumed.get(key)
        if found is None:
            found = self._assumed[key] = Place(seat, kind.value, free, None, None, _ASSUMED)
        return found
