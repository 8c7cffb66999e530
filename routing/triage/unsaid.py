"""Rows presumed although their leading fact was not said: silence is not taken for harmless."""

from collections.abc import Collection, Iterator

from routing.triage.emergency import Fired, presume
from routing.triage.expression import Known
from routing.triage.rows import RuleSet

__all__ = ["with_unsaid"]

_THEATRE = "CS_24H"
_SCAR_IN_LABOUR = "E-M40"
_BLOOD_LOST = "blood_lost"


def with_unsaid(
    rules: RuleSet, known: Known, fired: tuple[Fired, ...], *, trusted: Collection[str]
) -> tuple[Fired, ...]:
    """Return the rows with those that follow from what is known and what is not said.

    Parameters
    ----------
    rules
        The rule set in force.
    known
        Facts, computed ones included.
    fired
        Rows stated and presumed by R-DATA-01b.
    trusted
        Capabilities of the sender that are stated or confirmed.

    Notes
    -----
    Blood that was lost after the birth counts as still flowing until somebody says that it has
    stopped. A scarred uterus in labour where no theatre is certain goes the way of E-M40: by
    R-SCAR-03 a place without one cannot let her labour, by R-SCAR-07 she never waits there.
    """
    added = (*_blood_lost(rules, known, fired), *_scar_in_labour(rules, known, fired, trusted))
    return (*fired, *added)


def _blood_lost(rules: RuleSet, known: Known, fired: tuple[Fired, ...]) -> Iterator[Fired]:
    """Yield the bleeding rows of which only the leading fact is open."""
    there = {one.row.id for one in fired}
    for row in rules.emergencies_touched(known):
        if row.id not in rules.groups[_BLOOD_LOST] or row.id in there:
            continue
        missing = row.trigger.open_names(known)
        if missing and set(missing) <= set(row.leading.names()):
            yield Fired(row, stated=False, ask=missing, because_of=row.id)


def _scar_in_labour(
    rules: RuleSet, known: Known, fired: tuple[Fired, ...], trusted: Collection[str]
) -> Iterator[Fired]:
    labours = known.get("in_labour") is True and known.get("delivered") is not True
    if not labours or known.get("uterine_scar") is not True or _THEATRE in trusted:
        return
    if not any(one.row.never_bypass for one in fired):
        yield presume(rules, known, _SCAR_IN_LABOUR, because_of="R-SCAR-07")
