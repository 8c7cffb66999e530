"""Minutes as a ranking shows them: rounded once, to a tenth."""

import numpy as np

from routing.centres import Floats

__all__ = ["rounded"]

_EDGE = 1e-6


def rounded(minutes: Floats) -> Floats:
    """Round to 0.1 as ``round(x, 1)`` does, infinite values kept.

    NumPy rounds ten times the value, which may differ where that ends in .5: these few are
    rounded one by one.
    """
    tenths = minutes * 10
    found: Floats = np.rint(tenths) / 10
    edge = np.zeros(len(tenths))
    np.subtract(tenths, np.floor(tenths), out=edge, where=np.isfinite(tenths))
    for row in np.flatnonzero(np.abs(edge - 0.5) < _EDGE).tolist():
        found[row] = round(float(minutes[row]), 1)
    return found
