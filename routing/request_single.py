"""Reads one request: case, origin, closures, transport."""

from collections.abc import Mapping
from datetime import datetime

from facilities.capacity import PlaceKind
from facilities.registry import Registry
from geodata.estimate import RoadEstimate
from geodata.place_file import Place
from routing.request_facts import facts_of, patient_of
from routing.request_origin import Origin, OriginReader
from routing.request_parts import Part
from routing.request_sender import sender_of
from routing.request_values import Closed, Request, Reserve, Slowed, Transport
from routing.triage.case import Case
from routing.triage.rows import RuleSet

__all__ = ["CASE_FIELDS", "FACILITY", "MOST_PLACES", "ONCE", "REQUEST_FIELDS", "SingleReader"]

CASE_FIELDS = ("patient", "facts", "sender", "decided_at", "now")
BOOKED = "booked_facility_id"
REQUEST_FIELDS = (
    *CASE_FIELDS,
    "origin",
    "closed_roads",
    "slowed_roads",
    "exclude",
    "transport",
    BOOKED,
)
FACILITY = "a facility of the registry"
MOST_PLACES = 10_000
MOST_SLOWER_MIN = 1_440
ONCE = "once"


class SingleReader:
    """Reads parts of a request against rules, registry, roads and places."""

    def __init__(
        self,
        rules: RuleSet,
        registry: Registry,
        estimate: RoadEstimate,
        places: Mapping[str, Place],
    ) -> None:
        self.rules = rules
        self.registry = registry
        self.origins = OriginReader(registry, estimate, places)
        self._roads = estimate.known_pairs
        rows = rules.emergencies.values()
        self._escorts = sorted({row.escort for row in rows if row.escort.startswith("ESC-")})

    def closures(self, part: Part) -> Closed:
        """Return ``closed_roads``: pairs between which there is a road."""
        pairs = set()
        for position, entry in enumerate(part.items("closed_roads")):
            name = f"closed_roads[{position}]"
            match entry:
                case [str(one), str(other)] if frozenset((one, other)) in self._roads:
                    pairs.add(frozenset((one, other)))
                case [str(one), str(other)]:
                    part.fault(name, "unknown_road", "a neighbouring pair", f"{one}-{other}")
                case _:
                    part.fault(name, "wrong_type", "[code, code]", entry)
        return frozenset(pairs)

    def slowdowns(self, part: Part) -> Slowed:
        """Return ``slowed_roads``: pairs with a road, and the minutes it takes longer."""
        pairs = set()
        for position, entry in enumerate(part.items("slowed_roads")):
            name = f"slowed_roads[{position}]"
            match entry:
                case [str(one), str(other), int(more)] if not isinstance(more, bool):
                    pair = frozenset((one, other))
                    if pair not in self._roads:
                        part.fault(name, "unknown_road", "a neighbouring pair", f"{one}-{other}")
                    elif not 0 < more <= MOST_SLOWER_MIN:
                        part.fault(name, "out_of_range", f"1..{MOST_SLOWER_MIN}", str(more))
                    else:
                        pairs.add((pair, more * 60))
                case _:
                    part.fault(name, "wrong_type", "[code, code, minutes]", entry)
        return frozenset(pairs)

    def case(self, part: Part, now: datetime | None) -> Case | None:
        """Return the case as of ``now``, None where a time is missing."""
        patient = patient_of(part, self.rules.facts)
        facts = facts_of(part, self.rules.facts, patient)
        sender = sender_of(part.part("sender"), self.registry)
        decided_at = part.moment("decided_at") or now
        if now is None or decided_at is None:
            return None
        if decided_at > now:
            part.fault("decided_at", "after_now", f"<= {now.isoformat()}")
        return Case(patient=patient, facts=facts, sender=sender, decided_at=decided_at, now=now)

    def request(
        self,
        part: Part,
        now: datetime | None,
        closed: Closed = frozenset(),
        slowed: Slowed = frozenset(),
    ) -> Request | None:
        """Return the request as of ``now``; ``closed`` and ``slowed`` hold for all."""
        case = self.case(part, now)
        origin = self.origins.read(part)
        exclude = part.codes("exclude", self.registry, code="unknown_facility", expected=FACILITY)
        transport = self._transport(part.part("transport"))
        booked = self.facility(part, BOOKED)
        closures, slowdowns = closed | self.closures(part), slowed | self.slowdowns(part)
        if case is None or origin is None:
            return None
        _check_sender(part, case, origin)
        return Request(
            case=case,
            origin=origin.site,
            origin_facility=origin.facility_id,
            origin_county=origin.county,
            closed=closures,
            slowed=slowdowns,
            exclude=frozenset(exclude or ()),
            transport=transport,
            booked_facility=booked,
        )

    def facility(self, part: Part, name: str, *, required: bool = False) -> str | None:
        """Return a facility of the registry."""
        return part.known(
            name, self.registry, code="unknown_facility", expected=FACILITY, required=required
        )

    def reserve(self, part: Part) -> tuple[Reserve, ...]:
        """Return ``reserve``: places kept at a facility, each kind once."""
        found, seen = [], set[tuple[str, str]]()
        for entry in part.parts("reserve"):
            entry.only(("facility_id", "kind", "n"))
            facility = self.facility(entry, "facility_id", required=True)
            kind = entry.choice("kind", PlaceKind, code="unknown_kind", required=True)
            n = entry.whole("n", low=0, high=MOST_PLACES, required=True)
            if facility is None or kind is None or n is None:
                continue
            if (facility, kind) in seen:
                entry.fault("kind", "duplicate", ONCE)
            seen.add((facility, kind))
            found.append(Reserve(facility, PlaceKind(kind), n))
        return tuple(found)

    def _transport(self, part: Part | None) -> Transport:
        if part is None:
            return Transport(None, None)
        part.only(("sender_vehicle", "sender_escort"))
        escorts = part.codes(
            "sender_escort",
            self._escorts,
            code="unknown_value",
            expected=" | ".join(self._escorts),
        )
        return Transport(part.flag("sender_vehicle"), escorts)


def _check_sender(part: Part, case: Case, origin: Origin) -> None:
    """Refuse a sender that is another hospital: its theatre is not where she is."""
    sender = case.sender.facility_id
    if sender and origin.facility_id and sender != origin.facility_id:
        part.fault("sender.facility_id", "not_the_origin", origin.facility_id, sender)
