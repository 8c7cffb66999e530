"""Seasons of pregnancies in Yunnan: women with a case file, from counties drawn by births.

Made up, from nine patterns of facts; the same number and seed give the same season. Lodging stands
near every centre of a prefecture or above; room is what the registry lets assume, times a factor.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from facilities.capacity import PlaceKind
from facilities.registry import Registry
from routing.booking.values import BookingRequest
from routing.network import FacilityNetwork
from routing.request import Reader
from routing.triage.rows import RuleSet

__all__ = ["document", "season"]

NOW = "2026-12-01T08:00:00+08:00"
TODAY = date(2026, 12, 1)
WEEKS = 24
DAYS = 7
MONDAY = date(2026, 11, 30)
LODGED = 6
HIGH_LEVEL = 2
Pattern = tuple[str, Mapping[str, object]]
PATTERNS: tuple[Pattern, ...] = (
    ("yellow", {"age_years": 36}),
    ("yellow", {"prior_cs_count": 1}),
    ("yellow", {"prior_cs_count": 1, "tolac_planned": True, "tolac_contraindicated": False}),
    ("orange", {"age_years": 41}),
    ("orange", {"prior_cs_count": 2}),
    ("orange", {"fetus_count": 2}),
    ("red", {}),
    (
        "red",
        {"prior_cs_count": 1, "placenta_position": "praevia", "placenta_over_scar": True},
    ),
    ("yellow", {"syphilis": True}),
)
SHARE = (0.36, 0.32, 0.03, 0.10, 0.08, 0.04, 0.02, 0.005, 0.045)


def document(
    registry: Registry, *, women: int, seed: int = 0, room: float = 1.0, standing: float = 0.0
) -> dict[str, object]:
    """Return the question as a document (contract.md 2.4).

    Parameters
    ----------
    room : float
        Factor on what the registry lets assume.
    standing : float
        Share of women with a booking at the centre of a county drawn like theirs.
    """
    rng = np.random.default_rng(seed)
    counties = registry.divisions.counties
    births = np.array([county.births for county in counties], dtype=np.float64)
    homes = rng.choice(len(counties), size=women, p=births / births.sum()).tolist()
    kinds = rng.choice(len(PATTERNS), size=women, p=SHARE).tolist()
    days = rng.integers(-DAYS, DAYS * (WEEKS - 1), size=women).tolist()
    booked = (rng.random(women) < standing).tolist()
    refuses = (rng.random(women) < 0.03).tolist()
    found = []
    for n in range(women):
        colour, facts = PATTERNS[kinds[n]]
        county = counties[homes[n]].adcode
        one: dict[str, object] = {"id": f"w{n:05d}", "origin": {"adcode": county}}
        one |= {"due_date": (TODAY + timedelta(days=days[n])).isoformat()}
        one |= {"colour": colour, "facts": facts, "refuses_lodging": refuses[n]}
        if booked[n]:
            near = [f for f in registry.in_county(county) if not f.is_placeholder]
            one["booked_facility_id"] = near[0].facility_id if near else None
        found.append(one)
    asked: dict[str, object] = {"now": NOW, "weeks": WEEKS, "pregnancies": found}
    return asked | {"lodging": _lodging(registry), "room": _room(registry, room)}


def _weeks() -> list[str]:
    found = []
    for week in range(WEEKS):
        year, number, _ = (MONDAY + timedelta(days=DAYS * week)).isocalendar()
        found.append(f"{year:04d}-W{number:02d}")
    return found


def _lodging(registry: Registry) -> list[dict[str, object]]:
    near = [f for f in registry.facilities if (f.maternal_level or 0) >= HIGH_LEVEL]
    return [
        {"facility_id": f.facility_id, "week": week, "places": LODGED}
        for f in near
        for week in _weeks()
    ]


def _room(registry: Registry, factor: float) -> list[dict[str, object]]:
    if factor == 1.0:
        return []
    return [
        {"facility_id": f.facility_id, "week": week, "kind": pool.kind.value, "places": places}
        for f in registry.facilities
        for pool in registry.pools_of(f.facility_id)
        if pool.kind is PlaceKind.LABOUR
        for week in _weeks()
        for places in [max(1, round(pool.in_service * factor / 2))]
    ]


def season(
    network: FacilityNetwork, rules: RuleSet, *, women: int, seed: int = 0, room: float = 1.0
) -> BookingRequest:
    """Return the question, read."""
    reader = Reader(rules, network.registry, network.estimate, {})
    return reader.booking(document(network.registry, women=women, seed=seed, room=room))
