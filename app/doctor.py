"""What an installation must know about itself before anybody relies on it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from app.accounts.signed_up import nobody_at, offices_without_anybody
from app.clock import LOCAL
from app.db import Database, open_database
from app.engine import Engine
from app.health.service import state_of
from app.health.states import Level, Look
from app.keys.keyring import KeyRing
from app.loading import read_signatures
from app.ownership import ownership_faults
from app.print.fonts import chinese_font
from app.settings import Settings
from facilities.capability import Trust
from facilities.capacity import PlaceTrust
from facilities.quality import counties_without_coordinator, has_province_duty_number, quality
from facilities.registry import Registry
from facilities.yunnan import load_known_holes

__all__ = [
    "Check",
    "State",
    "examine",
    "looked_after",
    "of_places",
    "of_registry",
    "unseen",
]


class State(StrEnum):
    """How a check ended; only a problem makes ``doctor`` end with 1."""

    OK = "ok"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how many things it found, and which; no count where it only says yes or no."""

    code: str
    state: State
    count: int | None
    detail: tuple[str, ...] = ()


def examine(settings: Settings, engine: Engine, now: datetime) -> tuple[Check, ...]:
    """Return every check, problems among them."""
    return (
        *_packages(),
        *_folder(settings.data_folder),
        *_rules(settings, engine),
        *of_registry(engine, now),
        *of_places(engine, now),
        _font(settings.font_dir),
    )


def looked_after(settings: Settings, engine: Engine) -> tuple[Check, ...]:
    """Return the looks of ``/statusz`` at the database of the settings, and who would see nothing.

    None where there is no database. What is said of rules is checked above, row by row.
    """
    if settings.database_url is None:
        return ()
    database = open_database(settings.database_url)
    try:
        state = state_of(database, settings, KeyRing(settings.keys), unsigned=0)
        silent = () if state.figures is None else unseen(database, engine)
    finally:
        database.close()
    looks = (_looked(look) for look in state.looks if look.code != "rules_unsigned")
    return (*looks, *silent)


def unseen(database: Database, engine: Engine) -> tuple[Check, ...]:
    """Return the destinations and commissions in which nobody would see what is sent to them."""
    centres = [f.facility_id for f in engine.registry.facilities if f.is_rescue_centre]
    with database.reading() as session:
        at = database.now(session)
        silent = nobody_at(session, centres, at=at)
        offices = tuple(offices_without_anybody(session, at=at))
    return (
        _found("nobody_signed_up", tuple(one for one in centres if one in silent)),
        _found("office_nobody_signed_up", offices),
    )


LEVELS = {Level.OK: State.OK, Level.ATTENTION: State.WARN, Level.ALARM: State.PROBLEM}


def _looked(look: Look) -> Check:
    if look.in_s:
        age = () if look.value is None else (f"{look.value} s",)
        return Check(look.code, LEVELS[look.level], None, age)
    return Check(look.code, LEVELS[look.level], look.value)


def _found(code: str, detail: tuple[str, ...], worse: State = State.WARN) -> Check:
    return Check(code, worse if detail else State.OK, len(detail), detail)


def _packages() -> Iterator[Check]:
    yield _found("packages", ownership_faults(), State.PROBLEM)


def _folder(folder: Path) -> Iterator[Check]:
    """Say whether imports could be kept; a folder that is not there yet will be made."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    writable = there.is_dir() and os.access(there, os.W_OK)
    yield Check("data_folder", State.OK if writable else State.PROBLEM, 0, (str(folder),))


def _rules(settings: Settings, engine: Engine) -> Iterator[Check]:
    unsigned = tuple(
        row.id
        for row in engine.rules.rows
        if row.in_use and row.needs_signature and row.signed_by is None
    )
    yield _found("unsigned_rules", unsigned)
    wording = {row.id: row.content_hash for row in engine.rules.rows}
    signatures = read_signatures(settings.signature_file)
    valid = {s.rule for s in signatures if wording.get(s.rule) == s.content_hash}
    void = {s.rule for s in signatures} - valid
    yield _found("void_signatures", tuple(sorted(void)))


def of_registry(engine: Engine, now: datetime) -> Iterator[Check]:
    """Yield what is doubtful in institutions, telephones and catchments."""
    registry = engine.registry
    centres = [f for f in registry.facilities if f.is_rescue_centre]
    inside = [f for f in centres if not f.out_of_province]
    state = State.OK if inside else State.PROBLEM
    yield Check("rescue_centres", state, len(inside))
    outside = tuple(f.facility_id for f in registry.facilities if f.out_of_province)
    yield Check("out_of_province", State.OK, len(outside), outside)
    number = has_province_duty_number(registry)
    yield Check("province_duty_number", State.OK if number else State.PROBLEM, int(number))
    yield _found("counties_without_coordinator", counties_without_coordinator(registry))
    issues = {issue.code.value: issue.facility_ids for issue in quality(registry)}
    for code in QUALITY:
        yield _found(code, issues.get(code, ()))
    assumed = tuple(f.facility_id for f in centres if f.level_trust is Trust.ASSUMED)
    yield _found("assumed_levels", assumed)
    yield _found("assumed_catchments", _without_catchment(registry, now.astimezone(LOCAL).date()))
    yield _found("known_holes", tuple(hole.row for hole in load_known_holes()))


QUALITY = (
    "no_phone",
    "point_is_fallback",
    "listed_from_memory",
    "placeholder",
    "duplicate_name",
    "place_without_capability",
    "catchment_without_level",
)


def _without_catchment(registry: Registry, day: date) -> tuple[str, ...]:
    """Return the counties whose mothers or newborns nobody assigned to a centre (R-CATCH-03)."""
    ranked = registry.catchments.ranked
    return tuple(
        county.adcode
        for county in registry.divisions.counties
        if any(row.assumed for kind in ("M", "N") for row in ranked(county.adcode, kind, day))
    )


def of_places(engine: Engine, now: datetime) -> Iterator[Check]:
    """Yield how many numbers of places are assumed or old."""
    trusts = [pool.trust(now) for pool in engine.registry.pools.values()]
    guessed = sum(trust is PlaceTrust.ASSUMED for trust in trusts)
    yield Check("assumed_places", State.WARN if guessed else State.OK, guessed)
    stale = sum(trust is PlaceTrust.STALE for trust in trusts)
    yield Check("stale_places", State.WARN if stale else State.OK, stale)


def _font(folder: Path | None) -> Check:
    """Say whether a Chinese font is here; pages bring none of their own, printing needs one."""
    missing = chinese_font(folder) is None
    return Check("font_missing", State.WARN if missing else State.OK, int(missing))
