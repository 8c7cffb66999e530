"""Whether birth is expected before she would arrive (R-HOLD-01), and whether it is safe here."""

from routing.triage.case import Eta
from routing.triage.expression import Known
from routing.triage.fetus import number_of
from routing.triage.rows import RuleSet

__all__ = ["JOURNEY_SIGNS", "birth_expected", "journey_of", "malposition", "praevia"]

JOURNEY_SIGNS = ("minutes_to_birth_estimate", "cervix_cm")
"""Signs of birth that are weighed against the journey."""


def journey_of(known: Known, eta: Eta | None) -> tuple[float | None, float | None]:
    """Return expected and high minutes of the journey: stated, else as computed.

    An unknown high estimate is the expected one.
    """
    stated, high = number_of(known, "eta_min"), number_of(known, "eta_high_min")
    if stated is None and high is None:
        return (eta.expected_min, eta.high_min) if eta else (None, None)
    if stated is None:
        return (eta.expected_min if eta else None), high
    return stated, stated if high is None else high


def birth_expected(rules: RuleSet, known: Known, eta: Eta | None) -> bool:
    """Tell whether the child is expected before arrival.

    Any one sign is enough. A journey of unknown length is at least no journey, so a birth within
    the margin counts even then; dilatation alone needs a journey known to be long enough.
    """
    if known.get("delivered") is True:
        return False
    if known.get("urge_to_push") is True:
        return True
    expected, high = journey_of(known, eta)
    to_birth = number_of(known, "minutes_to_birth_estimate")
    if to_birth is not None and to_birth < (expected or 0) + rules.numbers["urge_birth_margin_min"]:
        return True
    cervix = number_of(known, "cervix_cm")
    if cervix is None or high is None or high < rules.numbers["cervix_min_eta_high_min"]:
        return False
    first_birth = number_of(known, "parity") == 0
    return cervix >= rules.numbers["cervix_nullip_cm" if first_birth else "cervix_multip_cm"]


def malposition(known: Known) -> bool:
    """Tell whether a caesarean alone makes this birth safe (R-HOLD-01b), placenta aside."""
    return known.get("malpresentation") is True or known.get("tolac_contraindicated") is True


def praevia(known: Known) -> bool:
    """Tell whether the placenta covers the way out (R-HOLD-01b)."""
    return known.get("placenta_position") == "praevia"
