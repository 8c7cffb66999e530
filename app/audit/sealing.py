"""Seals: what is in the record now cannot be changed later without the key being known.

A seal is a hash over all entries since the one before, authenticated by a key that lies in a file
and never in the database. Each is also written at the end of a text file that belongs on another
machine or on paper: a database that was cut short does not show it, the file does.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from app.audit import store
from app.audit.states import GENESIS
from app.audit.tables import AuditSeal
from app.db import Database

__all__ = [
    "Kept",
    "keep",
    "kept",
    "mac_of",
    "note_restore",
    "root_over",
    "seal",
    "seal_now",
]


def root_over(before: str, entries: Iterable[Mapping[str, object]]) -> tuple[str, int]:
    """Return the hash over number and hash of entries, after that of the seal before; how many."""
    running, count = hashlib.sha256(before.encode()), 0
    for entry in entries:
        running.update(f"{entry['number']} {entry['hash']}\n".encode())
        count += 1
    return running.hexdigest(), count


def mac_of(key: bytes, line: AuditSeal) -> str:
    """Return what authenticates a seal: over every column of it but this one."""
    said = json.dumps(_columns(line), sort_keys=True, separators=(",", ":"))
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def seal(session: Session, key: bytes, now: datetime) -> AuditSeal | None:
    """Seal everything that was committed since the last seal.

    Returns
    -------
    AuditSeal | None
        None where there is nothing new, or somebody else is at it; the next time will do.
    """
    settled = store.last_settled(session)
    done = store.seals(session)
    last = done[-1] if done else None
    after = last.last_entry if last else 0
    if settled is None or settled <= after:
        return None
    new = list(store.entries(session, after=after, to=settled))
    root, count = root_over(last.root if last else GENESIS, new)
    line = AuditSeal(
        number=last.number + 1 if last else 1,
        province=str(new[-1]["province"]),
        at=now,
        first_entry=int(str(new[0]["number"])),
        last_entry=settled,
        entries=count,
        root=root,
        prev_mac=last.mac if last else GENESIS,
        mac="",
    )
    line.mac = mac_of(key, line)
    session.add(line)
    session.flush()
    return line


def seal_now(database: Database, key: bytes, path: Path) -> AuditSeal | None:
    """Seal, commit, and write into the file outside what is not there yet."""
    with database.writing() as session:
        made = seal(session, key, database.now(session))
        lines = store.seals(session)
    keep(path, lines)
    return made


@dataclass(frozen=True, slots=True)
class Kept:
    """The file outside: the authentication of each seal by number, and the last of them."""

    macs: Mapping[int, str]
    broken: int = 0

    @property
    def last(self) -> int:
        """The number of the last seal; 0 where there is none."""
        return max(self.macs, default=0)


def keep(path: Path, lines: Sequence[AuditSeal]) -> None:
    """Add seals to the file outside, those that it does not have."""
    last = kept(path).last
    new = [json.dumps(_columns(line) | {"mac": line.mac}) for line in lines if line.number > last]
    _add(path, new)


def kept(path: Path) -> Kept:
    """Read the file outside; one that is not there has no seals."""
    macs: dict[int, str] = {}
    broken = 0
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for line in text.splitlines():
        try:
            said = json.loads(line)
            if "restored" in said:
                # What was lost with the old database is lost and known to be.
                macs = {n: mac for n, mac in macs.items() if n <= int(said["restored"])}
            else:
                macs[int(said["number"])] = str(said["mac"])
        except (ValueError, KeyError, TypeError):
            broken += 1
    return Kept(macs, broken)


def note_restore(path: Path, *, last: int, at: datetime) -> None:
    """Write down that a backup was restored whose last seal was ``last``; seals go on from it."""
    _add(path, [json.dumps({"restored": last, "at": at.isoformat()})])


def _columns(line: AuditSeal) -> dict[str, object]:
    found = line.model_dump(exclude={"mac"})
    return found | {"at": line.at.isoformat(timespec="microseconds")}


def _add(path: Path, lines: Sequence[str]) -> None:
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
