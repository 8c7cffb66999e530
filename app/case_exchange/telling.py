"""What we tell the platform: every file and visit as they stand, in the words of its columns.

Of what came from the platform the line is told with what became of it here laid over it; of what
was entered here only, all that the columns have room for, under our own number. Each woman is a
look at a named file and is written into its record.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from types import MappingProxyType

from app.accounts.service import organisation_named
from app.case_exchange import store
from app.case_exchange.cells import Said
from app.case_exchange.fields import ENDINGS
from app.case_exchange.rows import (
    PregnancyRow,
    VisitRow,
    content_of,
    pregnancy_of,
    said_by,
    said_in,
    visit_of,
)
from app.case_exchange.tables import ExchangeLine
from app.case_files.acts.tables import CaseAssessment, CaseScreening, CaseVisit
from app.case_files.known.record import known_facts, read_facts
from app.case_files.noting import noted
from app.case_files.states import VisitStatus
from app.case_files.store import corrected, entries_of, last_of
from app.case_files.tables import CaseFile
from app.events.store import last_event
from app.keys.words import document, keys_of, told
from app.patients.identity import Given
from app.patients.service import identity_of
from app.work import Work
from routing.care.days import day_of
from routing.triage.rows import Colour

__all__ = ["pregnancies_told", "visits_told"]

PREGNANCIES, VISITS = "pregnancies", "visits"
OF_THE_DAY = frozenset({"gestational_age_weeks", "delivered"})
"""Facts that every day makes anew; the due date and the day of the birth say them."""
TOLD = (VisitStatus.PLANNED, VisitStatus.HELD, VisitStatus.MISSED)


def pregnancies_told(work: Work, files: Sequence[CaseFile]) -> Iterator[Mapping[str, Said]]:
    """Yield what the platform is told of each file."""
    for file in files:
        line = store.of_file(work.session, file.id)
        row = _row(work, file, line)
        noted(work, file.id, "exported", read=True)
        yield dict(said_by(row)) | {"state": file.status}


def _row(work: Work, file: CaseFile, line: ExchangeLine | None) -> PregnancyRow:
    base = None if line is None else _base(work, line)
    row = _of_file(work, file) if base is None else base
    row = replace(
        row,
        given=_given(work, file),
        lmp=None if file.lmp is None else date.fromisoformat(file.lmp),
        due_date=row.due_date if file.edd is None else date.fromisoformat(file.edd),
        booked_facility=file.booked_facility_id,
        township=file.township or row.township,
        facts=_facts(work, file, row),
    )
    row = _ended(work, file, _coloured(work, file, row))
    if line is None or base is None:
        return row
    same = content_of(row) == content_of(base)
    return replace(row, updated_at=base.updated_at if same else work.now)


def _base(work: Work, line: ExchangeLine) -> PregnancyRow:
    content = told(work.session, line, "content") or "{}"
    return pregnancy_of(said_in(PREGNANCIES, content, line.updated_at))


def _of_file(work: Work, file: CaseFile) -> PregnancyRow:
    """Return what only we know of: under our own number."""
    form = last_of(work.session, CaseScreening, file.id)
    edd = day_of(file.registered_at) if file.edd is None else date.fromisoformat(file.edd)
    return PregnancyRow(
        record_id=file.number,
        updated_at=work.now,
        given=Given(),
        registered_on=day_of(file.registered_at),
        due_date=edd,
        registered_by=_facility(work, file.registered_org),
        screening=file.screening,
        screened_on=None if form is None else day_of(form.happened_at),
    )


def _given(work: Work, file: CaseFile) -> Given:
    known = identity_of(work, keys_of(work.session), file.patient_id)
    said = {one.name: getattr(known, one.name) for one in fields(Given)}
    counties = {"residence_county": file.residence_county, "home_county": file.home_county}
    return Given(**(said | counties))


def _facts(work: Work, file: CaseFile, row: PregnancyRow) -> Mapping[str, bool | int | float | str]:
    known = read_facts(known_facts(work.session, file))
    found = dict(row.facts) | {n: v for n, v in known.items() if n not in OF_THE_DAY}
    return MappingProxyType(found)


def _coloured(work: Work, file: CaseFile, row: PregnancyRow) -> PregnancyRow:
    if not file.colour:
        return replace(row, colour=None, purple=None, assessed_on=None, assessed_by=None)
    colour = Colour(file.colour)
    if (row.colour, row.purple) == (colour, file.purple):
        return row
    last = last_of(work.session, CaseAssessment, file.id)
    return replace(
        row,
        colour=colour,
        purple=file.purple,
        assessed_on=row.assessed_on if last is None else day_of(last.happened_at),
        assessed_by=row.assessed_by if last is None else _facility(work, last.by_org),
    )


def _ended(work: Work, file: CaseFile, row: PregnancyRow) -> PregnancyRow:
    if file.delivered_at is not None:
        row = replace(row, delivered_on=day_of(file.delivered_at))
    if file.status not in ENDINGS:
        return row
    last = last_event(work.session, "case_file", file.id)
    ended_on = row.ended_on if last is None else day_of(last.at)
    return replace(row, ended_as=file.status, ended_on=ended_on)


def _facility(work: Work, org_id: uuid.UUID) -> str | None:
    org = organisation_named(work.session, org_id)
    return None if org is None else org.facility_id


def visits_told(work: Work, files: Sequence[CaseFile]) -> Iterator[Mapping[str, Said]]:
    """Yield what the platform is told of the visits of each file."""
    for file in files:
        line = store.of_file(work.session, file.id)
        record = file.number if line is None else line.record_id
        lines = store.visits_of_file(work.session, file.id)
        noted(work, file.id, "exported", read=True)
        for one in lines:
            content = told(work.session, one, "content") or "{}"
            yield said_by(visit_of(said_in(VISITS, content, one.updated_at)))
        told_already = {one.entry_id for one in lines}
        for entry in corrected(entries_of(work.session, CaseVisit, file.id)):
            new = entry.id not in told_already and entry.plan_id not in {*told_already} - {None}
            if new and entry.status in TOLD:
                yield said_by(_visit(work, record, entry))


def _visit(work: Work, record: str, entry: CaseVisit) -> VisitRow:
    planned = entry.planned_for
    found = {} if entry.findings is None else document(work.session, entry, "findings")
    text = found.get("text")
    return VisitRow(
        visit_id=str(entry.id),
        record_id=record,
        updated_at=_to_the_second(entry.entered_at),
        state=entry.status,
        visited_on=day_of(entry.happened_at) if planned is None else date.fromisoformat(planned),
        visited_at=_facility(work, entry.by_org),
        findings=text if isinstance(text, str) else None,
    )


def _to_the_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
