"""Whether a woman with a caesarean behind her may try to give birth vaginally, and where.

R-SCAR-02, R-SCAR-03, R-SCAR-05, R-SCAR-08: criterion by criterion, with what is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from facilities.capability import Trust
from geodata.check import Fault
from geodata.errors import RefusedInputError
from routing.care.rows import CareRules
from routing.care.rows_deciding import TrialKind, TrialRow
from routing.triage.completion import complete
from routing.triage.expression import Known, Truth, Value
from routing.triage.facts import FactValueError, read_value

__all__ = [
    "SITE_ROW",
    "Criterion",
    "Site",
    "State",
    "Trial",
    "Verdict",
    "read_trial_facts",
    "site_of",
    "trial_of",
]

SITE_ROW = "E-M28"
"""The row of ``destination_requirements.csv`` that says what a site must have (R-SCAR-05)."""


class State(StrEnum):
    """How a criterion stands."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What all criteria say together; ``not_eligible`` forbids nothing and lacks something."""

    CONTRAINDICATED = "contraindicated"
    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"
    ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; ``met`` always speaks for the trial. ``ask`` would settle an unknown one."""

    row: TrialRow
    state: State
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The verdict with everything behind it.

    ``raises`` and ``lowers`` are rows that are true and change the risk of rupture: shown, and
    deciding nothing (R-SCAR-08). An eligible woman tries at an eligible site only.
    """

    verdict: Verdict
    criteria: tuple[Criterion, ...]
    raises: tuple[TrialRow, ...]
    lowers: tuple[TrialRow, ...]

    @property
    def ask(self) -> tuple[str, ...]:
        """Everything that is asked, each once."""
        return tuple(dict.fromkeys(name for one in self.criteria for name in one.ask))


@dataclass(frozen=True, slots=True)
class Site:
    """Whether a hospital can hold a trial of labour, what it lacks, and what is only assumed."""

    state: State
    lacks: tuple[str, ...]
    assumed: tuple[str, ...]


def read_trial_facts(care: CareRules, stated: Mapping[str, object]) -> Mapping[str, Value]:
    """Return stated facts of ``rules/trial_facts.csv`` as they are stored.

    Raises
    ------
    RefusedInputError
        A name that is no such fact, or a value that does not fit; every fault is listed.
    """
    found: dict[str, Value] = {}
    faults = []
    for name, value in stated.items():
        if name not in care.trial_facts:
            allowed = " | ".join(care.trial_facts)
            faults.append(Fault("request", None, name, str(value)[:60], "unknown_fact", allowed))
            continue
        try:
            found[name] = read_value(care.trial_facts[name], value)
        except FactValueError as error:
            shown = str(value)[:60]
            faults.append(Fault("request", None, name, shown, error.code, error.expected))
    if faults:
        raise RefusedInputError("trial of labour", faults)
    return MappingProxyType(found)


def trial_of(
    care: CareRules, facts: Mapping[str, Value], trial_facts: Mapping[str, Value]
) -> Trial:
    """Return what the criteria say of a woman.

    Parameters
    ----------
    facts
        Facts of the dictionary, as stored.
    trial_facts
        Facts of ``rules/trial_facts.csv``, as :func:`read_trial_facts` returns them.

    Returns
    -------
    Trial
        One true contraindication decides. Then one need that is not met. Then anything unknown
        leaves it undetermined: nobody is eligible by silence.
    """
    known = {**complete(care.rules, facts, patient="maternal").known, **trial_facts}
    criteria = tuple(
        _criterion(row, known)
        for row in care.trial
        if row.kind in (TrialKind.NEEDS, TrialKind.FORBIDS)
    )
    shown = [row for row in care.trial if row.condition.truth(known) is True]
    return Trial(
        verdict=_verdict(criteria),
        criteria=criteria,
        raises=tuple(row for row in shown if row.kind is TrialKind.RAISES),
        lowers=tuple(row for row in shown if row.kind is TrialKind.LOWERS),
    )


def _criterion(row: TrialRow, known: Known) -> Criterion:
    truth: Truth = row.condition.truth(known)
    if truth is None:
        return Criterion(row, State.UNKNOWN, row.condition.open_names(known))
    speaks_for = truth is (row.kind is TrialKind.NEEDS)
    return Criterion(row, State.MET if speaks_for else State.NOT_MET, ())


def _verdict(criteria: tuple[Criterion, ...]) -> Verdict:
    failed = [one.row.kind for one in criteria if one.state is State.NOT_MET]
    if TrialKind.FORBIDS in failed:
        return Verdict.CONTRAINDICATED
    if failed:
        return Verdict.NOT_ELIGIBLE
    if any(one.state is State.UNKNOWN for one in criteria):
        return Verdict.UNDETERMINED
    return Verdict.ELIGIBLE


def site_of(care: CareRules, capabilities: Mapping[str, Trust]) -> Site:
    """Return whether a hospital has on site what a trial of labour needs (R-SCAR-05).

    What is merely assumed of it makes it unknown: the road cannot meet the time limit.
    """
    groups = care.rules.emergencies[SITE_ROW].required
    trusted = {code for code, trust in capabilities.items() if trust is not Trust.ASSUMED}
    short = [group for group in groups if not set(group) & trusted]
    lacks = tuple("|".join(group) for group in short if not set(group) & capabilities.keys())
    assumed = tuple("|".join(group) for group in short if set(group) & capabilities.keys())
    if lacks:
        return Site(State.NOT_MET, lacks, assumed)
    return Site(State.UNKNOWN if assumed else State.MET, (), assumed)
