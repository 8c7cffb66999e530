"""Capabilities of a facility: the codes there are, and what is missing from a need."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from geodata.io import read_table

Groups = tuple[tuple[str, ...], ...]
"""A need: every group must be met, any one code of a group meets it."""

NEO_WARD = "neo_ward"
"""The ordinal group of the newborn wards, R-LEVEL-02."""


class Trust(StrEnum):
    """How far a level or a capability can be believed."""

    CONFIRMED = "confirmed"
    STATED = "stated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Capability:
    """One code of ``capabilities.csv``.

    ``ordinal`` is its place in ``ordinal_group``, where a higher one satisfies a lower one;
    both are None for a capability that stands by itself.
    """

    code: str
    kind: str
    label_zh: str
    label_en: str
    ordinal_group: str | None
    ordinal: int | None


@cache
def load_capabilities() -> Mapping[str, Capability]:
    """Return every capability by its code, in the order of the table."""
    table = read_table(Path(__file__).parent / "capabilities.csv")
    return MappingProxyType(
        {
            row["code"]: Capability(
                code=row["code"],
                kind=row["kind"],
                label_zh=row["label_zh"],
                label_en=row["label_en"],
                ordinal_group=row["ordinal_group"] or None,
                ordinal=int(row["ordinal"]) if row["ordinal"] else None,
            )
            for row in table.rows
        }
    )


@cache
def satisfied_by(code: str) -> frozenset[str]:
    """Return the codes any one of which satisfies ``code``: itself and higher wards."""
    wanted = load_capabilities().get(code)
    if wanted is None or wanted.ordinal is None:
        return frozenset((code,))
    return frozenset(
        other.code
        for other in load_capabilities().values()
        if other.ordinal_group == wanted.ordinal_group
        and other.ordinal is not None
        and other.ordinal >= wanted.ordinal
    )


def lacking(have: Collection[str], groups: Groups) -> Groups:
    """Return the groups of a need that are not met, in their order.

    Parameters
    ----------
    have : Collection[str]
        Codes that are there; a higher newborn ward stands for the lower ones (R-LEVEL-02).
    groups : Groups
        All of; inside a group any of.

    Examples
    --------
    >>> lacking({"NEO_L3B", "IR"}, (("NEO_L3A",), ("IR", "HYSTEROSCOPY"), ("AICU",)))
    (('AICU',),)
    """
    return tuple(
        group
        for group in groups
        if not any(other in have for code in group for other in satisfied_by(code))
    )
