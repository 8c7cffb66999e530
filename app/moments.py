"""Moments as they arrive: RFC 3339 with an offset, or a fault."""

from datetime import UTC, datetime

from app.documents import ParameterError
from geodata.check import Fault

__all__ = ["moment_of"]


def moment_of(text: str | None, field: str) -> datetime | None:
    """Return a stated moment; None where none is stated.

    Raises
    ------
    ParameterError
        It is no moment, or one without an offset.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ParameterError(
            Fault("request", None, field, text, "wrong_type", "2026-01-14T03:00:00+08:00")
        )
    return found.astimezone(UTC)
