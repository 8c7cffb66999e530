"""专案管理: opened by rule, one clinician at all times, a place to give birth, waiting near it."""

import uuid
from datetime import date

from app.accounts.service import colleague
from app.case_files import store
from app.case_files.acts.entering import move
from app.case_files.errors import FileRefusedError
from app.case_files.known.care import care_of
from app.case_files.known.record import known_facts, read_facts
from app.case_files.noting import noted
from app.case_files.parties import join_org, leave
from app.case_files.sight import locked_for
from app.case_files.states import BORN, MANAGED, NO_COLOUR, Capacity, FileStatus
from app.case_files.tables import CaseFile, CaseTurn
from app.case_files.watching import office_of, owner_of, saved
from app.db_types import new_key
from app.errors import NotFoundError
from app.events.scene import Scene
from app.notices.service import notify
from app.notices.states import Template
from app.work import Work
from routing.care.days import day_of
from routing.care.opening import reasons_to_open
from routing.triage.rows import Colour

__all__ = [
    "admit_early",
    "end_turn",
    "go_home",
    "leave_file",
    "name_clinician",
    "no_place_planned",
    "nobody",
    "open_by_rule",
    "place_planned",
]

S = FileStatus


def open_by_rule(scene: Scene, file: CaseFile) -> None:
    """Open the 专案 where a rule says so, with the reasons; it says that nobody is responsible yet.

    Reasons that come later are added, none is taken away: management ends with the file. Who was
    not screened here has one by a colour that another system told, and by nothing else.
    """
    told = file.status == S.REGISTERED and file.colour != NO_COLOUR
    if not told and file.status not in (S.ASSESSED, *MANAGED, *BORN):
        return
    colour = None if file.colour == NO_COLOUR else Colour(file.colour)
    facts = read_facts(known_facts(scene.session, file))
    care = care_of(file)
    found = reasons_to_open(care, colour, facts, purple=file.purple)
    there = file.reasons.split()
    reasons = dict.fromkeys((*there, *(row.info.id for row in found.reasons)))
    if len(reasons) > len(there):
        file.reasons = " ".join(reasons)
        if file.opened_at is None:
            file.opened_at, file.profile = scene.now, care.rules.profile
            nobody(scene, file)
        store.add(scene.session, file)
    if file.status == S.ASSESSED and file.opened_at is not None:
        move(scene, file, S.CASE_MANAGED)
        store.add(scene.session, file)


def name_clinician(work: Work, file_id: uuid.UUID, login: str | None, *, read: int) -> CaseFile:
    """Let a clinician of the actor's organisation be responsible from now on (R-CASE-04).

    ``login`` None is the actor herself. A manager of the county names one of any hospital there.

    Raises
    ------
    NotFoundError
        Nobody of that name treats patients here.
    """
    file = locked_for(work, file_id, read=read)
    found = colleague(work, login)
    if found is None:
        raise NotFoundError("clinician", login or work.actor.role.value)
    user_id, org_id = found
    scene = Scene.of(work)
    end_turn(scene, file)
    turn = CaseTurn(
        id=new_key(),
        province=file.province,
        file_id=file.id,
        user_id=user_id,
        org_id=org_id,
        from_at=scene.now,
        by_user=work.actor.user_id,
    )
    store.add(work.session, turn)
    file.turn_id, file.turn_open, file.no_clinician_since = turn.id, 1, None
    leave(scene, file, Capacity.RESPONSIBLE, but=org_id)
    join_org(scene, file, Capacity.RESPONSIBLE, org_id)
    noted(work, file.id, "clinician_named", what="case_turn", object_id=turn.id)
    return saved(scene, file)


def leave_file(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Say that who is responsible is so no more and nobody is yet: an alert until somebody is."""
    file = locked_for(work, file_id, read=read)
    if file.turn_id is None:
        raise FileRefusedError(["nobody_responsible"])
    scene = Scene.of(work)
    end_turn(scene, file)
    nobody(scene, file)
    noted(work, file.id, "clinician_left")
    return saved(scene, file)


def place_planned(
    scene: Scene,
    file: CaseFile,
    facility_id: str,
    centre: uuid.UUID,
    *,
    come_by: date | None = None,
) -> CaseFile:
    """Let a locked file say where she is to give birth; that centre sees it from now on."""
    file.booked_facility_id = facility_id
    file.come_by = None if come_by is None else come_by.isoformat()
    if file.status in (S.CASE_MANAGED, S.DELIVERY_PLANNED):
        move(scene, file, S.DELIVERY_PLANNED)
    leave(scene, file, Capacity.BOOKED, but=centre)
    join_org(scene, file, Capacity.BOOKED, centre)
    return saved(scene, file)


def no_place_planned(scene: Scene, file: CaseFile) -> CaseFile:
    """Let a locked file say that nowhere is planned any more: what stood there holds no longer."""
    if file.status == S.DELIVERY_PLANNED:
        move(scene, file, S.CASE_MANAGED, reason="booking_withdrawn")
    file.booked_facility_id = file.come_by = None
    leave(scene, file, Capacity.BOOKED)
    return saved(scene, file)


def admit_early(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Say that she has come to wait for her birth near the hospital (R-CASE-07)."""
    file = locked_for(work, file_id, read=read)
    scene = Scene.of(work)
    move(scene, file, S.ADMITTED_EARLY)
    noted(work, file.id, "admitted_early")
    return saved(scene, file)


def go_home(work: Work, file_id: uuid.UUID, *, come_by: date | None = None, read: int) -> CaseFile:
    """Say that she has gone home before her birth, and by which day she comes again.

    Where she is booked she is planned there as before; a visit is due (R-CASE-07-home), and what
    her booking rests on is looked at.

    Raises
    ------
    FileRefusedError
        She had not come, or the day is past.
    """
    file = locked_for(work, file_id, read=read)
    checks = (
        (file.status != S.ADMITTED_EARLY, "not_admitted"),
        (come_by is not None and come_by < day_of(work.now), "impossible_day"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    scene = Scene.of(work)
    file.come_by = None if come_by is None else come_by.isoformat()
    booked = file.booked_facility_id is not None
    move(scene, file, S.DELIVERY_PLANNED if booked else S.CASE_MANAGED, reason="went_home")
    noted(work, file.id, "went_home")
    return saved(scene, file)


def end_turn(scene: Scene, file: CaseFile) -> None:
    """End the turn of who was responsible; the file names somebody else, or nobody, at the end."""
    turn = store.open_turn(scene.session, file.id)
    if turn is None:
        return
    turn.to_at, turn.is_open = max(scene.now, turn.from_at), None
    store.add(scene.session, turn)


def nobody(scene: Scene, file: CaseFile, *, left: uuid.UUID | None = None) -> None:
    """Say that nobody is responsible, and let who can name somebody know.

    ``left`` is where the last one was, if that hospital does not know it yet.
    """
    file.turn_id = file.turn_open = None
    file.no_clinician_since = scene.now
    office = office_of(scene.session, file.residence_county)
    for org in dict.fromkeys(
        one for one in (left, owner_of(scene.session, file), office) if one is not None
    ):
        notify(
            scene,
            org_id=org,
            template=Template.CASE_NO_CLINICIAN,
            referral_id=file.id,
            subject_kind="case_file",
        )
