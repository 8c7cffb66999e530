"""What stands on a form, line by line in words; page and PDF set the same sheet.

The slip goes with her and comes back filled in (双向转诊单); the hand-over form is the SBAR set,
the course on the way and the two names (交接单). What nobody has stated is a line to write on,
never left out: an empty line asks, a missing one is forgotten.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.answer_words import STOPS, alternative_words, causes
from app.clock import LOCAL
from app.transfers.schemas import DossierOut, ObservationOut, TransferOut
from app.transfers.states import HANDOVER_FIELDS
from app.words import Words
from routing.triage.rows import RuleSet

__all__ = ["Block", "Sheet", "SheetKind", "sheet_of"]

BLANK = "________________"
DOES_NOT_APPLY = "not_applicable"
RANKED = 3
"""So many centres of the ranking stand on the slip, for whoever has to ring on the way."""


class SheetKind(StrEnum):
    """The forms of a referral."""

    REFERRAL = "referral"
    HAND_OVER = "hand-over"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a form: pairs of label and words, and lines as wide as the sheet."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form, in the words of one language."""

    title: str
    number: str
    banners: Sequence[str]
    printed: str
    blocks: Sequence[Block]
    foot: str


def sheet_of(
    kind: SheetKind,
    referral: DossierOut,
    words: Words,
    rules: RuleSet,
    *,
    now: datetime,
    training: bool,
    unsigned: int,
) -> Sheet:
    """Return a form of a referral as its reader may see it.

    Parameters
    ----------
    kind : SheetKind
    referral : DossierOut
        What the reader sees; who sees no identity gets a form to write it on.
    words : Words
        The language, and the names out of the data tables.
    rules : RuleSet
        For the units of facts.
    now : datetime
        When it is printed.
    training : bool
        The installation is a training room.
    unsigned : int
        Rules in use that no clinician has signed (R-SIGN-01).
    """
    make = _Maker(referral, words, rules)
    t = words.t
    banners = [t("banner.training")] if training or referral.drill else []
    banners += [f"{t('banner.unsigned')} · {t('banner.count', n=unsigned)}"] if unsigned else []
    blocks = make.slip() if kind is SheetKind.REFERRAL else make.hand_over()
    return Sheet(
        title=t(f"print.{'slip' if kind is SheetKind.REFERRAL else 'hand_over'}"),
        number=referral.number,
        banners=banners,
        printed=t("sheet.printed", time=_time(now)),
        blocks=tuple(blocks),
        foot=t("print.foot", number=referral.number),
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    referral: DossierOut
    words: Words
    rules: RuleSet

    def slip(self) -> Iterator[Block]:
        yield self._patient()
        yield self._why()
        yield from self._told()
        yield self._way()
        yield from self._rank()
        yield self._back()

    def hand_over(self) -> Iterator[Block]:
        yield self._patient()
        for part, names in HANDOVER_FIELDS.items():
            pairs = [
                (self.words.t(f"paper.fields.{part}.{name}"), self._stated(part, name))
                for name in names
            ]
            yield Block(self.words.t(f"paper.parts.{part}"), pairs)
        yield self._course()
        yield self._hands()

    def _patient(self) -> Block:
        t, code, who = self.words.t, self.words.code, self.referral.identity
        pairs = [(t("paper.patient"), code("patients", self.referral.patient_kind))]
        pairs += [(t("paper.name"), self._name())]
        number = who and who.id_number
        kind = code("print.identity", who.identity_kind) if who and number else t("paper.id")
        pairs += [(kind, _or_blank(number))]
        pairs += [(t("print.born"), _or_blank(who and who.birth_date))]
        pairs += [(t("paper.fields.situation.contact"), _or_blank(_phones(self.referral)))]
        if self.referral.interpreter_needed:
            language = self.referral.language or BLANK
            pairs += [(t("paper.language"), f"{language} · {t('paper.interpreter')}")]
        return Block(t("paper.patient"), pairs)

    def _name(self) -> str:
        """Return her name; who has none yet is said to have none, with what she is called."""
        who = self.referral.identity
        if who and not who.name and who.unknown:
            return f"{BLANK} {self.words.t('print.not_identified', number=who.unknown)}"
        return _or_blank(who and who.name)

    def _told(self) -> Iterator[Block]:
        """Yield what was stated when a destination was last asked for, figures first."""
        asked: Mapping[str, object] = self.referral.asked or {}
        facts = asked.get("facts")
        if not isinstance(facts, Mapping):
            return
        pairs = [
            (self.words.fact(name), self._fact(name, value))
            for name, value in sorted(facts.items(), key=lambda one: _is_no_figure(one[1]))
            if value is not None
        ]
        at = self.referral.asked_at or self.referral.requested_at
        yield Block(self.words.t("print.told", time=_time(at)), pairs)

    def _fact(self, name: str, value: object) -> str:
        """Return what was stated of a fact, with its unit; weeks as weeks and days."""
        fact = self.rules.facts.get(name)
        if fact is None:
            return self._plain(value)
        if fact.values:
            return self.words.code(f"values.{name}", value)
        unit = self.words.code("fact_units", fact.unit) if fact.unit else ""
        in_days = fact.unit == "weeks" and isinstance(value, float)
        said = _weeks(float(str(value))) if in_days else self._plain(value)
        return f"{said} {unit}".strip()

    def _why(self) -> Block:
        t, code, referral = self.words.t, self.words.code, self.referral
        said: Mapping[str, object] = referral.assessment or {}
        urgency = [t("answer.priority", n=referral.priority)]
        if said.get("decision"):
            urgency += [code("decisions", said["decision"])]
        if said:
            # Who is only asked is shown less: what is not there is not said.
            whole = {"colour": None, "incomplete": False, "purple": False, **said}
            shown = self.words.colours(whole)
            urgency += [f"{t(f'shapes.{one}')}{code('colours', one)}" for one in shown]
            urgency += [self.words.incomplete(whole)] if whole["incomplete"] else []
        told = all(isinstance(said.get(one), list) for one in ("emergencies", "presumed"))
        rows = causes(self.words, said) if told else []
        actions = [code("first_actions", one) for one in _texts(said.get("first_actions"))]
        pairs = [
            (t("sheet.from"), self._place(referral.origin, referral.county)),
            (t("paper.when"), _time(referral.decided_at or referral.requested_at)),
            (t("paper.urgency"), " · ".join(urgency)),
            (t("paper.what"), self.words.listed(rows) or BLANK),
        ]
        if actions:
            pairs += [(t("answer.first_actions"), self.words.listed(actions))]
        if referral.raised_because:
            pairs += [(t("print.raised"), referral.raised_because)]
        return Block(t("print.referred"), pairs)

    def _way(self) -> Block:
        t, code, ride = self.words.t, self.words.code, self._ride()
        to = ride.destination if ride else self.referral.destination
        pairs = [(t("paper.to"), self.words.facility(to) if to else BLANK)]
        spoken = [one.said_by for one in self.referral.events if one.said_by]
        pairs += [(t("paper.receiver"), spoken[-1] if spoken else BLANK)]
        pairs += [(t("web.who_drives"), code("transport", ride.drives) if ride else BLANK)]
        pairs += [(t("paper.vehicle"), _or_blank(ride and ride.vehicle))]
        escort = ride.escort if ride else None
        pairs += [(t("paper.escort"), code("escorts", escort) if escort else BLANK)]
        left = ride.times.get("departed") if ride else None
        pairs += [(t("paper.left"), _time(left) if left else BLANK)]
        if ride and ride.expected_from and ride.expected_until:
            span = f"{_time(ride.expected_from)} – {_time(ride.expected_until)}"
            pairs += [(t("paper.fields.request.eta"), span)]
        pairs += [(t("paper.fields.request.consent"), self._consent())]
        return Block(t("paper.journey"), pairs)

    def _rank(self) -> Iterator[Block]:
        """Yield where she may be brought, and first where her life may be saved on the way."""
        t, ranking = self.words.t, self.referral.ranking
        ways = [one for one in self.referral.alternatives if one.get("kind") in STOPS]
        stops = [f"{alternative_words(self.words, one)} {self._phone(one)}" for one in ways]
        if stops:
            yield Block(t("answer.stops"), lines=stops)
        rows = [
            f"{row['rank']}. {self.words.facility(row['facility_id'])} · "
            f"{self.words.span(_expected(row))} · {self._phone(row)}"
            for row in ranking[:RANKED]
        ]
        yield Block(t("print.ranked"), lines=rows or [t("answer.nobody")])

    def _phone(self, row: Mapping[str, object]) -> str:
        """Return the number as of now, and whether nobody there would see what is sent."""
        key = row.get("facility_id")
        calls = (*self.referral.ring, *self.referral.stops)
        known = [one for one in calls if one.get("facility_id") == key]
        call = known[0] if key and known else {}
        number = call.get("phone") or row.get("phone") or self.words.t("sheet.phone_blank")
        note = call.get("note_code")
        said = f"☎ {number}"
        return f"{said} {self.words.code('notes', note)}" if note else said

    def _back(self) -> Block:
        """Return what comes back to who sent her; by hand where no outcome is entered yet."""
        t, code = self.words.t, self.words.code
        told = self.referral.outcomes[-1] if self.referral.outcomes else None
        ride = self._ride()
        there = ride.times.get("arrived") if ride else None
        pairs = [
            (t("paper.there"), _time(there) if there else BLANK),
            (t("paper.receiver"), _or_blank(ride and ride.receiver)),
            (t("print.diagnosis"), _or_blank(told and told.diagnosis)),
            (t("print.treatment"), _or_blank(told and told.treatment)),
            (t("print.outcome"), code("print.results", told.result) if told else BLANK),
            (t("print.follow_up"), _or_blank(told and told.follow_up)),
        ]
        return Block(t("print.back"), pairs)

    def _course(self) -> Block:
        ride = self._ride()
        seen: Sequence[ObservationOut] = ride.observations if ride else ()
        lines = [f"{_time(one.happened_at)} {self._facts(one.facts)}" for one in seen]
        return Block(self.words.t("print.course"), lines=lines or [BLANK])

    def _hands(self) -> Block:
        t, ride = self.words.t, self._ride()
        over = ride.times.get("handed_over") if ride else None
        matched: Sequence[str] = ride.identifiers if ride else ()
        checked = [self.words.code("print.identifiers", one) for one in matched]
        pairs = [
            (t("paper.giver"), _or_blank(ride and ride.giver)),
            (t("paper.receiver"), _or_blank(ride and ride.receiver)),
            (t("print.time"), _time(over) if over else BLANK),
            (t("paper.checked"), self.words.listed(checked) or "☐"),
        ]
        return Block(t("paper.handed"), pairs)

    def _ride(self) -> TransferOut | None:
        called_off = "called_off"
        rides = [one for one in self.referral.transfers if one.status != called_off]
        return rides[-1] if rides else None

    def _place(self, facility: str | None, county: str) -> str:
        where = self.words.county(county)
        return f"{self.words.facility(facility)} · {where}" if facility else where

    def _consent(self) -> str:
        if not self.referral.consents:
            return BLANK
        last = self.referral.consents[-1]
        who = self.words.code("print.consent_by", last.given_by)
        agreed = self.words.t("tri.yes" if last.agreed else "tri.no")
        return f"{who}: {agreed} · {_time(last.given_at)}"

    def _stated(self, part: str, name: str) -> str:
        entered, field = self.referral.handover, f"{part}.{name}"
        known = self.referral.handover_known.get(part, {})
        content = entered.content.get(part, {}) if entered else {}
        for source in (content, known):
            if source.get(name) is not None:
                return self._value(name, source[name])
        if entered and field in entered.not_applicable:
            return self.words.t("print.not_applicable")
        return self.words.t("units.unknown") if entered and field in entered.unknown else BLANK

    def _value(self, name: str, value: object) -> str:
        if value == DOES_NOT_APPLY:
            return self.words.t("print.not_applicable")
        if isinstance(value, Mapping):
            return self._facts(value)
        text = self._plain(value)
        if name == "colour":
            return self.words.code("colours", text)
        if name == "urgency":
            return self.words.t("answer.priority", n=text)
        if name == "identity":
            return self.words.t("print.identity_above")
        if name == "reason":
            return self.words.listed([self.words.rule(row) for row in text.split()])
        if name == "consent" and ":" in text:
            return self._consent()
        return _moment_or_text(text)

    def _facts(self, facts: Mapping[str, object]) -> str:
        """Return facts with their units; scores of several rows by their total."""
        said = []
        for name, value in facts.items():
            if value is None:
                continue
            fact = self.rules.facts.get(name)
            if isinstance(value, Mapping):
                said.append(f"{name.upper()} {value.get('total', value.get('score', ''))}".strip())
            elif name == "at":
                said.append(_moment_or_text(str(value)))
            elif fact is None:
                said.append(f"{name.upper()} {value}")
            else:
                unit = self.words.code("fact_units", fact.unit) if fact.unit else ""
                said.append(f"{self.words.fact(name)} {self._plain(value)} {unit}".strip())
        return self.words.listed(said)

    def _plain(self, value: object) -> str:
        if isinstance(value, bool):
            return self.words.t("tri.yes" if value else "tri.no")
        return str(value)


def _is_no_figure(value: object) -> bool:
    return isinstance(value, bool) or not isinstance(value, int | float)


def _weeks(decimal: float) -> str:
    weeks, days = divmod(round(decimal * 7), 7)
    return f"{weeks}+{days}"


def _phones(referral: DossierOut) -> str | None:
    who = referral.identity
    if who is None:
        return None
    parts = [who.phone, who.contact_name, who.contact_phone]
    return " ".join(part for part in parts if part) or None


def _texts(found: object) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list) else []


def _expected(row: Mapping[str, object]) -> object:
    minutes = row.get("minutes")
    return minutes.get("expected") if isinstance(minutes, Mapping) else None


def _or_blank(found: object) -> str:
    """Return a text; a line to write on where there is none, or nobody whose it could be."""
    return found if isinstance(found, str) and found else BLANK


def _time(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def _moment_or_text(text: str) -> str:
    """Return a time as people write it; whatever is none stays as it was stated."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return _time(found) if found.tzinfo else text
