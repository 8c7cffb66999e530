"""Staff of a facility as reported in ``staff.csv``; shown beside the norms, decides nothing."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StaffRow:
    """How many people of a role a facility has, as of a day; None where nobody said."""

    facility_id: str
    role: str
    count: int
    as_of: date | None
    source: str
