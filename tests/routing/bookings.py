"""Bookings in tiny registries: women by name, so that every figure can be worked out by hand."""

from geodata.yunnan import load_road_estimate
from routing.booking.book import book
from routing.request import Reader
from tests.routing.toys import FAR, HOME, NEXT_DOOR, NOW, RESCUE, centre, rules, world

DUE = "2026-05-27"
"""Twelve weeks after NOW, a Wednesday in week 22."""
WEEKS = [f"2026-W{week:02d}" for week in range(10, 34)]


def pregnancy(name, *, due_date=DUE, colour="orange", facts=None, origin=None, **more):
    return {
        "id": name,
        "origin": origin or {"adcode": HOME},
        "due_date": due_date,
        "colour": colour,
        "facts": facts or {},
        **more,
    }


def document(*pregnancies, **more):
    return {"now": NOW.isoformat(), "pregnancies": list(pregnancies), **more}


def two_centres(a=60, b=100, *, from_far=(200, 150), **more):
    """A and B are alike, A in the catchment of HOME."""
    minutes = {(HOME, "A"): a, (HOME, "B"): b, (FAR, "A"): from_far[0], (FAR, "B"): from_far[1]}
    return world(
        [
            centre("A", *RESCUE, grade=3, county=NEXT_DOOR),
            centre("B", *RESCUE, grade=3, county=NEXT_DOOR),
        ],
        minutes,
        catchment=[(HOME, "M", 1, "A"), (FAR, "M", 1, "B")],
        **more,
    )


def every_week(places, *facilities, kind="LABOUR"):
    """Room of so many places in every week, nothing kept."""
    return [
        {"facility_id": facility, "week": week, "kind": kind, "places": places}
        for facility in facilities
        for week in WEEKS
    ]


def nothing_kept(*facilities, kind="LABOUR"):
    return [{"facility_id": facility, "kind": kind, "n": 0} for facility in facilities]


def beds(places, *facilities):
    """The same as lodging."""
    return [
        {"facility_id": facility, "week": week, "places": places}
        for facility in facilities
        for week in WEEKS
    ]


def asked(network, *pregnancies, **more):
    more.setdefault("room", every_week(20, "A", "B"))
    more.setdefault("reserve", nothing_kept("A", "B"))
    reader = Reader(rules(), network.registry, load_road_estimate(), {})
    return reader.booking(document(*pregnancies, **more))


def booked(network, *pregnancies, limit_s=20.0, seed=0, **more):
    return book(network, rules(), asked(network, *pregnancies, **more), limit_s=limit_s, seed=seed)


def where(answer):
    return {row.id: row.facility_id for row in answer.bookings}


def row_of(answer, name):
    return next(row for row in answer.bookings if row.id == name)
