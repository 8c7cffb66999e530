"""A whole referral under a role that owns nothing; what that role may not do, by plain SQL."""

import os
from datetime import datetime

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from app.db import Database
from app.db_types import metadata
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.roles import ADDED_ONLY, DELETED, RoleNameError, statements
from app.settings import Settings
from app.verifying.invariants import broken
from tests.databases import lent
from tests.flows.house import House
from tests.flows.test_bad_night import test_from_the_request_to_what_came_of_her as whole_night

ROLE = f"works_{os.getpid()}"
LEDGER = ("reservation", "referral", "offer", "transfer", "audit_chain")


@pytest.fixture
def owner(postgres, postgres_house):
    with lent(postgres, postgres_house) as address:
        database = Database(address)
        with database.writing() as session:
            # Twice, as after a later migrate.
            for statement in (*statements(ROLE), *statements(ROLE)):
                session.connection().exec_driver_sql(statement)
        yield address
        database.close()


@pytest.fixture
def address(owner):
    """The same database as the role reaches it."""
    return owner.replace("postgres:@", f"{ROLE}:@")


@pytest.fixture
def works(address, tmp_path, flow_engine):
    settings = Settings(data_dir=tmp_path / "data", DATABASE_URL=address, worker_inside=False)
    KeyRing(settings.keys).create(Cipher.AES_256_GCM, datetime.fromisoformat("2026-01-01T00:00Z"))
    database = Database(address)
    made = House(database, settings, flow_engine)
    yield made
    made.close()
    database.close()


def test_a_whole_referral_is_done_by_a_role_that_owns_nothing(works, address):
    whole_night(works)
    works.pass_time(20)

    with works.database.reading() as session:
        assert session.execute(text("SELECT current_user")).scalar() == ROLE
        assert list(broken(session)) == []
    refusals(address)


def refusals(address):
    """Everything that the role is refused for want of the right, not by a trigger."""
    asked = [
        what.format(table)
        for table in ADDED_ONLY
        for what in ("UPDATE {} SET province = province", "DELETE FROM {}", "TRUNCATE {} CASCADE")
    ]
    asked += [f"DELETE FROM {table}" for table in sorted({*metadata.tables} - {*DELETED})]  # noqa: S608  our names
    asked += [f"TRUNCATE {table} CASCADE" for table in metadata.tables]
    asked += [
        what.format(table)
        for table in (*ADDED_ONLY, *LEDGER)
        for what in ("ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TABLE {} CASCADE")
    ]
    asked += [
        "UPDATE reservation SET place_id = place_id",
        "UPDATE status_move SET machine = machine",
        "INSERT INTO status_move VALUES ('referral', 'closed', 'draft')",
        "ALTER TABLE reservation DROP CONSTRAINT fk_reservation_held",
        "DROP TRIGGER status_event_no_delete ON status_event",
        "DROP INDEX uq_reservation_active_place",
        "CREATE TABLE own (id integer)",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE OR REPLACE FUNCTION greenchannel_refuse() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
    ]
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in asked:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)
        owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        assert connection.execute(owned).fetchone() == (0,)


def test_without_the_grants_as_they_are_a_refusal_is_missed(owner, address):
    """The planted fault: one right too many."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"GRANT DELETE ON capacity_report TO {ROLE}")
        connection.execute(f"GRANT INSERT ON status_move TO {ROLE}")

    with pytest.raises((pytest.fail.Exception, errors.RestrictViolation)):
        refusals(address)


def test_what_is_only_added_to_is_what_the_triggers_say(owner):
    found = (
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_no\\_update' "
        "AND NOT tgisinternal"
    )
    with psycopg.connect(owner) as connection:
        assert {name for (name,) in connection.execute(found)} == {*ADDED_ONLY}


@pytest.mark.parametrize("name", ["", "a-b", "a b", 'x"; DROP TABLE place; --', "A", "a" * 64])
def test_a_name_that_would_have_to_be_quoted_is_no_role(name):
    with pytest.raises(RoleNameError):
        list(statements(name))
