"""What a backup says of itself, and what must be true of it when it is restored."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, table
from sqlmodel import Session

from app.audit.store import seals
from app.backups.container import pieces_of
from app.backups.errors import BackupDamagedError

__all__ = ["Manifest", "count_rows", "describe", "hash_of", "parse"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The kind of database, its step, when, how many rows, its last seal, and the hash."""

    database: str
    revision: str | None
    taken_at: str
    counts: dict[str, int]
    last_seal: int
    sha256: str

    def document(self) -> bytes:
        """Return it as it lies at the beginning of the file."""
        return json.dumps(asdict(self)).encode()


def describe(session: Session, database: str, now: datetime) -> Manifest:
    """Say what a transaction sees; the hash of the copy is still to come."""
    counts = count_rows(session)
    last = [line.number for line in seals(session)] if "audit_seal" in counts else []
    step = MigrationContext.configure(session.connection()).get_current_revision()
    return Manifest(database, step, now.isoformat(), counts, max(last, default=0), sha256="")


def parse(piece: bytes) -> Manifest:
    """Read what a backup says of itself.

    Raises
    ------
    BackupDamagedError
        It says something else.
    """
    try:
        return Manifest(**json.loads(piece))
    except (ValueError, TypeError):
        raise BackupDamagedError("made by another version of this program") from None


def count_rows(session: Session) -> dict[str, int]:
    """Return how many rows each table has as of this moment."""
    names = sorted(inspect(session.connection()).get_table_names())
    asked = {name: select(func.count()).select_from(table(name)) for name in names}
    return {
        name: int(session.connection().execute(one).scalar_one()) for name, one in asked.items()
    }


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    running = hashlib.sha256()
    for piece in pieces_of(path):
        running.update(piece)
    return running.hexdigest()
