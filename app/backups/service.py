"""Making a backup, and proving one by restoring it."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from app import migrating
from app.audit.sealing import Kept, keep, kept, note_restore
from app.audit.store import seals
from app.backups import copying
from app.backups.container import pieces_of, read_pieces, write_pieces
from app.backups.errors import (
    BackupDamagedError,
    BackupExistsError,
    DatabaseNotEmptyError,
    OtherDatabaseError,
)
from app.backups.manifest import Manifest, count_rows, describe, hash_of, parse
from app.db import Database
from app.keyfile import read_key
from app.verifying.findings import Finding
from app.verifying.service import at_one_moment, verify

__all__ = ["Restored", "backup", "restore"]

PLAIN = "greenchannel-plain-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and everything that is wrong with it."""

    manifest: Manifest
    findings: tuple[Finding, ...]


def backup(
    database: Database, target: Path, *, key_file: Path, tools: Path | None = None
) -> tuple[Path, Manifest]:
    """Write an encrypted copy of the whole database as of now, while others go on writing.

    Parameters
    ----------
    target : Path
        A new file, or a folder in which one is made that is named by the time.
    tools : Path | None
        Where pg_dump lies; None looks on the path.

    Raises
    ------
    BackupExistsError, KeyFileError, ToolMissingError, ToolFailedError
        Nothing was written.
    """
    key = read_key(key_file)
    now = datetime.now(UTC)
    if target.is_dir():
        target = target / f"greenchannel-{now:%Y%m%dT%H%M%SZ}.backup"
    if target.exists():
        raise BackupExistsError(target.name)
    with _plain(target.parent) as copy:
        manifest = _copied(database, copy, now, tools)
        # A backup that was interrupted never stands under the name of a whole one.
        part = copy.with_name("sealed")
        write_pieces(part, key, _pieces(manifest, copy))
        part.rename(target)
    return target, manifest


def restore(
    database: Database,
    source: Path,
    *,
    key_file: Path,
    seal_key: Path,
    seal_file: Path,
    proven: bool,
    tools: Path | None = None,
) -> Restored:
    """Fill an empty database from a backup; ``proven`` checks everything in it afterwards.

    The file outside is told that seals go on from the last one of the backup.

    Raises
    ------
    BackupDamagedError, DatabaseNotEmptyError, OtherDatabaseError, KeyFileError
        Nothing was changed.
    """
    key = read_key(key_file)
    _require_empty(database)
    folder = copying.sqlite_path(database).parent if database.is_sqlite else None
    with _plain(folder) as copy:
        manifest = _opened(source, key, copy)
        kind = database.engine.dialect.name
        if manifest.database != kind:
            raise OtherDatabaseError(manifest.database, kind)
        _fill(database, copy, tools)
    with database.reading() as session:
        findings = [
            Finding(name, "-", "count_differs")
            for name, _ in sorted(manifest.counts.items() ^ count_rows(session).items())
        ]
    outside = _until(kept(seal_file), manifest.last_seal)
    note_restore(seal_file, last=manifest.last_seal, at=datetime.now(UTC))
    if proven:
        migrating.require_head(database)
        findings += verify(database, key_file=seal_key, outside=outside).findings
    if outside is None and not findings:
        with database.reading() as session:
            keep(seal_file, seals(session))
    return Restored(manifest, tuple(dict.fromkeys(findings)))


def _copied(database: Database, copy: Path, now: datetime, tools: Path | None) -> Manifest:
    """Copy the database into a plain file, and say what is in the copy."""
    kind = database.engine.dialect.name
    if database.is_sqlite:
        copying.copy_sqlite(database, copy)
        counted = Database(f"sqlite:///{copy}")
        with contextlib.closing(counted), counted.reading() as session:
            found = describe(session, kind, now)
    else:
        with database.reading() as session:
            at_one_moment(session)
            found = describe(session, kind, now)
            copying.copy_postgres(session, database, copy, tools)
    return replace(found, sha256=hash_of(copy))


def _pieces(manifest: Manifest, copy: Path) -> Iterator[bytes]:
    yield manifest.document()
    yield from pieces_of(copy)


def _opened(source: Path, key: bytes, copy: Path) -> Manifest:
    """Decrypt a backup into a plain file; all of it is read before any of it is used."""
    pieces = read_pieces(source, key)
    manifest = parse(next(pieces))
    with copy.open("wb") as file:
        file.writelines(pieces)
    if hash_of(copy) != manifest.sha256:
        raise BackupDamagedError("it is not what it says of itself")
    return manifest


def _fill(database: Database, copy: Path, tools: Path | None) -> None:
    if not database.is_sqlite:
        copying.fill_postgres(database, copy, tools)
        return
    copying.require_intact(copy)
    database.close()
    path = copying.sqlite_path(database)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    copy.replace(path)


def _require_empty(database: Database) -> None:
    try:
        with database.reading() as session:
            names = inspect(session.connection()).get_table_names()
    except DatabaseError:
        names = ["what is no database"]
    if names:
        raise DatabaseNotEmptyError


def _until(outside: Kept, last: int) -> Kept | None:
    """Return the file outside as it was at a seal; None on a machine that has none."""
    if not outside.macs:
        return None
    return Kept({number: mac for number, mac in outside.macs.items() if number <= last})


@contextlib.contextmanager
def _plain(folder: Path | None) -> Iterator[Path]:
    """Give a name for the copy that is not encrypted, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=PLAIN, dir=folder) as name:
        yield Path(name) / "copy"
