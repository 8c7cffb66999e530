"""The default registry: institutions of Yunnan with assumed levels, capabilities and places.

The institutions are real, what they can do is assumed until somebody confirms it.
``docs/data.md`` describes the list; :func:`column_sources` gives the same from code.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from facilities.capability import load_capabilities
from facilities.profile import Profiles, parse_profiles
from facilities.registry import Registry, registry_of
from facilities.yunnan.facility_list import parse_list
from geodata.io import read_table
from geodata.table import Table
from geodata.yunnan import ColumnSource, load_divisions, load_neighbour_hubs

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class KnownHole:
    """An emergency row for which the default data has no capable centre, and why."""

    row: str
    reason_code: str


def load_table(name: str) -> Table:
    """Return one of the shipped tables by its name without ``.csv``."""
    return read_table(FOLDER / f"{name}.csv")


@cache
def load_profiles() -> Profiles:
    """Return the assumed profiles per tier and kind."""
    return parse_profiles(load_table("assumed_profiles"), capabilities=load_capabilities())


@cache
def load_registry() -> Registry:
    """Return the default registry of 207 rows; everything but the institutions is assumed."""
    divisions = load_divisions()
    profiles = load_profiles()
    rows = parse_list(load_table("facilities"), divisions=divisions, profiles=profiles)
    hubs = load_neighbour_hubs()
    return registry_of(divisions, (), profiles=profiles, hubs=hubs).with_facilities(rows)


@cache
def load_known_holes() -> tuple[KnownHole, ...]:
    """Return the emergency rows without a capable centre in the default data."""
    return tuple(
        KnownHole(row["row"], row["reason_code"]) for row in load_table("known_holes").rows
    )


@cache
def column_sources() -> tuple[ColumnSource, ...]:
    """Return source and year of every column of every shipped table of facilities."""
    return tuple(
        ColumnSource(row["table"], row["column"], row["source"], row["year"], row["note"])
        for row in load_table("columns").rows
    )
