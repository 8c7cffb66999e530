"""Assessments of her risk, and lowering a colour by name (R-COLOUR-000 to 013, R-SCREEN-13)."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.case_files import store
from app.case_files.acts.colouring import label_of, stand
from app.case_files.acts.entering import Entered, entered, move
from app.case_files.acts.managing import open_by_rule
from app.case_files.acts.tables import CaseAssessment
from app.case_files.errors import FileRefusedError
from app.case_files.known.care import care_rules, grade_of
from app.case_files.known.record import (
    earlier_facts,
    fixed_of,
    known_facts,
    read_facts,
    weeks_on,
)
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.case_files.states import PREGNANT, FileStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.clock import stamp
from app.db_types import new_key
from app.documents import dumps, plain
from app.engine import Engine
from app.events.scene import Scene
from app.keys.words import document, put
from app.work import Work
from routing.care.days import day_of
from routing.care.lowering import Change, Outcome, Word, standing_after
from routing.care.screening import may_assess
from routing.triage.answer import Assessment
from routing.triage.screening import ScreeningOutcome

__all__ = ["Assessed", "assess_risk", "lower_colour"]

S = FileStatus
BEFORE = (S.SCREENED_POSITIVE, S.REFERRED_FOR_ASSESSMENT, S.ASSESSED)
"""A colour that stands moves a file from here; elsewhere an assessment is an entry and no move."""
GREEN_BY_RULE = "R-COLOUR-004"
"""The reason of a green that needs no word: screened negative, and nothing left open."""
WEEKS, CHILDREN = "gestational_age_weeks", "fetus_count"


@dataclass(frozen=True, slots=True)
class Assessed:
    """A file after an assessment, with what the assessment said and what became of the colour."""

    file: CaseFile
    assessment: Assessment
    change: Change


def assess_risk(
    work: Work,
    engine: Engine,
    file_id: uuid.UUID,
    facts: Mapping[str, object],
    said: Entered,
    *,
    ruled_out: Collection[str] = (),
    reason: str | None = None,
    read: int,
) -> Assessed:
    """Assess her: the colour rises at once, and is kept where it would fall.

    Parameters
    ----------
    facts
        As stated today; age, height and history that were stated before count with them.
    ruled_out
        Rows of the colour table that the assessor answers with no by hand, where no fact can.
    reason
        Why the assessor lets a lower colour stand, or calls a positive woman green.

    Raises
    ------
    FileRefusedError
        She was not screened, or there is no such row to rule out.
    """
    file = locked_for(work, file_id, read=read)
    if faults := _faults(file, ruled_out):
        raise FileRefusedError(faults)
    scene, key = Scene.of(work), new_key()
    common = entered(work, file, CaseAssessment, key, said)
    stated = _whole(work, file, facts, said)
    before = [*earlier_facts(work.session, file)]
    found = engine.assess(
        {"patient": "maternal", "facts": stated, "now": stamp(common["happened_at"])}
    )
    change = standing_after(
        care_rules(),
        read_facts(stated),
        standing=label_of(file),
        earlier=before,
        screening=_screening(file),
        ruled_out=ruled_out,
        word=None if reason is None else Word(work.actor.name, reason),
    )
    row = CaseAssessment(
        **common,
        rule_set=found.rule_set,
        colour=found.colour or "",
        purple=found.purple,
        conditions=len(found.conditions),
        undetermined=len(change.open),
        is_full=not change.open and _assesses(work, engine),
    )
    put(
        work.session,
        row,
        facts=dumps(stated),
        answer=dumps({"ruled_out": [*ruled_out], "said": plain(found)}),
        assessor=work.actor.name,
    )
    store.add(work.session, row)
    by_name = change.outcome is Outcome.LOWERED or _first_green(change)
    stand(
        scene,
        file,
        change,
        assessment_id=key,
        named_by=work.actor.user_id if by_name else None,
        reason=(reason or GREEN_BY_RULE) if by_name else None,
    )
    _follow(scene, file)
    open_by_rule(scene, file)
    noted(work, file.id, "assessed", what="case_assessment", object_id=key)
    return Assessed(saved(scene, file), found, change)


def lower_colour(work: Work, file_id: uuid.UUID, reason: str, *, read: int) -> CaseFile:
    """Lower the standing colour to what the last assessment found, by name and with a reason.

    Raises
    ------
    FileRefusedError
        Nothing lower was found, or it rests on what does not get better or is unknown now.
    """
    file = locked_for(work, file_id, read=read)
    last = store.last_of(work.session, CaseAssessment, file.id)
    if last is None:
        raise FileRefusedError(["not_assessed"])
    change = standing_after(
        care_rules(),
        read_facts(document(work.session, last, "facts")),
        standing=label_of(file),
        earlier=earlier_facts(work.session, file),
        screening=_screening(file),
        ruled_out=document(work.session, last, "answer")["ruled_out"],
        word=Word(work.actor.name, reason),
    )
    scene = Scene.of(work)
    done = stand(
        scene,
        file,
        change,
        assessment_id=last.id,
        named_by=work.actor.user_id,
        reason=reason,
    )
    if done is None:
        codes = [one.value for one in change.refused] or ["nothing_lower"]
        raise FileRefusedError(codes, rules=change.rules)
    _follow(scene, file)
    noted(work, file.id, "colour_lowered", what="case_colour", object_id=done.id)
    return saved(scene, file)


def _whole(
    work: Work, file: CaseFile, facts: Mapping[str, object], said: Entered
) -> dict[str, object]:
    """Return what an assessment is made from: stated now, and known of her for good."""
    found = fixed_of(known_facts(work.session, file)) | dict(facts)
    weeks = weeks_on(file, day_of(said.happened_at or work.now))
    if weeks is not None and file.status in PREGNANT:
        found.setdefault(WEEKS, weeks)
    if file.fetus_count is not None:
        found.setdefault(CHILDREN, file.fetus_count)
    return found


def _faults(file: CaseFile, ruled_out: Collection[str]) -> list[str]:
    checks = (
        (file.status == S.REGISTERED, "not_screened"),
        (bool(ruled_out) and not set(ruled_out) <= _rows(), "unknown_row"),
    )
    return [code for wrong, code in checks if wrong]


def _rows() -> set[str]:
    return {row.info.id for row in care_rules().rules.colours}


def _screening(file: CaseFile) -> ScreeningOutcome | None:
    return None if file.screening is None else ScreeningOutcome(file.screening)


def _assesses(work: Work, engine: Engine) -> bool:
    """Tell whether it counts as an assessment where it is made (R-COLOUR-000).

    What others find raises a colour as well; it does not end what is owed.
    """
    facility_id = work.actor.facility_id
    if facility_id is None or facility_id not in engine.registry:
        return False
    here = engine.registry.get(facility_id)
    return may_assess(care_rules(), grade_of(engine, facility_id), tuple(here.capabilities))


def _first_green(change: Change) -> bool:
    """Tell whether she is green from here on; that stands under the name of who assessed her."""
    return change.outcome is Outcome.FIRST and change.label.colour == "green"


def _follow(scene: Scene, file: CaseFile) -> None:
    """Let the file come as far as its colour says."""
    if not file.colour:
        return
    if file.status == S.SCREENED_NEGATIVE:
        move(scene, file, S.SCREENED_POSITIVE, reason="R-COLOUR-013")
        file.screening = "positive"
    if file.status in BEFORE:
        move(scene, file, S.ASSESSED)
