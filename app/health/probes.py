"""What is tried when somebody asks whether this process is fit: nothing of it stays."""

import shutil
import time
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from app import migrating
from app.clock import exact_now
from app.db import Database
from app.errors import DatabaseBusyError
from app.health.states import Probed
from app.keys.errors import KeyRingBrokenError, KeyRingExposedError, KeyRingMissingError
from app.keys.keyring import KeyRing
from app.settings import Settings
from app.worker import service as worker

__all__ = ["probe"]

PROBE_WAIT_S = 0.5
NOT_OPEN = (KeyRingMissingError, KeyRingExposedError, KeyRingBrokenError)


class _UndoneError(Exception):
    """Ends a transaction of which nothing shall stay."""


def probe(database: Database | None, settings: Settings, keys: KeyRing) -> Probed:
    """Try everything that a request needs."""
    free = _disk_free(settings.data_folder, database)
    head = migrating.head()
    if database is None:
        return Probed(None, None, head, True, None, True, None, free)
    kind, opened = database.engine.dialect.name, _keys_open(keys)
    try:
        step = migrating.revision_of(database)
        written, off = _write(database, settings.province) if step == head else (None, None)
    except OperationalError:
        return Probed(kind, None, head, False, None, opened, None, free)
    except DatabaseBusyError:
        return Probed(kind, step, head, True, None, opened, None, free, queue_long=True)
    return Probed(kind, step, head, True, written, opened, off, free)


def _write(database: Database, province: str) -> tuple[float | None, float | None]:
    """Write a row and undo it: how long that took, and how far apart the clocks are.

    None where nothing can be written, as on a standby or a full disk. Whoever asks has to be told
    in a second that others write for longer.
    """
    began, off = time.perf_counter(), None
    try:
        with database.writing(wait_s=PROBE_WAIT_S) as session:
            at = database.now(session)
            off = (exact_now() - at).total_seconds()
            worker.begin(session, province=province, place="web", at=at)
            raise _UndoneError
    except _UndoneError:
        return time.perf_counter() - began, off
    except DBAPIError:
        return None, off


def _keys_open(keys: KeyRing) -> bool:
    try:
        keys.ring()
    except NOT_OPEN:
        return False
    return True


def _disk_free(folder: Path, database: Database | None) -> float:
    """Return the smallest share that is free where this process writes."""
    places = [folder]
    if database is not None and database.is_sqlite:
        places.append(Path(str(database.engine.url.database)).absolute())
    return min(_share(place) for place in places)


def _share(place: Path) -> float:
    there = next(path for path in (place, *place.absolute().parents) if path.exists())
    disk = shutil.disk_usage(there)
    return disk.free / disk.total
