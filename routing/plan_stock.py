"""What there is only so much of in a plan: places, reserves, placements over capacity, vehicles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from routing.centres import KIND_INDEX, KINDS, Flags, Ints
from routing.network import FacilityNetwork
from routing.plan_vehicles import Fleet
from routing.request_values import Reserve, VehicleKind

__all__ = ["Row", "Stock"]

RowKind = Literal["pool", "open", "over", "pack"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the problem.

    ``pool``: the free places of a kind at a facility; ``open``: those of them that are not reserved
    for priority 1; ``over``: placements over capacity at a facility; ``pack``: alike vehicles, for
    ``facility_id`` None an ambulance that would have to stand where she is.
    """

    what: RowKind
    facility_id: str | None
    kind: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """Every row there may be, numbered: pools, what is open of them, over capacity, packs.

    Parameters
    ----------
    free, in_service, reserved : shape (F, K)
        Places by facility and kind. Those that empty later count (R-RESERVE-01): who arrives
        before has no way that takes one.
    free_now : shape (F, K)
        Where places do not depend on when she arrives.
    capacity : shape (2 F K + F + P + R,)
        How much there is of each row; behind the packs none for each of R requests, an
        ambulance where she is.
    """

    ids: tuple[str, ...]
    free: Ints
    in_service: Ints
    reserved: Ints
    free_now: Flags
    capacity: Ints
    over_limit: int
    fleet: Fleet | None

    @classmethod
    def of(
        cls,
        network: FacilityNetwork,
        reserve: Iterable[Reserve],
        *,
        over_limit: int,
        fleet: Fleet | None,
        requests: int,
    ) -> "Stock":
        """Count everything."""
        centres = network.centres
        reserved = np.zeros_like(centres.free_later)
        for kept in reserve:
            reserved[network.row_of[kept.facility_id], KIND_INDEX[kept.kind]] = kept.n
        packs = [] if fleet is None else [len(pack.ids) for pack in fleet.packs]
        capacity = np.concatenate(
            [
                centres.free_later.reshape(-1),
                np.maximum(0, centres.free_later - reserved).reshape(-1),
                np.full(centres.size, over_limit),
                np.array(packs, dtype=np.int64),
                np.zeros(requests, dtype=np.int64),
            ]
        )
        return cls(
            ids=network.ids,
            free=centres.free_later,
            in_service=centres.in_service,
            reserved=reserved,
            free_now=np.isneginf(centres.free_from_s),
            capacity=capacity.astype(np.int64),
            over_limit=over_limit,
            fleet=fleet,
        )

    @property
    def _pools(self) -> int:
        return len(self.ids) * len(KINDS)

    def over(self, row: Ints) -> Ints:
        """Return the rows of placements over capacity at facilities."""
        return 2 * self._pools + row

    def pack(self, number: Ints) -> Ints:
        """Return the rows of packs of vehicles."""
        return 2 * self._pools + len(self.ids) + number

    def take(
        self, way: Ints, row: Ints, kind: Ints, amount: Ints, priority: int
    ) -> list[tuple[Ints, Ints, Ints]]:
        """Return (way, row, amount) for places of a kind at a facility.

        Reserved places serve priority 1 only (R-RESERVE-01): who comes after takes the place
        from what is open as well.
        """
        pool = row * len(KINDS) + kind
        found = [(way, pool, amount)]
        if priority > 1 and self.keeps_back:
            kept = self.reserved[row, kind] > 0
            found.append((way[kept], self._pools + pool[kept], amount[kept]))
        return found

    @property
    def keeps_back(self) -> bool:
        """Whether any place is reserved."""
        return bool(self.reserved.any())

    def told(self, number: int) -> Row:
        """Return what a row is."""
        pools = self._pools
        if number < 2 * pools:
            facility, kind = divmod(number % pools, len(KINDS))
            what: RowKind = "pool" if number < pools else "open"
            return Row(what, self.ids[facility], KINDS[kind].value)
        number -= 2 * pools
        if number < len(self.ids):
            return Row("over", self.ids[number])
        if self.fleet is None:
            raise AssertionError("a row of vehicles in a plan without vehicles")
        number -= len(self.ids)
        if number >= len(self.fleet.packs):
            return Row("pack", None, VehicleKind.AMBULANCE.value)
        pack = self.fleet.packs[number]
        return Row("pack", pack.at, pack.kind.value)

    def bundles(self, rows: Ints, left: Ints) -> list[tuple[int, ...]]:
        """Return the rows that grow together when one thing is added, as positions in ``rows``.

        A place feeds its pool and what of it is not reserved. Where the pool still has places
        (``left``, shape of ``rows``) nothing need be added: a reserved one can be released.
        """
        place = {number: n for n, number in enumerate(rows.tolist())}
        found: list[tuple[int, ...]] = []
        for number, n in place.items():
            if number < self._pools:
                other = place.get(number + self._pools)
                if other is None:
                    found.append((n,))
                elif left[n] > 0:
                    found += [(n,), (other,)]
                else:
                    found.append((n, other))
        return found
