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

    Raises
    ------
    RefusedInputError
        A month that does not exist, or a closure that is not a pair.
    """

    month: int | None = None
    night: bool = False
    rain: bool = False
    closed: frozenset[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        faults = []
        if self.month is not None and not 1 <= self.month <= 12:
            faults.append(
                Fault("conditions", None, "month", str(self.month), "out_of_range", "1..12")
            )
        faults += [
            Fault("conditions", None, "closed", "-".join(sorted(pair)), "not_a_pair", "two codes")
            for pair in self.closed
            if len(pair) != 2
        ]
        if faults:
            raise RefusedInputError("conditions", faults)


def closed_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[frozenset[str]]:
    """Return closures as :class:`Conditions` wants them."""
    return frozenset(frozenset(pair) for pair in pairs)
