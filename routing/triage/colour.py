"""The colour of a pregnancy, with purple beside it, and what could still raise it (R-COLOUR)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.triage.completion import Completed, age_upgrade_at_edd
from routing.triage.expression import Known, Truth
from routing.triage.rows import PURPLE, Colour, ColourRow, RuleSet
from routing.triage.screening import screening_of

__all__ = ["NO_COLOUR", "ColourResult", "LeftOpen", "case_file_of", "colour_of"]

_COLOURS = tuple(Colour)


class Weighed(NamedTuple):
    """The truth of one row, and the facts that would settle it while it is unknown."""

    truth: Truth
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """The rules above a colour that are still open, and the facts that would settle them."""

    rules: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColourResult:
    """What the colour table says.

    ``colour`` and ``case_file`` are None for a newborn. ``undetermined`` are the rules above the
    colour that are still open, ``ask`` the facts that would settle them. ``incomplete`` without
    an undetermined rule is a green that only a named clinician may give (R-SCREEN-13).
    """

    colour: Colour | None
    purple: bool
    labels: tuple[str, ...]
    incomplete: bool
    undetermined: tuple[str, ...]
    ask: tuple[str, ...]
    true_rows: tuple[ColourRow, ...]
    case_file: bool | None
    age_upgrade_at_edd: bool


NO_COLOUR = ColourResult(None, False, (), False, (), (), (), None, False)


def colour_of(rules: RuleSet, completed: Completed) -> ColourResult:
    """Return the colour on the facts that are known.

    Parameters
    ----------
    rules
        The rule set in force, overlays and options included (R-COLOUR-006, R-COLOUR-011).
    completed
        Facts with the computed ones filled in.

    Returns
    -------
    ColourResult
        The highest true base row, green when there is none (R-COLOUR-001, R-COLOUR-004). An unknown
        condition never triggers; those that could raise the colour come back, red first, then
        those with the fewest unknown facts. A newborn has no colour.
    """
    if completed.patient == "newborn":
        return NO_COLOUR
    asked = frozenset(completed.known.items())
    return rules.coloured.get(asked) or rules.coloured.keep(asked, _colour_of(rules, completed))


def _colour_of(rules: RuleSet, completed: Completed) -> ColourResult:
    known = completed.known
    weighed = _weighed(rules, known)
    true_rows = tuple(rules.colours[place] for place, one in weighed.items() if one.truth)
    purple = any(row.colour == PURPLE for row in true_rows)
    rank = max((row.rank for row in true_rows if row.rank is not None), default=0)
    colour = _COLOURS[rank]
    labels = _labels(colour, purple=purple)
    left_open = _left_open(rules, weighed, rank)
    return ColourResult(
        colour=colour,
        purple=purple,
        labels=labels,
        incomplete=bool(left_open.rules) or _green_needs_a_name(rules, completed, labels),
        undetermined=left_open.rules,
        ask=left_open.ask,
        true_rows=true_rows,
        case_file=case_file_of(rules, labels, known),
        age_upgrade_at_edd=age_upgrade_at_edd(known),
    )


def _weighed(rules: RuleSet, known: Known) -> dict[int, Weighed]:
    """Return the truth of the rows of which anything is known, by their place in the table.

    All others are unknown; green has no condition and is not among them. What one row asks for is
    the same in many women.
    """
    found: dict[int, Weighed] = {}
    for place in sorted(rules.colours_touched(known)):
        row = rules.colours[place]
        asked = place, tuple([known.get(name) for name in row.names])
        found[place] = rules.weighed.get(asked) or rules.weighed.keep(asked, _weigh(row, known))
    return found


def _weigh(row: ColourRow, known: Known) -> Weighed:
    if row.condition is None:
        raise AssertionError("a row without a condition names no fact")
    truth = row.condition.truth(known)
    return Weighed(truth, row.condition.open_names(known) if truth is None else ())


def _labels(colour: Colour, *, purple: bool) -> tuple[str, ...]:
    """Return the colour and purple; purple alone where nothing else matched (R-COLOUR-002)."""
    if not purple:
        return (colour.value,)
    return (PURPLE,) if colour is Colour.GREEN else (colour.value, PURPLE)


def _left_open(rules: RuleSet, weighed: Mapping[int, Weighed], rank: int) -> LeftOpen:
    """Return the open rows above the colour: red first, then the fewest unknown facts.

    Women of whom different numbers are known leave the same rows open.
    """
    above = {
        place: one for place, one in weighed.items() if (rules.colours[place].rank or 0) > rank
    }
    asked = rank, tuple(above.items())
    return rules.left_open.get(asked) or rules.left_open.keep(asked, _open(rules, above, rank))


def _open(rules: RuleSet, weighed: Mapping[int, Weighed], rank: int) -> LeftOpen:
    found = []
    for one in rules.open_colours:
        if -one.below <= rank:
            break
        here = weighed.get(one.place)
        if here is None:
            found.append(one)
        elif here.truth is None:
            found.append(one._replace(length=len(here.ask), names=here.ask))
    found.sort()
    ask = dict.fromkeys(name for one in found for name in one.names)
    return LeftOpen(tuple(one.rule for one in found), tuple(ask))


def _green_needs_a_name(rules: RuleSet, completed: Completed, labels: tuple[str, ...]) -> bool:
    """Tell whether screening is positive though no row matched (R-SCREEN-13, R-COLOUR-009)."""
    return labels == (Colour.GREEN.value,) and screening_of(rules, completed).positive


def case_file_of(rules: RuleSet, labels: Iterable[str], known: Mapping[str, object]) -> bool:
    """Tell whether a case file is opened: R-CASE-01 by colour, R-CASE-02 by the Yunnan profile."""
    if any(rules.management[label].case_file for label in labels):
        return True
    limits = {
        "age_years": rules.numbers["case_age_years"],
        "prior_cs_count": rules.numbers["case_cs_count"],
    }
    return rules.yunnan_profile and any(
        isinstance(value := known.get(name), int | float) and value >= limit
        for name, limit in limits.items()
    )
