"""Which centres of a stored ranking are asked next, without a person who names one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.signed_up import nobody_at
from app.referrals import store
from app.referrals.kept import read
from app.referrals.said_no import said_no
from app.referrals.states import WAITING
from app.referrals.tables import Recommendation

__all__ = ["asks", "first_rows", "next_to_ask"]

REACH = 10
"""So far down a ranking somebody is looked for who would see it: those that a screen shows."""
FARTHER_MIN = 60
"""And no farther than so many minutes beyond the last that is asked anyway (assumed)."""

Row = Mapping[str, object]


def next_to_ask(
    session: Session, found: Recommendation, *, most: int, at: datetime, again: bool = False
) -> Sequence[tuple[str, int]]:
    """Return the centres to be asked now, with their ranks, in the order of the ranking.

    Whoever was asked by this ranking already, or has said no to her, is passed over. A centre in
    which nobody has an account takes none of the places of R-ROUTE-07: it is asked beside the
    others, so that a spoken yes has where to stand.

    ``again`` where she is ranked again: who waits from before counts among ``most``, and so many
    are asked as were, for the ladder may have asked more of them by now.
    """
    offers = store.offers_of(session, found.referral_id)
    known = {one.facility_id for one in offers if one.recommendation_id == found.id}
    passed = {*said_no(session, found.referral_id), *(() if again else known)}
    rows = [row for row in read(session, found).ranking if row["facility_id"] not in passed]
    names = {str(row["facility_id"]) for row in rows[:REACH]}
    silent = nobody_at(session, names, at=at)
    if again:
        waiting = {one.facility_id for one in offers if one.status in WAITING}
        most = max(most, len((waiting & names) - silent))
    taken = [row for row in first_rows(rows, most, silent) if row["facility_id"] not in known]
    return [(str(row["facility_id"]), int(str(row["rank"]))) for row in taken]


def asks(rows: Sequence[Row], at_once: int, silent: Collection[str]) -> Mapping[str, object]:
    """Return whom a request with this ranking asks at once, for a screen to say before it is sent.

    ``beside`` is whom it asks beside each centre of the ranking where that one is chosen, so that a
    screen on a bad line needs not ask again while somebody chooses.
    """
    return {
        "first": _names(first_rows(rows, at_once, silent)),
        "beside": {
            chosen: _names(first_rows([*rows[:at], *rows[at + 1 :]], at_once - 1, silent))
            for at, chosen in enumerate(_names(rows))
        },
    }


def first_rows(rows: Sequence[Row], most: int, silent: Collection[str]) -> Sequence[Row]:
    """Return the first rows up to the one by which enough of them would see it.

    Never fewer than ``most``. Nobody is looked for at any distance: the yes of a far centre would
    withdraw what is asked of the near ones, which may be reached by telephone.
    """
    most, end, seen = max(most, 0), 0, 0
    for number, row in enumerate(rows[:REACH]):
        if seen == most:
            break
        if number >= most and _care_min(row) > _care_min(rows[most - 1]) + FARTHER_MIN:
            break
        if row["facility_id"] not in silent:
            seen, end = seen + 1, number + 1
    return rows[: max(end, most)] if seen < most else rows[:end]


def _names(rows: Sequence[Row]) -> list[str]:
    return [str(row["facility_id"]) for row in rows]


def _care_min(row: Row) -> float:
    return float(str(row.get("time_to_care_min", 0.0)))
