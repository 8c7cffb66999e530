"""Joining capability lists of several rows; wards are ordinal (R-LEVEL-02)."""

from collections.abc import Iterable

from facilities.centre import WardLevel
from routing.triage.rows import Groups

__all__ = ["beyond", "joined", "ward_in", "written"]

_WARD_PREFIX = "NEO_"
_WARDS = {_WARD_PREFIX + ward.name: ward for ward in WardLevel}


def joined(lists: Iterable[Groups]) -> Groups:
    """Return the union of capability lists in the order of reading."""
    return tuple(dict.fromkeys(group for groups in lists for group in groups))


def ward_in(groups: Groups) -> WardLevel | None:
    """Return the highest ward that is named alone, None when there is none."""
    found = [_WARDS[group[0]] for group in groups if len(group) == 1 and group[0] in _WARDS]
    return max(found, default=None)


def beyond(wanted: Groups, required: Groups) -> Groups:
    """Return what is wanted and not already required; of several wards the highest only."""
    had, top = ward_in(required), ward_in(wanted)
    kept: list[tuple[str, ...]] = []
    for group in wanted:
        ward = _WARDS.get(group[0]) if len(group) == 1 else None
        if ward is None:
            if group not in required:
                kept.append(group)
        elif ward == top and (had is None or ward > had):
            kept.append(group)
    return tuple(dict.fromkeys(kept))


def written(groups: Groups) -> tuple[str, ...]:
    """Return a list as the answer writes it: any-of groups as ``A|B``."""
    return tuple("|".join(group) for group in groups)
