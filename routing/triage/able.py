"""What the sending hospital can do, with the answers to R-DEST-05 taken in."""

from collections.abc import Iterable, Mapping

from facilities.capability import Trust
from routing.triage.case import Sender
from routing.triage.expression import Known
from routing.triage.rows import Groups

__all__ = ["able_of", "codes_lacking", "holds_all", "trusted_of"]

# a theatre that can be used now has its anaesthetist; one that cannot may miss just him
_OPERATING = ("CS_24H", "ANAES_24H")
_ANSWERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sender_can_operate_now": (_OPERATING, _OPERATING),
    "sender_can_transfuse_now": (("BLOOD_RBC",), ("BLOOD_RBC", "BLOOD_MTP")),
}


def able_of(sender: Sender, known: Known) -> Mapping[str, Trust]:
    """Return the sender's capabilities; an answer given in this request overrides them."""
    answers = [(fact, known[fact]) for fact in _ANSWERS if fact in known]
    if not answers:
        return sender.capabilities
    able = dict(sender.capabilities)
    for fact, answer in answers:
        given, taken = _ANSWERS[fact]
        for code in given if answer else taken:
            if not answer:
                able.pop(code, None)
            elif able.get(code) is not Trust.CONFIRMED:
                able[code] = Trust.STATED
    return able


def trusted_of(able: Mapping[str, Trust]) -> frozenset[str]:
    """Return what is stated or confirmed: nobody is kept here on an assumption (R-DEST-05)."""
    return frozenset(code for code, trust in able.items() if trust is not Trust.ASSUMED)


def holds_all(have: Iterable[str], groups: Groups) -> bool:
    """Tell whether every group is met; ward codes of a hospital include the lower wards."""
    held = frozenset(have)
    return all(any(code in held for code in group) for group in groups)


def codes_lacking(have: Iterable[str], groups: Groups) -> frozenset[str]:
    """Return the codes of all groups that are not met."""
    held = frozenset(have)
    return frozenset(code for group in groups if not held.intersection(group) for code in group)
