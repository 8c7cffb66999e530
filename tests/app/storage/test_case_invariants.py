"""What ``greenchannel verify`` finds of case files where somebody took the refusals away."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.deadlines.service import set_deadline
from app.verifying.invariants import broken
from app.verifying.of_case_files import OF_CASE_FILES
from tests.app.storage import account_rows, case_rows, rows
from tests.app.storage.rows import NOW
from tests.app.storage.tampering import owned

BREAKING = {
    "file_unowned": "UPDATE case_file SET next_step = NULL",
    "file_not_watched": "DELETE FROM deadline",
    "woman_filed_twice": "UPDATE case_file SET patient_id = "
    "(SELECT patient_id FROM case_file ORDER BY id LIMIT 1)",
    "file_without_clinician": "UPDATE case_file SET turn_id = NULL, turn_open = NULL",
    "clinician_gone": f"UPDATE user_account SET disabled_from = '{NOW.isoformat()}'",
    "death_not_reviewed": "UPDATE case_due SET kind = 'visit'",
    "colour_lowered_by_nobody": "UPDATE case_colour SET named_by = NULL",
    "colour_stands_elsewhere": "UPDATE case_file SET colour = 'green' WHERE colour <> ''",
    "closed_without_check": "UPDATE case_file SET closing_visit_id = NULL, closing = NULL",
}


@pytest.fixture
def filed(database):
    """A managed file with a clinician and a colour that came down by name, and a closed one."""
    with database.writing() as session:
        org = rows.organisation(session)
        key = case_rows.managed(session, org=org)
        case_rows.coloured(session, key, ["orange"])
        who = account_rows.user(session)
        said = {"named_by": who, "reason": "平稳"}
        case_rows.colour(session, key, 2, "orange", "yellow", **said)
        turn = case_rows.turn(session, key, user_id=who, granted=True)
        case_rows.change(session, key, colour="yellow", colour_seq=2)
        case_rows.change(session, key, turn_id=turn, turn_open=1, no_clinician_since=None)
        other = case_rows.file(session, org=org)
        past = ("registered", "delivered", "postpartum")
        over = case_rows.file(session, org=org, path=past, delivered_at=NOW)
        visit = case_rows.visit(session, over, kind="day_42", closes=1)
        closing = {"closing_visit_id": visit, "closing": 1}
        case_rows.moved(session, over, 4, "postpartum", "closed_42d", by=org, **closing)
        dead = case_rows.file(
            session, org=org, path=("registered", "maternal_death"), ended_because=b"0" * 40
        )
        case_rows.due(session, dead, rule="R-DUTY-05-death", kind="death_review")
        for one in (key, other):
            at = NOW + timedelta(days=1)
            set_deadline(session, "case_file", one, at, province="53", at=NOW)


def found(session):
    return {one.code for one in broken(session)}


def test_nothing_is_wrong_with_files_as_they_are_written(database, filed):
    with database.reading() as session:
        assert found(session) == set()


@pytest.mark.parametrize("code", BREAKING)
def test_what_must_be_true_of_files_is_missed_when_it_is_not(address, database, filed, code):
    with owned(address) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("DROP INDEX uq_case_file_open_patient CASCADE"))
        else:
            session.execute(text("DROP INDEX uq_case_file_open_patient"))
        session.execute(text(BREAKING[code]))
        assert code in found(session)


def test_every_line_about_files_is_broken_once():
    assert {line.code for line in OF_CASE_FILES} == set(BREAKING)
