"""One thing wrong with an input, in a form that every program and both languages can show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file or a request.

    Parameters
    ----------
    where : str
        File name, ``"request"`` or ``"requests[3]"``.
    line : int | None
        Line of the file, the header being 1; None for JSON and for the file as a whole.
    column : str
        Column name or JSON path; empty for the file as a whole.
    value : str
        The offending value as text.
    code : str
        Stable code in snake case, e.g. ``"out_of_range"``.
    expected : str
        What was expected, terse and language-neutral, e.g. ``"25..220 g/L"``.
    """

    where: str
    line: int | None
    column: str
    value: str
    code: str
    expected: str

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        column = f" {self.column}" if self.column else ""
        return f"{place}{column} = {self.value!r}: {self.code}, expected {self.expected}"
