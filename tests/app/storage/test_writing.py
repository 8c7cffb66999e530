"""Making rows, and writing many of them together."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, select

from app.accounts.tables import Organisation
from app.db_types import metadata, new_key
from app.patients.tables import Entry, Patient
from app.rows import Row
from app.tables_all import TABLES
from app.verifying.service import examine
from app.writing import together, write


def patient(**more):
    return Patient(province="53", kind="maternal", **more)


def entry(of, org):
    return Entry(
        province="53",
        patient_id=of.id,
        org_id=org.id,
        by_user=new_key(),
        found=False,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.fixture
def org(database):
    with database.writing() as session:
        found = Organisation(province="53", kind="mch", name_zh="某院", division="530100")
        write(session, found)
    return found


@pytest.fixture
def said(database):
    """The statements that change rows, as they come, with how many rows each."""
    found = []

    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.startswith(
            ("INSERT INTO patient ", "INSERT INTO patient_entry", "UPDATE patient")
        ):
            found.append((statement.split("(")[0].strip(), len(parameters) if many else 1))

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def test_every_table_is_made_from_row():
    assert {str(kind.__tablename__) for kind in TABLES if issubclass(kind, Row)} == {
        *metadata.tables
    }


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_a_row_holds_what_was_given_and_the_defaults_of_the_others(kind):
    """The plain version: field after field, as the models declare them."""
    given = {name: f"<{name}>" for place, name in enumerate(kind.model_fields) if place % 2}
    row = kind(**given)
    for name, field in kind.model_fields.items():
        if name in given:
            assert getattr(row, name) == given[name]
        elif field.default_factory is not None:
            assert isinstance(getattr(row, name), type(field.default_factory()))
        elif not field.is_required():
            assert getattr(row, name) == field.default
        else:
            assert name not in row.__dict__
    assert row.model_fields_set == set(given)


def test_two_rows_have_two_keys():
    assert patient().id != patient().id


def test_a_name_that_is_no_column_is_refused():
    with pytest.raises(TypeError, match=r"has no column \['provnce'\]"):
        Patient(provnce="53")


def test_a_default_that_rows_would_share_is_refused():
    class Shares(Row):
        names: list[str] = Field(default=[])

    with pytest.raises(TypeError, match="name a factory"):
        Shares()


def test_what_is_written_together_goes_table_by_table_and_once(database, org, said):
    with database.writing() as session, together(session):
        for kind in ("newborn", "maternal", "newborn"):
            row = patient()
            # The other way round than their keys lead.
            write(session, entry(row, org))
            write(session, row)
            row.kind = kind
            write(session, row)
        assert said == []
    assert said == [("INSERT INTO patient", 3), ("INSERT INTO patient_entry", 3)]
    with database.reading() as session:
        found = session.exec(select(Patient).order_by(Patient.id)).all()
        kinds = [row.kind for row in found]
    assert kinds == ["newborn", "maternal", "newborn"]


def test_a_block_in_a_block_is_one(database, org, said):
    with database.writing() as session, together(session):
        row = patient()
        with together(session):
            write(session, row)
        assert said == []
        write(session, entry(row, org))
    assert [rows for _, rows in said] == [1, 1]


def test_an_error_in_the_block_writes_nothing_and_ends_it(database, said):
    with database.writing() as session:
        with pytest.raises(ZeroDivisionError), together(session):
            write(session, patient(birth_order=1 // len(said)))
        assert said == []
        write(session, patient())
        assert said == [("INSERT INTO patient", 1)]


def test_what_the_database_refuses_is_refused_at_the_end_of_the_block(database, org):
    with database.writing() as session:
        block = together(session)
        block.__enter__()
        write(session, patient())
        write(session, Patient(province="of three", kind="maternal"))
        with pytest.raises(IntegrityError):
            block.__exit__(None, None, None)
        session.rollback()


def test_what_is_written_together_stands_in_the_record(database, org):
    """The record holds a digest of each row as it is in the end."""
    with database.writing() as session, together(session):
        row = patient()
        write(session, row)
        row.kind = "newborn"
        write(session, entry(row, org))
    with database.reading() as session:
        report = examine(session, key=None, outside=None, without=frozenset({"Seals"}))
    assert not [one for one in report.findings if one.table in ("patient", "patient_entry")]


def test_the_session_is_as_before_when_the_block_is_over(database):
    with database.writing() as session:
        assert isinstance(session, Session)
        with together(session):
            write(session, patient())
        assert not any(session.new)
