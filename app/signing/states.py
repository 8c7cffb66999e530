"""What may be said of a row: somebody signs it, or takes a signature back (R-SIGN-01)."""

from enum import StrEnum

__all__ = ["Word"]


class Word(StrEnum):
    """One line of the sign-off."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
