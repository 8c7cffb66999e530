"""Facts and senders drawn at random for the property tests."""

from dataclasses import replace

from hypothesis import strategies as st

from facilities.capability import Trust, load_capabilities
from facilities.centre import Grade, MaternalLevel
from routing.triage.completion import complete
from routing.triage.facts import Fact, FactType
from routing.triage.rows import Patient
from tests.routing.triage.cases import NO_SENDER, case, rules, sender

# near the thresholds of the tables, so that both sides of each are met
_EDGES = {
    "gestational_age_weeks": ("23+6", "24+0", "27+6", "28+0", "31+6", "33+6", "34+0", "37+0"),
    "neo_ga_weeks": ("27+6", "28+0", "31+6", "34+6", "35+0", "36+0", "39+0"),
    "birth_weight_g": (999, 1000, 1499, 1999, 2500),
    "pph_ml": (0, 300, 500, 1500),
    "shock_index": (0.7, 0.9, 1.4),
    "plt_1e9_l": (29, 30, 200),
    "pap_mmhg": (40, 50),
    "nyha_class": (1, 3),
    "sbp": (110, 159, 160),
    "dbp": (70, 110),
    "gcs": (8, 9, 15),
    "cervix_cm": (2, 5, 6),
    "parity": (0, 1),
    "prior_cs_count": (0, 1, 2),
    "minutes_to_birth_estimate": (10, 60, 200),
    "eta_min": (10, 60, 200),
    "fetus_count": (1, 2),
    "age_hours": (1, 5, 7),
    "oxygenation_index": (20, 40),
}
_STATE = ("delivered", "fetus_viable_care_wished", "gcs", "airway_secured", "seizure_controlled")
_BIRTH = ("urge_to_push", "cervix_cm", "parity", "minutes_to_birth_estimate", "eta_min")


def _names(*kinds):
    rows = [row for row in rules().emergencies.values() if row.patient in kinds]
    found = {name for row in rows for name in (*row.trigger.names(), *row.leading.names())}
    return sorted(found - {"mewc_triggered_unresolved"})


MATERNAL = (*_names(Patient.MATERNAL, Patient.IN_UTERO), *_STATE, *_BIRTH, "fetus_count")
NEWBORN = (*_names(Patient.NEONATE), "birth_weight_g", "newborn_stabilised", "tension_relieved")


def values(fact: Fact):
    if fact.name in _EDGES:
        return st.sampled_from(_EDGES[fact.name])
    if fact.type is FactType.BOOL:
        return st.booleans()
    assert fact.type is FactType.ENUM, fact.name
    return st.sampled_from(fact.values)


def facts(names, *, most=7):
    """Draw up to ``most`` facts with their values."""
    picked = st.lists(st.sampled_from(sorted(set(names))), max_size=most, unique=True)
    return picked.flatmap(
        lambda chosen: st.fixed_dictionaries({n: values(rules().facts[n]) for n in chosen})
    )


def senders():
    """Draw a hospital that is not given, or has any capabilities at any trust."""
    trusts = st.dictionaries(st.sampled_from(sorted(load_capabilities())), st.sampled_from(Trust))
    everything = st.sampled_from(Trust).map(lambda t: dict.fromkeys(load_capabilities(), t))
    mixed = st.one_of(trusts, everything, _nearly_everything())
    return st.one_of(st.just(NO_SENDER), st.builds(_sender, mixed, st.sampled_from(MaternalLevel)))


def _nearly_everything():
    codes = sorted(load_capabilities())
    weak = st.lists(st.sampled_from(codes), max_size=3)
    return weak.map(
        lambda some: {c: Trust.ASSUMED if c in some else Trust.CONFIRMED for c in codes}
    )


def _sender(capabilities, level):
    plain = sender(level=level, grade=Grade.G3)
    return replace(plain, capabilities=capabilities)


def leads(row, asked):
    """Tell whether the leading fact of a row is true in a case."""
    known = complete(rules(), asked.facts, patient=asked.patient).known
    return row.leading.truth(known) is True


def without(drawn, name):
    return {key: value for key, value in drawn.items() if key != name}


__all__ = ["MATERNAL", "NEWBORN", "case", "facts", "leads", "senders", "without"]
