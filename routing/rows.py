"""The public rows of a ranking, and the excluded with every reason (contract.md 2.2)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from facilities.centre import MaternalLevel, NeonatalLevel
from geodata.travel_time import NO_TIME
from routing.answer import Excluded, Minutes, Place, Ranked
from routing.centres import NO_LEVEL, TRUSTS
from routing.choices import Choices
from routing.first_stop import Stop
from routing.listed import Listed
from routing.places_shown import PlacesShown
from routing.splitting import Pair, uses_at
from routing.way import COST_PARTS, Role, TransportPlan
from routing.why import Whys

__all__ = ["Rows"]

_TOLERANCE_MIN = 1e-9
_MATERNAL = {NO_LEVEL: None} | {int(level): level.name for level in MaternalLevel}
_NEONATAL = {NO_LEVEL: None} | {int(level): level.name for level in NeonatalLevel}
_TRUSTS = tuple(str(trust) for trust in TRUSTS)
_ASSUMED = _TRUSTS[1]


class _Draft(NamedTuple):
    """What a row says of one way; the centre itself says the rest."""

    role: Role
    transport: TransportPlan
    care_min: float
    high_min: float
    cost: Mapping[str, float]
    cost_min: float
    places: tuple[Place, ...]
    over: bool
    why: tuple[str, ...]


class Rows:
    """Writes the rows of one request; what equal centres share is made once."""

    def __init__(self, choices: Choices, stop: Stop | None) -> None:
        self._choices = choices
        self._question = choices.question
        self._stop = stop
        self._need = need = choices.assessed.need
        self._phones = self._question.network.phones(need.patient)
        self._places = PlacesShown(self._question)
        self._whys = Whys(choices, stop)
        main = choices.weighed[0].feasibility
        groups = (*need.required, *need.preferred)
        self._groups = tuple("|".join(group) for group in groups)
        self._missing: list[list[bool]] = (~np.concatenate([main.met, main.wished]).T).tolist()
        self._trust: list[list[int]] = self._question.centres.trusts(need.required).T.tolist()
        self._listed = [Listed(self._question, one, need.escort) for one in choices.weighed]
        self._pick: list[int] = choices.pick.tolist()
        self._cost: list[float] = choices.cost_min.tolist()
        self._remaining = self._question.remaining_min(need) + _TOLERANCE_MIN
        times = self._question.times
        self._seconds = (
            times.low_s[0].tolist(),
            times.expected_s[0].tolist(),
            times.high_s[0].tolist(),
        )
        self._metres: list[int] = times.distance_m[0].tolist()
        self._methods = [times.methods[method] for method in times.method[0].tolist()]
        centres = self._question.centres
        self._levels = centres.maternal.tolist(), centres.neonatal.tolist()
        self._trusts: dict[tuple[int, ...], dict[str, str]] = {}
        self._lacks: dict[tuple[bool, ...], tuple[str, ...]] = {}

    def ranking(self) -> tuple[Ranked, ...]:
        """Return the stop, then every centre best first, pairs in their place."""
        stopped = self._stop.row if self._stop else None
        entries: list[tuple[float, int, Pair | None]] = [
            (self._cost[row], row, None) for row in self._choices.order if row != stopped
        ]
        taken = {row for _, row, _ in entries}
        for apart in self._choices.shown_pairs():
            if apart.row not in taken and apart.row != stopped:
                taken.add(apart.row)
                entries.append((apart.cost_min, apart.row, apart))
        entries.sort(key=lambda entry: entry[0])
        drafts = [(self._stop.row, self._of_stop(self._stop))] if self._stop else []
        for _, row, pair in entries:
            drafts.append((row, self._of_centre(row) if pair is None else self._of_pair(pair)))
        return tuple(self._row(rank, row, draft) for rank, (row, draft) in enumerate(drafts, 1))

    def excluded(self, ranked: Iterable[str]) -> tuple[Excluded, ...]:
        """Return every facility that is not ranked, by id, with all its reasons."""
        told = set(ranked)
        widest = self._choices.weighed[-1]
        full = tuple(dict.fromkeys(seat.kind.value for seat in widest.need.seats))
        reasons = widest.feasibility.reasons(self._question, widest.no_place, full)
        return tuple(
            Excluded(facility_id, against)
            for facility_id, against in zip(self._question.network.ids, reasons, strict=True)
            if facility_id not in told
        )

    def _of_centre(self, row: int) -> _Draft:
        weighed, listed = self._choices.weighed[self._pick[row]], self._listed[self._pick[row]]
        facility_id = self._question.network.ids[row]
        variant = None if listed.over[row] else listed.variant[row]
        arrival = listed.arrival_min[row]
        if variant is None:
            places = self._places.full(weighed.need.seats, facility_id, arrival)
        else:
            places = self._places.taken(uses_at(weighed, variant, facility_id), arrival)
        return _Draft(
            role="definitive",
            transport=listed.transport(row),
            care_min=listed.care_min[row],
            high_min=listed.high_min[row],
            cost=listed.cost(row, variant),
            cost_min=self._cost[row],
            places=places,
            over=variant is None,
            why=self._whys.of_centre(row, weighed, variant),
        )

    def _of_pair(self, pair: Pair) -> _Draft:
        drives, row = pair.mother.drives, pair.row
        spread = float(drives.high_min[row] - drives.care_min[row])
        return _Draft(
            role="definitive",
            transport=drives.plan(self._question, row, self._need.escort),
            care_min=pair.care_min,
            high_min=pair.care_min + spread,
            cost=pair.cost,
            cost_min=pair.cost_min,
            places=self._places.taken(pair.uses, pair.care_min),
            over=False,
            why=self._whys.of_pair(pair),
        )

    def _of_stop(self, stop: Stop) -> _Draft:
        return _Draft(
            role="first_stop",
            transport=stop.transport,
            care_min=stop.care_min,
            high_min=stop.high_min,
            cost=dict.fromkeys(COST_PARTS, 0.0) | {"time_to_care": stop.care_min},
            cost_min=round(stop.care_min, 1),
            places=(),
            over=False,
            why=self._whys.of_stop(stop),
        )

    def _row(self, rank: int, row: int, draft: _Draft) -> Ranked:
        facility = self._question.network.registry.facilities[row]
        trusts = self._trust_of(row)
        low, expected, high = (seconds[row] for seconds in self._seconds)
        doubtful = any(place.trust != "fresh" for place in draft.places)
        return Ranked(
            rank=rank,
            facility_id=facility.facility_id,
            name_zh=facility.name_zh,
            role=draft.role,
            maternal_level=_MATERNAL[self._levels[0][row]],
            neonatal_level=_NEONATAL[self._levels[1][row]],
            phone=self._phones[row],
            minutes=Minutes(low // 60, round(expected / 60), -(-high // 60)),
            km=self._km(row),
            method=self._methods[row],
            transport=draft.transport,
            time_to_care_min=round(draft.care_min, 1),
            cost_min=draft.cost_min,
            cost=draft.cost,
            within=self._within(draft.care_min, draft.cost["late"]),
            may_be_late=draft.high_min > self._remaining,
            places=draft.places,
            capability_trust=trusts,
            lacks=self._lacking(row),
            over_capacity=draft.over,
            phone_first=draft.over or doubtful or _ASSUMED in trusts.values(),
            why=draft.why,
        )

    def _within(self, care: float, late: float) -> str | None:
        """Return how the time to care stands to the limits; None without any (R-ROUTE-01)."""
        need, spent = self._need, care + self._question.elapsed_min - _TOLERANCE_MIN
        if need.target_s is None and need.hard_s is None:
            return None
        if late > _TOLERANCE_MIN:
            return "late"
        return "target" if need.target_s is not None and spent <= need.target_s / 60 else "hard"

    def _km(self, row: int) -> float:
        """Return the road length; the estimate's where a table states minutes only."""
        metres = self._metres[row]
        if metres == NO_TIME:
            metres = self._question.network.estimated_m(self._question.request.origin, row)
        return round(metres / 1000, 1)

    def _trust_of(self, row: int) -> dict[str, str]:
        """Return how far each required capability that is there can be believed."""
        key = tuple(self._trust[row])
        found = self._trusts.get(key)
        if found is None:
            names = zip(self._groups, key, strict=False)
            found = self._trusts[key] = {name: _TRUSTS[trust] for name, trust in names if trust}
        return found

    def _lacking(self, row: int) -> tuple[str, ...]:
        """Return what the need asks for and the centre has not, required first."""
        key = tuple(self._missing[row])
        found = self._lacks.get(key)
        if found is None:
            names = zip(self._groups, key, strict=True)
            found = self._lacks[key] = tuple(name for name, missing in names if missing)
        return found
