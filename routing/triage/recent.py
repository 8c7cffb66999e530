"""What was worked out lately, so that the same facts are not worked out again and again.

One visit to a case file asks for the colour of the same facts five times over, and the women of an
import are much alike.
"""

from collections.abc import Hashable
from typing import TypeVar

__all__ = ["Recent"]

Found = TypeVar("Found")
MOST = 1_000


class Recent(dict[Hashable, Found]):
    """Answers by what was asked; it begins anew rather than grow."""

    def keep(self, asked: Hashable, found: Found) -> Found:
        """Keep an answer, and return it."""
        if len(self) >= MOST:
            self.clear()
        self[asked] = found
        return found
