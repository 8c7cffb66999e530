"""A case file as the calendar of care reads it: what stands, what was done when, what is known."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from sqlmodel import Session

from app.case_files import held, store
from app.case_files.entry_tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.link_tables import CaseReferral
from app.case_files.states import CASE_FILE, PlanKind, ReportKind, VisitKind, VisitStatus
from app.case_files.tables import CaseFile
from app.events.store import events_of
from app.keys.words import document
from routing.care.days import PREGNANCY_DAYS, day_zero_of
from routing.care.pregnancy import Event, Pregnancy, Standing
from routing.care.rows import CareRules, EventKind
from routing.care.tables import load_care_rules
from routing.triage.expression import Value
from routing.triage.facts import read_value
from routing.triage.rows import Colour
from routing.triage.tables import load_rules

__all__ = [
    "care_rules",
    "earlier_facts",
    "edd_of",
    "fixed_of",
    "known_facts",
    "pregnancy_of",
    "read_facts",
    "weeks_on",
]

E = EventKind
OF_STATUS = {
    "registered": E.REGISTERED,
    "case_managed": E.CASE_OPENED,
    "delivery_planned": E.DELIVERY_PLANNED,
    "admitted_early": E.ADMITTED,
    "closed_42d": E.CLOSED_42D,
    "pregnancy_lost": E.PREGNANCY_LOST,
    "terminated": E.TERMINATED,
    "maternal_death": E.MATERNAL_DEATH,
    "moved_away": E.MOVED_AWAY,
    "lost_to_follow_up": E.LOST_TO_FOLLOW_UP,
}
OF_PLAN = {
    PlanKind.MANAGEMENT: E.MANAGEMENT_PLAN,
    PlanKind.TREATMENT: E.TREATMENT_PLAN,
    PlanKind.EMERGENCY: E.EMERGENCY_PLAN,
    PlanKind.CONTINUATION: E.CONTINUATION_JUDGED,
}
OF_VISIT = {
    VisitKind.ANTENATAL: (E.VISIT,),
    VisitKind.SCAR_ULTRASOUND: (E.EARLY_ULTRASOUND,),
    VisitKind.PLACENTA_IMAGING: (E.PLACENTA_IMAGING,),
    VisitKind.POSTPARTUM: (E.VISIT,),
    # The check of the 42nd day is the assessment that R-CASE-06 asks for.
    VisitKind.DAY_42: (E.VISIT, E.ASSESSMENT),
}
REFERRAL_OVER = ("outcome_reported", "closed", "cancelled")
UNSTABLE = "red_disease_unstable_postpartum"
WEEKS = "gestational_age_weeks"
WITH_A_CENTRE = (PlanKind.MANAGEMENT, PlanKind.TREATMENT, PlanKind.EMERGENCY)
"""R-CASE-03: made with the higher centre, or not made."""


@cache
def care_rules() -> CareRules:
    """Return the rules of care as they are shipped; who signed them changes nothing here."""
    return load_care_rules(load_rules())


def pregnancy_of(session: Session, file: CaseFile) -> Pregnancy:
    """Return what is on record of the pregnancy of a file."""
    standings = tuple(
        Standing(one.at, Colour(one.colour), one.purple, str(one.id))
        for one in store.colours_of(session, file.id)
    )
    return Pregnancy(
        day_zero=_day_zero(file),
        facts=read_facts(known_facts(session, file)),
        standings=standings,
        events=tuple(_events(session, file)),
    )


def weeks_on(file: CaseFile, day: date) -> str | None:
    """Return the gestational age on a day as people write it; None where nobody knows it.

    Outside of what a pregnancy can be the dates of the file are wrong, or she has given birth and
    nobody said so: then it is unknown, and no request that is made from the file is refused for it.
    """
    zero = _day_zero(file)
    if zero is None:
        return None
    passed = (day - zero).days
    if not care_rules().rules.facts[WEEKS].holds(passed / 7):
        return None
    weeks, days = divmod(passed, 7)
    return f"{weeks}+{days}"


def known_facts(session: Session, file: CaseFile) -> dict[str, object]:
    """Return all that was stated of her, what was stated later over what was stated before."""
    return held.facts(session, file, lambda: _known_facts(session, file))


def _known_facts(session: Session, file: CaseFile) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in _stated(session, file):
        found |= one
    if file.fetus_count is not None:
        found.setdefault("fetus_count", file.fetus_count)
    visits = store.corrected(store.entries_of(session, CaseVisit, file.id))
    for visit in visits:
        if visit.unstable is not None:
            found[UNSTABLE] = visit.unstable
    return found


def fixed_of(facts: Mapping[str, object]) -> dict[str, object]:
    """Return those facts that do not get better in one pregnancy (R-COLOUR-005)."""
    fixed = {row.fact for row in care_rules().fixed}
    return {name: value for name, value in facts.items() if name in fixed}


def earlier_facts(session: Session, file: CaseFile) -> list[Mapping[str, Value]]:
    """Return what each assessment that counts was made from."""
    found = store.corrected(store.entries_of(session, CaseAssessment, file.id))
    return [read_facts(document(session, one, "facts")) for one in found]


def _day_zero(file: CaseFile) -> date | None:
    if file.edd is not None:
        return day_zero_of(date.fromisoformat(file.edd))
    return None if file.lmp is None else date.fromisoformat(file.lmp)


def edd_of(lmp: date) -> date:
    """Return the due date that a last menstrual period says."""
    return lmp + timedelta(days=PREGNANCY_DAYS)


def read_facts(facts: Mapping[str, object]) -> dict[str, Value]:
    """Return stated facts as they are stored: weeks in days."""
    known = care_rules().rules.facts
    return {name: read_value(known[name], value) for name, value in facts.items()}


def _stated(session: Session, file: CaseFile) -> Iterator[Mapping[str, object]]:
    if file.facts is not None:
        yield document(session, file, "facts")
    dated: list[tuple[object, Mapping[str, object]]] = [
        (one.happened_at, document(session, one, "form")["facts"])
        for one in store.corrected(store.entries_of(session, CaseScreening, file.id))
    ]
    dated += [
        (one.happened_at, document(session, one, "facts"))
        for one in store.corrected(store.entries_of(session, CaseAssessment, file.id))
    ]
    for _, facts in sorted(dated, key=lambda one: str(one[0])):
        yield facts


def _events(session: Session, file: CaseFile) -> Iterator[Event]:
    for event in events_of(session, CASE_FILE, file.id):
        if event.to_status in OF_STATUS and event.from_status != E.LOST_TO_FOLLOW_UP:
            yield Event(OF_STATUS[event.to_status], event.at, f"event-{event.seq}")
    if file.delivered_at is not None:
        yield Event(E.DELIVERED, file.delivered_at, "delivered")
    if file.discharged_at is not None:
        yield Event(E.DISCHARGED, file.discharged_at, "discharged")
    yield from _of_turns(session, file.id)
    yield from _of_entries(session, file.id)
    yield from _of_visits(session, file.id)
    for one in store.referrals_of(session, file.id):
        yield Event(E.REFERRAL_SENT, one.at, str(one.id))
        yield from _outcome(session, one)
    for offer in store.handovers_of(session, file.id):
        if offer.answer == "accepted" and offer.answered_at is not None:
            yield Event(E.HANDOVER_ACCEPTED, offer.answered_at, str(offer.id))


def _outcome(session: Session, link: CaseReferral) -> Iterator[Event]:
    """Yield what came of a referral, by its own chain of events."""
    for event in events_of(session, "referral", link.referral_id):
        if event.to_status in REFERRAL_OVER:
            yield Event(E.REFERRAL_OUTCOME, event.at, f"{link.id}-{event.seq}", str(link.id))
            return


def _of_turns(session: Session, file_id: uuid.UUID) -> Iterator[Event]:
    for turn in store.turns_of(session, file_id):
        yield Event(E.CLINICIAN_NAMED, turn.from_at, str(turn.id))
        if turn.to_at is not None:
            yield Event(E.CLINICIAN_LEFT, turn.to_at, f"{turn.id}-left")


def _of_entries(session: Session, file_id: uuid.UUID) -> Iterator[Event]:
    for screening in store.corrected(store.entries_of(session, CaseScreening, file_id)):
        positive = screening.result == "positive"
        kind = E.SCREENED_POSITIVE if positive else E.SCREENED_NEGATIVE
        yield Event(kind, screening.happened_at, str(screening.id))
    for made in store.corrected(store.entries_of(session, CaseAssessment, file_id)):
        kind = E.ASSESSMENT if made.is_full else E.ASSESSMENT_INCOMPLETE
        yield Event(kind, made.happened_at, str(made.id))
    for plan in store.corrected(store.entries_of(session, CasePlan, file_id)):
        if plan.made_with is not None or plan.kind not in WITH_A_CENTRE:
            yield Event(OF_PLAN[PlanKind(plan.kind)], plan.happened_at, str(plan.id))
    for report in store.corrected(store.entries_of(session, CaseReport, file_id)):
        about = None if report.about is None else str(report.about)
        if report.kind == ReportKind.RISK:
            yield Event(E.REPORT, report.happened_at, str(report.id), about)
        elif report.kind == ReportKind.MATERNAL_DEATH:
            yield Event(E.DEATH_REPORT, report.happened_at, str(report.id))
    for said in store.corrected(store.entries_of(session, CaseCounselling, file_id)):
        if said.answer != "undecided":
            yield Event(EventKind(said.subject), said.happened_at, str(said.id))


def _of_visits(session: Session, file_id: uuid.UUID) -> Iterator[Event]:
    """Yield what visits say; day and instant of a missed one are those of its entry."""
    for visit in store.corrected(store.entries_of(session, CaseVisit, file_id)):
        ref = str(visit.id)
        if visit.status == VisitStatus.HELD:
            for number, kind in enumerate(OF_VISIT[VisitKind(visit.kind)]):
                yield Event(kind, visit.happened_at, f"{ref}-{number}" if number else ref)
            if visit.changed:
                yield Event(E.HEALTH_CHANGED, visit.happened_at, f"{ref}-changed")
        elif visit.status == VisitStatus.MISSED:
            yield Event(E.VISIT_MISSED, visit.happened_at, ref)
        elif visit.status == VisitStatus.CONTACTED and visit.contact != "not_reached":
            yield Event(E.CONTACT, visit.happened_at, ref)
