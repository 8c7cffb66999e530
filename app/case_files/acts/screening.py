"""Screening by the form of the first visit (R-SCREEN-01 to 12), and sending her to be assessed."""

import uuid
from collections.abc import Mapping

from app.case_files import store
from app.case_files.acts.entering import Entered, entered, move
from app.case_files.acts.tables import CaseScreening
from app.case_files.errors import FileRefusedError
from app.case_files.known.care import care_rules
from app.case_files.known.record import known_facts, read_facts
from app.case_files.noting import noted
from app.case_files.parties import join_org
from app.case_files.sight import locked_for
from app.case_files.states import Capacity, FileStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.db_types import new_key
from app.documents import dumps
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import put
from app.work import Work
from routing.care.screening import screened
from routing.triage.screening import ScreeningOutcome

__all__ = ["refer_for_assessment", "screen"]

S = FileStatus
POSITIVE, NEGATIVE = "positive", "negative"


def screen(
    work: Work,
    file_id: uuid.UUID,
    facts: Mapping[str, object],
    answers: Mapping[str, bool],
    said: Entered,
    *,
    read: int,
) -> CaseFile:
    """Enter the form: positive by any one item, negative where every mandatory one is answered.

    ``answers`` are of items that no fact can express, by hand. What was positive once stays so:
    a form without findings takes nothing back. A no to what a stated fact answers with yes is not
    taken: the item counts as found, and the entry names it as contradicted.

    Raises
    ------
    FileRefusedError
        An item is unknown, or mandatory ones are left open and none is found.
    """
    file = locked_for(work, file_id, read=read)
    rules = care_rules().rules
    if unknown := sorted(answers.keys() - {row.info.id for row in rules.screening}):
        raise FileRefusedError(["unknown_item"], rules=unknown)
    stated = known_facts(work.session, file) | dict(facts)
    form = screened(care_rules(), read_facts(stated), answers)
    if form.outcome is ScreeningOutcome.UNDETERMINED:
        raise FileRefusedError(["screening_incomplete"], rules=form.open_mandatory)
    key = new_key()
    row = CaseScreening(
        **entered(work, file, CaseScreening, key, said),
        result=form.outcome.value,
        found=len(form.positive),
        left_open=len(form.open_mandatory),
        rule_set=rules.version,
    )
    left = [*form.open_mandatory, *form.open_recommended]
    document = {
        "facts": dict(facts),
        "answers": dict(answers),
        "found": form.positive,
        "open": left,
        "contradicted": form.contradicted,
    }
    put(work.session, row, form=dumps(document))
    store.add(work.session, row)
    _move(Scene.of(work), file, row.result)
    noted(work, file.id, "screened", what="case_screening", object_id=key)
    return saved(Scene.of(work), file)


def refer_for_assessment(
    work: Work, file_id: uuid.UUID, facility_id: str, *, read: int
) -> CaseFile:
    """Send a positive woman to where she is assessed within 14 days (R-SCREEN-11, 12)."""
    file = locked_for(work, file_id, read=read)
    org = store.organisation_at(work.session, facility_id)
    if org is None:
        raise NotFoundError("facility", facility_id)
    scene = Scene.of(work)
    if file.status != S.REFERRED_FOR_ASSESSMENT:
        move(scene, file, S.REFERRED_FOR_ASSESSMENT)
    join_org(scene, file, Capacity.ASSESSES, org)
    noted(work, file.id, "referred_for_assessment")
    return saved(scene, file)


def _move(scene: Scene, file: CaseFile, result: str) -> None:
    if result == POSITIVE:
        if file.status in (S.REGISTERED, S.SCREENED_NEGATIVE):
            move(scene, file, S.SCREENED_POSITIVE)
        file.screening = POSITIVE
    else:
        if file.status == S.REGISTERED:
            move(scene, file, S.SCREENED_NEGATIVE)
        file.screening = file.screening or NEGATIVE
