"""The ways of all requests of a plan, one behind the other, and what they take of the stock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from routing.centres import Flags, Floats, Ints
from routing.plan_ways import WayTable

__all__ = ["JoinedWays"]


@dataclass(frozen=True, slots=True, eq=False)
class JoinedWays:
    """W ways of R requests.

    Parameters
    ----------
    request : shape (W,)
        The request a way belongs to, rising.
    first : shape (R + 1,)
        The first way of each request, and W.
    sort, row, tenths, position, planned_min, by_team, slack_min, fallback : shape (W,)
        As in :class:`routing.plan_ways.WayTable`.
    use : shape (W, K)
        What a way takes of each row of the stock.
    """

    request: Ints
    first: Ints
    sort: Ints
    row: Ints
    tenths: Ints
    position: Ints
    planned_min: Floats
    by_team: Flags
    slack_min: Floats
    fallback: Flags
    use: sparse.csr_matrix

    @classmethod
    def of(cls, tables: Sequence[WayTable], *, rows: int) -> "JoinedWays":
        """Put tables behind each other; ``rows`` is K."""
        first = np.cumsum([0, *(table.size for table in tables)])
        ways = [table.use_way + n for table, n in zip(tables, first.tolist(), strict=False)]
        use = sparse.csr_matrix(
            (
                _ints([table.use_amount for table in tables]),
                (_ints(ways), _ints([table.use_row for table in tables])),
            ),
            shape=(int(first[-1]), rows),
        )
        return cls(
            request=np.repeat(np.arange(len(tables)), np.diff(first)),
            first=first,
            sort=_ints([table.sort for table in tables]),
            row=_ints([table.row for table in tables]),
            tenths=_ints([table.tenths for table in tables]),
            position=_ints([table.position for table in tables]),
            planned_min=_floats([table.planned_min for table in tables]),
            by_team=_ints([table.by_team for table in tables]).astype(np.bool_),
            slack_min=_floats([table.slack_min for table in tables]),
            fallback=_ints([table.fallback for table in tables]).astype(np.bool_),
            use=use,
        )

    @property
    def size(self) -> int:
        """W, the number of ways."""
        return int(self.request.size)


def _floats(parts: Sequence[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])


def _ints(parts: Sequence[Ints] | Sequence[Flags]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
