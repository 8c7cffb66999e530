"""The public rows of a ranking, and the excluded with every reason (contract.md 2.2)."""

from collections.abc import Iterable, Mapping

from routing.answer import Excluded, Newborn, Place, Ranked
from routing.choices import Choices
from routing.first_stop import Stop
from routing.listed import Listed
from routing.pairs import Pair
from routing.places_shown import PlacesShown
from routing.way import COST_PARTS, Role, TransportPlan
from routing.weighing import Weighed
from routing.why import Whys

__all__ = ["Rows"]

_TOLERANCE_MIN = 1e-9


class Rows:
    """Writes the rows of one request; what equal centres share is made once."""

    def __init__(self, choices: Choices, stop: Stop | None) -> None:
        self._choices = choices
        self._question = question = choices.question
        self._stop = stop
        self._need = need = choices.assessed.need
        self._labels = question.network.labels
        self._phones = question.network.phones(need.patient)
        self._able = question.network.abilities(need.required, need.preferred)
        self._places = PlacesShown(question)
        self._whys = Whys(choices, stop)
        self._listed = [Listed(question, one, need.escort) for one in choices.weighed]
        self._pick: list[int] = choices.pick.tolist()
        self._cost: list[float] = choices.cost_min.tolist()
        centres = question.centres
        self._ask: list[bool] = (centres.outside | centres.diverting).tolist()
        self._remaining = question.remaining_min(need) + _TOLERANCE_MIN
        self._journeys = question.network.journeys(question.request.origin, question.conditions)

    def ranking(self) -> tuple[Ranked, ...]:
        """Return the stop, then every centre best first, pairs in their place."""
        stopped = self._stop.row if self._stop else None
        entries: list[tuple[float, int, Pair | None]] = [
            *((pair.cost_min, pair.row, pair) for pair in self._choices.pairs_shown()),
            *((self._cost[row], row, None) for row in self._choices.order),
        ]
        entries = [entry for entry in entries if entry[1] != stopped]
        entries.sort(key=lambda entry: entry[0])
        first = [self._of_stop(self._stop)] if self._stop else []
        others = [
            self._of_centre(rank, row) if pair is None else self._of_pair(rank, pair)
            for rank, (_, row, pair) in enumerate(entries, len(first) + 1)
        ]
        return (*first, *others)

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

    def _of_centre(self, rank: int, row: int) -> Ranked:
        pick = self._pick[row]
        weighed, listed = self._choices.weighed[pick], self._listed[pick]
        over, variant = listed.over[row], listed.variant[row]
        return self._ranked(
            rank,
            row,
            role="definitive",
            transport=listed.transport(row),
            care_min=listed.care_min[row],
            high_min=listed.high_min[row],
            cost=listed.cost(row),
            cost_min=self._cost[row],
            places=self._seats(weighed, row, listed.arrival_min[row], None if over else variant),
            over=over,
            why=self._whys.of_centre(row, weighed, None if over else variant),
        )

    def _seats(
        self, weighed: Weighed, row: int, arrival_min: float, variant: int | None
    ) -> tuple[Place, ...]:
        """Return the places taken, at a full centre those it would have to find."""
        seats = weighed.need.seats
        facility_id, place = self._question.network.ids[row], self._places.place
        if variant is None:
            return tuple([place(seat.seat, seat.kind, facility_id, arrival_min) for seat in seats])
        taken = zip(seats, weighed.seating.variants[variant].kinds, strict=True)
        return tuple([place(seat.seat, kind, facility_id, arrival_min) for seat, kind in taken])

    def _of_pair(self, rank: int, pair: Pair) -> Ranked:
        drives, row = pair.mother.drives, pair.row
        spread = float(drives.high_min[row] - drives.care_min[row])
        return self._ranked(
            rank,
            row,
            role="definitive",
            transport=drives.plan(self._question, row, self._need.escort),
            care_min=pair.care_min,
            high_min=pair.care_min + spread,
            cost=pair.cost,
            cost_min=pair.cost_min,
            places=tuple(
                self._places.place(use.seat, use.kind, use.facility_id, pair.care_min)
                for use in pair.places
            ),
            over=bool(pair.asked),
            why=self._whys.of_pair(pair),
            newborn_row=pair.newborn_row,
        )

    def _of_stop(self, stop: Stop) -> Ranked:
        return self._ranked(
            1,
            stop.row,
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

    def _ranked(
        self,
        rank: int,
        row: int,
        *,
        role: Role,
        transport: TransportPlan,
        care_min: float,
        high_min: float,
        cost: Mapping[str, float],
        cost_min: float,
        places: tuple[Place, ...],
        over: bool,
        why: tuple[str, ...],
        newborn_row: int | None = None,
    ) -> Ranked:
        """Write what is said of one way; the centre itself says the rest."""
        label, able = self._labels[row], self._able
        minutes, km, method = self._journeys[row]
        unsure = over or able.doubtful[row] or self._ask[row]
        return Ranked(
            rank=rank,
            facility_id=label.facility_id,
            name_zh=label.name_zh,
            role=role,
            maternal_level=label.maternal_level,
            neonatal_level=label.neonatal_level,
            phone=self._phones[row],
            minutes=minutes,
            km=km,
            method=method,
            transport=transport,
            time_to_care_min=round(care_min, 1),
            cost_min=cost_min,
            cost=cost,
            within=self._within(care_min, cost["late"]),
            may_be_late=high_min > self._remaining,
            places=places,
            capability_trust=able.trust[row],
            lacks=able.lacks[row],
            over_capacity=over,
            phone_first=unsure or any(place.trust != "fresh" for place in places),
            why=why,
            newborn=None if newborn_row is None else self._newborn(newborn_row),
        )

    def _newborn(self, row: int) -> Newborn:
        label = self._labels[row]
        phone = self._question.network.phones("newborn")[row]
        return Newborn(label.facility_id, label.name_zh, phone)

    def _within(self, care: float, late: float) -> str | None:
        """Return how the time to care stands to the limits; None without any (R-ROUTE-01)."""
        need, spent = self._need, care + self._question.elapsed_min - _TOLERANCE_MIN
        if need.target_s is None and need.hard_s is None:
            return None
        if late > _TOLERANCE_MIN:
            return "late"
        return "target" if need.target_s is not None and spent <= need.target_s / 60 else "hard"
