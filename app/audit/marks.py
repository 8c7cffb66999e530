"""When the installation as a whole was last looked after, as the record says.

A backup and a check are acts like any other: written into the record, so that every server knows
of them, whichever machine did them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.audit import store_marks
from app.audit.states import Chain, Said, chain_of
from app.audit.tracing import say

__all__ = ["BACKUP", "EXPORTED", "INTACT", "WRONG", "Marks", "marks", "note"]

BACKUP, INTACT, WRONG = "backup_made", "verified", "verify_found"
EXPORTED = "audit_exported"
CHAIN = chain_of(Chain.INSTALLATION)


@dataclass(frozen=True, slots=True)
class Marks:
    """When a backup was last made, when all was last checked and whether it was intact.

    ``unsealed_since`` is when the first entry was written that no seal covers yet, ``began`` when
    the record began.
    """

    backup_at: datetime | None
    verified_at: datetime | None
    found_wrong: bool
    unsealed_since: datetime | None
    began: datetime | None


def note(session: Session, act: str, *, province: str) -> None:
    """Write down that it was done, in a transaction that writes."""
    say(session, CHAIN, Said(province=province, act=act, object_kind="installation"))


def marks(session: Session) -> Marks:
    """Return what the record says."""
    backup = store_marks.last_of(session, CHAIN, (BACKUP,))
    verified = store_marks.last_of(session, CHAIN, (INTACT, WRONG))
    return Marks(
        backup_at=backup[0] if backup else None,
        verified_at=verified[0] if verified else None,
        found_wrong=bool(verified and verified[1] == WRONG),
        unsealed_since=store_marks.first_after(session, store_marks.last_sealed(session)),
        began=store_marks.first_after(session, 0),
    )
