"""What a new assessment does to the colour that stands (R-COLOUR-005, R-SCREEN-13).

It rises at once. It never falls by itself: a named clinician says so with a reason, and not below
what age, height and history give, nor while the reason for the standing colour is merely unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from routing.care.rows import CareRules
from routing.triage.colour import ColourResult, colour_of
from routing.triage.completion import complete
from routing.triage.expression import Value
from routing.triage.rows import PURPLE, Colour, ColourRow

__all__ = ["Change", "Label", "Outcome", "Refusal", "Word", "standing_after"]

Facts: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Label:
    """A colour with purple beside it; no colour while nobody has assessed her fully."""

    colour: Colour | None
    purple: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Who takes it on her to lower a colour or to call a positive woman green, and why."""

    clinician: str
    reason: str


class Outcome(StrEnum):
    """What became of the standing label."""

    UNLABELLED = "unlabelled"
    FIRST = "first"
    RAISED = "raised"
    SAME = "same"
    KEPT = "kept"
    LOWERED = "lowered"


class Refusal(StrEnum):
    """Why a lower label does not stand."""

    NOBODY_NAMED = "nobody_named"
    NO_REASON = "no_reason"
    FIXED_FACTOR = "fixed_factor"
    STILL_UNKNOWN = "still_unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """The label that stands now; ``found`` is what the table says of the new facts alone.

    ``refused`` tells why nothing lower stands, ``rules`` the rows behind a fixed factor or behind
    what is still unknown.
    """

    outcome: Outcome
    label: Label
    found: ColourResult
    refused: tuple[Refusal, ...] = ()
    rules: tuple[str, ...] = ()


def standing_after(
    care: CareRules,
    facts: Facts,
    *,
    standing: Label | None = None,
    earlier: Sequence[Facts] = (),
    word: Word | None = None,
) -> Change:
    """Return the label that stands after an assessment.

    Parameters
    ----------
    facts
        Facts of the new assessment as stored.
    standing
        The label that stands; None before the first assessment.
    earlier
        Facts of the assessments of this pregnancy so far, without those that were entered in error.
    word
        Of a clinician who wants the lower label to stand.

    Returns
    -------
    Change
        The colour and purple each keep the higher of what stood and what was found, unless a word
        lowers them. A word is not needed, and does nothing, where nothing is lower.
    """
    found = _colour(care, facts)
    new = Label(found.colour, found.purple)
    before = standing or Label(None, purple=False)
    if before.colour is None and _unlabelled(found):
        return _green_by_name(found, before, word)
    higher = Label(_higher(before.colour, new.colour), before.purple or new.purple)
    if higher != before:
        outcome = Outcome.FIRST if before.colour is None else Outcome.RAISED
        return Change(outcome, higher, found)
    if new == before:
        return Change(Outcome.SAME, before, found)
    return _lowered(care, facts, before, found, earlier, word)


def _colour(care: CareRules, facts: Facts) -> ColourResult:
    return colour_of(care.rules, complete(care.rules, facts, patient="maternal"))


def _unlabelled(found: ColourResult) -> bool:
    """Tell whether green is all there is and not complete (R-COLOUR-004)."""
    return found.incomplete and found.labels == (Colour.GREEN.value,)


def _green_by_name(found: ColourResult, before: Label, word: Word | None) -> Change:
    """Let a name call a positive woman green, but not what nobody has looked at (R-SCREEN-13)."""
    refused = list(_unsaid(word))
    if found.undetermined:
        refused.append(Refusal.STILL_UNKNOWN)
    if refused:
        return Change(Outcome.UNLABELLED, before, found, tuple(refused), rules=found.undetermined)
    return Change(Outcome.FIRST, Label(Colour.GREEN, before.purple), found)


def _higher(one: Colour | None, other: Colour | None) -> Colour | None:
    return max((c for c in (one, other) if c is not None), key=lambda c: c.rank, default=None)


def _lowered(
    care: CareRules,
    facts: Facts,
    before: Label,
    found: ColourResult,
    earlier: Sequence[Facts],
    word: Word | None,
) -> Change:
    """Lower as far as the word may; what was found is lower than what stands."""
    floors = [_colour(care, _fixed(care, one)) for one in (*earlier, facts)]
    floor = Label(
        _higher(found.colour, max((f.colour for f in floors if f.colour), key=lambda c: c.rank)),
        found.purple or any(f.purple for f in floors),
    )
    unknown = _still_unknown(care, before, floor, facts, earlier)
    refused = list(_unsaid(word))
    rules = list(unknown)
    if floor == before:
        refused.append(Refusal.FIXED_FACTOR)
        rules += [row.info.id for f in floors for row in f.true_rows if _holds(row, before)]
    if unknown:
        refused.append(Refusal.STILL_UNKNOWN)
    if refused:
        return Change(Outcome.KEPT, before, found, tuple(refused), tuple(dict.fromkeys(rules)))
    return Change(Outcome.LOWERED, floor, found)


def _unsaid(word: Word | None) -> Sequence[Refusal]:
    found = []
    if word is None or not word.clinician.strip():
        found.append(Refusal.NOBODY_NAMED)
    if word is None or not word.reason.strip():
        found.append(Refusal.NO_REASON)
    return found


def _fixed(care: CareRules, facts: Facts) -> Facts:
    """Return the facts that cannot get better in the same pregnancy."""
    fixed = {row.fact for row in care.fixed}
    return {name: value for name, value in facts.items() if name in fixed}


def _holds(row: ColourRow, label: Label) -> bool:
    """Tell whether a row gives this colour or its purple."""
    return row.colour == label.colour or (label.purple and row.colour == PURPLE)


def _still_unknown(
    care: CareRules, before: Label, after: Label, facts: Facts, earlier: Sequence[Facts]
) -> tuple[str, ...]:
    """Return rows above the lower label that were true once and that nobody answered now."""
    known = complete(care.rules, facts, patient="maternal").known
    once = [row for one in earlier for row in _colour(care, one).true_rows]
    return tuple(
        dict.fromkeys(
            row.info.id
            for row in once
            if row.condition is not None
            and row.condition.truth(known) is None
            and _above(row, before, after)
        )
    )


def _above(row: ColourRow, before: Label, after: Label) -> bool:
    """Tell whether a row gives more than the lower label: a colour above it, or purple."""
    if row.rank is None:
        return before.purple and not after.purple
    return after.colour is None or row.rank > after.colour.rank
