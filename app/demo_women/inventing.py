"""Women of a whole province, counted out by births, ages, scars and colours; same seed, same women.

How many are what is counted out and then shuffled, not thrown for each woman: with 3,000 of them a
share of one in a hundred would otherwise be one and a half as often as not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import TypeVar

from app.demo_women import shares
from app.demo_women.stories import PURPLE, SCARS, STORIES, Facts, Story, healthy
from geodata.divisions import Divisions
from routing.triage.colour import ColourResult, colour_of
from routing.triage.completion import complete
from routing.triage.expression import Value
from routing.triage.rows import Colour, RuleSet

__all__ = ["AtHome", "InventedWoman", "counted_out", "invent"]

TERM = 280
POSTPARTUM = 42
FIRST_SEEN = (42, 91)
"""Days of pregnancy when she is registered, as long as she does not come late."""
LATE = (92, 175)
PRETERM, AT_TERM = (217, 258), (259, 289)
YOUNG, OLDER, OLDEST = (19, 34), (35, 39), (35, 43)
AGE_LIMITS = (35, 40)
ALWAYS_ASKED = frozenset(
    {
        "age_years",
        "bmi",
        "fetus_count",
        "hb_g_l",
        "height_cm",
        "parity",
        "plt_1e9_l",
        "prior_cs_count",
    }
)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class InventedWoman:
    """One pregnancy.

    Parameters
    ----------
    number : int
        From 1; everything that names her is made of it.
    facts : Mapping[str, Value]
        Everything a colour asks for, answered; as stored.
    told : frozenset[str]
        The facts another system would send: what was found, and what everybody is asked.
    found : ColourResult
        What :mod:`routing.triage` says to the facts.
    birth_day : int
        Day of pregnancy on which she gives birth, or gave.
    from_day : int
        Day of pregnancy from which all that makes her colour can be seen.
    """

    number: int
    county: str
    home_county: str
    language: str
    birth_date: date
    due_date: date
    registered_on: date
    birth_day: int
    from_day: int
    facts: Mapping[str, Value]
    told: frozenset[str]
    found: ColourResult
    refuses_lodging: bool

    @property
    def colour(self) -> Colour:
        """Her colour; a woman always has one."""
        assert self.found.colour is not None  # noqa: S101  only a newborn has none
        return self.found.colour

    @property
    def delivered_on(self) -> date:
        """The day of the birth, past or to come."""
        return self.due_date + timedelta(days=self.birth_day - TERM)

    def day_of_pregnancy(self, day: date) -> int:
        """Return how many days pregnant she is on a day."""
        return TERM - (self.due_date - day).days


@dataclass(frozen=True, slots=True)
class AtHome:
    """A county that has at least so many of the women, or all of them where there are fewer."""

    county: str
    least: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is counted out for a woman before she is invented."""

    colour: Colour
    purple: bool
    scar: bool
    from_35: bool
    parous: bool
    late: bool
    preterm: bool
    away: bool
    refuses: bool
    county: str
    language: str


def invent(
    rules: RuleSet,
    divisions: Divisions,
    *,
    today: date,
    count: int = 3_000,
    seed: int = 0,
    at_home: AtHome | None = None,
) -> tuple[InventedWoman, ...]:
    """Return invented women.

    Parameters
    ----------
    rules : RuleSet
        Gives the colours.
    divisions : Divisions
        Women are spread over its counties by births.
    today : date
        All of them are pregnant on this day, or have given birth in the six weeks before.
    at_home : AtHome | None
        A county that is to have some whatever its births: women of other counties live there then,
        of every colour as the province has them.

    Returns
    -------
    tuple[InventedWoman, ...]
        In the proportions of :mod:`app.demo_women.shares`, exact to one woman each; by county
        but for ``at_home``.
    """
    rng = Random(seed)  # noqa: S311  a demonstration, no secret
    well = healthy(rules)
    counties = {one.adcode: float(one.births) for one in divisions.counties}
    drafts = _drafts(counties, count, rng)
    if at_home is not None:
        drafts = _living_at_home(drafts, at_home)
    return tuple(
        _woman(number, draft, rules, well, counties, today, rng)
        for number, draft in enumerate(drafts, start=1)
    )


def counted_out(weights: Mapping[Item, float], count: int) -> list[Item]:
    """Return ``count`` things by their weights, each as often as its share; largest rest first."""
    total = sum(weights.values())
    exact = {item: count * weight / total for item, weight in weights.items()}
    times = {item: int(share) for item, share in exact.items()}
    missing = count - sum(times.values())
    order = sorted(exact, key=lambda item: times[item] - exact[item])
    for item in order[:missing]:
        times[item] += 1
    return [item for item, number in times.items() for _ in range(number)]


def _drafts(counties: Mapping[str, float], count: int, rng: Random) -> list[_Draft]:
    colours = _shuffled(counted_out(shares.COLOURS, count), rng)
    marked = [n for n, colour in enumerate(colours) if colour is not Colour.GREEN]
    scars = _some(marked, shares.PREVIOUS_CAESAREAN * count, rng)
    older = _some(marked, shares.FROM_35 * count, rng)
    others = [n for n in range(count) if n not in scars]
    parous = scars | _some(others, shares.MULTIPARA * count - len(scars), rng)
    everybody = range(count)
    flags = {
        "purple": _some(everybody, shares.PURPLE * count, rng),
        "scar": scars,
        "from_35": older,
        "parous": parous,
        "late": _some(everybody, shares.REGISTERED_LATE * count, rng),
        "preterm": _some(everybody, shares.IN_LABOUR_EARLY * count, rng),
        "away": _some(everybody, shares.FAR_FROM_HOME * count, rng),
        "refuses": _some(everybody, shares.REFUSES * count, rng),
    }
    where = _shuffled(counted_out(counties, count), rng)
    speak = _shuffled(counted_out(shares.LANGUAGES, count), rng)
    return [
        _Draft(
            colour=colours[n],
            county=where[n],
            language=speak[n],
            **{name: n in those for name, those in flags.items()},
        )
        for n in everybody
    ]


def _living_at_home(drafts: Sequence[_Draft], home: AtHome) -> list[_Draft]:
    """Let some of the others live there, evenly spread over the colours."""
    found, order = list(drafts), list(Colour)
    others = sorted(
        (n for n, one in enumerate(found) if one.county != home.county),
        key=lambda n: (order.index(found[n].colour), n),
    )
    wanted = min(len(others), max(0, home.least - (len(found) - len(others))))
    for step in range(wanted):
        moved = others[(2 * step + 1) * len(others) // (2 * wanted)]
        found[moved] = replace(found[moved], county=home.county)
    return found


def _shuffled(items: list[Item], rng: Random) -> list[Item]:
    rng.shuffle(items)
    return items


def _some(numbers: Sequence[int], many: float, rng: Random) -> set[int]:
    return set(rng.sample(numbers, min(len(numbers), max(0, round(many)))))


def _woman(
    number: int,
    draft: _Draft,
    rules: RuleSet,
    well: Facts,
    counties: Mapping[str, float],
    today: date,
    rng: Random,
) -> InventedWoman:
    stories = _stories(draft, rng)
    age = _age(draft, rng)
    from_day = max([7 * story.from_weeks for story in stories], default=0)
    first, last = PRETERM if draft.preterm else AT_TERM
    birth_day = rng.randint(max(first, from_day), last)
    day = rng.randint(max(from_day, FIRST_SEEN[0]), birth_day + POSTPARTUM)
    facts = dict(well) | {"age_years": age, "gestational_age_weeks": min(day, birth_day)}
    if draft.parous and not draft.scar:
        facts["parity"] = rng.choice((1, 1, 1, 2))
    for story in stories:
        facts |= story.facts
    if day > birth_day:
        facts["delivered"] = True
    home = rng.choices(list(counties), list(counties.values()))[0] if draft.away else draft.county
    seen = min(day, rng.randint(*(LATE if draft.late else FIRST_SEEN)), birth_day)
    return InventedWoman(
        number=number,
        county=draft.county,
        home_county=home,
        language=draft.language,
        birth_date=_born(age, today, rng),
        due_date=today + timedelta(days=TERM - day),
        registered_on=today - timedelta(days=day - seen),
        birth_day=birth_day,
        from_day=from_day,
        facts=MappingProxyType(facts),
        told=ALWAYS_ASKED.union(*(story.facts for story in stories)),
        found=colour_of(rules, complete(rules, facts, patient="maternal")),
        refuses_lodging=draft.refuses,
    )


def _stories(draft: _Draft, rng: Random) -> list[Story]:
    """Return what is the matter with her: a scar or her age may be enough for a yellow."""
    found = [_drawn(SCARS[draft.colour], rng)] if draft.scar else []
    enough = draft.scar or (draft.from_35 and draft.colour is Colour.YELLOW)
    if draft.colour is not Colour.GREEN and not enough:
        those = [one for one in STORIES[draft.colour] if draft.parous or not one.parous]
        found.append(_drawn(those, rng))
    if draft.purple:
        found.append(_drawn(PURPLE, rng))
    return found


def _drawn(stories: Sequence[Story], rng: Random) -> Story:
    return rng.choices(stories, [story.weight for story in stories])[0]


def _age(draft: _Draft, rng: Random) -> int:
    if not draft.from_35:
        return round(rng.triangular(*YOUNG, 27))
    return rng.randint(*(OLDER if draft.colour is Colour.YELLOW else OLDEST))


def _born(age: int, today: date, rng: Random) -> date:
    """Return a date of birth; who is 35 or 40 was so when she was assessed, too."""
    since = rng.randint(300, 360) if age in AGE_LIMITS else rng.randint(0, 360)
    return today - timedelta(days=since + round(365.25 * age))
