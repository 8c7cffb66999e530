"""What waits for a person after an import, and what she decides of each.

A decision changes no file: what is to be different in it is entered there, by the acts that are for
it. It says that somebody has looked, who, and what came of it.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.states import AREA_OF, within
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.case_exchange import store
from app.case_exchange.states import Decision, ItemKind, LineStatus
from app.case_exchange.tables import ExchangeItem, ExchangeLine
from app.case_files.errors import FileRefusedError
from app.errors import NotFoundError
from app.work import Work

__all__ = ["decide", "items_waiting", "open_items", "overtake", "settle"]

ITEM = "exchange_item"


def items_waiting(
    work: Work, *, after: uuid.UUID | None, most: int, decided: bool = False
) -> Sequence[ExchangeItem]:
    """Return what waits in the area of the actor, the oldest first; or what was decided there."""
    return store.items(work.session, *_scope(work), after=after, most=most, decided=decided)


def decide(work: Work, item_id: uuid.UUID, decision: Decision) -> ExchangeItem:
    """Say what came of looking at it; a line that is to be tried again goes with the next import.

    Raises
    ------
    NotFoundError
        There is none, or it is out of scope.
    FileRefusedError
        It was decided before, or there is nothing to try again.
    """
    item = store.item_locked(work.session, item_id, *_scope(work))
    if item is None:
        raise NotFoundError("exchange item", str(item_id))
    again = decision is Decision.AGAIN
    checks = (
        (item.decided_at is not None, "decided_before"),
        (again and item.kind != ItemKind.REFUSED, "nothing_to_try_again"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    if again:
        _try_again(work, item)
    _decided(work, item, decision)
    store.add(work.session, [item])
    of_file = item.file_id and chain_of(Chain.CASE_FILE, item.file_id)
    chain = of_file or chain_of(Chain.INSTALLATION)
    record(work, chain=chain, act=f"exchange_{decision}", object_kind=ITEM, object_id=item.id)
    return item


def open_items(
    session: Session,
    line: ExchangeLine,
    wanted: Collection[tuple[ItemKind, str]],
    *,
    county: str,
    there: Sequence[ExchangeItem],
    at: datetime,
    file_id: uuid.UUID | None = None,
) -> None:
    """Let what is not waiting yet of a line wait; ``there`` is what waits of it already."""
    known = {(one.kind, one.what) for one in there}
    rows = [
        ExchangeItem(
            province=line.province,
            county=county,
            line_id=line.id,
            file_id=file_id or line.file_id,
            format=line.format,
            record_id=line.record_id,
            kind=kind.value,
            what=what,
            opened_at=at,
        )
        for kind, what in sorted(wanted)
        if (kind.value, what) not in known
    ]
    if rows:
        store.add(session, rows)


def settle(work: Work, there: Sequence[ExchangeItem]) -> None:
    """Say of a line that is in its file now that what was refused of it is overtaken."""
    overtake(work, [one for one in there if one.kind == ItemKind.REFUSED])


def overtake(work: Work, items: Sequence[ExchangeItem]) -> None:
    """Say of what waits that nobody has to look at it any more."""
    for item in items:
        _decided(work, item, Decision.OVERTAKEN)
    if items:
        store.add(work.session, items)


def _scope(work: Work) -> tuple[str, str]:
    """Return province, and what the codes of the counties begin with that the actor looks after."""
    return work.actor.province, within(AREA_OF[work.actor.role], work.actor.division)


def _decided(work: Work, item: ExchangeItem, decision: Decision) -> None:
    item.decision, item.decided_at = decision.value, max(work.now, item.opened_at)
    item.by_user, item.by_org = work.actor.user_id, work.actor.org_id


def _try_again(work: Work, item: ExchangeItem) -> None:
    line = store.locked(work.session, item.line_id)
    if line is None or line.status != LineStatus.REFUSED:
        raise FileRefusedError(["nothing_to_try_again"])
    line.status, line.because = LineStatus.WAITING.value, ""
    store.add(work.session, [line])
