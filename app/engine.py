"""Data and rules of an installation, loaded once and shared; the calculations on top of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from app.names import book_of
from app.words import NameBook
from facilities.centre import Facility
from facilities.registry import Registry
from geodata.estimate import RoadEstimate
from geodata.place_file import Place
from geodata.travel_time import TravelTimes
from routing.request import Reader
from routing.triage.assess import Assessment, assess
from routing.triage.rows import RuleSet
from routing.triage.standing import Reading, read_warnings

if TYPE_CHECKING:
    from app.settings import Settings
    from routing.booking.book import Bookings
    from routing.care.rows import CareRules
    from routing.network import FacilityNetwork
    from routing.plan import Plan
    from routing.recommend import Recommendation

__all__ = ["Engine", "Replaced", "load_engine"]

HOURS = (3, 12)
FIRST_FACTS = ("clinician_says_critical", "clinician_says_critical_newborn")


HYPERTENSION = "hdp"
"""Pre-eclampsia, of which the score asks, may be stated as a kind of it."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Files that stand in for the built-in data in one run of a command; None = built in."""

    registry: Path | None = None
    times: Path | None = None
    capacity: Path | None = None


class Engine:
    """Rules, registry and roads; immutable, so a change makes a new engine.

    Parameters
    ----------
    imported : tuple[str, ...]
        Which tables of the data folder are in it, for ``/api/v1/status``.
    """

    def __init__(
        self,
        rules: RuleSet,
        registry: Registry,
        estimate: RoadEstimate,
        *,
        places: Mapping[str, Place] | None = None,
        times: TravelTimes | None = None,
        imported: tuple[str, ...] = (),
    ) -> None:
        self.rules = rules
        self.registry = registry
        self.estimate = estimate
        self.places = places or {}
        self.times = times
        self.imported = imported
        self.reader = Reader(rules, registry, estimate, self.places)

    @cached_property
    def care(self) -> "CareRules":
        """The rules of care before and after birth, with the rows signed as those of triage."""
        from routing.care.tables import load_care_rules

        return load_care_rules(self.rules)

    @cached_property
    def network(self) -> "FacilityNetwork":
        """The network, built when first asked for: an assessment needs none."""
        from routing.network import FacilityNetwork

        return FacilityNetwork(self.registry, self.estimate, table=self.times)

    def with_network(
        self, network: "FacilityNetwork", *, places: Mapping[str, Place] | None = None
    ) -> "Engine":
        """Return an engine on another network of the same roads; ``places`` None keeps these."""
        made = Engine(
            self.rules,
            network.registry,
            self.estimate,
            places=self.places if places is None else places,
            times=self.times,
            imported=self.imported,
        )
        made.__dict__["network"] = network
        if "book" in self.__dict__ and network.labels is self.network.labels:
            made.__dict__["book"] = self.book
        return made

    def with_rules(self, rules: RuleSet) -> "Engine":
        """Return an engine with the same rows signed by others; what was built is kept."""
        made = Engine(
            rules,
            self.registry,
            self.estimate,
            places=self.places,
            times=self.times,
            imported=self.imported,
        )
        for name in ("network", "book", "county_codes", "counties_by_prefecture"):
            if name in self.__dict__:
                made.__dict__[name] = self.__dict__[name]
        return made

    def warm(self, now: datetime) -> None:
        """Build and import now what the first request would wait for.

        A mother and a newborn are asked for, by day and by night: the roads of both are then known.
        """
        import_module("routing.plan")
        assert self.book is not None  # noqa: S101  asking for it builds it
        county = self.registry.divisions.counties[0].adcode
        for hour, fact in product(HOURS, FIRST_FACTS):
            moment = now.replace(hour=hour).isoformat()
            self.recommend({"facts": {fact: True}, "origin": {"adcode": county}, "now": moment})

    @cached_property
    def book(self) -> NameBook:
        """The names of everything an answer may mention."""
        return book_of(self.rules, self.registry, self.estimate.hubs)

    @property
    def known_roads(self) -> frozenset[frozenset[str]]:
        """Pairs of neighbours between which there is a road."""
        return self.estimate.known_pairs

    @property
    def unsigned(self) -> int:
        """How many rows in use nobody has signed (R-SIGN-01)."""
        return self.rules.unsigned

    @property
    def rule_set(self) -> str:
        """Name and version of the rules."""
        return self.rules.version

    @cached_property
    def county_codes(self) -> frozenset[str]:
        """The codes of all counties."""
        return frozenset(county.adcode for county in self.registry.divisions.counties)

    @cached_property
    def counties_by_prefecture(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each prefecture with its counties, both in the order of their codes."""
        divisions = self.registry.divisions
        return tuple(
            (above.adcode, tuple(c.adcode for c in divisions.counties_of(above.adcode)))
            for above in divisions.prefectures
        )

    def senders(self, county: str) -> tuple[Facility, ...]:
        """Return the facilities of a county from which a request may come."""
        return tuple(f for f in self.registry.in_county(county) if not f.is_placeholder)

    def assess(self, document: Mapping[str, object]) -> Assessment:
        """Return what one patient needs; RequestError with every fault."""
        return assess(self.rules, self.reader.assessment(document))

    def warnings(self, facts: Mapping[str, object], *, now: str) -> Reading:
        """Return what vital signs say of each row of the early warning score of a mother."""
        rows = [row for row in self.rules.scores if row.score == "mewc"]
        parts = [part for row in rows for part in (row.condition, row.unless) if part is not None]
        names = {HYPERTENSION, *(name for part in parts for name in part.names())}
        given = {name: value for name, value in facts.items() if name in names}
        found = self.assess({"patient": "maternal", "facts": given, "now": now}).scores.mewc
        return {} if found is None else read_warnings(rows, found)

    def recommend(
        self, document: Mapping[str, object], *, silent_lines: Collection[str] = ()
    ) -> "Recommendation":
        """Return the ranked destinations of one request; RequestError with every fault.

        ``silent_lines`` are facilities where nobody answered in the last hour (R-TRUST-02).
        """
        from time import perf_counter

        from routing.recommend import recommend

        request = self.reader.request(document)
        return recommend(
            self.network, self.rules, request, silent_lines=silent_lines, clock=perf_counter
        )

    def plan(
        self, document: Mapping[str, object], *, limit_s: float = 10.0, seed: int = 0
    ) -> "Plan":
        """Return one plan for all requests; RequestError with every fault."""
        from routing.plan import plan

        asked = self.reader.plan(document)
        return plan(self.network, self.rules, asked, limit_s=limit_s, seed=seed)

    def bookings(
        self,
        document: Mapping[str, object],
        *,
        limit_s: float = 10.0,
        seed: int = 0,
        gap: float = 0.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Bookings":
        """Return places of birth for all pregnancies; RequestError with every fault."""
        from routing.booking.book import book

        asked = self.reader.booking(document)
        return book(
            self.network,
            self.rules,
            asked,
            limit_s=limit_s,
            seed=seed,
            gap=gap,
            progress=progress,
        )


def load_engine(settings: "Settings", *, replaced: Replaced | None = None) -> Engine:
    """Return the engine on the built-in data, what was imported over it, and the signatures.

    Raises
    ------
    RefusedInputError
        An imported or replacing file has faults; all of them are listed.
    """
    from app.loading import load

    return load(settings, replaced or Replaced())
