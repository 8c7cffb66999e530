"""Why a destination stands where it stands, as codes; ``code:id`` names a facility."""

import numpy as np

from routing.catchment_use import inside_catchment
from routing.choices import Choices
from routing.first_stop import Stop
from routing.pairs import Pair
from routing.weighing import Weighed

__all__ = ["Whys"]

_SHARED = (
    "nearest_theatre",
    "nearest",
    "catchment",
    "catchment_assumed",
    "other_prefecture",
    "other_province",
    "diverting",
)


class Whys:
    """Gives the codes of one request; what equal centres share is made once."""

    def __init__(self, choices: Choices, stop: Stop | None) -> None:
        self._choices = choices
        self._ids = choices.question.network.ids
        need = choices.assessed.need
        seats = {seat.seat for seat in need.seats}
        self._two = "mother" in seats and len(seats) > 1
        self._cooling = need.cooling
        self._missed = ("cooling_window_missed",) if choices.assessed.cooling_window_missed else ()
        self._keys = self._shared_keys(stop)
        self._known: dict[int, tuple[str, ...]] = {}

    def of_centre(self, row: int, weighed: Weighed, variant: int | None) -> tuple[str, ...]:
        """Return why a centre that takes her alone stands there."""
        codes = self._shared(row)
        if self._two and variant is not None:
            codes = (*codes, "serves_mother_and_newborn")
        if self._cooling:
            codes = (*codes, "cooling" if weighed.need.cooling else "without_cooling")
        if variant is not None and weighed.seating.variants[variant].steps:
            codes = (*codes, "higher_ward")
        return (*codes, *self._missed)

    def of_pair(self, pair: Pair) -> tuple[str, ...]:
        """Return why mother and newborn go apart, where he goes, and who must find a place."""
        asked = (f"place_asked:{self._ids[row]}" for row in pair.asked)
        return (*self._shared(pair.row), f"newborn_to:{self._ids[pair.newborn_row]}", *asked)

    def of_stop(self, stop: Stop) -> tuple[str, ...]:
        """Return why she stops there first, and where she goes on to, if anywhere."""
        mother = self._choices.assessed.need.first_stop == "mother"
        code = "first_stop_theatre" if mother else "first_stop_ventilator"
        onward = () if stop.onward_row is None else (f"onward:{self._ids[stop.onward_row]}",)
        return (code, *self._missed, *onward)

    def _shared_keys(self, stop: Stop | None) -> list[int]:
        """Return one integer per centre whose bits are the codes of :data:`_SHARED`."""
        choices, question = self._choices, self._choices.question
        need, centres = choices.assessed.need, question.centres
        feasible = choices.feasible
        inside, assumed = inside_catchment(question, need, feasible)
        ranked = feasible.copy()
        ranked[[pair.row for pair in choices.pairs_shown()]] = True
        travel = np.where(ranked, question.expected_min, np.inf)
        nearest = np.zeros(centres.size, np.bool_)
        if ranked.any():
            nearest[int(travel.argmin())] = True
        home = question.network.prefecture_of(question.request.origin_county)
        other_prefecture, other_province = centres.borders(home)
        never = np.zeros_like(nearest)
        flags = (
            nearest if need.never_bypass else never,
            never if need.never_bypass or stop is not None else nearest,
            inside,
            inside if assumed else never,
            other_prefecture & ~other_province,
            other_province,
            centres.diverting,
        )
        keys = sum(flag * (1 << bit) for bit, flag in enumerate(flags))
        listed: list[int] = np.asarray(keys).tolist()
        return listed

    def _shared(self, row: int) -> tuple[str, ...]:
        key = self._keys[row]
        found = self._known.get(key)
        if found is None:
            found = tuple(code for bit, code in enumerate(_SHARED) if key & (1 << bit))
            self._known[key] = found
        return found
