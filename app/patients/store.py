"""Every statement on patients."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_
from sqlmodel import Session, SQLModel, col, func, select

from app.patients import entered
from app.patients.tables import Birth, Entry, Merge, Patient, PatientIdentity
from app.writing import write

__all__ = [
    "add",
    "alone_with",
    "birth_of",
    "children_of",
    "entries_of",
    "group_of",
    "groups_of",
    "kinds_of",
    "know_numbers",
    "last_of_birth",
    "last_order",
    "lock_one",
    "locked",
    "merge_of",
    "merged_into",
    "next_unknown",
    "patient_of",
    "roots_of",
    "rows_like",
    "with_number",
    "with_phone",
]

MOST = 50
"""Candidates that are looked at; a telephone of a clinic may be on many records."""
# Built once: building a statement costs more than running it.
_IDENTITIES = (
    select(PatientIdentity)
    .where(col(PatientIdentity.id).in_(bindparam("ids", expanding=True)))
    .execution_options(populate_existing=True)
)
_MERGED = (
    select(PatientIdentity)
    .where(col(PatientIdentity.merged_into).in_(bindparam("ids", expanding=True)))
    .order_by(col(PatientIdentity.merge_id))
    .execution_options(populate_existing=True)
)
_LAST_UNKNOWN = select(func.max(PatientIdentity.unknown_number)).where(
    col(PatientIdentity.province) == bindparam("province"),
    col(PatientIdentity.unknown_on) == bindparam("day"),
)


def add(session: Session, *rows: SQLModel) -> None:
    """Write rows now, so that what the database refuses is refused here."""
    entered.before_writing(session, rows)
    for row in rows:
        write(session, row)


def alone_with(session: Session, what: str) -> None:
    """Let nobody else look for what may not be there yet until this transaction ends.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        asked = select(func.hashtextextended(f"patients:{what}", 0))
        session.exec(select(func.pg_advisory_xact_lock(asked.scalar_subquery())))


def patient_of(session: Session, province: str, patient_id: uuid.UUID) -> Patient | None:
    """Return a patient of a province."""
    mine = entered.patient(session, patient_id)
    if mine is not None:
        return mine if mine.province == province else None
    return session.exec(
        select(Patient).where(Patient.id == patient_id, Patient.province == province)
    ).first()


def kind_of(session: Session, patient_id: uuid.UUID) -> str:
    """Return what kind of patient somebody was entered as; it never changes."""
    mine = entered.patient(session, patient_id)
    if mine is not None:
        return mine.kind
    return session.exec(select(Patient.kind).where(col(Patient.id) == patient_id)).one()


def kinds_of(
    session: Session, patient_ids: Collection[uuid.UUID], province: str | None = None
) -> dict[uuid.UUID, str]:
    """Return what kinds of patient several were entered as; None is of any province."""
    asked = select(Patient.id, Patient.kind).where(col(Patient.id).in_(patient_ids))
    if province is not None:
        asked = asked.where(Patient.province == province)
    return dict(session.exec(asked).all())


def locked(
    session: Session, province: str, patient_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[Patient, PatientIdentity]]:
    """Return patients whose identity nobody else changes until this transaction ends.

    The rows of ``patient`` are what is locked, always by rising key; a lock that lets others point
    at them.
    """
    mine = entered.all_of(session, patient_ids)
    if mine is not None:
        return {one.id: (one, row) for one, row in mine if one.province == province}
    found = session.exec(
        select(Patient)
        .where(col(Patient.id).in_(patient_ids), Patient.province == province)
        .order_by(col(Patient.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    rows = session.exec(
        select(PatientIdentity)
        .where(col(PatientIdentity.id).in_([one.id for one in found]))
        .execution_options(populate_existing=True)
    )
    identities = {row.id: row for row in rows}
    return {one.id: (one, identities[one.id]) for one in found if one.id in identities}


def merged_into(session: Session, patient_id: uuid.UUID) -> uuid.UUID | None:
    """Return the record that this one was merged into."""
    mine = entered.record(session, patient_id)
    if mine is not None:
        return mine.merged_into
    return session.exec(
        select(PatientIdentity.merged_into).where(PatientIdentity.id == patient_id)
    ).first()


def roots_of(session: Session, patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the record that was kept of each of these: one statement for each step of a merge."""
    roots = {one: one for one in patient_ids}
    ids = {*patient_ids}
    while ids:
        found = session.exec(
            select(PatientIdentity.id, PatientIdentity.merged_into).where(
                col(PatientIdentity.id).in_(ids), col(PatientIdentity.merged_into).is_not(None)
            )
        ).all()
        into = {key: kept for key, kept in found if kept is not None}
        roots = {one: into.get(root, root) for one, root in roots.items()}
        ids = {*into.values()}
    return roots


def group_of(session: Session, root: uuid.UUID) -> list[PatientIdentity]:
    """Return a record and those merged into it, however far; the kept one first."""
    mine = entered.record(session, root)
    if mine is not None:
        return [mine]
    found = list(_identities(session, [root]))
    ids = [root]
    while ids:
        later = session.exec(_MERGED, params={"ids": ids}).all()
        found += later
        ids = [row.id for row in later]
    return found


def groups_of(
    session: Session, roots: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[PatientIdentity]]:
    """Return what :func:`group_of` does, of several: one statement for each step of a merge."""
    groups = {row.id: [row] for row in _identities(session, roots)}
    root_of = {one: one for one in groups}
    ids = list(groups)
    while ids:
        later = session.exec(_MERGED, params={"ids": ids}).all()
        for row in later:
            if row.merged_into is not None:
                root_of[row.id] = root_of[row.merged_into]
                groups[root_of[row.id]].append(row)
        ids = [row.id for row in later]
    return groups


def _identities(session: Session, ids: Collection[uuid.UUID]) -> Sequence[PatientIdentity]:
    return session.exec(_IDENTITIES, params={"ids": list(ids)}).all()


def with_number(session: Session, province: str, index: bytes) -> uuid.UUID | None:
    """Return the record that a number belongs to."""
    looked_up = entered.numbers(session)
    if index in looked_up:
        return looked_up[index]
    return session.exec(
        select(PatientIdentity.id).where(
            PatientIdentity.province == province, PatientIdentity.id_index == index
        )
    ).first()


def know_numbers(session: Session, province: str, indexes: Collection[bytes]) -> None:
    """Look up whose numbers are, by one statement; nobody else enters one of them meanwhile."""
    for index in sorted(indexes):
        alone_with(session, f"number:{province}:{index.hex()}")
    found = session.exec(
        select(PatientIdentity.id_index, PatientIdentity.id).where(
            PatientIdentity.province == province, col(PatientIdentity.id_index).in_(indexes)
        )
    )
    owners = {bytes(index): key for index, key in found if index is not None}
    entered.know_numbers(session, dict.fromkeys(indexes) | owners)


def with_phone(session: Session, province: str, index: bytes) -> Sequence[uuid.UUID]:
    """Return the records with a telephone, the newest first."""
    return session.exec(
        select(PatientIdentity.id)
        .where(PatientIdentity.province == province, PatientIdentity.phone_index == index)
        .order_by(col(PatientIdentity.id).desc())
        .limit(MOST)
    ).all()


def rows_like(
    session: Session, province: str, like: Sequence[PatientIdentity]
) -> list[PatientIdentity]:
    """Return other records that share an index with one of these, the newest first.

    Also those that this transaction has entered and that no statement finds yet.
    """
    own = [row.id for row in like]
    numbers = [i for row in like for i in (row.id_index, row.claimed_index) if i]
    names = [row.name_index for row in like if row.name_index]
    phones = [i for row in like for i in (row.phone_index, row.contact_phone_index) if i]
    here = entered.rows_like(session, province, numbers=numbers, names=names, phones=phones)
    found = session.exec(
        select(PatientIdentity)
        .where(
            PatientIdentity.province == province,
            col(PatientIdentity.id).not_in(own),
            or_(
                col(PatientIdentity.id_index).in_(numbers),
                col(PatientIdentity.claimed_index).in_(numbers),
                col(PatientIdentity.name_index).in_(names),
                col(PatientIdentity.phone_index).in_(phones),
                col(PatientIdentity.contact_phone_index).in_(phones),
            ),
        )
        .order_by(col(PatientIdentity.id).desc())
        .limit(MOST)
    )
    rows = {row.id: row for row in (*found, *here) if row.id not in own}
    return [rows[key] for key in sorted(rows, reverse=True)][:MOST]


def next_unknown(session: Session, province: str, day: str) -> int:
    """Return a number for somebody unknown on a day that nobody else is given.

    Nobody waits for it: what another transaction is about to use is passed over. A lock on each
    number says so; it is let go of only when the number can be seen, so it is looked for again.
    """
    of_day = (PatientIdentity.province == province, PatientIdentity.unknown_on == day)
    last = session.exec(_LAST_UNKNOWN, params={"province": province, "day": day}).one()
    number = max(last or 0, entered.last_unknown(session, day)) + 1
    if session.get_bind().dialect.name != "postgresql":
        return number
    while True:
        name = func.hashtextextended(f"patients:unknown:{province}:{day}:{number}", 0)
        mine = session.exec(select(func.pg_try_advisory_xact_lock(name))).one()
        taken = select(PatientIdentity.id).where(*of_day, PatientIdentity.unknown_number == number)
        if mine and session.exec(taken).first() is None:
            return number
        number += 1


def children_of(session: Session, mothers: Collection[uuid.UUID]) -> list[tuple[Patient, Birth]]:
    """Return the newborns of a mother, who may have several records."""
    mine = entered.children_of(session, mothers)
    if mine is not None:
        return mine
    found = session.exec(
        select(Patient, Birth)
        .join(Birth, col(Birth.id) == col(Patient.id))
        .where(col(Patient.mother_id).in_(mothers))
        .order_by(col(Patient.id))
    )
    return list(found)


def last_order(session: Session, mother_id: uuid.UUID) -> int:
    """Return the order of the newborn that was entered last for a mother; 0 for none."""
    mine = entered.children_of(session, [mother_id])
    if mine is not None:
        return max((child.birth_order or 0 for child, _ in mine), default=0)
    last = session.exec(
        select(func.max(Patient.birth_order)).where(Patient.mother_id == mother_id)
    ).one()
    return last or 0


def last_of_birth(session: Session, birth_id: uuid.UUID) -> int:
    """Return how many newborns of one birth are entered."""
    last = session.exec(
        select(func.max(Birth.order_in_birth)).where(Birth.birth_id == birth_id)
    ).one()
    return last or 0


def birth_of(session: Session, patient_id: uuid.UUID) -> Birth | None:
    """Return when a newborn was born, as far as it is known."""
    return None if entered.without_birth(session, patient_id) else session.get(Birth, patient_id)


def merge_of(session: Session, merge_id: uuid.UUID) -> Merge | None:
    """Return a merge."""
    return session.get(Merge, merge_id)


def past(
    session: Session,
    kind: str,
    before: datetime,
    *,
    after: uuid.UUID | None = None,
    most: int | None = None,
) -> Sequence[uuid.UUID]:
    """Return patients of a kind whose own record has not to be kept any longer, by rising key.

    Parameters
    ----------
    after, most
        Those behind a key, and no more than this; None is all.
    """
    statement = (
        select(PatientIdentity.id)
        .join(Patient, col(Patient.id) == col(PatientIdentity.id))
        .where(
            Patient.kind == kind,
            col(PatientIdentity.merged_into).is_(None),
            col(PatientIdentity.erased_at).is_(None),
            PatientIdentity.kept_from <= before,
        )
        .order_by(col(PatientIdentity.id))
    )
    if after is not None:
        statement = statement.where(col(PatientIdentity.id) > after)
    return session.exec(statement.limit(most)).all()


def none_kept(session: Session, ids: Sequence[uuid.UUID], before: datetime) -> list[uuid.UUID]:
    """Return those of whom no record that was merged into theirs is kept longer either."""
    return [one for one in ids if all(row.kept_from <= before for row in group_of(session, one))]


def lock_one(session: Session, patient_id: uuid.UUID) -> Patient:
    """Return a patient whose identity nobody else changes until this transaction ends."""
    return session.exec(
        select(Patient)
        .where(Patient.id == patient_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def entries_of(
    session: Session, patient_ids: Collection[uuid.UUID], org_id: uuid.UUID
) -> Sequence[bool]:
    """Return for each entry of somebody by an organisation whether she was found by her number."""
    mine = entered.entries_of(session, patient_ids, org_id)
    if mine is not None:
        return mine
    return session.exec(
        select(Entry.found).where(col(Entry.patient_id).in_(patient_ids), Entry.org_id == org_id)
    ).all()
