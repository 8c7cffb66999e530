"""Bookings written by plain SQL."""

from datetime import timedelta

from sqlalchemy import text

from app.db_types import new_key
from app.events.states import START
from tests.app.storage import account_rows, case_rows, rows
from tests.app.storage.rows import NOW

CENTRE, OTHER = "YN530100-001", "YN530600-001"
PATHS = {
    "proposed": ("proposed",),
    "asked": ("proposed", "asked"),
    "booked": ("proposed", "asked", "booked"),
    "reopened": ("proposed", "asked", "booked", "reopened"),
    "superseded": ("proposed", "superseded"),
    "declined": ("proposed", "asked", "declined"),
    "withdrawn": ("proposed", "withdrawn"),
    "used": ("proposed", "asked", "booked", "used"),
    "ended": ("proposed", "ended"),
}
"""How a booking comes to stand where it stands."""


def centre(session, facility=CENTRE):
    """The organisation of a facility, made once."""
    asked = text("SELECT id FROM organisation WHERE facility_id = :one")
    if session.execute(asked, {"one": facility}).first() is None:
        rows.organisation(session, facility_id=facility)
    return facility


def run(session, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "division": "530000",
        "status": "optimal",
        "proven": True,
        "objective_tenths": 900,
        "bound_tenths": 900,
        "women": 1,
        "unbooked": 0,
        "set_aside": 0,
        "weeks": 24,
        "rule_set": "r@1",
        "answer": "{}",
        "marks": "{}",
        "counties": "{}",
        "made_at": NOW,
        "made_by": new_key(),
    }
    return rows.insert(session, "booking_run", **{**values, **more})


def booking(session, *, of=None, org=None, status="proposed", path=None, **more):
    """A booking with its events, one a minute, and all that its status asks for."""
    org = org or rows.organisation(session)
    key, path = new_key(), path or PATHS[status]
    values = {
        "id": key,
        "province": "53",
        "machine": "booking",
        "file_id": of or case_rows.managed(session),
        "facility_id": centre(session),
        "status": path[-1],
        "last_seq": len(path),
        "version": len(path),
        "owner_org": org,
        "next_due_at": NOW + timedelta(days=3),
        "next_step": "answer",
        "lodging": False,
        "minutes": 150,
        "why": "",
        "kinds": "",
        "colour": "orange",
        "purple": False,
        "residence_county": "530829",
        "edd": "2027-02-20",
        "entries": 0,
        "over_limit": False,
        "reopened_for": "colour_raised" if path[-1] == "reopened" else "",
    }
    if "run_id" not in more and "chosen_because" not in more:
        values["run_id"] = run(session)
    if "asked" in path:
        user = account_rows.user(session, str(new_key())[-12:])
        values |= {"chosen_by": user, "asked_at": NOW}
    if "booked" in path:
        values |= {"booked_at": NOW, "was_booked": 1}
    reasons = {"declined": "no_room", "withdrawn": "another_plan"}
    values["reason"] = reasons.get(path[-1])
    rows.insert(session, "booking", **{**values, **more, "id": key})
    for seq, (before, after) in enumerate(zip((START, *path), path, strict=False), start=1):
        event(session, key, seq, before, after, by=org)
    return key


def event(session, key, seq, before, after, *, by):
    rows.event(session, key, seq, before, after, by=by, minute=seq - 1, machine="booking")


def moved(session, key, seq, before, after, *, by, **changes):
    event(session, key, seq, before, after, by=by)
    return change(session, key, status=after, last_seq=seq, **changes)


def change(session, key, **changes):
    return rows.update(session, "booking", changes, f"id = '{key}'")


def closure(session, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "facility_id": centre(session),
        "kind": "OB_RESCUE_BED",
        "from_day": "2027-02-01",
        "to_day": "2027-02-28",
        "reason": "renovation",
        "declared_at": NOW,
        "by_user": new_key(),
        "by_org": rows.organisation(session),
    }
    return rows.insert(session, "ward_closure", **{**values, **more})


def lodging_answer(session, of, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "file_id": of,
        "answer": "refused",
        "happened_at": NOW,
        "entered_at": NOW,
        "by_user": new_key(),
        "by_org": rows.organisation(session),
    }
    return rows.insert(session, "lodging_answer", **{**values, **more})


def lodging_place(session, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "facility_id": centre(session),
        "places": 4,
        "from_day": "2027-01-01",
        "source": "hospital",
        "assumed": False,
        "declared_at": NOW,
        "by_user": new_key(),
        "by_org": rows.organisation(session),
    }
    return rows.insert(session, "lodging_place", **{**values, **more})
