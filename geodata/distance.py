"""Straight lines on the globe."""

import math

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS-84, (2a + b) / 3."""


def crow_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the great-circle distance of two WGS-84 points, in metres."""
    return float(
        crow_many_m(np.array(lon), np.array(lat), np.array(other_lon), np.array(other_lat))
    )


def crow_many_m(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    other_lon: npt.NDArray[np.float64],
    other_lat: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Great-circle distances by the haversine formula.

    Parameters
    ----------
    lon, lat, other_lon, other_lat : NDArray[np.float64]
        Degrees, WGS-84; shapes that broadcast against each other.

    Returns
    -------
    NDArray[np.float64]
        Metres. The sphere is within 0.5 % of the ellipsoid, far below the error of any
        assumption about roads.
    """
    half_lat = np.radians(other_lat - lat) / 2
    half_lon = np.radians(other_lon - lon) / 2
    chord = (
        np.sin(half_lat) ** 2
        + np.cos(np.radians(lat)) * np.cos(np.radians(other_lat)) * np.sin(half_lon) ** 2
    )
    metres: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
    return metres


def disc_radius_m(area_km2: float) -> float:
    """Return the radius of a disc of this area, in metres."""
    return 1000.0 * math.sqrt(area_km2 / math.pi)
