"""A centre in the words of an answer: its name and levels, what it has and lacks of a need."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facilities.capability import Groups
from facilities.centre import Facility
from routing.centres import TRUSTS, Centres

__all__ = ["Abilities", "Label"]

_TRUSTS = tuple(str(trust) for trust in TRUSTS)
_ASSUMED = _TRUSTS[1]


@dataclass(frozen=True, slots=True)
class Label:
    """Name and levels; None for a level it has not."""

    facility_id: str
    name_zh: str
    maternal_level: str | None
    neonatal_level: str | None

    @classmethod
    def of(cls, facility: Facility) -> "Label":
        """Read a facility."""
        maternal, neonatal = facility.maternal_level, facility.neonatal_level
        return cls(
            facility.facility_id,
            facility.name_zh,
            None if maternal is None else maternal.name,
            None if neonatal is None else neonatal.name,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """One need at F centres; centres that are alike share one value, which is not to be changed.

    Parameters
    ----------
    lacks
        What the need asks for and the centre has not, required first.
    trust
        How far each required capability that is there can be believed.
    doubtful
        Whether one of these is only assumed (R-TRUST-03).
    """

    lacks: tuple[tuple[str, ...], ...]
    trust: tuple[Mapping[str, str], ...]
    doubtful: tuple[bool, ...]

    @classmethod
    def of(cls, centres: Centres, required: Groups, preferred: Groups) -> "Abilities":
        """Read what a need asks for at every centre."""
        names = tuple("|".join(group) for group in required)
        wished = (*names, *("|".join(group) for group in preferred))
        met = np.concatenate([centres.meets(required), centres.meets(preferred)])
        lacks: dict[tuple[bool, ...], tuple[str, ...]] = {}
        for key in dict.fromkeys(map(tuple, met.T.tolist())):
            lacks[key] = tuple(name for name, there in zip(wished, key, strict=True) if not there)
        believed = tuple(map(tuple, centres.trusts(required).T.tolist()))
        trust: dict[tuple[int, ...], dict[str, str]] = {}
        for rank in dict.fromkeys(believed):
            trust[rank] = {n: _TRUSTS[t] for n, t in zip(names, rank, strict=True) if t}
        return cls(
            lacks=tuple(lacks[key] for key in map(tuple, met.T.tolist())),
            trust=tuple(trust[rank] for rank in believed),
            doubtful=tuple(_ASSUMED in trust[rank].values() for rank in believed),
        )
