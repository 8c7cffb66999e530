"""Truth of a condition on the facts of a pregnancy, with what the age alone settles."""

from routing.triage.expression import Known, Node, Truth

__all__ = ["open_names", "truth_of"]

_NOW, _AT_DUE_DATE = "age_years", "age_at_edd_years"


def truth_of(condition: Node | None, known: Known) -> Truth:
    """Return true, false or unknown; no condition is true.

    No pregnancy lasts a year: of her age now and her age on the due date the one that is unknown is
    the other one, or a year more or less, and where both say the same, that is the truth
    (R-DATA-04).
    """
    if condition is None:
        return True
    if (_AT_DUE_DATE in known) is (_NOW in known):
        return condition.truth(known)
    there, missing, step = (_NOW, _AT_DUE_DATE, 1) if _NOW in known else (_AT_DUE_DATE, _NOW, -1)
    ages = (known[there], float(known[there]) + step)
    first, second = (condition.truth({**known, missing: age}) for age in ages)
    return first if first is second else None


def open_names(condition: Node | None, known: Known) -> tuple[str, ...]:
    """Return the facts that would settle a condition which is unknown; none where it is not."""
    if condition is None or truth_of(condition, known) is not None:
        return ()
    return condition.open_names(known)
