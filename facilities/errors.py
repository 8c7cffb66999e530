"""What can go wrong with facilities.

FacilitiesError
  UnknownFacilityError       a facility id is not in this registry

A file with faults raises ``geodata.errors.RefusedInputError``, which lists all of them.
"""


class FacilitiesError(Exception):
    """Base of everything this package raises on purpose."""


class UnknownFacilityError(FacilitiesError, LookupError):
    """A facility id is not in this registry."""

    def __init__(self, facility_id: str, *, known: int) -> None:
        self.facility_id = facility_id
        self.known = known
        super().__init__(
            f"facility {facility_id!r} is not among the {known} of this registry; "
            "correct the id or import the facility first"
        )
