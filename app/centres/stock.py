"""The free places of all centres as routing reads them, kept as long as nobody takes or gives one.

They are counted in every transaction that asks. Only what differs from the last count becomes new
pools; who reported them, and when, is read again when a report has come in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.centres import store
from app.centres.opening import Said, pool_of, said_of_places
from app.centres.registry_now import Diverted
from app.engine import Engine
from facilities.capacity import Pool

__all__ = ["Stock", "restocked"]

Counted = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Stock:
    """An engine with places: what they were made from, and of which registry."""

    built: object
    reports: int
    said: Mapping[tuple[str, str], Said]
    text: str
    counted: frozenset[Counted]
    engine: Engine


def restocked(
    session: Session,
    before: Stock | None,
    *,
    bare: Engine,
    built: object,
    diverted: Diverted,
    reports: int,
) -> Stock:
    """Return the stock as of this transaction; the one before where nothing has changed.

    Parameters
    ----------
    bare, built
        The engine of the registry as it is now, and what stands for that registry.
    reports
        How many reports of places there were; read before them.
    """
    text = store.counted_text(session)
    same = before is not None and before.built is built and before.reports == reports
    if before is not None and same and before.text == text:
        return before
    counted = frozenset(store.read_counted(text))
    said: Mapping[tuple[str, str], Said]
    if before is None or not same:
        said = said_of_places(session, None if before is None else before.said)
        changed, engine = counted, bare
    else:
        said, changed, engine = before.said, counted - before.counted, before.engine
    pools = [_pool(row, said, diverted) for row in changed]
    made = bare.with_network(engine.network.with_pools(pools))
    return Stock(built, reports, said, text, counted, made)


def _pool(row: Counted, said: Mapping[tuple[str, str], Said], diverted: Diverted) -> Pool:
    """Return one pool; where they ask to be passed over none is free.

    An emergency may still ask there, as at a full centre (R-DEST-02, R-REF-01), and the ledger
    still has the place for her.
    """
    facility_id, kind, in_service, free = row
    shown = 0 if diverted.passes_over(facility_id, kind) else free
    return pool_of((facility_id, kind, in_service, shown), said.get((facility_id, kind)))
