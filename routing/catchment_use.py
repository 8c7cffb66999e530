"""Which centres count as the catchment of a request (R-CATCH-02, R-COST-04)."""

import numpy as np

from facilities.catchment import CatchmentKind
from routing.centres import Flags
from routing.question import Question
from routing.triage.need import RoutingNeed

__all__ = ["inside_catchment"]


def inside_catchment(question: Question, need: RoutingNeed, feasible: Flags) -> tuple[Flags, bool]:
    """Return the centres of the first rank with a feasible centre, and whether it is assumed.

    Parameters
    ----------
    feasible : shape (F,)
        Centres against which nothing stands.

    Returns
    -------
    tuple
        Shape (F,), all false where no rank has a feasible centre.
    """
    kind: CatchmentKind = "N" if need.patient == "newborn" else "M"
    inside = np.zeros(question.centres.size, np.bool_)
    ranks = question.network.catchment(question.request.origin_county, kind, question.day)
    for rows, assumed in ranks:
        if feasible[rows].any():
            inside[rows] = True
            return inside, assumed
    return inside, False
