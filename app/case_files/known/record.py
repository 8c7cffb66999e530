"""A case file as the calendar of care reads it: what stands, what was done when, what is known."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.case_files import store
from app.case_files.acts.tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.belonging import held
from app.case_files.belonging import store as store_links
from app.case_files.belonging.tables import CaseReferral
from app.case_files.known import store as store_stating
from app.case_files.known.care import care_rules
from app.case_files.known.stating import (
    Stated,
    at_visits,
    read_facts,
    risk_stated,
    stated_from,
    stated_of,
)
from app.case_files.states import (
    CASE_FILE,
    WITH_A_CENTRE,
    PlanKind,
    ReportKind,
    VisitKind,
    VisitStatus,
)
from app.case_files.tables import CaseFile
from app.events.store import events_of
from app.keys.words import document
from app.patients.service import person_of
from routing.care.days import PREGNANCY_DAYS, day_zero_of
from routing.care.pregnancy import Event, Pregnancy, Standing
from routing.care.rows import EventKind
from routing.care.trial_of_labour import read_trial_facts
from routing.triage.expression import Value
from routing.triage.rows import Colour

__all__ = [
    "AGE_AT_EDD",
    "AT_ONCE",
    "TRIAL",
    "Known",
    "earlier_facts",
    "edd_of",
    "facts_of",
    "fixed_of",
    "known_facts",
    "pregnancy_of",
    "read_facts",
    "trial_facts_of",
    "weeks_on",
]

E = EventKind
OF_STATUS = {
    "registered": E.REGISTERED,
    "delivery_planned": E.DELIVERY_PLANNED,
    "admitted_early": E.ADMITTED,
    "closed_42d": E.CLOSED_42D,
    "pregnancy_lost": E.PREGNANCY_LOST,
    "terminated": E.TERMINATED,
    "maternal_death": E.MATERNAL_DEATH,
    "moved_away": E.MOVED_AWAY,
    "lost_to_follow_up": E.LOST_TO_FOLLOW_UP,
}
OF_MOVE = {
    ("admitted_early", "case_managed"): E.WENT_HOME,
    ("admitted_early", "delivery_planned"): E.WENT_HOME,
    ("delivery_planned", "case_managed"): E.DELIVERY_UNPLANNED,
}
OF_PLAN = {
    PlanKind.MANAGEMENT: E.MANAGEMENT_PLAN,
    PlanKind.TREATMENT: E.TREATMENT_PLAN,
    PlanKind.EMERGENCY: E.EMERGENCY_PLAN,
    PlanKind.CONTINUATION: E.CONTINUATION_JUDGED,
}
OF_REPORT = {
    ReportKind.RISK: E.REPORT,
    ReportKind.MATERNAL_DEATH: E.DEATH_REPORT,
    ReportKind.DEATH_REVIEW: E.DEATH_REVIEW,
    ReportKind.NEAR_MISS: E.NEAR_MISS,
    ReportKind.NEAR_MISS_REVIEW: E.NEAR_MISS_REVIEW,
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
WEEKS, AGE_AT_EDD = "gestational_age_weeks", "age_at_edd_years"
TRIAL = "trial"
"""Under which a visit holds facts that a trial of labour depends on."""

AT_ONCE = 400
"""Files of one statement: a database takes only so many keys in one."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that was stated, and of when it is."""

    value: object
    at: datetime


def pregnancy_of(session: Session, file: CaseFile) -> Pregnancy:
    """Return what is on record of the pregnancy of a file."""
    standings = tuple(
        Standing(one.at, Colour(one.colour), one.purple, str(one.id))
        for one in store.colours_of(session, file.id)
    )
    stated = stated_of(session, file)
    visits = store.corrected(store.entries_of(session, CaseVisit, file.id))
    found = at_visits(session, visits)

    def known() -> dict[str, object]:
        return _values(_known(file, stated, visits, _age_on_due_date(session, file)))

    return Pregnancy(
        day_zero=_day_zero(file),
        facts=read_facts(held.facts(session, file, known)),
        standings=standings,
        events=(
            *_events(session, file),
            *_of_visits(visits),
            *risk_stated((*stated, *found), standings),
        ),
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
    """Return all that was stated of her, what was stated later over what was stated before.

    Her age on the due date is that of her date of birth where that is known (R-DATA-04).
    """
    return held.facts(session, file, lambda: _values(_known_now(session, file)))


def facts_of(
    session: Session, files: Sequence[CaseFile]
) -> Mapping[uuid.UUID, Mapping[str, Known]]:
    """Return what is known of the women of files, by file and name, each with when it was stated.

    Read for all of them together, some hundred at a time: a province is booked in one night.
    """
    found: dict[uuid.UUID, dict[str, Known]] = {}
    for first in range(0, len(files), AT_ONCE):
        part = files[first : first + AT_ONCE]
        entries = store_stating.stating_of(session, [one.id for one in part])
        for file in part:
            mine = entries.get(file.id, ())
            visits = [one for one in mine if isinstance(one, CaseVisit)]
            stated = stated_from(session, file, mine)
            found[file.id] = _known(file, stated, visits, _age_on_due_date(session, file))
    return found


def _known_now(session: Session, file: CaseFile) -> dict[str, Known]:
    visits = store.corrected(store.entries_of(session, CaseVisit, file.id))
    return _known(file, stated_of(session, file), visits, _age_on_due_date(session, file))


def trial_facts_of(session: Session, file: CaseFile) -> Mapping[str, Value]:
    """Return what visits say that a trial of labour depends on, the later word over the earlier."""
    found: dict[str, object] = {}
    visits = store.corrected(store.entries_of(session, CaseVisit, file.id))
    for visit in sorted(visits, key=lambda one: (one.happened_at, one.id)):
        found |= (document(session, visit, "findings") or {}).get(TRIAL, {})
    return read_trial_facts(care_rules(), found)


def _known(
    file: CaseFile, stated: Iterable[Stated], visits: Iterable[CaseVisit], age: int | None
) -> dict[str, Known]:
    said = [(one.happened_at, one.ref, one.facts) for one in stated if one.lasts]
    said += [
        (one.happened_at, one.id, {UNSTABLE: one.unstable})
        for one in visits
        if one.unstable is not None
    ]
    found: dict[str, Known] = {}
    # What came with the registration is what she was registered with, whenever that was entered.
    for at, _, facts in sorted(said, key=lambda one: (one[1] != file.id, one[0], one[1])):
        found |= {name: Known(value, at) for name, value in facts.items()}
    if file.fetus_count is not None:
        found.setdefault("fetus_count", Known(file.fetus_count, file.registered_at))
    if age is not None:
        found[AGE_AT_EDD] = Known(age, file.registered_at)
    return found


def _values(known: Mapping[str, Known]) -> dict[str, object]:
    return {name: one.value for name, one in known.items()}


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


def _age_on_due_date(session: Session, file: CaseFile) -> int | None:
    """Return it in completed years; None where it is unknown, or cannot be hers."""
    born = person_of(session, file.patient_id).birth_date
    if born is None or file.edd is None:
        return None
    due = date.fromisoformat(file.edd)
    age = due.year - born.year - ((due.month, due.day) < (born.month, born.day))
    return age if care_rules().rules.facts[AGE_AT_EDD].holds(age) else None


def edd_of(lmp: date) -> date:
    """Return the due date that a last menstrual period says."""
    return lmp + timedelta(days=PREGNANCY_DAYS)


def _events(session: Session, file: CaseFile) -> Iterator[Event]:
    for event in events_of(session, CASE_FILE, file.id):
        kind = OF_MOVE.get((event.from_status, event.to_status)) or OF_STATUS.get(event.to_status)
        if kind is not None and event.from_status != E.LOST_TO_FOLLOW_UP:
            yield Event(kind, event.at, f"event-{event.seq}")
    if file.opened_at is not None:
        yield Event(E.CASE_OPENED, file.opened_at, "opened")
    if file.delivered_at is not None:
        yield Event(E.DELIVERED, file.delivered_at, "delivered")
    if file.discharged_at is not None:
        yield Event(E.DISCHARGED, file.discharged_at, "discharged")
    yield from _of_turns(session, file.id)
    yield from _of_entries(session, file.id)
    for one in store.referrals_of(session, file.id):
        yield Event(E.REFERRAL_SENT, one.at, str(one.id))
        yield from _outcome(session, one)
        if one.newborn_id is None:
            yield from _reviewed(session, one)
    for offer in store.handovers_of(session, file.id):
        if offer.answer == "accepted" and offer.answered_at is not None:
            yield Event(E.HANDOVER_ACCEPTED, offer.answered_at, str(offer.id))


def _outcome(session: Session, link: CaseReferral) -> Iterator[Event]:
    """Yield what came of a referral, by its own chain of events."""
    for event in events_of(session, "referral", link.referral_id):
        if event.to_status in REFERRAL_OVER:
            yield Event(E.REFERRAL_OUTCOME, event.at, f"{link.id}-{event.seq}", str(link.id))
            return


def _reviewed(session: Session, link: CaseReferral) -> Iterator[Event]:
    """Yield the reviews of a referral that are closed: nobody reviews one death twice."""
    for review in store_links.closed_reviews(session, link.referral_id):
        kind = E.NEAR_MISS_REVIEW if review.what == E.NEAR_MISS else E.DEATH_REVIEW
        yield Event(kind, review.closed_at, str(review.id))


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
        if plan.may_continue is False:
            yield Event(E.CONTINUATION_DENIED, plan.happened_at, f"{plan.id}-denied")
    for report in store.corrected(store.entries_of(session, CaseReport, file_id)):
        about = None if report.about is None else str(report.about)
        kind = OF_REPORT[ReportKind(report.kind)]
        yield Event(kind, report.happened_at, str(report.id), about)
    for said in store.corrected(store.entries_of(session, CaseCounselling, file_id)):
        if said.answer != "undecided":
            yield Event(EventKind(said.subject), said.happened_at, str(said.id))


def _of_visits(visits: Iterable[CaseVisit]) -> Iterator[Event]:
    """Yield what visits say; day and instant of a missed one are those of its entry."""
    for visit in visits:
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
