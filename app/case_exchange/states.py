"""Where a line of another system stands on its way into a file."""

from enum import StrEnum

__all__ = ["LineStatus"]


class LineStatus(StrEnum):
    """``waiting``: taken in, not yet in her file; ``refused``: the file would not have it so."""

    WAITING = "waiting"
    FILED = "filed"
    REFUSED = "refused"
