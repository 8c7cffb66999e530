"""The form: from posted fields to a request document, and back to a form that can be corrected."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.clock import stamp
from app.pages.layout import ALWAYS, DECISIVE, HIDDEN_GROUPS, SENDER_CAN, TOPICS
from routing.triage.facts import Fact, FactType

__all__ = ["PREFIXES", "Entered", "Section", "document_of", "entered", "sections"]

PATIENTS = ("maternal", "newborn")
# Fields of the other patient may be posted by a browser that hides them: each has its own names.
PREFIXES = {"maternal": "m.", "newborn": "n."}
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Entered:
    """The fields of one form as they were typed."""

    county: str = ""
    origin: str = ""
    patient: str = "maternal"
    minutes_since: str = ""
    decided_at: str = ""
    vehicle: str = ""
    escorts: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was typed for a fact, empty when nothing was."""
        return self.facts.get(name, "")


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that stand together on the page."""

    key: str
    ticks: tuple[Fact, ...] = ()
    asked: tuple[Fact, ...] = ()


def entered(pairs: Sequence[tuple[str, str]]) -> Entered:
    """Sort the posted fields; what is empty is unknown and is left out."""
    typed = [(name, unicodedata.normalize("NFKC", value).strip()) for name, value in pairs]
    last = {name: value for name, value in typed if value}
    patient = last.get("patient", "")
    patient = patient if patient in PATIENTS else "maternal"
    prefix = PREFIXES[patient]
    facts = {n.removeprefix(prefix): v for n, v in last.items() if n.startswith(prefix)}
    return Entered(
        county=last.get("county", ""),
        origin=last.get("origin", ""),
        patient=patient,
        minutes_since=last.get("minutes_since", ""),
        decided_at=last.get("decided_at", ""),
        vehicle=last.get("vehicle", ""),
        escorts=tuple(value for name, value in typed if name == "escort" and value),
        facts=facts,
    )


def _number(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _stated(fact: Fact | None, text: str) -> object:
    """Return a typed value as the request states it; what cannot be read is refused later."""
    if fact is None:
        return text
    match fact.type:
        case FactType.BOOL:
            return YES_NO.get(text, text)
        case FactType.INT | FactType.FLOAT:
            return _number(text)
        case _:
            return text


def _decided(form: Entered, now: datetime) -> str:
    if form.decided_at:
        return form.decided_at
    since = _number(form.minutes_since or "0")
    if isinstance(since, int | float) and 0 <= since <= 7 * 24 * 60:
        return stamp(now - timedelta(minutes=since))
    return form.minutes_since


def document_of(form: Entered, facts: Mapping[str, Fact], now: datetime) -> dict[str, object]:
    """Return the request document of contract.md 2.2 for a filled form."""
    document: dict[str, object] = {
        "patient": form.patient,
        "facts": {name: _stated(facts.get(name), text) for name, text in form.facts.items()},
        "decided_at": _decided(form, now),
        "now": stamp(now),
    }
    if form.origin.isdigit():
        document["origin"] = {"adcode": form.origin}
    else:
        document["origin"] = {"facility_id": form.origin}
        document["sender"] = {"facility_id": form.origin}
    transport: dict[str, object] = {}
    if form.vehicle in YES_NO:
        transport["sender_vehicle"] = YES_NO[form.vehicle]
    if form.escorts:
        transport["sender_escort"] = [code for code in form.escorts if code != "none"]
    if transport:
        document["transport"] = transport
    return document


def _known(names: Sequence[str], facts: Mapping[str, Fact]) -> tuple[Fact, ...]:
    return tuple(facts[name] for name in names if name in facts)


def _section(key: str, names: Sequence[str], facts: Mapping[str, Fact]) -> Section:
    known = _known(names, facts)
    ticks = tuple(fact for fact in known if fact.type is FactType.BOOL)
    return Section(key, ticks, tuple(fact for fact in known if fact not in ticks))


def sections(patient: str, facts: Mapping[str, Fact]) -> dict[str, tuple[Section, ...]]:
    """Return what the form shows: what is happening, what decides, and everything else."""
    happening = tuple(_section(key, names, facts) for key, names in TOPICS[patient].items())
    decisive = DECISIVE[patient] + (SENDER_CAN if patient == "maternal" else ())
    shown = {name for names in TOPICS[patient].values() for name in names}
    shown |= {*decisive, ALWAYS[patient]}
    others: dict[str, list[Fact]] = {}
    for fact in facts.values():
        about_newborn = fact.group == "newborn"
        fits = fact.group == "vitals" or about_newborn == (patient == "newborn")
        if fits and fact.name not in shown and fact.group not in HIDDEN_GROUPS:
            others.setdefault(fact.group, []).append(fact)
    return {
        "happening": happening,
        "decisive": (Section("decisive", asked=_known(decisive, facts)),),
        "others": tuple(Section(key, asked=tuple(found)) for key, found in others.items()),
    }
