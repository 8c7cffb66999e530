"""How many of the invented women are what: reference values of the rules, the rest assumed."""

from collections.abc import Mapping

from routing.triage.rows import Colour

__all__ = [
    "BOOKED",
    "BORN_ELSEWHERE",
    "COLOURS",
    "CONSENTED",
    "COUNSELLED",
    "FAR_FROM_HOME",
    "FROM_35",
    "IN_LABOUR_EARLY",
    "LANGUAGES",
    "LOOKED_FOR_SAC",
    "MULTIPARA",
    "NEVER_ASSESSED",
    "PLANNED_WITH_CENTRE",
    "PREVIOUS_CAESAREAN",
    "PURPLE",
    "REFUSES",
    "REGISTERED_LATE",
    "REPORTED",
    "SEEN_AGAIN",
    "TRIES_LABOUR",
    "VERIFIED",
    "VISIT_MISSED",
    "WITHOUT_CLINICIAN",
]

COLOURS: Mapping[Colour, float] = {
    Colour.GREEN: 0.40,
    Colour.YELLOW: 0.49,
    Colour.ORANGE: 0.10,
    Colour.RED: 0.01,
}
"""R-REFVAL-03, a planning default from what four cities saw (R-REFVAL-01)."""
PURPLE = 0.05
"""R-REFVAL-03, beside any colour."""
FROM_35 = 0.133
"""R-REFVAL-01."""
MULTIPARA = 0.474
"""R-REFVAL-01."""
PREVIOUS_CAESAREAN = 0.16
"""Assumed: a third of those who have given birth before; R-REFVAL-02 names a scar first of all
that makes a woman yellow, and gives no share."""
IN_LABOUR_EARLY = 0.061
"""R-REFVAL-05: births before 37+0."""
REGISTERED_LATE = 0.15
FAR_FROM_HOME = 0.10
"""Who lives in another county than that of her household (assumed)."""
NEVER_ASSESSED = 0.04
"""Screened positive and, though it is time, not yet seen by who may assess (assumed)."""
VISIT_MISSED = 0.07
BOOKED = 0.6
"""Of those with a case file from 28 weeks on (assumed)."""
CONSENTED = 0.9
"""Of those whose centre was asked; the others still wait for it (assumed)."""
REFUSES = 0.12
"""Of those with a case file: would not lodge away from home (assumed)."""
WITHOUT_CLINICIAN = 0.08
"""Who was responsible has left, and nobody is named yet (assumed)."""
SEEN_AGAIN = 0.95
"""Assessed or screened again when it was time (assumed)."""
REPORTED, PLANNED_WITH_CENTRE, COUNSELLED = 0.85, 0.8, 0.75
"""Of those of whom it is owed (assumed)."""
LOOKED_FOR_SAC = 0.85
TRIES_LABOUR = 0.12
"""Of births after a caesarean (assumed)."""
BORN_ELSEWHERE = 0.02
VERIFIED = 0.6
"""Files of women whose home is elsewhere that their home county knows (assumed)."""

LANGUAGES: Mapping[str, float] = {
    "zh": 0.80,
    "ii": 0.05,
    "bca": 0.02,
    "hni": 0.03,
    "tdd": 0.02,
    "za": 0.02,
    "hmn": 0.02,
    "lis": 0.015,
    "lhu": 0.01,
    "wbm": 0.008,
    "my": 0.004,
    "und": 0.003,
}
"""What she speaks best (assumed; the peoples of Yunnan by the order of their numbers)."""
