"""Case files written by plain SQL."""

from datetime import timedelta

from app.db_types import new_key
from app.events.states import START
from tests.app.storage import account_rows, rows
from tests.app.storage.rows import NOW

PATH = ("registered", "screened_positive", "assessed", "case_managed")


def file(session, *, of=None, org=None, path=("registered",), **more):
    """A file with its events, one a minute; somebody has to look at it unless it is left out."""
    org = org or rows.organisation(session)
    key = new_key()
    values = {
        "id": key,
        "province": "53",
        "machine": "case_file",
        "patient_id": of or rows.patient(session),
        "number": str(key)[-12:],
        "status": path[-1],
        "last_seq": len(path),
        "version": 1,
        "owner_org": org,
        "next_due_at": NOW + timedelta(days=14),
        "next_step": "screening",
        "registered_org": org,
        "registered_at": NOW,
        "residence_county": "530829",
        "home_county": "530829",
        "colour": "",
        "purple": False,
        "reasons": "",
    }
    rows.insert(session, "case_file", **{**values, **more, "id": key})
    for seq, (before, after) in enumerate(zip((START, *path), path, strict=False), start=1):
        event(session, key, seq, before, after, by=org)
    return key


def event(session, key, seq, before, after, *, by):
    rows.event(session, key, seq, before, after, by=by, minute=seq - 1, machine="case_file")


def moved(session, key, seq, before, after, *, by, **changes):
    event(session, key, seq, before, after, by=by)
    return change(session, key, status=after, last_seq=seq, **changes)


def change(session, key, **changes):
    return rows.update(session, "case_file", changes, f"id = '{key}'")


def managed(session, **more):
    """A file that is managed and says that nobody is responsible for it."""
    values = {"opened_at": NOW, "reasons": "R-CASE-01", "profile": "yunnan"}
    return file(session, **{"path": PATH, "no_clinician_since": NOW, **values, **more})


def entry(session, table, of, *, org=None, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "file_id": of,
        "happened_at": NOW,
        "entered_at": NOW,
        "by_user": new_key(),
        "by_org": org or rows.organisation(session),
    }
    return rows.insert(session, table, **{**values, **more})


def screening(session, of, **more):
    values = {"result": "positive", "found": 1, "left_open": 0, "form": "{}", "rule_set": "r@1"}
    return entry(session, "case_screening", of, **{**values, **more})


def assessment(session, of, **more):
    values = {
        "facts": "{}",
        "answer": "{}",
        "assessor": "测试甲",
        "rule_set": "r@1",
        "colour": "orange",
        "purple": False,
        "conditions": 1,
        "undetermined": 0,
        "is_full": True,
    }
    return entry(session, "case_assessment", of, **{**values, **more})


def visit(session, of, **more):
    values = {"kind": "antenatal", "status": "held", "findings": "{}", "changed": False}
    return entry(session, "case_visit", of, **{**values, **more})


def planned(session, of, **more):
    values = {"status": "planned", "findings": None, "planned_for": "2026-12-01"}
    return visit(session, of, **{**values, **more})


def colour(session, of, seq, before, after, **more):
    """A step of the standing colour; the file does not follow by itself."""
    values = {
        "id": new_key(),
        "province": "53",
        "file_id": of,
        "seq": seq,
        "prev_seq": seq - 1 or None,
        "from_colour": before,
        "from_purple": False,
        "colour": after,
        "purple": False,
        "by_org": rows.organisation(session),
        "at": NOW,
    }
    return rows.insert(session, "case_colour", **{**values, **more})


def coloured(session, of, steps, *, org=None):
    """The steps of a colour, each by an assessment, and the file where they lead."""
    before = ""
    for seq, after in enumerate(steps, start=1):
        made = assessment(session, of, colour=after)
        colour(session, of, seq, before, after, assessment_id=made)
        before = after
    change(session, of, colour=before, colour_seq=len(steps))


def turn(session, of, **more):
    org = rows.organisation(session)
    user = more.pop("user_id", None) or account_rows.user(session, str(new_key())[-12:])
    if more.pop("granted", False):
        account_rows.grant(session, user, org)
    values = {
        "id": new_key(),
        "province": "53",
        "file_id": of,
        "user_id": user,
        "org_id": org,
        "from_at": NOW,
        "is_open": 1,
        "by_user": new_key(),
    }
    return rows.insert(session, "case_turn", **{**values, **more})


def due(session, of, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "file_id": of,
        "kind": "visit",
        "rule": "R-FOLLOW-01",
        "about": "x",
        "warn_at": NOW,
        "due_at": NOW + timedelta(days=7),
        "told": 0,
        "opened_at": NOW,
    }
    return rows.insert(session, "case_due", **{**values, **more})
