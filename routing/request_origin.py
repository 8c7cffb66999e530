"""Where the patient is: a facility, a county, a known place, or a bare point."""

from collections.abc import Mapping
from dataclasses import dataclass

from facilities.registry import Registry
from geodata.crs import CRS
from geodata.errors import OutsideDataError
from geodata.estimate import RoadEstimate
from geodata.place_file import Place
from geodata.site import Site
from routing.request_parts import Part

__all__ = ["Origin", "OriginReader"]

POINT = ("lon", "lat", "crs")
ONE_OF = ("facility_id", "adcode", "place_id")
CHOICES = "one of facility_id | adcode | place_id | lon,lat,crs"


@dataclass(frozen=True, slots=True)
class Origin:
    """A starting point with its county; ``facility_id`` None where it is no facility."""

    site: Site
    county: str
    facility_id: str | None


class OriginReader:
    """Reads ``origin``: exactly one of the four ways to say where she is."""

    def __init__(
        self, registry: Registry, estimate: RoadEstimate, places: Mapping[str, Place]
    ) -> None:
        self._registry = registry
        self._estimate = estimate
        self._places = places

    def read(self, request: Part) -> Origin | None:
        """Return the origin, None where a fault was noted."""
        part = request.part("origin", required=True)
        if part is None:
            return None
        part.only((*ONE_OF, *POINT))
        ways = [name for name in ONE_OF if part.has(name)]
        if any(part.has(name) for name in POINT):
            ways.append("point")
        if len(ways) != 1:
            code = "ambiguous" if ways else "missing"
            request.fault("origin", code, CHOICES, " + ".join(ways))
            return None
        match ways[0]:
            case "facility_id":
                return self._facility(part)
            case "adcode":
                return self._county(part)
            case "place_id":
                return self._place(part)
        return self._point(part)

    def _facility(self, part: Part) -> Origin | None:
        code = part.text("facility_id")
        if code is None:
            return None
        if code not in self._registry:
            part.fault("facility_id", "unknown_facility", "a facility of the registry")
            return None
        facility = self._registry.get(code)
        return Origin(facility.site(), facility.county, code)

    def _county(self, part: Part) -> Origin | None:
        code = part.text("adcode")
        if code is None:
            return None
        if not self._estimate.divisions.is_county(code):
            part.fault("adcode", "unknown_division", "a county of the data set")
            return None
        return Origin(self._estimate.county_site(code), code, None)

    def _place(self, part: Part) -> Origin | None:
        code = part.text("place_id")
        if code is None:
            return None
        place = self._places.get(code)
        if place is None:
            part.fault("place_id", "unknown_place", f"one of {len(self._places)} imported places")
            return None
        return Origin(place.site(), place.county, None)

    def _point(self, part: Part) -> Origin | None:
        crs = part.choice("crs", [crs.value for crs in CRS], code="unknown_value")
        if not part.has("crs"):
            part.fault("crs", "missing_crs", " | ".join(CRS))
        lon = part.number("lon", low=-180, high=180, required=True)
        lat = part.number("lat", low=-90, high=90, required=True)
        if crs is None or lon is None or lat is None:
            return None
        try:
            site = self._estimate.site_at(lon, lat, crs=CRS(crs))
        except OutsideDataError as error:
            fault = error.faults[0]
            part.fault(fault.column, fault.code, fault.expected, fault.value)
            return None
        return Origin(site, site.county, None)
