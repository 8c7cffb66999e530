"""A night in Yunnan: so many open requests from counties drawn by births, with vehicles.

Made up, from eight patterns of facts; the same number and seed give the same night.
"""

from collections.abc import Sequence

import numpy as np

from facilities.registry import Registry
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.network import FacilityNetwork
from routing.request import PlanRequest, Reader
from routing.triage.rows import RuleSet
from routing.triage.tables import load_rules

__all__ = ["document", "network", "night", "rules"]

NOW = "2026-07-14T03:00:00+08:00"
MOTHER, NEWBORN = "maternal", "newborn"
Pattern = tuple[str, dict[str, object]]
PATTERNS: tuple[Pattern, ...] = (
    (MOTHER, {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 124, "sbp": 88}),
    (MOTHER, {"gestational_age_weeks": "39+1", "placental_abruption": True, "delivered": False}),
    (MOTHER, {"gestational_age_weeks": "32+3", "hdp": "preeclampsia_severe", "delivered": False}),
    (MOTHER, {"gestational_age_weeks": "30+0", "preterm_labour": True, "delivered": False}),
    (MOTHER, {"gestational_age_weeks": "36+0", "hdp": "preeclampsia_severe", "delivered": False}),
    (NEWBORN, {"neo_ga_weeks": "29+5", "birth_weight_g": 1180, "age_hours": 2}),
    (NEWBORN, {"neo_ga_weeks": "33+0", "birth_weight_g": 1800, "age_hours": 1}),
    (NEWBORN, {"neo_ga_weeks": "38+0", "birth_weight_g": 3000, "needs_invasive_ventilation": True}),
    (MOTHER, {"gestational_age_weeks": "34+0", "placenta_position": "praevia", "delivered": False}),
    (MOTHER, {"gestational_age_weeks": "38+0", "prior_cs_count": 2, "delivered": False}),
)
SHARE = (0.08, 0.05, 0.12, 0.10, 0.10, 0.10, 0.12, 0.08, 0.10, 0.15)


def rules() -> RuleSet:
    """Return the rules as shipped."""
    return load_rules()


def network(registry: Registry | None = None) -> FacilityNetwork:
    """Return the network of Yunnan."""
    return FacilityNetwork(registry or load_registry(), load_road_estimate())


def document(
    registry: Registry, *, requests: int, seed: int = 0, vehicles: bool = True
) -> dict[str, object]:
    """Return the question as a document (contract.md 2.3)."""
    rng = np.random.default_rng(seed)
    counties = registry.divisions.counties
    births = np.array([county.births for county in counties], dtype=np.float64)
    homes = rng.choice(len(counties), size=requests, p=births / births.sum())
    kinds = rng.choice(len(PATTERNS), size=requests, p=SHARE)
    minutes = rng.integers(0, 60, size=requests)
    entries = []
    for n, (home, kind, minute) in enumerate(
        zip(homes.tolist(), kinds.tolist(), minutes.tolist(), strict=True)
    ):
        patient, facts = PATTERNS[kind]
        entry = {"id": f"r{n:04d}", "patient": patient, "facts": facts}
        entry |= {"origin": {"adcode": counties[home].adcode}}
        entries.append(entry | {"decided_at": f"2026-07-14T02:{minute:02d}:00+08:00"})
    asked: dict[str, object] = {"now": NOW, "requests": entries}
    if vehicles:
        asked["vehicles"] = _vehicles(registry, rng, [counties[home].adcode for home in homes])
    return asked


def _vehicles(
    registry: Registry, rng: np.random.Generator, homes: Sequence[str]
) -> Sequence[dict[str, object]]:
    """Return an ambulance in nearly every county that asks, some elsewhere, and teams.

    One in five requests has none in its county; as many stand at rescue centres anywhere.
    """
    own = [
        registry.in_county(county)[0].facility_id
        for county in homes
        if registry.in_county(county) and rng.random() < 0.8
    ]
    centres = [f.facility_id for f in registry.facilities if f.is_rescue_centre]
    other = rng.choice(len(centres), size=len(homes) - len(own) + len(homes) // 10)
    at = [*own, *(centres[i] for i in other.tolist())]
    found: list[dict[str, object]] = [
        {"id": f"a{n:04d}", "at_facility_id": where, "kind": "ambulance"}
        for n, where in enumerate(at)
    ]
    found += [
        {"id": f"t-{f.facility_id}", "at_facility_id": f.facility_id, "kind": "neo_team"}
        for f in registry.facilities
        if "NEO_TRANSPORT" in f.capabilities
    ]
    return found


def night(
    asked_of: FacilityNetwork,
    rule_set: RuleSet,
    *,
    requests: int,
    seed: int = 0,
    vehicles: bool = True,
) -> PlanRequest:
    """Return the question as values."""
    registry = asked_of.registry
    reader = Reader(rule_set, registry, asked_of.estimate, {})
    return reader.plan(document(registry, requests=requests, seed=seed, vehicles=vehicles))
