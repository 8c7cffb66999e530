"""Plans in tiny registries: requests by name, so that every figure can be worked out by hand."""

from routing.plan import plan
from routing.request_values import PlanItem, PlanRequest, Reserve, Vehicle, VehicleKind
from tests.routing.toys import (
    HOME,
    NOW,
    PREECLAMPSIA,
    RESCUE,
    centre,
    pool,
    request,
    rules,
    world,
)

BED = "OB_RESCUE_BED"
PLANNED = {"gestational_age_weeks": "38+0", "prior_cs_count": 2, "delivered": False}
"""A booking row: labour bed and theatre, no limit; priority 3, so a place must be free."""


def two_centres(a=1, b=1, *, kind=BED, **more):
    """A and B are alike. From P 60 and 100 minutes, from Q 70 and 200, from R 30 and 50."""
    minutes = {("P", "A"): 60, ("P", "B"): 100, ("Q", "A"): 70, ("Q", "B"): 200}
    minutes |= {("R", "A"): 30, ("R", "B"): 50, ("A", "B"): 45, ("B", "A"): 45}
    return world(
        [centre("A", *RESCUE), centre("B", *RESCUE)],
        minutes,
        pools=[pool("A", kind, a, of=9), pool("B", kind, b, of=9)],
        catchment=[(HOME, "M", 1, "A"), (HOME, "M", 1, "B")],
        **more,
    )


def item(name, facts=PREECLAMPSIA, *, origin=None, priority=None, frozen_to=None, **more):
    """The origin is the first letter of the name."""
    asked = request(facts, origin=origin or name[0], **more)
    return PlanItem(name, asked, priority, frozen_to)


def question(*items, reserve=(), vehicles=None, closed=()):
    return PlanRequest(
        tuple(items),
        frozenset(frozenset(pair) for pair in closed),
        tuple(Reserve(where, kind, n) for where, kind, n in reserve),
        None if vehicles is None else tuple(vehicles),
        NOW,
    )


def ambulance(name, at, free_from=None):
    return Vehicle(name, at, VehicleKind.AMBULANCE, free_from)


def planned(network, *items, limit_s=10.0, seed=0, **more):
    return plan(network, rules(), question(*items, **more), limit_s=limit_s, seed=seed)


def where(answer):
    """Facility of each request by name."""
    return {row.request_id: row.facility_id for row in answer.assignments}


def costs(answer):
    return {row.request_id: row.cost_min for row in answer.assignments}


def why(answer, name):
    return next(row.why for row in answer.assignments if row.request_id == name)


def row_of(answer, name):
    return next(row for row in answer.assignments if row.request_id == name)
