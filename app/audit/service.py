"""What may be done with the record: add to it, and read it."""

from collections.abc import Sequence

from app.audit import store
from app.audit.states import Chain, Said, chain_of
from app.audit.tables import AuditEntry
from app.audit.tracing import has_said, say
from app.work import Work

__all__ = ["entries_after", "record", "record_command"]


def record(
    work: Work,
    *,
    chain: str,
    act: str,
    object_kind: str,
    object_id: object,
    scope: str | None = None,
    why: str | None = None,
    changed: Sequence[str] = (),
    read: bool = False,
    client: str | None = None,
) -> None:
    """Write down an act, or a look at a named record.

    It is written when the transaction commits, with the digests of all rows that it wrote, or not
    at all. The end of the chain is locked only from there to the end: two who look at one record
    wait for the disk of the other and for nothing else.

    Parameters
    ----------
    chain : str
        :func:`app.audit.states.chain_of`; of a referral for whatever is done with it.
    act : str
        A code: ``referral_accepted``, ``patient_shown``.
    scope : str | None
        Why the actor could see it: ``party``, ``own``, ``area``, ``break_glass``.
    why : str | None
        The coded purpose; that of the work where none is given. No free text about a patient.
    changed : Sequence[str]
        Names of columns, never what they hold.
    read : bool
        A look that changed nothing.
    client : str | None
        Hash of the address it came from.
    """
    said = Said(
        province=work.actor.province,
        act=act,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
        role=work.actor.role.value,
        object_kind=object_kind,
        object_id=str(object_id),
        scope=scope,
        why=why or work.purpose,
        changed=" ".join(changed) or None,
        client=client,
        is_read=read,
    )
    say(work.session, chain, said)


def entries_after(
    work: Work,
    *,
    chain: str | None = None,
    after: int | None = None,
    limit: int = 100,
    newest: bool = False,
) -> Sequence[AuditEntry]:
    """Return entries of the province of the actor, by number, of one chain or of all."""
    return store.page_of(
        work.session,
        chain=chain,
        province=work.actor.province,
        after=after,
        limit=limit,
        newest=newest,
    )


def record_command(work: Work, route: str) -> None:
    """Write down a command that no feature has recorded itself: who, in which role, and what.

    So no change is without a name, whatever a feature forgets.
    """
    if not has_said(work.session):
        chain = chain_of(Chain.INSTALLATION)
        record(work, chain=chain, act=route, object_kind="command", object_id=work.actor.org_id)
