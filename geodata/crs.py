"""The coordinate systems we accept and how we convert between them.

WGS-84 is what satellites give and what this product keeps inside. Chinese maps shift it:
GCJ-02 (AMap, Tencent) by up to some 500 m, BD-09 (Baidu) by as much again. A point taken
for the wrong system lands in the next valley, so every imported coordinate names its own.
"""

import math
from collections.abc import Callable
from enum import StrEnum

_SEMI_MAJOR_M = 6_378_245.0
"""Krasovsky 1940, which the GCJ-02 shift is computed on."""
_ECCENTRICITY2 = 0.00669342162296594323
_BD_PI = math.pi * 3000.0 / 180.0
_BD_SHIFT = (0.0065, 0.006)
_GCJ_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: outside of it GCJ-02 equals WGS-84."""
_STEPS = 30
_CLOSE_DEG = 1e-10


class CRS(StrEnum):
    """A coordinate system; the value is what stands in files."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Point = tuple[float, float]


def to_wgs84(lon: float, lat: float, crs: CRS) -> Point:
    """Convert a point to WGS-84.

    Parameters
    ----------
    lon, lat : float
        Degrees in ``crs``.
    crs : CRS
        The system the point is given in.

    Returns
    -------
    tuple[float, float]
        Longitude and latitude in WGS-84; the way there and back is within a centimetre.

    Notes
    -----
    Both shifts have no closed inverse; they vary slowly, so subtracting the remaining
    error a few times converges (contraction factor below 0.02 in China).
    """
    if crs is CRS.WGS84:
        return lon, lat
    gcj = (lon, lat) if crs is CRS.GCJ02 else _inverse(_gcj_to_bd, lon, lat)
    if not _in_gcj_box(*gcj):
        return gcj
    return _inverse(_wgs_to_gcj, *gcj)


def from_wgs84(lon: float, lat: float, crs: CRS) -> Point:
    """Convert a WGS-84 point to ``crs``; degrees in, degrees out."""
    if crs is CRS.WGS84:
        return lon, lat
    gcj = _wgs_to_gcj(lon, lat)
    return gcj if crs is CRS.GCJ02 else _gcj_to_bd(*gcj)


def _inverse(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """Return the point that ``forward`` sends to (lon, lat)."""
    x, y = lon, lat
    for _ in range(_STEPS):
        got_x, got_y = forward(x, y)
        error_x, error_y = got_x - lon, got_y - lat
        x, y = x - error_x, y - error_y
        if abs(error_x) < _CLOSE_DEG and abs(error_y) < _CLOSE_DEG:
            break
    return x, y


def _in_gcj_box(lon: float, lat: float) -> bool:
    """Tell whether the published shift is applied here at all."""
    west, south, east, north = _GCJ_BOX
    return west <= lon <= east and south <= lat <= north


def _wgs_to_gcj(lon: float, lat: float) -> Point:
    """Apply the published GCJ-02 shift."""
    if not _in_gcj_box(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    radians = math.radians(lat)
    magic = 1 - _ECCENTRICITY2 * math.sin(radians) ** 2
    root = math.sqrt(magic)
    metres_per_radian_lat = _SEMI_MAJOR_M * (1 - _ECCENTRICITY2) / (magic * root)
    metres_per_radian_lon = _SEMI_MAJOR_M / root * math.cos(radians)
    return (
        lon + math.degrees(_shift_east(x, y) / metres_per_radian_lon),
        lat + math.degrees(_shift_north(x, y) / metres_per_radian_lat),
    )


def _waves(x: float) -> float:
    """Sum the two short waves common to both directions."""
    return (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0


def _shift_east(x: float, y: float) -> float:
    """Return the shift towards the east, in metres."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    shift += _waves(x)
    shift += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    shift += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2 / 3
    return shift


def _shift_north(x: float, y: float) -> float:
    """Return the shift towards the north, in metres."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    shift += _waves(x)
    shift += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    shift += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2 / 3
    return shift


def _gcj_to_bd(lon: float, lat: float) -> Point:
    """Apply the published BD-09 shift on top of GCJ-02."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_PI)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_PI)
    return radius * math.cos(angle) + _BD_SHIFT[0], radius * math.sin(angle) + _BD_SHIFT[1]
