"""Where every chain of events begins, and the moves of a machine as rows."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

__all__ = ["START", "moves_of"]

START = ""
"""What the first event of a chain comes from."""


def moves_of(table: Mapping[str, Iterable[StrEnum]]) -> list[tuple[str, str]]:
    """Return every allowed move of a machine, from and to."""
    return [(before, after.value) for before, later in table.items() for after in later]
