"""Remarks that must be seen beside an answer and change nothing in it."""

from collections.abc import Iterator, Mapping

from app.words import Words
from routing.triage.rows import RuleSet

__all__ = ["HIGH_ROUTE_M", "remarks_of"]

HIGH_ROUTE_M = 3_000
"""R-ALT-02 (status D): a newborn on oxygen on a route above this; its escort is warned."""

Record = Mapping[str, object]
ALTITUDE, SATURATION, OXYGEN = "altitude_m", "spo2", "neonate_on_oxygen"


def remarks_of(rules: RuleSet, facts: Record, assessment: Record, words: Words) -> tuple[str, ...]:
    """Return the remarks on one answered request, in words.

    Parameters
    ----------
    rules : RuleSet
        Its score rows say where altitude changes a limit.
    facts : Mapping[str, object]
        The facts of the request as they were stated.
    assessment : Mapping[str, object]
        The assessment of contract.md 2.1.
    words : Words
        The language of the reader.
    """
    missed = [words.t("remarks.cooling_missed")] if assessment["cooling_window_missed"] else []
    return (*_saturation(rules, facts, assessment, words), *_oxygen(facts, words), *missed)


def _number(facts: Record, name: str) -> float | None:
    value = facts.get(name)
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(str(value)) if known else None


def _saturation(rules: RuleSet, facts: Record, assessment: Record, words: Words) -> Iterator[str]:
    """Say that a saturation is read against the limit of high altitude (R-MEWC-09)."""
    altitude, saturation = _number(facts, ALTITUDE), _number(facts, SATURATION)
    scores = assessment["scores"]
    assert isinstance(scores, Mapping)  # noqa: S101  contract.md 2.1
    if altitude is None or saturation is None or scores["mewc"] is None:
        return
    # With a faultless saturation the exception of the row speaks of the altitude alone.
    highest = rules.facts[SATURATION].maximum or 100
    place = {ALTITUDE: altitude, SATURATION: highest}
    for row in rules.scores:
        if row.score == "mewc" and row.parameter == SATURATION and row.unless is not None:
            if row.unless.truth(place):
                yield words.t("remarks.high_altitude", m=f"{altitude:g}", spo2=f"{saturation:g}")
            return


def _oxygen(facts: Record, words: Words) -> Iterator[str]:
    """Warn the escort: the data know no heights of routes, so an unknown one may be high."""
    if facts.get(OXYGEN) is not True:
        return
    altitude = _number(facts, ALTITUDE)
    if altitude is None or altitude >= HIGH_ROUTE_M:
        yield words.t("remarks.oxygen_route", m=HIGH_ROUTE_M)
