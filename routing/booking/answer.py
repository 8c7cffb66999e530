"""The answer of booking, field by field as the interface writes it (contract.md 2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.booking.values import Declined
from routing.problem import Status

__all__ = [
    "Added",
    "Block",
    "Booked",
    "Bookings",
    "FullWeek",
    "Relief",
    "RuleOfThumb",
    "SetAside",
    "TimeOf",
    "Totals",
    "Unbooked",
]


@dataclass(frozen=True, slots=True)
class Booked:
    """Where one woman gives birth.

    ``come_by`` is the day by which she lives near the centre, None where she waits at home.
    ``cost_min`` is None for a frozen booking at a centre that is no choice any more.
    ``time_to_care_min`` is the expected time to care from where she is when labour begins, without
    any handicap; None where no road is open in some of her weeks. ``declined`` repeats which
    centres were not to be hers, by whom, when and why.
    """

    id: str
    facility_id: str
    come_by: str | None
    lodging: bool
    cost_min: float | None
    time_to_care_min: float | None
    due_week: str
    plan: str
    kinds: tuple[str, ...]
    why: tuple[str, ...]
    declined: tuple[Declined, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """What keeps a woman from a centre: a week that is full, or something she needs."""

    code: str
    facility_id: str | None
    week: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """``n`` places of a kind more in one week of one centre; ``kind`` None is lodging."""

    code: str
    facility_id: str
    week: str
    kind: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Relief:
    """Places that, added together, leave one woman fewer without a booking; verified."""

    added: tuple[Added, ...]
    facility_id: str | None


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A woman without a booked place; ``relief`` holds the smallest, three equal ones at most."""

    id: str
    blocking: tuple[Block, ...]
    relief: tuple[Relief, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A pregnancy that is not booked here, and why: it stays with whoever looks after it now."""

    id: str
    reason: str
    facility_id: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was reached, in minutes; ``bound`` with as many unbooked, None where none is proven.

    ``gap`` is how much cheaper a plan could at most be, as a share of this one.
    """

    booked: int
    unbooked: int
    unbooked_bound: int
    objective: float
    bound: float | None
    gap: float | None
    moved: int


@dataclass(frozen=True, slots=True)
class RuleOfThumb:
    """What a simple rule reaches with the same room, lodging and costs, in minutes."""

    booked: int
    unbooked: int
    objective: float


@dataclass(frozen=True, slots=True)
class TimeOf:
    """Women of a county or of an aid group: how many, and their expected time to care."""

    booked: int
    unbooked: int
    mean_min: float | None
    longest_min: float | None


@dataclass(frozen=True, slots=True)
class FullWeek:
    """A centre-week that decided something; loads in bed-days, lodging in places."""

    facility_id: str
    week: str
    kind: str | None
    places: int
    load: float
    limit: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class Bookings:
    """Every pregnancy stands once: in ``bookings``, ``unbooked`` or ``set_aside``."""

    status: Status
    proven: bool
    totals: Totals
    seed: int
    bookings: tuple[Booked, ...]
    unbooked: tuple[Unbooked, ...]
    set_aside: tuple[SetAside, ...]
    full_weeks: tuple[FullWeek, ...]
    by_county: Mapping[str, TimeOf]
    by_aid_group: Mapping[str, TimeOf]
    against: Mapping[str, RuleOfThumb]
    rule_set: str
    unsigned_rules: int
    solve_ms: float
