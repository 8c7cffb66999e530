"""What must be true of the rows whatever happened; each line finds those of which it is not.

One more is one more line: a code with words in both catalogues, the table of the rows, and a
statement that selects their keys. Most are refused by the database as well: here it is found where
somebody took the refusal away.
"""

import json
import uuid
from collections.abc import Callable, Iterator

from sqlalchemy import text
from sqlmodel import Session

from app.bookings.states import BOOKING
from app.bookings.states import NEXT as BOOKING_MOVES
from app.case_files.states import CASE_FILE
from app.case_files.states import NEXT as FILE_MOVES
from app.keys.keyring import Bound
from app.keys.words import keys_of
from app.referrals.states import MACHINES as OF_REFERRALS
from app.referrals.states import OPEN
from app.transfers.states import NEXT as OF_TRANSFERS
from app.transfers.states import TRANSFER
from app.verifying.findings import Finding, Invariant
from app.verifying.of_bookings import OF_BOOKINGS
from app.verifying.of_case_files import OF_CASE_FILES

__all__ = ["INVARIANTS", "Invariant", "broken"]

MACHINES = {**OF_REFERRALS, TRANSFER: OF_TRANSFERS, CASE_FILE: FILE_MOVES, BOOKING: BOOKING_MOVES}
_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)
_ACTIVE = "('held', 'confirmed', 'occupied')"


INVARIANTS = (
    Invariant(
        "open_unowned",
        "referral",
        f"SELECT id FROM referral WHERE status IN ({_OPEN}) AND (owner_org IS NULL "
        "OR deadline_at IS NULL OR next_step IS NULL OR next_step = '')",
    ),
    *(
        Invariant(
            "stands_elsewhere",
            table,
            f"SELECT r.id FROM {table} r WHERE r.machine <> '{table}' OR NOT EXISTS (SELECT 1 "
            f"FROM status_event e WHERE e.machine = '{table}' AND e.subject_id = r.id "
            "AND e.seq = r.last_seq AND e.to_status = r.status) OR EXISTS (SELECT 1 "
            f"FROM status_event e WHERE e.machine = '{table}' AND e.subject_id = r.id "
            "AND e.seq > r.last_seq)",
        )
        for table in MACHINES
    ),
    Invariant(
        "events_broken",
        "status_event",
        "SELECT e.subject_id FROM status_event e LEFT JOIN status_event p "
        "ON p.machine = e.machine AND p.subject_id = e.subject_id AND p.seq = e.seq - 1 "
        "WHERE (e.seq = 1 AND (e.from_status <> '' OR e.prev_seq IS NOT NULL)) "
        "OR (e.seq <> 1 AND (p.seq IS NULL OR p.to_status <> e.from_status OR p.at > e.at "
        "OR e.prev_seq IS NULL OR e.prev_seq <> p.seq OR e.prev_at IS NULL OR e.prev_at <> p.at))",
    ),
    Invariant(
        "move_not_allowed",
        "status_event",
        "SELECT e.subject_id FROM status_event e LEFT JOIN status_move m "
        "ON m.machine = e.machine AND m.from_status = e.from_status "
        "AND m.to_status = e.to_status WHERE m.machine IS NULL",
    ),
    Invariant(
        "patient_referred_twice",
        "patient",
        f"SELECT patient_id FROM referral WHERE status IN ({_OPEN}) "
        "GROUP BY patient_id HAVING count(*) > 1",
    ),
    Invariant(
        "place_promised_twice",
        "place",
        f"SELECT place_id FROM reservation WHERE status IN {_ACTIVE} "
        "GROUP BY place_id HAVING count(*) > 1",
    ),
    Invariant(
        "seat_promised_twice",
        "referral",
        f"SELECT referral_id FROM reservation WHERE status IN {_ACTIVE} "
        "GROUP BY referral_id, seat HAVING count(*) > 1",
    ),
    Invariant(
        "promise_without_place",
        "reservation",
        "SELECT r.id FROM reservation r LEFT JOIN place p ON p.id = r.place_id "
        "AND p.reservation_id = r.id "
        f"WHERE r.status IN {_ACTIVE} AND p.id IS NULL",
    ),
    Invariant(
        "place_without_promise",
        "place",
        "SELECT p.id FROM place p LEFT JOIN reservation r ON r.id = p.reservation_id "
        f"AND r.place_id = p.id AND r.status IN {_ACTIVE} "
        "WHERE p.reservation_id IS NOT NULL AND r.id IS NULL",
    ),
    Invariant(
        "held_place_closed",
        "place",
        "SELECT id FROM place WHERE reservation_id IS NOT NULL AND (NOT in_service OR blocked)",
    ),
    Invariant(
        "held_for_nobody",
        "reservation",
        "SELECT v.id FROM reservation v LEFT JOIN referral r ON r.id = v.referral_id "
        "WHERE v.status IN ('held', 'confirmed') "
        "AND (r.id IS NULL OR r.status NOT IN ('accepted', 'handed_over'))",
    ),
    Invariant(
        "accepted_twice",
        "referral",
        "SELECT referral_id FROM offer WHERE status = 'accepted' "
        "GROUP BY referral_id HAVING count(*) > 1",
    ),
    Invariant(
        "asked_after_acceptance",
        "offer",
        "SELECT o.id FROM offer o JOIN referral r ON r.id = o.referral_id "
        "WHERE o.status IN ('offered', 'seen') AND r.status NOT IN ('matched', 'offered')",
    ),
    Invariant(
        "yes_without_acceptance",
        "offer",
        "SELECT o.id FROM offer o LEFT JOIN referral r ON r.id = o.referral_id "
        "WHERE o.status = 'accepted' AND (r.id IS NULL OR r.status NOT IN "
        "('accepted', 'handed_over', 'outcome_reported', 'closed'))",
    ),
    Invariant(
        "command_twice",
        "command",
        "SELECT min(CAST(id AS text)) FROM command "
        "GROUP BY scope, idempotency_key HAVING count(*) > 1",
    ),
)


def broken(session: Session) -> Iterator[Finding]:
    """Yield every row of which something is not true that must be."""
    for line in (*INVARIANTS, *OF_CASE_FILES, *OF_BOOKINGS):
        for (key,) in session.connection().execute(text(line.statement)):
            yield Finding(line.table, str(key), line.code)
    for look in _OTHERS:
        yield from look(session)


def _accepted_without_seats(session: Session) -> Iterator[Finding]:
    """Find the accepted who hold no place for every seat, and were not taken over capacity.

    How many seats there are is in the ranking that the centre was asked by, or in what she needs
    where it was asked by name. Who stands at the door is taken in, and a spoken yes counts,
    place or not; and a place is not held for ever.
    """
    found = session.connection().execute(
        text(
            "SELECT o.referral_id, o.facility_id, c.id, c.answer, "
            "(SELECT count(*) FROM reservation v "
            f"WHERE v.referral_id = o.referral_id AND v.status IN {_ACTIVE}), "
            "(SELECT count(*) FROM transfer t WHERE t.referral_id = o.referral_id "
            "AND t.destination_id = o.facility_id AND t.status = 'arrived') + "
            "(SELECT count(*) FROM status_event e WHERE e.machine = 'offer' "
            "AND e.subject_id = o.id AND e.to_status = 'accepted' AND e.spoken) + "
            "(SELECT count(*) FROM deadline d WHERE d.subject_id = o.referral_id "
            "AND d.kind = 'hold_ends' AND d.done_at IS NOT NULL) "
            "FROM offer o JOIN referral r ON r.id = o.referral_id "
            "JOIN recommendation c ON c.id = o.recommendation_id "
            "WHERE o.status = 'accepted' AND r.status = 'accepted'"
        )
    )
    for referral, facility, ranking, answer, held, without in found:
        if _seats(session, ranking, answer, facility) not in (held, None) and not (
            without and not held
        ):
            yield Finding("referral", str(referral), "accepted_without_seats")


def _seats(session: Session, ranking: object, answer: bytes, facility: str) -> int | None:
    """Return how many places an acceptance holds; None where it need not hold any."""
    keys, bound = keys_of(session), Bound("recommendation", "answer", uuid.UUID(str(ranking)))
    try:
        kept = json.loads(keys.open(answer, bound))
        rows = [row for row in kept["ranking"] if row["facility_id"] == facility]
        if not rows:
            return len(kept["assessment"]["need"]["places"])
        return None if rows[0]["over_capacity"] else len(rows[0]["places"])
    except (ValueError, LookupError, TypeError):
        return -1


def _moves_of_the_code(session: Session) -> Iterator[Finding]:
    """Find moves that are allowed in the database or in the code and not in both."""
    rows = session.connection().execute(
        text("SELECT machine, from_status, to_status FROM status_move")
    )
    there = {tuple(row) for row in rows}
    wanted = {
        (machine, before, after)
        for machine, moves in MACHINES.items()
        for before, later in moves.items()
        for after in later
    }
    for odd in sorted(there ^ wanted):
        yield Finding("status_move", " ".join(odd), "moves_differ")


_OTHERS: tuple[Callable[[Session], Iterator[Finding]], ...] = (
    _accepted_without_seats,
    _moves_of_the_code,
)
