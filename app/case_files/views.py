"""What is shown of a case file: a line without identity, and the whole of it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from app.accounts.service import login_of, person_named
from app.case_files import documents, store
from app.case_files.acts.assessing import Assessed
from app.case_files.acts.tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.belonging.tables import CaseDelivery, CaseDue, CaseGlass
from app.case_files.finding import Several
from app.case_files.known.care import care_rules
from app.case_files.known.record import facts_of, read_facts, weeks_on
from app.case_files.sight import Seen
from app.case_files.states import CASE_FILE, PREGNANT
from app.case_files.store import Entry
from app.case_files.tables import CaseFile, CaseTurn
from app.case_files.watching import owes
from app.events.store import events_of
from app.keys.words import document, told
from app.work import Work
from routing.care.days import day_of
from routing.care.screening import known_items

__all__ = [
    "assessed",
    "due_lines",
    "file_line",
    "glass_out",
    "line",
    "several",
    "turn_out",
    "whole",
]


def line(work: Work, file: CaseFile) -> documents.CaseFileLineOut:
    """Return a file as it stands in a list."""
    return documents.CaseFileLineOut.model_validate(file_line(work, file))


def due_lines(
    work: Work, files: Sequence[CaseFile], owed: Sequence[ColumnElement[bool]] | None
) -> Sequence[documents.DueFileOut]:
    """Return files as they stand in a worklist, with the lines that are owed of each."""
    ids = [one.id for one in files]
    lines = [] if owed is None else store.owed_of(work.session, ids, *owed)
    return [
        documents.DueFileOut.model_validate(
            file_line(work, file)
            | {"owed": _due(work, file, (one for one in lines if one.file_id == file.id))}
        )
        for file in files
    ]


def several(work: Work, found: Several) -> documents.SeveralFilesOut:
    """Return files that are to be told apart; of none of them who she is."""
    return documents.SeveralFilesOut(
        count=found.count,
        files=[
            documents.FileOfSeveralOut(
                number=file.number,
                status=file.status,
                colour=file.colour or None,
                residence_county=file.residence_county,
                weeks=_weeks(work, file),
                patient_id=file.patient_id if is_seen else None,
            )
            for file, is_seen in found.files
        ],
    )


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
    return documents.AssessedOut.model_validate(file_line(work, done.file) | more)


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
        "due": _due(work, file, store.open_due(session, file.id)),
        "clinicians": [turn_out(work, one) for one in store.turns_of(session, file.id)],
        "handovers": [
            one.model_dump()
            | {"note": told(session, one, "note"), "reason": told(session, one, "reason")}
            for one in store.handovers_of(session, file.id)
        ],
        "verified_by": [one.county for one in store.verifications_of(session, file.id)],
        "referrals": [one.referral_id for one in store.referrals_of(session, file.id)],
        "referred": [one.model_dump() for one in store.referrals_of(session, file.id)],
        "newborns": [one.newborn_id for one in store.newborns_of(session, file.id)],
        "screening_known": _screening_known(work, file),
    }
    return documents.CaseFileOut.model_validate(
        file_line(work, file) | more | _colours(work, file) | _entries(work, file.id)
    )


def glass_out(work: Work, row: CaseGlass) -> documents.CaseGlassOut:
    """Return a look through broken glass with who looked, and at which file."""
    file = store.file_of(work.session, row.file_id)
    if file is None:
        raise AssertionError("a file is never deleted")
    return documents.CaseGlassOut(
        **row.model_dump(exclude={"reason"}),
        file_number=file.number,
        by_login=login_of(work.session, row.user_id),
        reason=told(work.session, row, "reason"),
    )


def file_line(work: Work, file: CaseFile) -> dict[str, object]:
    """Return the fields of a line; nothing says who she is."""
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


def _due(work: Work, file: CaseFile, lines: Iterable[CaseDue]) -> list[dict[str, object]]:
    return [
        {
            "rule": one.rule,
            "kind": one.kind,
            "owed_by": owes(work.session, file, one),
            "warn_at": one.warn_at,
            "due_at": one.due_at,
            "warned": one.warn_at is not None and one.warn_at <= work.now,
            "overdue": one.due_at is not None and one.due_at <= work.now,
        }
        for one in lines
    ]


def turn_out(work: Work, turn: CaseTurn) -> documents.CaseTurnOut:
    """Return who is or was responsible, and from when to when."""
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
    return {
        **one,
        "found": form["found"],
        "left_open": form["open"],
        # Forms of before this was kept have none.
        "contradicted": form.get("contradicted", ()),
    }


def _screening_known(work: Work, file: CaseFile) -> list[dict[str, object]]:
    """Return what the form would count without anybody answering it, and from which facts."""
    known = facts_of(work.session, [file])[file.id]
    stored = read_facts({name: one.value for name, one in known.items()})
    return [
        {
            "rule": item.rule,
            "answer": item.answer,
            "facts": [
                {"name": name, "value": known[name].value, "at": known[name].at}
                for name in item.facts
            ],
        }
        for item in known_items(care_rules(), stored)
    ]


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
