"""A look-up by number of a document, telephone or file, in any county, for those entitled (P-05).

Whoever is not, and has her before them, breaks the glass: with a reason, for a while, and an
auditor looks at it afterwards. What is out of sight is answered as if it were not there.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.case_files import store
from app.case_files.belonging.tables import CaseGlass
from app.case_files.noting import noted
from app.case_files.sight import Seen, look
from app.case_files.states import OPEN
from app.case_files.tables import CaseFile
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.keyring import KeyRing
from app.keys.words import put
from app.patients.service import find_by_id_number, find_by_phone, records_of
from app.patients.states import IdentityKind
from app.work import Work

__all__ = ["Asked", "Glass", "Several", "look_up", "several"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """By what a file is looked for; one of the three."""

    number: str | None = None
    identity_kind: IdentityKind | None = None
    id_number: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Glass:
    """Why the glass is broken, and for how many minutes."""

    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Several:
    """How many women are reached under a telephone, and the files shown with whether seen."""

    count: int
    files: Sequence[tuple[CaseFile, bool]]


def several(work: Work, keys: KeyRing, asked: Asked, glass: Glass | None) -> Several | None:
    """Return the files of several women under one telephone, one of each; None of one or none.

    No file is opened then: the woman who lies here may be the other one. Whoever sees none of them
    is told how many there are; with a reason all are shown without a name, and each look is written
    down.
    """
    if asked.number is not None or asked.phone is None:
        return None
    files: dict[uuid.UUID, CaseFile] = {}
    for file in sorted(_found(work, keys, asked), key=_last_first, reverse=True):
        files[records_of(work.session, file.patient_id)[0]] = file
    if len(files) < 2:
        return None
    shown = []
    for file in sorted(files.values(), key=_last_first):
        is_seen = _is_seen(work, file)
        if is_seen or glass is not None:
            noted(work, file.id, "several_shown", scope=None if is_seen else "reason", read=True)
            shown.append((file, is_seen))
    return Several(len(files), shown)


def look_up(work: Work, keys: KeyRing, asked: Asked, glass: Glass | None) -> Seen:
    """Return the file that is looked for, the open one where she has several.

    Raises
    ------
    NotFoundError
        Nobody has one, or it is out of sight and no glass is broken.
    """
    files = _found(work, keys, asked)
    for file in sorted(files, key=_last_first):
        try:
            return look(work, file.id)
        except NotFoundError:
            continue
    if glass is None or not files:
        raise NotFoundError("case file", "")
    file = min(files, key=_last_first)
    _break(work, file, glass)
    return look(work, file.id)


def _last_first(file: CaseFile) -> tuple[bool, int]:
    """Return where a file stands: the open ones first, of each the last one first."""
    return file.status not in OPEN, -file.id.int


def _is_seen(work: Work, file: CaseFile) -> bool:
    try:
        look(work, file.id)
    except NotFoundError:
        return False
    return True


def _found(work: Work, keys: KeyRing, asked: Asked) -> Sequence[CaseFile]:
    province = work.actor.province
    if asked.number is not None:
        one = store.by_number(work.session, province, asked.number.strip().upper())
        return [] if one is None else [one]
    women: list[uuid.UUID] = []
    if asked.id_number is not None and asked.identity_kind is not None:
        woman = find_by_id_number(work, keys, asked.identity_kind, asked.id_number)
        women = [] if woman is None else [woman]
    elif asked.phone is not None:
        women = [*find_by_phone(work, keys, asked.phone)]
    ids = {key for woman in women for key in records_of(work.session, woman)}
    return store.of_patients(work.session, ids)


def _break(work: Work, file: CaseFile, glass: Glass) -> None:
    key = new_key()
    row = CaseGlass(
        id=key,
        province=file.province,
        file_id=file.id,
        user_id=work.actor.user_id,
        from_at=work.now,
        until=work.now + timedelta(minutes=glass.minutes),
    )
    put(work.session, row, reason=glass.reason)
    store.add(work.session, row)
    noted(work, file.id, "glass_broken", what="case_glass", object_id=key)
