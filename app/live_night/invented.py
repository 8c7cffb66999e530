"""Who falls ill in an invented night: where by births, with what by a short list.

Nobody here was ever anybody: no name, no age, no address; only facts of the data dictionary.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from app.engine import Engine

__all__ = ["Invented", "night"]

EMERGENCIES_PER_BIRTH = 0.03
"""About so many a birth ask for another hospital: near-misses and sick newborns (assumed)."""
NIGHT_MIN = 600.0
YEAR_MIN = 365 * 24 * 60.0

STORIES: tuple[tuple[int, Mapping[str, object]], ...] = (
    (5, {"delivered": True, "pph_ongoing": True, "pph_ml": 1200, "hr": 118, "sbp": 96}),
    (5, {"hdp": "preeclampsia_severe", "gestational_age_weeks": "33+1", "sbp": 166}),
    (4, {"gestational_age_weeks": "31+0", "preterm_labour": True, "fetus_count": 1}),
    (4, {"neo_ga_weeks": 30, "birth_weight_g": 1350, "needs_cpap": True}),
    (3, {"neo_ga_weeks": 38, "birth_weight_g": 3000, "neonatal_sepsis": True}),
    (2, {"antepartum_bleeding": True, "placenta_position": "praevia"}),
    (2, {"clinician_says_critical": True, "gestational_age_weeks": "36+0"}),
    (2, {"clinician_says_critical_newborn": True, "birth_weight_g": 2400}),
    (1, {"hdp": "eclampsia", "gestational_age_weeks": "36+4"}),
    (1, {"maternal_sepsis": True, "delivered": True, "temp": 39.2}),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """One who is ill: minutes into the night, where, and with what."""

    at_min: float
    facility_id: str
    facts: Mapping[str, object]


def night(engine: Engine, rng: Random) -> Iterator[Invented]:
    """Yield the patients of one night in their order; the first asks as it begins."""
    counties = [one for one in engine.registry.divisions.counties if engine.senders(one.adcode)]
    births = [one.births for one in counties]
    mean = YEAR_MIN / (sum(births) * EMERGENCIES_PER_BIRTH)
    at = 0.0
    while at < NIGHT_MIN:
        (county,) = rng.choices(counties, births)
        (facts,) = rng.choices([story for _, story in STORIES], [weight for weight, _ in STORIES])
        sender = rng.choice(engine.senders(county.adcode))
        yield Invented(at, sender.facility_id, facts)
        at += rng.expovariate(1 / mean)
