"""Rows written by plain SQL, as somebody would who knows nothing of the code."""

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.db_types import metadata, new_key
from app.keys.keyring import Bound
from app.keys.sealed import Sealed
from app.keys.words import keys_of

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def stored(value, session):
    """A value as the database keeps it."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    if isinstance(value, uuid.UUID):
        return str(value) if sqlite else value
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") if sqlite else value
    if isinstance(value, bool):
        return int(value) if sqlite else value
    return value


def hidden(session, table, values):
    """Words of sealed columns, sealed for the row that they are to be in."""
    sealed = {c.name for c in metadata.tables[table].columns if isinstance(c.type, Sealed)}
    return {
        name: keys_of(session).seal(value, Bound(table, name, values["id"]))
        if name in sealed and isinstance(value, str)
        else value
        for name, value in values.items()
    }


def insert(session, table, **values):
    """INSERT, column by column; what has to be sealed is."""
    values = hidden(session, table, values)
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    session.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({places})"),
        {name: stored(value, session) for name, value in values.items()},
    )
    return values.get("id")


def update(session, table, changes, where):
    """UPDATE by condition; how many rows."""
    sets = ", ".join(f"{name} = :{name}" for name in changes)
    values = {name: stored(value, session) for name, value in changes.items()}
    return session.execute(text(f"UPDATE {table} SET {sets} WHERE {where}"), values).rowcount


def organisation(session, **more):
    values = {"id": new_key(), "province": "53", "kind": "institution", "name_zh": "甲县医院"}
    return insert(session, "organisation", **{**values, "division": "530829", **more})


def patient(session, **more):
    values = {"id": new_key(), "province": "53", "kind": "maternal"}
    return insert(session, "patient", **{**values, **more})


def event(session, subject, seq, before, after, *, by, prev_seq=None, minute=0, **more):
    values = {
        "machine": "referral",
        "subject_id": subject,
        "seq": seq,
        "province": "53",
        "prev_seq": prev_seq if prev_seq is not None else (seq - 1 or None),
        "spoken": False,
        "prev_at": None if seq == 1 else NOW + timedelta(minutes=minute - 1),
        "from_status": before,
        "to_status": after,
        "at": NOW + timedelta(minutes=minute),
        "by_org": by,
    }
    insert(session, "status_event", **{**values, **more})


def moved(session, subject, seq, before, after, **more):
    """An event, and the row of it where the event says."""
    event(session, subject, seq, before, after, **more)
    machine = more.get("machine", "referral")
    update(session, machine, {"status": after, "last_seq": seq}, f"id = '{subject}'")


def referral(session, *, org=None, of=None, status="draft", path=("draft",), **more):
    """A referral with its events, one a minute."""
    org = org or organisation(session)
    key = new_key()
    values = {
        "id": key,
        "province": "53",
        "machine": "referral",
        "patient_id": of or patient(session),
        "origin_org": org,
        "status": path[-1],
        "last_seq": len(path),
        "owner_org": org,
        "deadline_at": NOW + timedelta(minutes=5),
        "next_step": "offer",
        "priority": 1,
        "drill": False,
        "number": str(key)[-12:],
        "county": "530829",
        "under_way": False,
    }
    insert(session, "referral", **{**values, **more})
    for seq, (before, after) in enumerate(zip(("", *path), path, strict=False), start=1):
        event(session, key, seq, before, after, by=org, minute=seq - 1)
    return key


def place(session, *, facility="YN530100-001", kind="OB_RESCUE_BED", label="1", **more):
    values = {"id": new_key(), "province": "53", "facility_id": facility, "kind": kind}
    return insert(
        session, "place", **{**values, "label": label, "in_service": True, "blocked": False, **more}
    )


def reservation(session, at, of, *, seat="mother", there=True, **more):
    """A line of the ledger, and the place says so too unless it is left out."""
    values = {
        "id": new_key(),
        "province": "53",
        "place_id": at,
        "referral_id": of,
        "seat": seat,
        "status": "held",
        "held_at": NOW,
    }
    key = insert(session, "reservation", **{**values, **more})
    if there and {**values, **more}["status"] != "released":
        update(session, "place", {"reservation_id": key}, f"id = '{at}'")
    return key


def command(session, *, scope="user:1", key="0123456789abcdef", **more):
    values = {
        "id": new_key(),
        "province": "53",
        "scope": scope,
        "idempotency_key": key,
        "route": "POST /api/v1/referrals",
        "body_hash": "0" * 64,
        "status": 201,
        "answer": bytes(32),
        "done_at": NOW,
    }
    return insert(session, "command", **{**values, **more})
