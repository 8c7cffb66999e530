"""Under which conditions a trip is estimated."""

from collections.abc import Iterable
from dataclasses import dataclass

from geodata.check import Fault
from geodata.errors import RefusedInputError


@dataclass(frozen=True, slots=True)
class Conditions:
    """Month, darkness, rain and closed roads.

    Parameters
    ----------
    month : int | None
        1..12; None = unknown, and then seasonal roads count as closed.
    night, rain : bool
        Lengthen every time by the stated factors.
    closed : frozenset[frozenset[str]]
        Pairs of neighbouring counties (or county and hub) between which the road is closed.
    slowed : frozenset[tuple[frozenset[str], int]]
        Such pairs and how many seconds longer the road takes; of two for one pair the longer.

    Raises
    ------
    RefusedInputError
        A month that does not exist, or a closure that is not a pair.
    """

    month: int | None = None
    night: bool = False
    rain: bool = False
    closed: frozenset[frozenset[str]] = frozenset()
    slowed: frozenset[tuple[frozenset[str], int]] = frozenset()

    def longer_s(self, pair: frozenset[str]) -> int:
        """Return how many seconds longer than usual a road takes."""
        return max((more for slow, more in self.slowed if slow == pair), default=0)

    @property
    def touched(self) -> frozenset[frozenset[str]]:
        """Pairs whose road is not as usual."""
        return self.closed | {pair for pair, _ in self.slowed}

    def __post_init__(self) -> None:
        faults = []
        if self.month is not None and not 1 <= self.month <= 12:
            faults.append(
                Fault("conditions", None, "month", str(self.month), "out_of_range", "1..12")
            )
        faults += [
            Fault("conditions", None, "closed", "-".join(sorted(pair)), "not_a_pair", "two codes")
            for pair in self.touched
            if len(pair) != 2
        ]
        faults += [
            Fault("conditions", None, "slowed", str(more), "out_of_range", ">= 0")
            for _, more in self.slowed
            if more < 0
        ]
        if faults:
            raise RefusedInputError("conditions", faults)


def closed_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[frozenset[str]]:
    """Return closures as :class:`Conditions` wants them."""
    return frozenset(frozenset(pair) for pair in pairs)
