"""What can go wrong while routing.

RefusedInputError (geodata)
  RequestError            a request document breaks the contract; every fault is listed
  RuleTableError          a rule table breaks the grammar; every bad row is listed
"""

from collections.abc import Sequence

from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = ["RequestError", "RuleTableError"]


class RequestError(RefusedInputError):
    """A request document breaks the contract; ``faults`` lists every field to correct."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("request", faults)


class RuleTableError(RefusedInputError):
    """A rule table breaks the grammar of R-DATA-07; ``faults`` lists every bad row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("rule tables", faults)
