"""How a file ends: on the 42nd day, before its time, or lost and found again (R-CASE-06)."""

import uuid

from app.case_files import store
from app.case_files.acts.entering import FOUND, move
from app.case_files.acts.tables import CaseVisit
from app.case_files.errors import FileRefusedError, NotClosableError
from app.case_files.known.care import care_of
from app.case_files.known.record import pregnancy_of
from app.case_files.noting import noted
from app.case_files.sight import locked_for
from app.case_files.states import (
    CASE_FILE,
    NEXT,
    PREGNANT,
    EndReason,
    FileStatus,
    VisitKind,
    VisitStatus,
)
from app.case_files.tables import CaseFile
from app.case_files.watching import owner_of, saved
from app.events.errors import TransitionError
from app.events.scene import Scene
from app.events.store import last_event
from app.keys.words import put
from app.work import Work
from routing.care.closing import Hindrance, why_not_closed, why_not_ended
from routing.care.rows import EventKind
from routing.triage.rows import Colour

__all__ = ["close_file", "end_file", "take_up"]

S = FileStatus
BEFORE_BIRTH = (EndReason.PREGNANCY_LOST, EndReason.TERMINATED)


def close_file(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Close a file on the check of the 42nd day.

    Raises
    ------
    NotClosableError
        A rule keeps it open; each is named.
    """
    file = locked_for(work, file_id, read=read)
    pregnancy = pregnancy_of(work.session, file)
    hindrances = [*why_not_closed(care_of(file), pregnancy, now=work.now)]
    checks = [
        one
        for one in store.corrected(store.entries_of(work.session, CaseVisit, file.id))
        if one.kind == VisitKind.DAY_42 and one.status == VisitStatus.HELD
    ]
    if not checks and not hindrances:
        hindrances.append(Hindrance("R-CASE-06", "not_assessed_at_42_days"))
    if not hindrances and file.colour == Colour.RED and checks[-1].unstable is None:
        # What an earlier check said of a red disease is not what the last one found.
        hindrances.append(Hindrance("R-POST-02", "red_stability_unknown"))
    if hindrances:
        raise NotClosableError((one.rule, one.code) for one in hindrances)
    scene, last = Scene.of(work), checks[-1]
    file.closing_visit_id, file.closing = last.id, 1
    file.red_unstable = last.unstable
    move(scene, file, S.CLOSED_42D)
    _nobody_any_more(scene, file)
    noted(work, file.id, "closed")
    return saved(scene, file)


def end_file(
    work: Work, file_id: uuid.UUID, how: EndReason, because: str, *, read: int
) -> CaseFile:
    """End a file before its time: with a reason, and what its way of ending asks for.

    Raises
    ------
    NotClosableError
        Something of it is not on record: a hand-over for who moved away, an attempt to reach her
        for who was lost, for a red pregnancy that is terminated who judged that it may not go on.
    """
    file = locked_for(work, file_id, read=read)
    if S(how.value) not in NEXT[file.status]:
        raise TransitionError(CASE_FILE, file.status, how.value, allowed=NEXT[file.status])
    missing = [
        (one.rule, one.code)
        for one in why_not_ended(
            care_of(file),
            pregnancy_of(work.session, file),
            EventKind(how.value),
            given=("clinician", "reason"),
            now=work.now,
        )
    ]
    if how in BEFORE_BIRTH and file.status not in PREGNANT:
        missing.append(("R-STATE-01", "delivered_already"))
    if missing:
        raise NotClosableError(missing)
    scene = Scene.of(work)
    put(work.session, file, ended_because=because)
    move(scene, file, S(how.value), reason=how.value)
    if how is not EndReason.LOST_TO_FOLLOW_UP:
        _nobody_any_more(scene, file)
    noted(work, file.id, "ended")
    return saved(scene, file)


def take_up(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Take up a file that was lost, where it was when she was lost (R-STATE-02).

    Who has given birth meanwhile, and it was entered, has delivered.

    Raises
    ------
    FileRefusedError
        It was not lost.
    """
    file = locked_for(work, file_id, read=read)
    last = last_event(work.session, CASE_FILE, file.id)
    if file.status != S.LOST_TO_FOLLOW_UP or last is None:
        raise FileRefusedError(["not_lost"])
    scene = Scene.of(work)
    # Whoever looks after it is known before it is open again: the database asks at once.
    file.owner_org = owner_of(work.session, file)
    file.next_due_at, file.next_step = scene.now, "look"
    if file.opened_at is not None and file.turn_id is None:
        file.no_clinician_since = file.no_clinician_since or scene.now
    move(scene, file, S(last.from_status), reason=FOUND)
    if file.delivered_at is not None and file.status in PREGNANT:
        move(scene, file, S.DELIVERED)
    noted(work, file.id, "found_again")
    return saved(scene, file)


def _nobody_any_more(scene: Scene, file: CaseFile) -> None:
    """End the turn of who was responsible: the file is over."""
    turn = store.open_turn(scene.session, file.id)
    if turn is not None:
        turn.to_at, turn.is_open = max(scene.now, turn.from_at), None
        store.add(scene.session, turn)
    file.turn_id = file.turn_open = file.no_clinician_since = None
