"""Every row that is written leaves its digest, however it is written; what is undone does not."""

import threading

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select, update

from app import migrating
from app.accounts.tables import Organisation
from app.audit.service import entries_after, record
from app.audit.statements import covered
from app.audit.states import Chain, chain_of
from app.audit.tracing import retrace
from app.centres.tables import Place
from app.db import Database
from app.db_types import metadata
from app.verifying.invariants import INVARIANTS
from app.verifying.service import examine
from app.work import Work
from tests.app.storage import rows
from tests.app.storage.filled import Filled
from tests.app.storage.tampering import owned

FOUR = ("organisation", "patient", "referral", "status_event")


@pytest.fixture
def night(database):
    return Filled(database)


def findings(database):
    with database.reading() as session:
        return examine(session, key=None, outside=None).findings


def place(number, **more):
    return Place(province="53", facility_id="A", kind="AICU", label=str(number), **more)


def acts(database, chain):
    with database.reading() as session:
        found = session.execute(
            text("SELECT act, is_read, wrote FROM audit_entry WHERE chain = :c ORDER BY seq"),
            {"c": chain},
        )
        return [(act, bool(read), wrote is not None) for act, read, wrote in found]


def work(night, session):
    return Work(session, night.actor, night.database.now(session))


def test_rows_written_one_by_one_are_accounted_for(database, night):
    with database.writing() as session:
        bed = place(1)
        session.add(bed)
        session.flush()
        bed.label = "2"
    with database.writing() as session:
        session.get(Place, bed.id).blocked = True
    with database.writing() as session:
        session.delete(session.get(Place, bed.id))

    assert findings(database) == ()


def test_rows_written_by_a_statement_are_accounted_for(database, night):
    """The count of rows is still what the statement says, and so is what it returns."""
    with database.writing() as session:
        session.exec(insert(Place), params=[place(n).model_dump() for n in range(5)])
    with database.writing() as session:
        of_a = col(Place.facility_id) == "A"
        found = session.exec(update(Place).where(of_a, Place.label < "3").values(blocked=True))
        assert found.rowcount == 3
        found = session.exec(
            update(Place).where(of_a, Place.label == "4").values(label="9").returning(Place.label)
        )
        assert found.scalars().all() == ["9"]
        assert (
            session.exec(update(Place).where(Place.label == "no").values(blocked=True)).rowcount
            == 0
        )
        table = metadata.tables["place"]
        session.execute(table.update().where(table.c.label == "3").values(blocked=True))
    with database.writing() as session:
        assert session.exec(delete(Place).where(of_a, Place.label == "9")).rowcount == 1

    assert findings(database) == ()


def test_a_row_that_two_change_in_different_columns_is_accounted_for_as_it_is(database, night):
    """Each knows the half that the other wrote only as it was."""
    with database.writing() as session:
        bed = place(1)
        session.add(bed)
    if database.is_sqlite:
        pytest.skip("one writer at a time")
    with database.writing() as first:
        mine = first.get(Place, bed.id)
        with database.writing() as second:
            second.get(Place, bed.id).label = "7"
        mine.blocked = True

    assert findings(database) == ()


def test_part_of_a_transaction_that_is_undone_leaves_no_trace(database, night):
    """A place that was claimed and given back may be claimed by others before the end."""
    with database.writing() as session:
        bed = place(1)
        session.add(bed)
    with database.writing() as session:
        part = session.begin_nested()
        session.exec(update(Place).where(Place.id == bed.id).values(blocked=True))
        session.add(place(2))
        session.flush()
        part.rollback()
        if not database.is_sqlite:
            with database.writing() as other:
                other.get(Place, bed.id).label = "5"
        session.add(place(3))

    assert findings(database) == ()
    with database.reading() as session:
        wrote = session.execute(text("SELECT wrote FROM audit_entry ORDER BY number DESC LIMIT 1"))
        assert str(bed.id) not in wrote.scalar_one()


def test_an_error_leaves_neither_row_nor_entry(database, night):
    before = acts(database, "installation")
    with pytest.raises(IntegrityError), database.writing() as session:  # noqa: PT012  the commit
        note(night, session, "tried")
        session.add_all([place(1), place(1)])

    assert acts(database, "installation") == before
    assert findings(database) == ()


def note(night, session, act, *, read=False):
    record(
        work(night, session), chain="installation", act=act, object_kind="place", object_id="A",
        changed=("label",), read=read,
    )  # fmt: skip


def test_an_act_holds_what_it_wrote_and_a_look_holds_nothing(database, night):
    with database.writing() as session:
        note(night, session, "place_shown", read=True)
        note(night, session, "place_made")
        session.add(place(1))
    with database.writing() as session:
        note(night, session, "place_shown", read=True)

    assert acts(database, "installation") == [
        ("place_shown", True, False),
        ("place_made", False, True),
        ("place_shown", True, False),
    ]


def test_a_look_that_cannot_be_written_down_is_refused(database, night):
    with database.reading() as session, pytest.raises(RuntimeError, match="writing"):
        note(night, session, "place_shown", read=True)


def test_nothing_written_and_nothing_said_makes_no_entry(database, night):
    with database.reading() as session:
        before = session.execute(text("SELECT count(*) FROM audit_entry")).scalar_one()
    with database.writing() as session:
        session.exec(select(Place)).all()
        session.exec(select(Organisation)).first().name_zh = "甲县医院"
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == before


def test_many_who_look_and_write_at_once_make_one_chain_each_without_a_gap(database, night):
    """Eight threads on one chain and on chains of their own; SQLite lets one in after the other."""
    errors = []

    def run(number):
        try:
            for turn in range(5):
                with database.writing() as session:
                    note(night, session, "place_shown", read=True)
                    session.add(place(f"{number}-{turn}"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert len(acts(database, "installation")) == 40
    assert findings(database) == ()


def test_a_large_import_is_several_entries(database, night):
    with database.writing() as session:
        session.add_all([place(n) for n in range(2500)])

    assert findings(database) == ()
    with database.reading() as session:
        sizes = [len(w) for (w,) in session.execute(text("SELECT wrote FROM audit_entry"))]
        assert max(sizes) < 1_000 * 120


def test_rows_from_before_the_record_are_taken_over_once_and_that_is_said(database):
    with database.writing() as session:
        rows.referral(session)
    assert {one.code for one in findings(database)} == {"row_unknown"}
    with database.writing() as session:
        assert (
            retrace(session, "found", ("organisation", "patient", "referral", "status_event")) == 4
        )

    assert findings(database) == ()
    with database.reading() as session:
        said = session.execute(text("SELECT act FROM audit_entry WHERE act = 'found'")).scalars()
        assert len(said.all()) == 4


def test_an_installation_from_before_the_record_is_taken_over_by_its_first_step(empty_address):
    """What was there at step 0002 is right as it stands; from then on every change is seen."""
    database = Database(empty_address)
    migrating.upgrade(database, "0002")
    with database.writing() as session:
        rows.place(session)
    migrating.upgrade(database)
    assert findings(database) == ()
    with database.writing() as session:
        rows.place(session, label="2")

    assert [one.code for one in findings(database)] == ["row_unknown"]
    migrating.upgrade(database)
    assert [one.code for one in findings(database)] == ["row_unknown"]
    database.close()


def test_a_write_that_goes_past_the_session_is_found(database, night):
    """The planted fault: code that writes with plain SQL."""
    night.night(1)
    assert findings(database) == ()
    with database.writing() as session:
        session.execute(text("UPDATE patient SET province = '52'"))

    assert [one.code for one in findings(database)] == ["row_changed"]


def test_a_session_that_keeps_no_account_is_found(database, night):
    """The planted fault: somebody opens a session without :meth:`Database.writing`."""
    with Session(database.engine) as session, session.begin():
        session.add(place(1))

    assert [one.code for one in findings(database)] == ["row_unknown"]


def test_every_table_is_covered_or_says_why_not():
    reasons = {t.name: t.info.get("untraced") for t in metadata.sorted_tables}

    assert {name for name, why in reasons.items() if not why} == set(covered())
    assert all(why is None or len(why) > 10 for why in reasons.values())
    assert {"referral", "place", "reservation", "status_event", "offer"} < set(covered())


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE audit_entry SET act = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_chain",
        "UPDATE audit_seal SET entries = 2",
        "DELETE FROM audit_seal",
    ],
)
def test_the_record_is_never_changed_and_never_deleted(database, night, what):
    with database.writing() as session:
        session.execute(
            text("INSERT INTO audit_seal VALUES (1, '53', :at, 1, 1, 1, :hash, :hash, :hash)"),
            {"at": rows.stored(rows.NOW, session), "hash": "0" * 64},
        )
    with pytest.raises(DBAPIError, match="is not allowed"), database.writing() as session:
        session.execute(text(what))


def test_a_chain_has_no_fork(database, night):
    with database.writing() as session:
        note(night, session, "x")
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(
            text(
                "INSERT INTO audit_entry (number, province, chain, seq, prev_hash, hash, at, act, "
                "is_read) SELECT 9999, province, chain, seq, prev_hash, hash, at, act, is_read "
                "FROM audit_entry WHERE chain = 'installation'"
            )
        )


def test_an_auditor_turns_the_pages_of_one_referral(database, night):
    night.night(2)
    with database.reading() as session:
        chain = chain_of(Chain.REFERRAL, night.key)
        first = entries_after(work(night, session), chain=chain, limit=2)
        rest = entries_after(work(night, session), chain=chain, after=first[-1].number)
        seqs = [one.seq for one in (*first, *rest)]

        assert seqs == list(range(1, len(seqs) + 1))
        assert {one.by_user for one in first} == {night.actor.user_id}
        assert first[0].act == "referral_requested"


def test_no_name_and_no_value_of_a_row_is_in_the_record(database, night):
    night.night(2)
    with database.reading() as session:
        said = " ".join(map(str, session.execute(text("SELECT * FROM audit_entry"))))

    assert "测试甲" not in said
    assert "甲县医院" not in said


BREAKING = {
    "open_unowned": "UPDATE referral SET next_step = NULL WHERE status = 'accepted'",
    "stands_elsewhere": "UPDATE offer SET last_seq = 1 WHERE status = 'accepted'",
    "events_broken": "DELETE FROM status_event WHERE machine = 'referral' AND seq = 2",
    "move_not_allowed": "UPDATE status_event SET to_status = 'draft' WHERE to_status = 'matched'",
    "patient_referred_twice": "UPDATE referral SET patient_id = "
    "(SELECT min(CAST(id AS text)) FROM patient)",
    "promise_without_place": "UPDATE place SET reservation_id = NULL",
    "place_without_promise": "UPDATE reservation SET status = 'released', released_at = held_at",
    "held_place_closed": "UPDATE place SET blocked = TRUE WHERE reservation_id IS NOT NULL",
    "held_for_nobody": "UPDATE referral SET status = 'cancelled'",
    "asked_after_acceptance": "UPDATE offer SET status = 'seen'",
    "yes_without_acceptance": "UPDATE referral SET status = 'matched'",
    "place_promised_twice": "UPDATE reservation SET place_id = "
    "(SELECT min(CAST(id AS text)) FROM place)",
    "seat_promised_twice": "UPDATE reservation SET seat = 'mother'",
    "accepted_twice": "UPDATE offer SET status = 'accepted'",
    "command_twice": "UPDATE command SET idempotency_key = '0123456789abcdef'",
    "accepted_without_seats": "DELETE FROM reservation",
    "moves_differ": "DELETE FROM status_move WHERE from_status = 'offered'",
}


@pytest.mark.parametrize("code", BREAKING)
def test_what_must_be_true_is_missed_when_it_is_not(address, database, night, code):
    """Everything is taken for right by the record, so that nothing else can find it."""
    night.accepting()
    night.accepting()
    with owned(address) as session:
        loosen(session)
        what = BREAKING[code]
        if session.get_bind().dialect.name == "postgresql":
            what = what.replace("min(CAST(id AS text))", "min(CAST(id AS text))::uuid")
        try:
            session.execute(text(what))
        except IntegrityError:
            pytest.skip("SQLite keeps a unique key as long as the table")
        found = {one.code for one in examine(session, key=None, outside=None).findings}

    assert code in found


def loosen(session):
    """Take the unique keys away too."""
    if session.get_bind().dialect.name == "postgresql":
        found = session.execute(
            text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'u' "
                "AND connamespace = 'public'::regnamespace"
            )
        ).all()
        for table, name in found:
            session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE'))
    for name in ("referral_open_patient", "reservation_active_place", "reservation_active_seat"):
        session.execute(text(f"DROP INDEX uq_{name}"))
    session.execute(text("DROP INDEX uq_offer_accepted"))


def test_every_thing_that_must_be_true_is_broken_once():
    others = {"accepted_without_seats", "moves_differ"}

    assert {line.code for line in INVARIANTS} | others == set(BREAKING)
