"""Row-by-row sign-off in the database: signed, taken back, and which signatures stand.

A signature is of one wording: where the wording changes, the row is unsigned again, and nobody has
to do anything for that. Taking one back is a later line of the same name.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from app.signing import store
from app.signing.errors import NotSignedError
from app.signing.states import Word
from app.signing.tables import RuleSignature
from routing.triage.rows import RuleSet, Signature
from routing.triage.signing import sign as signed

__all__ = ["newest", "sign", "standing", "withdraw"]


def sign(
    session: Session,
    rules: RuleSet,
    ids: Iterable[str],
    *,
    signed_by: str,
    role: str,
    province: str,
    at: datetime,
    by_user: uuid.UUID | None = None,
) -> tuple[Signature, ...]:
    """Sign the present wording of rows.

    Raises
    ------
    RuleTableError
        A row that does not exist, no name, or no role.
    """
    made = signed(rules, ids, signed_by=signed_by, role=role, signed_at=at)
    store.add(
        session, *(_line(one, Word.SIGNED, province=province, at=at, by=by_user) for one in made)
    )
    return made


def withdraw(
    session: Session,
    rules: RuleSet,
    ids: Iterable[str],
    *,
    signed_by: str,
    province: str,
    at: datetime,
    by_user: uuid.UUID | None = None,
) -> None:
    """Take back what a name has signed of the present wording of rows.

    Raises
    ------
    NotSignedError
        That name has not signed one of them.
    """
    wording = {info.id: info.content_hash for info in rules.rows}
    there = {(one.rule, one.content_hash): one for one in _of(session, signed_by.strip())}
    wanted = tuple(dict.fromkeys(ids))
    found = [there.get((one, wording.get(one, ""))) for one in wanted]
    missing = [one for one, line in zip(wanted, found, strict=True) if line is None]
    if missing:
        raise NotSignedError(missing)
    store.add(
        session,
        *(
            _line(one, Word.WITHDRAWN, province=province, at=at, by=by_user)
            for one in found
            if one is not None
        ),
    )


def standing(session: Session) -> tuple[Signature, ...]:
    """Return the signatures that were not taken back, of whatever wording."""
    last: dict[tuple[str, str, str], RuleSignature] = {}
    for line in store.lines(session):
        last[line.rule, line.content_hash, line.signed_by] = line
    return tuple(_value(line) for line in last.values() if line.word == Word.SIGNED)


def newest(session: Session) -> int:
    """Return a number that is another one as soon as anything was signed or taken back."""
    return store.newest(session)


def _of(session: Session, name: str) -> Sequence[Signature]:
    return [one for one in standing(session) if one.signed_by == name]


def _value(line: RuleSignature) -> Signature:
    return Signature(
        rule=line.rule,
        content_hash=line.content_hash,
        signed_by=line.signed_by,
        role=line.role,
        rule_set=line.rule_set,
        signed_at=line.at.isoformat(),
    )


def _line(
    one: Signature, word: Word, *, province: str, at: datetime, by: uuid.UUID | None
) -> RuleSignature:
    return RuleSignature(
        province=province,
        word=word,
        rule=one.rule,
        rule_set=one.rule_set,
        content_hash=one.content_hash,
        signed_by=one.signed_by,
        role=one.role,
        by_user=by,
        at=at,
    )
