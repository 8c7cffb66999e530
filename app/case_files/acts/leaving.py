"""Who was responsible may act no more: her files say so at once, and somebody is told (R-CASE-04).

An account is shut, a role ends or the organisation is left by everybody: each sets a deadline that
is due then. The lists ask by themselves, so that a worker that stands still hides nobody.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, select

from app.accounts.people import PERSON_LEFT, look_when_next_leaves
from app.accounts.service import treats_at
from app.accounts.states import TREATING
from app.accounts.tables import RoleGrant, UserAccount
from app.case_files import store
from app.case_files.acts.managing import end_turn, nobody
from app.case_files.tables import CaseFile, CaseTurn
from app.case_files.watching import saved
from app.events.scene import Scene
from app.worker.handling import Handler, Task

__all__ = ["handlers", "is_here"]


def handlers() -> Mapping[str, Handler]:
    """Return what is done when a person may act no more."""
    return {PERSON_LEFT: Handler(act=_left, bulk=True)}


def is_here(now: datetime) -> ColumnElement[bool]:
    """Return what makes who is named in a file one who may act: its clinician is there."""
    open_account = or_(
        col(UserAccount.disabled_from).is_(None),
        col(UserAccount.disabled_from) > now,
        and_(col(UserAccount.disabled_to).is_not(None), col(UserAccount.disabled_to) <= now),
    )
    role = select(RoleGrant.id).where(
        col(RoleGrant.user_id) == CaseTurn.user_id,
        col(RoleGrant.org_id) == CaseTurn.org_id,
        col(RoleGrant.role).in_([one.value for one in TREATING]),
        col(RoleGrant.from_at) <= now,
        or_(col(RoleGrant.to_at).is_(None), col(RoleGrant.to_at) > now),
    )
    turn = (
        select(CaseTurn.id)
        .join(UserAccount, col(UserAccount.id) == col(CaseTurn.user_id))
        .where(col(CaseTurn.id) == CaseFile.turn_id, open_account, exists(role))
    )
    return exists(turn)


def _left(task: Task) -> None:
    for file_id in _files_of(task.session, task.subject_id):
        file = store.locked(task.session, file_id)
        turn = None if file is None else store.open_turn(task.session, file_id)
        if file is None or turn is None or turn.user_id != task.subject_id:
            continue
        if treats_at(task.session, turn.user_id, turn.org_id, now=task.now):
            continue
        scene = Scene.of_system(task.session, task.now, file.owner_org or file.registered_org)
        end_turn(scene, file)
        nobody(scene, file, left=turn.org_id)
        saved(scene, file)
    look_when_next_leaves(task.session, task.subject_id, now=task.now)


def _files_of(session: Session, user_id: uuid.UUID) -> list[uuid.UUID]:
    return [
        *session.exec(
            select(CaseTurn.file_id)
            .where(CaseTurn.user_id == user_id, col(CaseTurn.to_at).is_(None))
            .order_by(col(CaseTurn.file_id))
        )
    ]
