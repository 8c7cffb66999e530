"""What makes an invented woman yellow, orange or red, and what everybody is asked.

Each story is a weight, the weeks from which it can be, and what differs from a healthy woman. Which
colour it makes is not said here: :mod:`routing.triage` says it, and a story that gives another
colour than the one it stands under fails its test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from routing.triage.expression import Value
from routing.triage.facts import FactType
from routing.triage.rows import Colour, RuleSet

__all__ = ["PURPLE", "SCARS", "STORIES", "Facts", "Story", "healthy"]

Facts: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Story:
    """One thing that is not as in a healthy woman; ``parous``: only who has given birth before."""

    weight: int
    facts: Facts
    from_weeks: int = 0
    parous: bool = False


def _story(weight: int, *, weeks: int = 0, parous: bool = False, **facts: Value) -> Story:
    return Story(weight, MappingProxyType(facts), weeks, parous)


STORIES: Mapping[Colour, tuple[Story, ...]] = {
    Colour.YELLOW: (
        _story(20, bmi=26.2),
        _story(12, bmi=17.9),
        _story(22, hb_g_l=98.0),
        _story(8, hbsag_positive=True, liver_function="normal"),
        _story(10, diabetes="no_drug", weeks=24),
        _story(8, thyroid_disease="no_drug"),
        _story(6, hdp="gestational_htn", hypertension=True, weeks=20),
        _story(5, fetus_count=2),
        _story(5, parous=True, prior_preterm_birth=True),
        _story(5, abortion_count=3),
        _story(4, fibroid_max_cm=5.5),
        _story(4, placenta_position="low_lying", weeks=28),
        _story(4, malpresentation=True, weeks=36),
        _story(4, art_pregnancy=True),
        _story(3, plt_1e9_l=82.0, bleeding_tendency=False),
        _story(3, fgr=True, weeks=28),
        _story(3, oligohydramnios=True, weeks=28),
        _story(2, prior_ectopic=True),
    ),
    Colour.ORANGE: (
        _story(28, bmi=29.4),
        _story(14, diabetes="drug_treated", weeks=24),
        _story(12, thyroid_disease="drug_treated"),
        _story(6, placenta_position="praevia", weeks=28),
        _story(6, hb_g_l=54.0),
        _story(6, asthma="on_treatment"),
        _story(5, plt_1e9_l=42.0),
        _story(4, liver_function="abnormal_unexplained"),
        _story(4, autoimmune_state="low_dose_steroid_inactive"),
        _story(4, nyha_class=2, heart_disease="chd_simple", cardiac_meds_needed=True),
        _story(3, psychosis="remission"),
        _story(3, kidney_disease=True, creatinine_ratio_uln=1.3),
        _story(2, pulmonary_hypertension=True, pap_mmhg=42.0),
        _story(2, fetus_count=3),
    ),
    Colour.RED: (
        _story(3, heart_disease="chd_complex", nyha_class=3),
        _story(2, pulmonary_hypertension=True, pap_mmhg=68.0),
        _story(2, plt_1e9_l=24.0),
        _story(2, kidney_disease=True, creatinine_ratio_uln=1.9),
        _story(1, epilepsy_type="generalised"),
        _story(1, autoimmune_state="active"),
    ),
}
"""Age and scar come beside these: who gets them is counted out, see :mod:`.inventing`."""


def _scar(weight: int, caesareans: int, months: float, *, weeks: int = 0, **more: Value) -> Story:
    """Return a scar; months from the last operation to the last menstrual period."""
    facts: dict[str, Value] = {
        "uterine_scar": True,
        "prior_cs_count": caesareans,
        "uterine_surgery_count": caesareans,
        "parity": caesareans,
        "months_since_last_uterine_surgery": months,
    }
    return Story(weight, MappingProxyType(facts | more), weeks)


SCARS: Mapping[Colour, tuple[Story, ...]] = {
    Colour.YELLOW: (_scar(3, 1, 30.0), _scar(4, 1, 52.0), _scar(2, 1, 88.0)),
    Colour.ORANGE: (_scar(3, 2, 41.0), _scar(2, 1, 11.0), _scar(2, 1, 16.0)),
    Colour.RED: (
        _scar(1, 1, 40.0, weeks=28, placenta_position="praevia", placenta_over_scar=True),
    ),
}
"""After a caesarean; the red one is the placenta that lies over the scar."""

PURPLE: tuple[Story, ...] = (
    _story(6, syphilis=True),
    _story(4, viral_hepatitis_active=True),
    _story(3, hiv=True),
    _story(2, tuberculosis=True),
)

NUMBERS: Facts = MappingProxyType(
    {
        "height_cm": 157.0,
        "bmi": 21.6,
        "fetus_count": 1,
        "parity": 0,
        "abortion_count": 0,
        "prior_cs_count": 0,
        "uterine_surgery_count": 0,
        "fibroid_max_cm": 0.0,
        "ovarian_cyst_max_cm": 0.0,
        "hb_g_l": 118.0,
        "plt_1e9_l": 205.0,
        "nyha_class": 1,
        "lvef_pct": 64.0,
        "pap_mmhg": 22.0,
        "mitral_valve_area_cm2": 0.0,
        "aortic_stenosis_gradient_mmhg": 0.0,
        "creatinine_ratio_uln": 0.7,
    }
)
"""Of a healthy woman; an area of 0 is how the dictionary says that there is no stenosis."""


def healthy(rules: RuleSet) -> Facts:
    """Return the answers of a woman in whom nothing was found, to everything a colour asks for.

    A green is final only where nothing is left unknown, so all of it is answered.
    """
    names = {name for row in rules.colours if row.rank is not None for name in row.names}
    found: dict[str, Value] = dict(NUMBERS)
    for name in sorted(names):
        fact = rules.facts[name]
        if fact.type is FactType.BOOL:
            found[name] = False
        elif fact.type is FactType.ENUM:
            found[name] = fact.values[0]
    return MappingProxyType(found)
