"""The network as of now: what the database knows of centres, places and who can do what tonight.

The registry is built again when its version in the database moves, or when something that was said
for some hours begins or ends. Free places are read each time, in the transaction that asks: a
ranking is never made from places that another process has given away in the meantime. Times between
places are shared by all networks (``FacilityNetwork.with_registry``).
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from app.centres import store_said
from app.centres.registry_now import (
    Diverted,
    diverted_now,
    local_day,
    places_by_id,
    registry_now,
    with_imported,
)
from app.centres.stock import Stock, restocked
from app.engine import Engine
from app.tables import Data
from routing.network import FacilityNetwork
from routing.triage.rows import RuleSet

__all__ = ["Current"]


class Signed(Protocol):
    """Knows who has signed which row."""

    def number(self, session: Session) -> int:
        """Return a number that is another one as soon as anything was signed."""

    def rules(self, session: Session) -> RuleSet:
        """Return the rules as they are signed now."""


@dataclass(frozen=True, slots=True)
class _Built:
    """An engine without places of its own; it holds in ``since <= moment < until``, on one day."""

    version: tuple[int, int]
    since: datetime
    until: datetime | None
    engine: Engine
    diverted: Diverted

    def holds(self, version: tuple[int, int], now: datetime) -> bool:
        """Whether nothing has changed since, by anybody or by itself."""
        in_time = self.since <= now and (self.until is None or now < self.until)
        return self.version == version and in_time and local_day(now) == local_day(self.since)


class Current:
    """Gives the engine and the network as of now; one for the life of a process.

    Parameters
    ----------
    engine : Engine
        The data that are built in, the data folder and the rules.
    signed
        Who has signed which row by now; None takes the rules as they are in ``engine``.
    """

    def __init__(self, engine: Engine, signed: Signed | None = None) -> None:
        self._base = engine
        self._signed = signed
        self._built: _Built | None = None
        self._stock: Stock | None = None
        self._alone = threading.Lock()

    def network(self, session: Session, now: datetime) -> FacilityNetwork:
        """Return the network with the places that can be claimed in this transaction.

        Parameters
        ----------
        now : datetime
            By the clock of the database.
        """
        return self.engine(session, now).network

    def engine(self, session: Session, now: datetime) -> Engine:
        """Return rules, registry and network as of now: reads requests and ranks them."""
        # The versions are read before the lines: what comes in between is read once more.
        version, reports = store_said.versions(session)
        built = self._registered(session, version, now)
        self._stock = stock = restocked(
            session,
            self._stock,
            bare=built.engine,
            built=built,
            diverted=built.diverted,
            reports=reports,
        )
        return stock.engine

    def without_places(self, session: Session, now: datetime) -> Engine:
        """Return rules and registry as of now, with the places of the tables.

        For what is shown to everybody: no figure of it moves when somebody is taken in.
        """
        return self._registered(session, store_said.versions(session)[0], now).engine

    def _registered(self, session: Session, registered: int, now: datetime) -> _Built:
        version = (registered, 0 if self._signed is None else self._signed.number(session))
        built = self._built
        if built is not None and built.holds(version, now):
            return built
        with self._alone:
            built = self._built
            if built is None or not built.holds(version, now):
                built = self._built = self._build(session, version, now)
            return built

    def _build(self, session: Session, version: tuple[int, int], now: datetime) -> _Built:
        base = self._base
        if self._signed is not None:
            base = base.with_rules(self._signed.rules(session))
        places = tuple(base.places.values())
        data = with_imported(session, Data(base.registry, places))
        registry = registry_now(session, data.registry, now)
        network = base.network.with_registry(registry)
        engine = base.with_network(network, places=places_by_id(data.places))
        assert engine.book is not None  # noqa: S101  asking for it builds it, once per registry
        return _Built(
            version=version,
            since=now,
            until=store_said.next_change(session, now),
            engine=engine,
            diverted=diverted_now(session, now),
        )
