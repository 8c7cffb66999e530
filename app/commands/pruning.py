"""Forgetting commands that nobody repeats any more."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.audit.states import Chain, Said, chain_of
from app.audit.tracing import say
from app.commands.tables import Command

__all__ = ["forget_commands"]


def forget_commands(session: Session, before: datetime, *, most: int, province: str) -> int:
    """Delete some commands that were done before a time, the oldest first; how many.

    One that is younger than three days is refused by the database, whatever is asked. What was
    done stays: only that a repetition would be recognised is forgotten.
    """
    old = select(Command.id).where(Command.done_at < before).order_by(col(Command.done_at))
    ids = session.exec(old.limit(most)).all()
    if ids:
        session.exec(delete(Command).where(col(Command.id).in_(ids)))
        said = Said(province=province, act="commands_forgotten", object_kind="command")
        say(session, chain_of(Chain.INSTALLATION), said)
    return len(ids)
