"""What is found, and what was looked at."""

from dataclasses import dataclass

__all__ = ["Finding", "Invariant", "Report"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: in which table, with which row, and what.

    The catalogues say for each ``code`` what it means and what to do.
    """

    table: str
    id: str
    code: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold; ``statement`` selects the keys of the rows that break it."""

    code: str
    table: str
    statement: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found; nothing is an intact database."""

    findings: tuple[Finding, ...]
    entries: int
    seals: int
    rows: int
    took_s: float

    @property
    def per_second(self) -> float:
        """Rows and entries looked at in a second."""
        return (self.rows + self.entries) / max(self.took_s, 1e-6)
