"""Where somebody is or goes: a facility, a county, a village, a bare point, a city outside."""

from dataclasses import dataclass
from enum import StrEnum


class SiteKind(StrEnum):
    """What kind of place a site is; the estimate treats each by its own assumption."""

    FACILITY = "facility"
    COUNTY = "county"
    PLACE = "place"
    POINT = "point"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Site:
    """One origin or destination of a trip.

    Parameters
    ----------
    site_id : str
        Unique within one question.
    kind : SiteKind
        ``COUNTY`` means somewhere in the county; ``HUB`` a city outside the network.
    county : str
        County code; empty for a hub. A facility outside the province has the id of its hub.
    lon, lat : float | None
        WGS-84; None where no point is known, which is taken for the county's road point.
    minutes_to_seat : float | None
        Driving minutes to the county seat where somebody stated them; wins over the point.
    """

    site_id: str
    kind: SiteKind
    county: str
    lon: float | None
    lat: float | None
    minutes_to_seat: float | None = None
