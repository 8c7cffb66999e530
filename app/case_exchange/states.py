"""Where a line of another system stands on its way into a file, and what a person decides of it."""

from enum import StrEnum

__all__ = ["BOOKED", "TO_BE_ASKED", "Decision", "ItemKind", "LineStatus"]

BOOKED = "booked_facility"
TO_BE_ASKED = f"{BOOKED} to_be_asked"
"""What waits of a line that names a centre, until that has been asked or cannot be."""


class LineStatus(StrEnum):
    """``waiting``: taken in, not yet in her file; ``refused``: the file would not have it so."""

    WAITING = "waiting"
    FILED = "filed"
    REFUSED = "refused"


class ItemKind(StrEnum):
    """What waits for a person.

    ``conflict``: nothing of a row was taken over. ``kept``: a field stays although the platform
    says something else. ``refused``: the file would not have the line. ``likeness``: she was
    entered without a number and may be known here already.
    """

    CONFLICT = "conflict"
    KEPT = "kept"
    REFUSED = "refused"
    LIKENESS = "likeness"


class Decision(StrEnum):
    """What a person has decided; ``overtaken`` is said by the import that settled it.

    ``ours``: what we have stands. ``entered``: somebody has entered it here by hand. ``sent_back``:
    the platform is asked to correct it. ``again``: the line is to be tried again.
    """

    OURS = "ours"
    ENTERED = "entered"
    SENT_BACK = "sent_back"
    AGAIN = "again"
    OVERTAKEN = "overtaken"
