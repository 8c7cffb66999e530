"""The reference data as plain records, in the shape of the interface."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum

from app.clock import stamp
from app.engine import Engine
from app.errors import NotFoundError
from app.text import catalogue
from facilities.capability import load_capabilities
from facilities.centre import Facility
from facilities.registry import Registry
from geodata.divisions import Division
from routing.triage.facts import Fact

__all__ = ["capabilities", "divisions", "facility", "facts", "matching", "rules", "status"]

Record = Mapping[str, object]
# Facts that are computed when not stated (R-DATA-08); stating them is allowed.
COMPUTED_MARK = "computed"


def _name(level: Enum | None) -> str | None:
    return None if level is None else level.name


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def _places(registry: Registry, facility_id: str) -> list[Record]:
    return [
        {
            "kind": pool.kind.value,
            "in_service": pool.in_service,
            "free": pool.free,
            "as_of": _moment(pool.as_of),
            "free_from": _moment(pool.free_from),
            "assumed": pool.assumed,
            "source": pool.source,
        }
        for pool in registry.pools_of(facility_id)
    ]


def _facility(found: Facility, registry: Registry) -> Record:
    return {
        "facility_id": found.facility_id,
        "name_zh": found.name_zh,
        "name_en": found.name_en,
        "county": found.county,
        "prefecture": found.prefecture or None,
        "out_of_province": found.out_of_province,
        "lon": found.lon,
        "lat": found.lat,
        "coord_quality": found.coord_quality,
        "tier": found.tier.value,
        "kind": found.kind.value,
        "grade": _name(found.grade),
        "maternal_level": _name(found.maternal_level),
        "neonatal_level": _name(found.neonatal_level),
        "ward_level": _name(found.ward_level),
        "level_trust": found.level_trust.value,
        "is_rescue_centre": found.is_rescue_centre,
        "capabilities": {code: trust.value for code, trust in found.capabilities.items()},
        "phone": found.phone,
        "status": found.status.value,
        "designation": found.designation,
        "source": found.source,
        "places": _places(registry, found.facility_id),
    }


def facility(engine: Engine, facility_id: str) -> Record:
    """Return one facility with its places; NotFoundError where there is none."""
    if facility_id not in engine.registry:
        raise NotFoundError("facility", facility_id)
    return _facility(engine.registry.get(facility_id), engine.registry)


def matching(
    engine: Engine, *, county: str | None, prefecture: str | None, centres_only: bool
) -> Sequence[Facility]:
    """Return the facilities of a division in the order of their ids."""
    return [
        f
        for f in engine.registry.facilities
        if (county is None or f.county == county)
        and (prefecture is None or f.prefecture == prefecture)
        and (f.is_rescue_centre or not centres_only)
    ]


def records(engine: Engine, found: Iterable[Facility]) -> list[Record]:
    """Return facilities as records."""
    return [_facility(f, engine.registry) for f in found]


def capabilities() -> list[Record]:
    """Return every capability with what it is called."""
    return [
        {"code": c.code, "kind": c.kind, "label_zh": c.label_zh, "label_en": c.label_en}
        for c in load_capabilities().values()
    ]


def _division(found: Division) -> Record:
    return {
        "adcode": found.adcode,
        "name_zh": found.name_zh,
        "name_en": found.name_en,
        "level": found.level.value,
        "parent": found.parent,
        "population": found.population,
        "births": found.births,
    }


def divisions(engine: Engine) -> list[Record]:
    """Return the province, its prefectures and its counties."""
    return [_division(found) for found in engine.registry.divisions.all]


def townships(engine: Engine, county: str) -> list[Record]:
    """Return the townships and villages of a county that are known, by id."""
    found = sorted(
        (one.place_id, one.name_zh) for one in engine.places.values() if one.county == county
    )
    return [{"place_id": place_id, "name_zh": name} for place_id, name in found]


def _fact(found: Fact) -> Record:
    zh, en = catalogue("zh"), catalogue("en")
    values = [
        {
            "code": code,
            "label_zh": zh.code(f"values.{found.name}", code),
            "label_en": en.code(f"values.{found.name}", code),
        }
        for code in found.values
    ]
    return {
        "name": found.name,
        "type": found.type.value,
        "unit": found.unit,
        "minimum": found.minimum,
        "maximum": found.maximum,
        "values": values,
        "group": found.group,
        "label_zh": found.label_zh,
        "label_en": found.label_en,
        "leading_for": list(found.leading_for),
        "computed": COMPUTED_MARK in found.label_en,
    }


def facts(engine: Engine) -> list[Record]:
    """Return the data dictionary."""
    return [_fact(found) for found in engine.rules.facts.values()]


def rules(engine: Engine) -> list[Record]:
    """Return every row of the rule tables with source, status and signature."""
    return [
        {
            "id": row.id,
            "table": row.table,
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "status": row.status,
            "scope": row.scope,
            "source": row.source,
            "content_hash": row.content_hash,
            "in_use": row.in_use,
            "needs_signature": row.needs_signature,
            "signed_by": row.signed_by,
            "signed_at": row.signed_at,
        }
        for row in engine.rules.rows
    ]


def status(
    engine: Engine, *, version: str, training: bool, started_at: datetime, now: datetime
) -> Record:
    """Return what runs here and on which data."""
    registry = engine.registry
    inside = [f for f in registry.facilities if not f.out_of_province]
    return {
        "version": version,
        "training": training,
        "rule_set": engine.rule_set,
        "unsigned_rules": engine.unsigned,
        "facilities": len(inside),
        "rescue_centres": sum(f.is_rescue_centre for f in inside),
        "out_of_province": len(registry.facilities) - len(inside),
        "counties": len(registry.divisions.counties),
        "imported": list(engine.imported),
        "started_at": stamp(started_at),
        "now": stamp(now),
    }
