"""What is shown of a case file: a line without identity, and the whole of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.accounts.service import person_named
from app.case_files import documents, store
from app.case_files.assessing import Assessed
from app.case_files.entry_tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.link_tables import CaseDelivery
from app.case_files.record import known_facts, weeks_on
from app.case_files.sight import Seen
from app.case_files.states import CASE_FILE, PREGNANT, PlanKind
from app.case_files.store import Entry
from app.case_files.tables import CaseFile, CaseTurn
from app.events.store import events_of
from app.keys.words import document, told
from app.work import Work
from routing.care.days import day_of

__all__ = ["assessed", "draft", "line", "whole"]


def line(work: Work, file: CaseFile) -> documents.CaseFileLineOut:
    """Return a file as it stands in a list."""
    return documents.CaseFileLineOut.model_validate(_line(work, file))


def assessed(work: Work, done: Assessed) -> documents.AssessedOut:
    """Return a file after an assessment."""
    last = store.entries_of(work.session, CaseAssessment, done.file.id)[-1]
    more = {
        "assessment_id": last.id,
        "found": done.assessment.colour,
        "found_purple": done.assessment.purple,
        "outcome": done.change.outcome.value,
        "refused": [one.value for one in done.change.refused],
        "rules": list(done.change.rules),
        "open": list(done.change.open),
        "ask_next": list(done.assessment.ask_next),
    }
    return documents.AssessedOut.model_validate(_line(work, done.file) | more)


def whole(work: Work, seen: Seen) -> documents.CaseFileOut:
    """Return all of a file but who she is."""
    file, session = seen.file, work.session
    more = {
        "patient_id": file.patient_id,
        "as_what": sorted(seen.capacities),
        "registered_at": file.registered_at,
        "registered_org": file.registered_org,
        "lmp": file.lmp,
        "weeks": _weeks(work, file),
        "fetus_count": file.fetus_count,
        "come_by": file.come_by,
        "delivered_at": file.delivered_at,
        "discharged_at": file.discharged_at,
        "ended_because": told(session, file, "ended_because"),
        "events": [
            {"status": one.to_status, "at": one.at, "reason": one.reason}
            for one in events_of(session, CASE_FILE, file.id)
        ],
        "due": _due(work, file),
        "clinicians": [_turn(work, one) for one in store.turns_of(session, file.id)],
        "handovers": [
            one.model_dump()
            | {"note": told(session, one, "note"), "reason": told(session, one, "reason")}
            for one in store.handovers_of(session, file.id)
        ],
        "verified_by": [one.county for one in store.verifications_of(session, file.id)],
        "referrals": [one.referral_id for one in store.referrals_of(session, file.id)],
        "newborns": [one.newborn_id for one in store.newborns_of(session, file.id)],
    }
    return documents.CaseFileOut.model_validate(
        _line(work, file) | more | _colours(work, file) | _entries(work, file.id)
    )


def draft(work: Work, seen: Seen) -> documents.ReferralDraftOut:
    """Return what an emergency request begins with: what is known of her, from where she is now."""
    file = seen.file
    facts = known_facts(work.session, file)
    weeks = _weeks(work, file)
    if weeks is not None:
        facts["gestational_age_weeks"] = weeks
    here = work.actor.facility_id
    origin = {"facility_id": here} if here else {"adcode": work.actor.division}
    turn = store.open_turn(work.session, file.id)
    plans = [
        one
        for one in store.corrected(store.entries_of(work.session, CasePlan, file.id))
        if one.kind == PlanKind.EMERGENCY
    ]
    request: dict[str, object] = {"patient": "maternal", "facts": facts, "origin": origin}
    if file.booked_facility_id is not None:
        # So that the ranking says first whether the booked centre is still the right one.
        request["booked_facility_id"] = file.booked_facility_id
    return documents.ReferralDraftOut(
        version=file.version,
        case_file_id=file.id,
        number=file.number,
        patient_id=file.patient_id,
        home_county=file.home_county,
        request=request,
        colour=file.colour or None,
        purple=file.purple,
        weeks=weeks,
        booked_facility_id=file.booked_facility_id,
        responsible=None if turn is None else _turn(work, turn),
        emergency_plan=told(work.session, plans[-1], "text") if plans else None,
    )


def _line(work: Work, file: CaseFile) -> dict[str, object]:
    due = file.next_due_at
    return {
        "id": file.id,
        "version": file.version,
        "number": file.number,
        "status": file.status,
        "colour": file.colour or None,
        "purple": file.purple,
        "screening": file.screening,
        "case_managed": file.opened_at is not None,
        "reasons": file.reasons.split(),
        "has_clinician": file.turn_id is not None,
        "no_clinician_since": file.no_clinician_since,
        "residence_county": file.residence_county,
        "home_county": file.home_county,
        "township": file.township,
        "edd": None if file.edd is None else date.fromisoformat(file.edd),
        "booked_facility_id": file.booked_facility_id,
        "next_step": file.next_step,
        "next_due_at": due,
        "overdue": due is not None and due <= work.now,
    }


def _weeks(work: Work, file: CaseFile) -> str | None:
    return weeks_on(file, day_of(work.now)) if file.status in PREGNANT else None


def _due(work: Work, file: CaseFile) -> list[dict[str, object]]:
    return [
        {
            "rule": one.rule,
            "kind": one.kind,
            "warn_at": one.warn_at,
            "due_at": one.due_at,
            "overdue": one.due_at is not None and one.due_at <= work.now,
        }
        for one in store.open_due(work.session, file.id)
    ]


def _turn(work: Work, turn: CaseTurn) -> documents.CaseTurnOut:
    return documents.CaseTurnOut(
        name=person_named(work.session, turn.user_id),
        org_id=turn.org_id,
        from_at=turn.from_at,
        to_at=turn.to_at,
    )


def _colours(work: Work, file: CaseFile) -> dict[str, object]:
    steps = [
        {
            "colour": one.colour,
            "purple": one.purple,
            "at": one.at,
            "assessment_id": one.assessment_id,
            "named": one.named_by is not None,
            "reason": told(work.session, one, "reason"),
        }
        for one in store.colours_of(work.session, file.id)
    ]
    return {"colours": steps}


def _entries(work: Work, file_id: uuid.UUID) -> dict[str, object]:
    session = work.session

    def all_of(table: type[Entry], *sealed: str) -> Sequence[dict[str, Any]]:
        rows = store.entries_of(session, table, file_id)
        wrong = {one.corrects for one in rows}
        return [
            {
                **one.model_dump(),
                "counts": one.id not in wrong,
                **{column: told(session, one, column) for column in sealed},
                "row": one,
            }
            for one in rows
        ]

    return {
        "screenings": [_screening(work, one) for one in all_of(CaseScreening)],
        "assessments": [_assessment(work, one) for one in all_of(CaseAssessment, "assessor")],
        "plans": all_of(CasePlan, "text", "agreed_by"),
        "visits": [
            one | {"findings": document(session, one["row"], "findings")}
            for one in all_of(CaseVisit)
        ],
        "reports": all_of(CaseReport, "content"),
        "counselling": all_of(CaseCounselling, "said"),
        "deliveries": all_of(CaseDelivery, "elsewhere"),
    }


def _screening(work: Work, one: Mapping[str, Any]) -> dict[str, object]:
    form = document(work.session, one["row"], "form")
    return {**one, "found": form["found"], "left_open": form["open"]}


def _assessment(work: Work, one: Mapping[str, Any]) -> dict[str, object]:
    kept = document(work.session, one["row"], "answer")
    answer = kept["said"]
    return {
        **one,
        "facts": document(work.session, one["row"], "facts"),
        "conditions": [row["rule"] for row in answer["conditions"]],
        "undetermined": answer["undetermined"],
        "ruled_out": kept["ruled_out"],
    }
