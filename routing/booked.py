"""Whether the centre that is booked for her is still the right one, and if not why (R-CASE-05).

A booked centre knows her and expects her. It stays the right one while it can do all that she
needs now and is not much later than the first of the ranking: by no more than the handicaps of
R-COST-04 could weigh together. Where nothing may be passed by on the way (R-ROUTE-04) nothing is
allowed for, and where another is in time a late one is not right.
"""

from collections.abc import Iterable

from routing.answer import Booked, Excluded, Ranked, Reason
from routing.choices import Choices

__all__ = ["booked_centre"]

DEFINITIVE = "definitive"
LATE = "late"


def booked_centre(
    found: Choices, ranking: Iterable[Ranked], excluded: Iterable[Excluded]
) -> Booked | None:
    """Judge the booked centre of a request against its ranking.

    Parameters
    ----------
    found
        What the request may do; it names the booked centre, or none.
    ranking, excluded
        The rows of the answer, each facility once in one of both.

    Returns
    -------
    Booked or None
        None where none is booked. ``right`` is what to say first; ``because`` holds the reasons
        against it, and the first stop on the way to it.
    """
    wanted = found.question.request.booked_facility
    if wanted is None:
        return None
    rows = tuple(ranking)
    for row in rows:
        if row.facility_id == wanted:
            return _ranked(found, rows, row)
    against = next(entry for entry in excluded if entry.facility_id == wanted)
    return Booked(wanted, right=False, rank=None, later_min=None, because=against.reasons)


def _ranked(found: Choices, rows: tuple[Ranked, ...], row: Ranked) -> Booked:
    if row.role != DEFINITIVE:
        return Booked(row.facility_id, right=True, rank=row.rank, later_min=0.0, because=())
    first = next(one for one in rows if one.role == DEFINITIVE)
    against = tuple(_against(found, first, row))
    stops = tuple(one.facility_id for one in rows if one.role != DEFINITIVE)
    on_the_way = (Reason("first_stop", stops),) if stops else ()
    later = round(row.time_to_care_min - first.time_to_care_min, 1)
    return Booked(
        row.facility_id,
        right=not against,
        rank=row.rank,
        later_min=later,
        because=(*against, *on_the_way),
    )


def _against(found: Choices, first: Ranked, row: Ranked) -> Iterable[Reason]:
    """Yield what speaks against a centre that is ranked, beside the first of the ranking."""
    if row.facility_id == first.facility_id:
        return
    beside = (first.facility_id,)
    if row.within == LATE and first.within != LATE:
        yield Reason("late", beside)
    if row.over_capacity and not first.over_capacity:
        yield Reason("over_capacity", beside)
    more = tuple(code for code in row.lacks if code not in first.lacks)
    if more:
        yield Reason("lacks_preferred", more)
    if row.cost_min - first.cost_min > _allowed(found, first):
        yield Reason("another_sooner", beside)


def _allowed(found: Choices, first: Ranked) -> float:
    """Return how many minutes a booking may weigh; none where nothing may be passed by."""
    if found.assessed.need.never_bypass:
        return 0.0
    prices = found.question.prices
    return max(prices.preference_cap_min, prices.preference_cap_share * first.time_to_care_min)
