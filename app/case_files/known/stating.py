"""What was stated of her, by which entry, and whether it says more than the colour that stands.

Facts come with the registration, the forms, the assessments and, from another system, with visits.
Where they say orange, red or purple above what stands, she is assessed at once (R-COLOUR-013).
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlmodel import Session

from app.case_files import store
from app.case_files.acts.tables import CaseAssessment, CaseScreening, CaseVisit
from app.case_files.known import store as store_stating
from app.case_files.known.care import care_rules
from app.case_files.tables import CaseFile
from app.keys.words import document
from routing.care.pregnancy import Event, Standing
from routing.care.rows import EventKind
from routing.triage.colour import NO_COLOUR, colour_of
from routing.triage.completion import complete
from routing.triage.expression import Value
from routing.triage.facts import FactValueError, read_value
from routing.triage.rows import Colour

__all__ = ["Stated", "at_visits", "read_facts", "risk_stated", "stated_from", "stated_of"]

HIGH = (Colour.ORANGE, Colour.RED)
_PLAIN = frozenset({bool, int, float, str})
"""What a fact may be stated as; whatever else was said is read each time, and refused."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Facts of one entry; ``is_full`` of an assessment that left nothing open.

    ``lasts`` is false of what was found at one visit and is not carried on.
    """

    ref: uuid.UUID
    happened_at: datetime
    entered_at: datetime
    facts: Mapping[str, object]
    is_full: bool = False
    lasts: bool = True


def stated_of(session: Session, file: CaseFile) -> Sequence[Stated]:
    """Return what was stated in the order in which it happened; what was corrected is left out."""
    entries: list[store_stating.Stating] = [
        *store.corrected(store.entries_of(session, CaseScreening, file.id)),
        *store.corrected(store.entries_of(session, CaseAssessment, file.id)),
    ]
    return stated_from(session, file, entries)


def stated_from(
    session: Session, file: CaseFile, entries: Iterable[store_stating.Stating]
) -> Sequence[Stated]:
    """Return the same from entries that were read: those of one file that count."""
    first = []
    if file.facts is not None:
        facts = document(session, file, "facts")
        first.append(Stated(file.id, file.registered_at, file.registered_at, facts))
    later = [found for one in entries if (found := _stated(session, one)) is not None]
    return [*first, *sorted(later, key=lambda one: one.happened_at)]


def _stated(session: Session, one: store_stating.Stating) -> Stated | None:
    match one:
        case CaseScreening():
            facts = document(session, one, "form")["facts"]
            return Stated(one.id, one.happened_at, one.entered_at, facts)
        case CaseAssessment():
            facts = document(session, one, "facts")
            return Stated(one.id, one.happened_at, one.entered_at, facts, is_full=one.is_full)
        case _:
            return None


def read_facts(facts: Mapping[str, object]) -> dict[str, Value]:
    """Return stated facts as they are stored: weeks in days."""
    return {
        name: _read(name, value) if type(value) in _PLAIN else _read_anew(name, value)
        for name, value in facts.items()
    }


def _read_anew(name: str, value: object) -> Value:
    return read_value(care_rules().rules.facts[name], value)


@lru_cache(maxsize=4_096, typed=True)
def _read(name: str, value: object) -> Value:
    """Return a fact that was read lately: every act on a file reads all that was stated of her.

    1 and 1.0 and True are different facts here.
    """
    return _read_anew(name, value)


def at_visits(session: Session, visits: Iterable[CaseVisit]) -> Iterator[Stated]:
    """Yield the facts among what was found at visits, as an exchange enters them.

    Findings are free words for everybody else: what is no fact of ours is left out.
    """
    for one in visits:
        found = document(session, one, "findings")
        facts = found.get("facts") if isinstance(found, dict) else None
        if isinstance(facts, dict) and (sound := dict(_sound(facts))):
            yield Stated(one.id, one.happened_at, one.entered_at, sound, lasts=False)


def risk_stated(stated: Iterable[Stated], standings: Sequence[Standing]) -> Iterator[Event]:
    """Yield where facts said orange, red or purple above the colour that stood when they came.

    Once until an assessment that leaves nothing open: what the facts say in the meantime is one
    question. That of the exchange has no facts of its own and settles nothing.
    """
    rules, asked = care_rules().rules, False
    gathered: dict[str, object] = {}
    found = NO_COLOUR
    for one in sorted(stated, key=lambda said: said.entered_at):
        if one.is_full:
            gathered, asked = {}, False
            continue
        said_before, gathered = gathered, {**gathered, **one.facts}
        if asked or not one.facts:
            continue
        # Another system says the same with each of its forms.
        if found is NO_COLOUR or gathered != said_before:
            found = colour_of(rules, complete(rules, read_facts(gathered), patient="maternal"))
        before = [standing for standing in standings if standing.at <= one.entered_at]
        last = before[-1] if before else None
        higher = found.colour in HIGH and (last is None or found.colour.rank > last.colour.rank)
        if higher or (found.purple and not (last is not None and last.purple)):
            asked = True
            yield Event(EventKind.RISK_STATED, one.happened_at, f"stated-{one.ref}")


def _sound(facts: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    known = care_rules().rules.facts
    for name, value in facts.items():
        if isinstance(name, str) and name in known:
            try:
                read_value(known[name], value)
            except FactValueError:
                continue
            yield name, value
