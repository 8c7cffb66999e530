"""Which pregnancies are booked, and what each asks of the place where she gives birth.

Floors come from the colours (R-MGMT) and from the rows that her facts fire; unknown facts make
rows presumed, as in a referral. A stated colour is never lowered by facts, facts may raise it.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from facilities.capacity import PlaceKind
from facilities.centre import MaternalLevel
from routing.booking.births import Births, births_of
from routing.booking.values import BookingRequest, Pregnancy
from routing.triage.assess import Assessed, assess_case
from routing.triage.case import NO_SENDER, Case
from routing.triage.expression import Known
from routing.triage.need import LevelFloor, RoutingNeed
from routing.triage.planned import planned_delivery
from routing.triage.rows import PURPLE, Colour, RuleSet

__all__ = ["BirthNeed", "Lodging", "needs_of"]

DAYS_PER_WEEK = 7
TRIAL = "trial_of_labour"


@dataclass(frozen=True, slots=True)
class Lodging:
    """She lives near her centre from a week of pregnancy on where it is further than that."""

    over_min: float
    come_by_days: int
    required: bool

    @property
    def week(self) -> int:
        """The completed week of pregnancy from which she is there."""
        return self.come_by_days // DAYS_PER_WEEK


@dataclass(frozen=True, slots=True)
class BirthNeed:
    """What the births of all alike ask for; equal needs are one object.

    Parameters
    ----------
    set_aside : str | None
        Why she is not booked here; None where she is.
    need : RoutingNeed
        Floors of a planned birth: capabilities, levels, grade.
    kinds : tuple[PlaceKind, ...]
        What she and her children take.
    lodging : Lodging | None
        None where home is never too far.
    why : tuple[str, ...]
        What must be said of her whatever is chosen.
    """

    set_aside: str | None
    need: RoutingNeed
    preferred_grade: int
    kinds: tuple[PlaceKind, ...]
    births: Births
    lodging: Lodging | None
    why: tuple[str, ...]


def needs_of(rules: RuleSet, asked: BookingRequest) -> tuple[BirthNeed, ...]:
    """Return the need of every pregnancy, in the order asked; those alike are assessed once."""
    known: dict[Hashable, BirthNeed] = {}
    equal: dict[BirthNeed, BirthNeed] = {}
    found = []
    for one in asked.pregnancies:
        alike = (frozenset(one.facts.items()), one.colour, one.purple, one.plan)
        if alike not in known:
            need = _need(rules, asked, one)
            known[alike] = equal.setdefault(need, need)
        found.append(known[alike])
    return tuple(found)


def _need(rules: RuleSet, asked: BookingRequest, one: Pregnancy) -> BirthNeed:
    now = asked.calendar.now
    facts = dict(one.facts)
    if one.plan == TRIAL:
        facts.setdefault("tolac_planned", True)
    case = Case(patient="maternal", facts=facts, sender=NO_SENDER, decided_at=now, now=now)
    assessed = assess_case(rules, case)
    colour, why = _colour(one, assessed)
    labels = {colour, *assessed.assessment.labels, *([PURPLE] if one.purple else [])}
    planned = planned_delivery(rules, labels)
    level = LevelFloor(MaternalLevel[planned.min_maternal_level], None, ())
    need = replace(
        assessed.need,
        floor=assessed.need.required,
        levels=(*assessed.need.levels, level),
        level_is_floor=True,
        min_grade=planned.min_institution_grade,
        never_bypass=False,
    )
    mother = [seat.kind for seat in need.seats if seat.seat == "mother"] or [PlaceKind.LABOUR]
    cots = [seat.kind for seat in need.seats if seat.seat != "mother"]
    if any(fired.stated and not fired.row.booking for fired in assessed.fired):
        why = (*why, "refer_now")
    return BirthNeed(
        set_aside=_set_aside(rules, one, assessed, labels),
        need=need,
        preferred_grade=planned.preferred_institution_grade,
        kinds=(*mother, *cots),
        births=births_of(rules, assessed.known, plan=one.plan, colour=colour),
        lodging=_lodging(rules, assessed.known, colour),
        why=why,
    )


def _colour(one: Pregnancy, assessed: Assessed) -> tuple[Colour, tuple[str, ...]]:
    """Return the higher of the stated colour and that of the facts."""
    by_facts = Colour(assessed.assessment.colour or Colour.GREEN)
    if one.colour is None:
        return by_facts, ()
    stated = Colour(one.colour)
    if by_facts.rank > stated.rank:
        return by_facts, ("colour_raised",)
    return stated, ()


def _set_aside(rules: RuleSet, one: Pregnancy, assessed: Assessed, labels: set[str]) -> str | None:
    """Return why she is not booked; green and plain yellow stay with their county (P-09)."""
    if assessed.known.get("delivered") is True:
        return "delivered"
    files = any(rules.management[label].case_file for label in labels)
    if files or assessed.assessment.case_file:
        return None
    if one.colour is None and assessed.assessment.incomplete:
        return "unassessed"
    return "with_county"


def _lodging(rules: RuleSet, known: Known, colour: Colour) -> Lodging | None:
    """Join the rows that speak of her: the shortest way that is too far, the earliest day."""
    rows = [
        row
        for row in rules.booking.lodging
        if (row.when is None or row.when.truth(known) is True)
        and (row.min_colour is None or colour.rank >= Colour(row.min_colour).rank)
    ]
    if not rows:
        return None
    return Lodging(
        over_min=min(row.over_min for row in rows),
        come_by_days=min(row.come_by_days for row in rows),
        required=any(row.required for row in rows),
    )
