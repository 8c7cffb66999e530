"""What is doubtful in the data of an installation, for who may confirm it: as doctor finds it."""

from collections.abc import Mapping
from datetime import datetime

from app.db import Database
from app.doctor import of_places, of_registry, unseen
from app.engine import Engine

__all__ = ["findings"]

ABOUT = {
    "province_duty_number": None,
    "counties_without_coordinator": "division",
    "no_phone": "facility",
    "nobody_signed_up": "facility",
    "office_nobody_signed_up": "division",
    "placeholder": "facility",
    "listed_from_memory": "facility",
    "assumed_levels": "facility",
    "place_without_capability": "facility",
    "catchment_without_level": "facility",
    "assumed_catchments": "division",
    "assumed_places": None,
    "stale_places": None,
    "point_is_fallback": "facility",
    "duplicate_name": "facility",
    "known_holes": "rule",
}
"""What each finding names, the gravest first: nobody to ring, nobody who sees a request, a centre
that is none, and then what only makes an answer less good."""


def findings(engine: Engine, database: Database, now: datetime) -> list[Mapping[str, object]]:
    """Return every kind of doubt in the order of :data:`ABOUT`; ``engine`` is as of now."""
    found = {
        check.code: check
        for check in (*of_registry(engine, now), *of_places(engine, now), *unseen(database, engine))
    }
    return [
        {
            "code": code,
            "state": found[code].state.value,
            "count": found[code].count or 0,
            "about": about,
            "found": list(found[code].detail),
        }
        for code, about in ABOUT.items()
    ]
