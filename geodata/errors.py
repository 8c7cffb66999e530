"""What can go wrong with places and travel times.

GeodataError
  RefusedInputError          a file or a request has faults; all of them are listed
    OutsideDataError         a point lies in no county of this data set
    UnknownRoadError         a closure names a pair of counties that share no road here
  UnknownDivisionError       a division code is not in this data set
  UnknownSiteError           an origin or destination is not in this table of times
  BrokenTimesError           arrays of one table of times contradict each other
"""

from collections.abc import Sequence

from geodata.check import Fault


class GeodataError(Exception):
    """Base of everything this package raises on purpose."""


class RefusedInputError(GeodataError, ValueError):
    """A file or a request is refused; ``faults`` lists everything that is wrong with it."""

    def __init__(self, what: str, faults: Sequence[Fault]) -> None:
        self.what = what
        self.faults = tuple(faults)
        first = f", first {self.faults[0]}" if self.faults else ""
        super().__init__(
            f"{what} refused for {len(self.faults)} fault(s){first}; nothing was taken over, "
            "correct every fault listed and try again"
        )


class OutsideDataError(RefusedInputError):
    """A point lies in no county of this data set."""

    def __init__(self, lon: float, lat: float, *, where: str = "request") -> None:
        self.lon = lon
        self.lat = lat
        value = f"{lon:.2f},{lat:.2f}"  # a kilometre: enough to see the mistake, not the house
        fault = Fault(
            where, None, "lon,lat", value, "outside_data", "a point in one of the counties"
        )
        super().__init__(where, [fault])


class UnknownRoadError(RefusedInputError):
    """A closure names two divisions that share no border in this data set."""

    def __init__(self, pairs: Sequence[tuple[str, ...]], *, where: str = "request") -> None:
        self.pairs = tuple(pairs)
        super().__init__(
            where,
            [
                Fault(where, None, "closed", "-".join(pair), "unknown_road", "a neighbouring pair")
                for pair in pairs
            ],
        )


class UnknownDivisionError(GeodataError, LookupError):
    """A division code is not in this data set."""

    def __init__(self, code: str, *, known: int) -> None:
        self.code = code
        self.known = known
        super().__init__(
            f"division {code!r} is not among the {known} of this data set; "
            "use a six-digit code of a prefecture or county listed in docs/data.md"
        )


class UnknownSiteError(GeodataError, LookupError):
    """An origin or destination is not in this table of times."""

    def __init__(self, site_id: str, *, known: int) -> None:
        self.site_id = site_id
        self.known = known
        super().__init__(
            f"{site_id!r} is not among the {known} places of this table of times; "
            "ask for the times again with this place included"
        )


class BrokenTimesError(GeodataError, ValueError):
    """Arrays of one table of times contradict each other."""

    def __init__(self, problem: str, *, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self.problem = problem
        self.pairs = tuple(pairs)
        shown = ", ".join(f"{origin}->{destination}" for origin, destination in self.pairs[:5])
        super().__init__(f"{problem}{': ' + shown if shown else ''}; the table was not built")
