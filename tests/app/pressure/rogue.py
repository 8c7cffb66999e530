"""Somebody who writes into the tables behind the back, and what the database must not let in."""

import uuid

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.referrals.states import OfferStatus, ReferralStatus
from app.transfers.states import TransferStatus
from app.verifying.invariants import broken
from tests.app.storage import rows
from tests.app.storage.rows import NOW

PROMISED = frozenset(
    {
        "open_unowned",
        "events_broken",
        "move_not_allowed",
        "stands_elsewhere",
        "patient_referred_twice",
        "place_promised_twice",
        "seat_promised_twice",
        "promise_without_place",
        "place_without_promise",
        "held_place_closed",
        "accepted_twice",
        "command_twice",
    }
)
"""What no statement can bring about, whoever sends it."""


class LetInError(Exception):
    """The database took it; it is undone all the same."""


def some(session, statement, number):
    """One of the rows of a statement; None where there is none."""
    found = session.execute(text(statement)).all()
    return found[number % len(found)] if found else None


def _status(table, statuses):
    def act(session, number, other):
        wanted = [*statuses][other % len(statuses)].value
        row = some(session, f"SELECT id, last_seq FROM {table} ORDER BY id DESC", number)
        if row is not None:
            rows.update(session, table, {"status": wanted}, f"id = '{row.id}'")

    return act


def nobody_looks(session, number, other):
    row = some(session, "SELECT id FROM referral ORDER BY id DESC", number)
    if row is not None:
        name = ("owner_org", "deadline_at", "next_step")[other % 3]
        rows.update(session, "referral", {name: None}, f"id = '{row.id}'")


def place_again(session, number, other):
    place = some(session, "SELECT id FROM place ORDER BY id", number)
    referral = some(session, "SELECT id FROM referral ORDER BY id DESC", other)
    if place is not None and referral is not None:
        rows.reservation(session, _key(session, place.id), _key(session, referral.id))


def place_taken_away(session, number, other):
    row = some(session, "SELECT id FROM place WHERE reservation_id IS NOT NULL", number)
    if row is not None:
        rows.update(session, "place", {"reservation_id": None}, f"id = '{row.id}'")
        place_again(session, number, other)


def place_freed(session, number, _other):
    row = some(session, "SELECT id FROM place WHERE reservation_id IS NOT NULL", number)
    if row is not None:
        rows.update(session, "place", {"reservation_id": None}, f"id = '{row.id}'")


def promise_dropped(session, number, _other):
    row = some(session, "SELECT id FROM reservation WHERE status <> 'released'", number)
    if row is not None:
        session.execute(
            text(
                "UPDATE reservation SET status = 'released', released_at = held_at "
                f"WHERE id = '{row.id}'"
            )
        )


def stands_back(session, number, other):
    """Back to where it stood before, which an event says and it has left."""
    table = ("referral", "offer", "transfer")[other % 3]
    row = some(session, f"SELECT id, last_seq FROM {table} WHERE last_seq > 1", number)
    if row is not None:
        before = some(
            session,
            f"SELECT to_status FROM status_event WHERE machine = '{table}' "
            f"AND subject_id = '{row.id}' AND seq = {row.last_seq - 1}",
            0,
        )
        changes = {"status": before.to_status, "last_seq": row.last_seq - 1}
        rows.update(session, table, changes, f"id = '{row.id}'")


def held_again(session, number, _other):
    row = some(session, "SELECT id FROM reservation WHERE status = 'released'", number)
    if row is not None:
        changes = {"status": "held", "released_at": None}
        rows.update(session, "reservation", changes, f"id = '{row.id}'")


def referred_again(session, number, _other):
    row = some(session, "SELECT patient_id, origin_org FROM referral ORDER BY id DESC", number)
    if row is not None:
        org, patient = (_key(session, one) for one in (row.origin_org, row.patient_id))
        rows.referral(session, org=org, of=patient)


def event_added(session, number, other):
    row = some(
        session,
        "SELECT machine, subject_id, seq, to_status, at, by_org FROM status_event ORDER BY at DESC",
        number,
    )
    if row is not None:
        rows.event(
            session,
            _key(session, row.subject_id),
            row.seq + 1 + other % 2,
            row.to_status,
            [*ReferralStatus][other % len(ReferralStatus)].value,
            by=_key(session, row.by_org),
            machine=row.machine,
            prev_at=row.at,
            at=row.at,
        )


def event_changed(session, number, other):
    row = some(session, "SELECT subject_id, seq FROM status_event ORDER BY at DESC", number)
    if row is not None:
        wanted = [*ReferralStatus][other % len(ReferralStatus)].value
        where = f"subject_id = '{row.subject_id}' AND seq = {row.seq}"
        rows.update(session, "status_event", {"to_status": wanted, "at": NOW}, where)


def event_gone(session, number, _other):
    row = some(session, "SELECT subject_id, seq FROM status_event ORDER BY at DESC", number)
    if row is not None:
        where = f"subject_id = '{row.subject_id}' AND seq = {row.seq}"
        session.execute(text(f"DELETE FROM status_event WHERE {where}"))


def _key(session, value):
    value = uuid.UUID(str(value))
    return str(value) if session.get_bind().dialect.name == "sqlite" else value


ACTS = {
    "referral stands elsewhere": _status("referral", ReferralStatus),
    "offer stands elsewhere": _status("offer", OfferStatus),
    "transfer stands elsewhere": _status("transfer", TransferStatus),
    "nobody looks": nobody_looks,
    "place again": place_again,
    "place taken away": place_taken_away,
    "place freed": place_freed,
    "promise dropped": promise_dropped,
    "stands back": stands_back,
    "held again": held_again,
    "referred again": referred_again,
    "event added": event_added,
    "event changed": event_changed,
    "event gone": event_gone,
}


def attempt(database, name, number, other):
    """Write it, look what it broke, undo it: the broken promises, None where it was refused."""
    found = []
    try:
        with database.writing() as session:
            ACTS[name](session, number, other)
            _as_at_the_end(database, session)
            found = [one.code for one in broken(session) if one.code in PROMISED]
            raise LetInError
    except LetInError:
        return found
    except DBAPIError:
        return None


def _as_at_the_end(database, session):
    """Look at the keys that wait for the end of the transaction, as its end would."""
    if not database.is_sqlite:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    elif session.execute(text("PRAGMA foreign_key_check")).first():
        raise IntegrityError("rogue", {}, Exception("a key that leads nowhere"))
