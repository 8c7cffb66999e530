"""Outlines of the counties: which county a point is in, and how far outside of it."""

import math
from collections.abc import Mapping

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

NEAR_BORDER_M = 1_000.0
"""A point this close outside of every outline belongs to the nearest county: the outlines are
simplified, and 99 of 100 corners of the border they come from lie within 1 km of them."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on the sphere of :mod:`geodata.distance`."""


class Outlines:
    """Simplified outlines of counties, WGS-84, shared borders kept.

    Parameters
    ----------
    document : Mapping[str, object]
        A GeoJSON FeatureCollection; each feature has the property ``adcode``. It stays
        available as ``document`` for whoever draws the map.
    """

    def __init__(self, document: Mapping[str, object]) -> None:
        self.document = document
        self.polygons = _polygons(document)
        self.codes = tuple(self.polygons)
        self._tree = STRtree(list(self.polygons.values()))

    def county_at(self, lon: float, lat: float) -> str | None:
        """Return the county of a point, the nearest one within :data:`NEAR_BORDER_M`, or None."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return None
        point = Point(lon, lat)
        inside = [self.codes[int(i)] for i in self._tree.query(point, predicate="intersects")]
        if inside:
            return min(inside)
        reach = NEAR_BORDER_M / 90_000
        near = self._tree.query(point, predicate="dwithin", distance=reach)
        distances = sorted((self.distance_m(self.codes[int(i)], lon, lat), i) for i in near)
        if not distances or distances[0][0] > NEAR_BORDER_M:
            return None
        return self.codes[int(distances[0][1])]

    def distance_m(self, adcode: str, lon: float, lat: float) -> float:
        """Return how far outside a county a point is, in metres; 0 inside.

        Parameters
        ----------
        adcode : str
            One of ``codes``.
        lon, lat : float
            Degrees, WGS-84.

        Notes
        -----
        Measured on a plane that touches the globe at the point; for the few kilometres
        this is asked about the error is far below a metre per kilometre.
        """
        polygon = self.polygons[adcode]
        if polygon.intersects(Point(lon, lat)):
            return 0.0
        scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE])
        flat = shapely.transform(polygon, lambda points: (points - (lon, lat)) * scale)
        return float(flat.distance(Point(0.0, 0.0)))


def _polygons(document: Mapping[str, object]) -> dict[str, BaseGeometry]:
    """Return the geometry of each feature by its code, in the order of the codes."""
    features = document["features"]
    if not isinstance(features, list):
        raise TypeError("a FeatureCollection has a list of features")
    found = {
        str(feature["properties"]["adcode"]): shapely.geometry.shape(feature["geometry"])
        for feature in features
    }
    return dict(sorted(found.items()))
