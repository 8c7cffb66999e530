"""专案管理: opened by rule, one clinician at all times, plans with the higher centre, a place."""

import uuid
from datetime import date

from app.accounts.service import colleague
from app.case_files import store
from app.case_files.entering import Entered, entered, move
from app.case_files.entry_tables import CasePlan
from app.case_files.errors import FileRefusedError
from app.case_files.noting import noted
from app.case_files.parties import join_org, leave
from app.case_files.record import care_rules, known_facts, read_facts
from app.case_files.sight import locked_for
from app.case_files.states import BORN, MANAGED, NO_COLOUR, Capacity, FileStatus, PlanKind
from app.case_files.tables import CaseFile, CaseTurn
from app.case_files.watching import office_of, owner_of, saved
from app.db_types import new_key
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import put
from app.notices.service import notify
from app.notices.states import Template
from app.work import Work
from routing.care.opening import reasons_to_open
from routing.triage.rows import Colour

__all__ = [
    "add_plan",
    "admit_early",
    "leave_file",
    "name_clinician",
    "open_by_rule",
    "plan_delivery",
]

S = FileStatus
PROFILE = "yunnan"
"""R-CASE-02; the rule set in force says which, and the file keeps it."""


def open_by_rule(scene: Scene, file: CaseFile) -> None:
    """Open the 专案 where a rule says so, with the reasons; it says that nobody is responsible yet.

    Reasons that come later are added, none is taken away: management ends with the file.
    """
    colour = None if file.colour == NO_COLOUR else Colour(file.colour)
    facts = read_facts(known_facts(scene.session, file))
    found = reasons_to_open(care_rules(), colour, facts, purple=file.purple, profile=PROFILE)
    reasons = [row.info.id for row in found.reasons]
    there = file.reasons.split()
    if not set(reasons) - set(there) or file.status not in (S.ASSESSED, *MANAGED, *BORN):
        return
    file.reasons = " ".join(dict.fromkeys((*there, *reasons)))
    if file.opened_at is None:
        file.opened_at, file.profile = scene.now, PROFILE
        _nobody(scene, file)
        store.add(scene.session, file)
    if file.status == S.ASSESSED:
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
    _end_turn(scene, file)
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
    _end_turn(scene, file)
    _nobody(scene, file)
    noted(work, file.id, "clinician_left")
    return saved(scene, file)


def add_plan(
    work: Work,
    file_id: uuid.UUID,
    kind: PlanKind,
    text: str,
    said: Entered,
    *,
    made_with: str | None = None,
    agreed_by: str | None = None,
    read: int,
) -> CaseFile:
    """Enter a plan; one that was made with a higher centre names it and who agreed there.

    Raises
    ------
    FileRefusedError
        A centre without a name, or a name without a centre.
    """
    file = locked_for(work, file_id, read=read)
    if (made_with is None) != (agreed_by is None):
        raise FileRefusedError(["made_with_and_agreed_by"])
    centre = None if made_with is None else store.organisation_at(work.session, made_with)
    if made_with is not None and centre is None:
        raise NotFoundError("facility", made_with)
    key, scene = new_key(), Scene.of(work)
    row = CasePlan(**entered(work, file, CasePlan, key, said), kind=kind.value, made_with=centre)
    put(work.session, row, text=text, agreed_by=agreed_by)
    store.add(work.session, row)
    if centre is not None:
        join_org(scene, file, Capacity.CONSULTED, centre)
    noted(work, file.id, "plan_made", what="case_plan", object_id=key)
    return saved(scene, file)


def plan_delivery(
    work: Work,
    file_id: uuid.UUID,
    facility_id: str,
    *,
    come_by: date | None = None,
    read: int,
) -> CaseFile:
    """Say where she is to give birth, and by which day she comes to live near it (R-CASE-05, 07).

    A woman without a 专案 has a place like any other; only a managed file is planned by it.
    """
    file = locked_for(work, file_id, read=read)
    centre = store.organisation_at(work.session, facility_id)
    if centre is None:
        raise NotFoundError("facility", facility_id)
    scene = Scene.of(work)
    file.booked_facility_id = facility_id
    file.come_by = None if come_by is None else come_by.isoformat()
    if file.status in (S.CASE_MANAGED, S.DELIVERY_PLANNED):
        move(scene, file, S.DELIVERY_PLANNED)
    leave(scene, file, Capacity.BOOKED, but=centre)
    join_org(scene, file, Capacity.BOOKED, centre)
    noted(work, file.id, "delivery_planned")
    return saved(scene, file)


def admit_early(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Say that she has come to wait for her birth near the hospital (R-CASE-07)."""
    file = locked_for(work, file_id, read=read)
    scene = Scene.of(work)
    move(scene, file, S.ADMITTED_EARLY)
    noted(work, file.id, "admitted_early")
    return saved(scene, file)


def _end_turn(scene: Scene, file: CaseFile) -> None:
    """End the turn of who was responsible; the file names somebody else, or nobody, at the end."""
    turn = store.open_turn(scene.session, file.id)
    if turn is None:
        return
    turn.to_at, turn.is_open = max(scene.now, turn.from_at), None
    store.add(scene.session, turn)


def _nobody(scene: Scene, file: CaseFile) -> None:
    """Say that nobody is responsible, and let who can name somebody know."""
    file.turn_id = file.turn_open = None
    file.no_clinician_since = scene.now
    office = office_of(scene.session, file.residence_county)
    for org in dict.fromkeys(
        one for one in (owner_of(scene.session, file), office) if one is not None
    ):
        notify(
            scene,
            org_id=org,
            template=Template.CASE_NO_CLINICIAN,
            referral_id=file.id,
            subject_kind="case_file",
        )
