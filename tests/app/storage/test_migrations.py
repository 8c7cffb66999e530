"""The steps of the database, up, down and up again, and that they make the tables of the code."""

from sqlalchemy import UniqueConstraint, inspect

from app import migrating
from app.db import Database
from app.db_types import metadata, new_key

NOT_FOLLOWED = {"notice_address", "organisation", "status_move", "user_account"}
"""Who did it, where, and by which move: nobody asks for all that somebody ever did."""


def test_up_down_and_up_again(empty_address):
    database = Database(empty_address)

    assert (migrating.revision_of(database), migrating.at_head(database)) == (None, False)
    for _ in range(2):
        migrating.upgrade(database)
        assert migrating.at_head(database)
        assert migrating.differences(database) == []
        migrating.downgrade(database)
        assert migrating.revision_of(database) is None
        assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    database.close()


def test_a_database_that_differs_is_told_apart(database):
    """The planted fault: a column more, an index less."""
    with database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE place ADD COLUMN extra TEXT")
        session.connection().exec_driver_sql("DROP INDEX uq_referral_open_patient")

    assert len(migrating.differences(database)) == 2


def test_every_constraint_has_a_name_and_every_row_a_province():
    for table in metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name
        assert "province" in table.columns or table.name == "status_move"


def test_every_key_that_is_followed_back_begins_an_index():
    """Partial ones do not count: a look at all rows of something reads the whole table then."""
    without = {
        (table.name, *key.column_keys)
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name not in NOT_FOLLOWED | {table.name}
        and not {*key.column_keys} & _beginnings(table)
    }

    assert without == set()


def _beginnings(table):
    """Return the columns by which a row is found, whatever else is asked."""
    indexes = [one for one in table.indexes if one.dialect_options["sqlite"]["where"] is None]
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return {next(iter(one.columns)).name for one in (*indexes, *unique, table.primary_key)}


def test_a_key_says_when_it_was_made_and_rises():
    keys = [new_key() for _ in range(1000)]

    assert keys == sorted(keys)
    assert {key.version for key in keys} == {7}


def test_a_commit_is_on_disk_and_a_reader_waits_for_nobody(database):
    """SQLite: WAL, every commit written through; foreign keys are looked at."""
    if not database.is_sqlite:
        with database.reading() as session:
            said = session.connection().exec_driver_sql("SHOW transaction_isolation").scalar()
        assert said == "read committed"
        return
    with database.reading() as session:
        asked = session.connection().exec_driver_sql
        pragmas = {
            name: asked(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
