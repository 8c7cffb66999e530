"""Reading kept rankings. They are long and never change: what was read of one is kept a while."""

import json
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.referrals.tables import Recommendation

__all__ = ["Kept", "colour_of", "read"]

Rows = Sequence[Mapping[str, object]]
FEW, MANY = 32, 20_000
"""A ranking takes some hundred kilobytes of memory, a colour next to nothing."""
_COLOURS: OrderedDict[uuid.UUID, str | None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Kept:
    """What was recommended, as far as it is shown; it is shared and must not be changed."""

    assessment: Mapping[str, object]
    ranking: Rows
    passed_over: int
    alternatives: Rows

    def row(self, facility_id: str | None) -> Mapping[str, object] | None:
        """Return the row of a facility; None where it is not in the ranking."""
        return next((row for row in self.ranking if row["facility_id"] == facility_id), None)

    @property
    def places(self) -> Rows:
        """Return the places that she needs."""
        need = self.assessment["need"]
        found = need["places"] if isinstance(need, Mapping) else None
        if not isinstance(found, list):
            raise TypeError("an assessment lists the places that she needs")
        return found


def read(found: Recommendation) -> Kept:
    """Return what was recommended."""
    return _read(found.answer)


def colour_of(found: Recommendation | None) -> str | None:
    """Return the colour that she was assessed with; None where nothing was ranked.

    A list of a hundred referrals shows a hundred colours; each is looked for once.
    """
    if found is None:
        return None
    if found.id in _COLOURS:
        return _COLOURS[found.id]
    said = read(found).assessment["colour"]
    colour = None if said is None else str(said)
    _COLOURS[found.id] = colour
    if len(_COLOURS) > MANY:
        _COLOURS.popitem(last=False)
    return colour


@lru_cache(maxsize=FEW)
def _read(text: str) -> Kept:
    said = json.loads(text)
    return Kept(
        assessment=said["assessment"],
        ranking=said["ranking"],
        passed_over=len(said.get("excluded", ())),
        alternatives=said.get("alternatives", []),
    )
