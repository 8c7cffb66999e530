"""Who gets a case file, by rule and with the reason shown (R-CASE-01, R-CASE-02)."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.care.knowing import open_names, truth_of
from routing.care.rows import UNASSESSED, CareRules, OpeningRow, labels_of
from routing.triage.completion import complete
from routing.triage.expression import Truth, Value
from routing.triage.rows import Colour
from routing.triage.tables import PROFILES

__all__ = ["Opening", "reasons_to_open"]


@dataclass(frozen=True, slots=True)
class Opening:
    """``reasons`` open a file; ``undetermined`` may still do, ``ask`` names what would tell."""

    reasons: tuple[OpeningRow, ...]
    undetermined: tuple[OpeningRow, ...]
    ask: tuple[str, ...]

    @property
    def opens(self) -> Truth:
        """Whether a file is opened; unknown while nothing does and something still may."""
        return True if self.reasons else None if self.undetermined else False


def reasons_to_open(
    care: CareRules,
    colour: Colour | None,
    facts: Mapping[str, Value],
    *,
    purple: bool,
    profile: str | None = None,
) -> Opening:
    """Return why a case file is opened for her, and what could still be a reason.

    Parameters
    ----------
    care
        The rules; their rule set says which profile is in force.
    colour
        The standing colour, None while nobody has assessed her: then every label is undetermined.
    facts
        Stated facts as stored.
    purple
        Whether purple stands beside the colour.
    profile
        ``national`` or ``yunnan`` in place of the one in force; None keeps that.

    Returns
    -------
    Opening
        Whoever is 35 on the due date is older, whatever she is today. An unknown fact opens
        nothing, and is named.

    Raises
    ------
    ValueError
        A profile that does not exist.
    """
    if profile not in (None, *PROFILES):
        raise ValueError(f"profile {profile!r} does not exist; use one of {', '.join(PROFILES)}")
    yunnan = care.rules.yunnan_profile if profile is None else profile == "yunnan"
    known = complete(care.rules, facts, patient="maternal").known
    labels = labels_of(colour, purple=purple)
    rows = [row for row in care.opening if yunnan or not row.yunnan_only]
    truths = [_truth(row, labels, known) for row in rows]
    open_rows = tuple(row for row, truth in zip(rows, truths, strict=True) if truth is None)
    names = [name for row in open_rows for name in open_names(row.when, known)]
    return Opening(
        reasons=tuple(row for row, truth in zip(rows, truths, strict=True) if truth),
        undetermined=open_rows,
        ask=tuple(dict.fromkeys(names)),
    )


def _truth(row: OpeningRow, labels: tuple[str, ...], known: Mapping[str, Value]) -> Truth:
    if not row.labels:
        return truth_of(row.when, known)
    if set(row.labels) & set(labels):
        return True
    return None if UNASSESSED in labels else False
