"""Cells that state levels, grade and capabilities; ``none`` states that there is none."""

from collections.abc import Iterable

from facilities.assume import Stated
from facilities.capability import load_capabilities
from facilities.centre import (
    WARD_OF_CAPABILITY,
    Aspect,
    Facility,
    Grade,
    MaternalLevel,
    NeonatalLevel,
    WardLevel,
)
from geodata.table import CellReader

NONE = "none"


def read_stated(cells: CellReader) -> Stated:
    """Read what a row states about levels, ward and capabilities."""
    maternal = _level(cells, "maternal_level", MaternalLevel.__members__)
    neonatal = _level(cells, "neonatal_level", NeonatalLevel.__members__)
    ward = _level(cells, "ward_level", WardLevel.__members__)
    capabilities = _capabilities(cells)
    listed = [WARD_OF_CAPABILITY[c] for c in capabilities or () if c in WARD_OF_CAPABILITY]
    if ward is None and listed:
        ward = max(listed).name
    found_ward = None if ward in (None, NONE) else WardLevel[ward]
    if listed and max(listed) > (found_ward or 0):
        cells.fault("capabilities", "ward_above_level", f"no ward above ward_level {ward}")
    cells_of = {
        Aspect.MATERNAL: maternal,
        Aspect.NEWBORN: neonatal,
        Aspect.WARD: ward,
        Aspect.CAPABILITIES: capabilities,
    }
    return Stated(
        maternal=None if maternal in (None, NONE) else MaternalLevel[maternal],
        neonatal=None if neonatal in (None, NONE) else NeonatalLevel[neonatal],
        ward=found_ward,
        capabilities=capabilities or frozenset(),
        aspects=frozenset(aspect for aspect, cell in cells_of.items() if cell is not None),
    )


def read_grade(cells: CellReader, known: Facility | None) -> Grade | None:
    """Read the grade; an empty cell keeps that of a known facility."""
    grade = _level(cells, "grade", Grade.__members__)
    if grade is None:
        return known.grade if known else None
    return None if grade == NONE else Grade[grade]


def _level(cells: CellReader, column: str, allowed: Iterable[str]) -> str | None:
    """Read a level, ``none``, or nothing."""
    return cells.choice(column, (*allowed, NONE))


def _capabilities(cells: CellReader) -> frozenset[str] | None:
    """Read a list of codes separated by semicolons, each known and given once."""
    text = cells.text("capabilities", limit=2000)
    if text is None:
        return None
    if text == NONE:
        return frozenset()
    codes = [code.strip() for code in text.replace("；", ";").split(";") if code.strip()]
    unknown = [code for code in dict.fromkeys(codes) if code not in load_capabilities()]
    twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if unknown:
        cells.fault("capabilities", "unknown_capability", f"not {';'.join(unknown)}"[:200])
    if twice:
        cells.fault("capabilities", "duplicate", f"{';'.join(twice)} once"[:200])
    return None if unknown or twice else frozenset(codes)
