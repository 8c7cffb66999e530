"""A file that goes with her from county to county, and is known in both (P-14)."""

import uuid
from collections.abc import Collection

from app.accounts.service import organisation_named
from app.case_files import store
from app.case_files.belonging.tables import CaseHandover, CaseVerification
from app.case_files.errors import FileRefusedError, NotYourFileError
from app.case_files.noting import noted
from app.case_files.parties import join_area, leave
from app.case_files.sight import locked_for
from app.case_files.states import OPEN, Capacity, HandoverAnswer
from app.case_files.tables import CaseFile
from app.case_files.watching import office_of, saved
from app.db_types import new_key
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import put
from app.notices.service import notify
from app.notices.states import Template
from app.work import Work

__all__ = ["answer_handover", "offer_file", "verify_file"]


def offer_file(
    work: Work,
    file_id: uuid.UUID,
    to_county: str,
    note: str | None,
    *,
    counties: Collection[str],
    read: int,
) -> CaseFile:
    """Offer a file to the county where she lives now; until it says yes nothing changes.

    Raises
    ------
    FileRefusedError
        The county is unknown or the same, the file is over, or another offer waits.
    """
    file = locked_for(work, file_id, read=read)
    checks = (
        (to_county not in counties, "unknown_county"),
        (to_county == file.residence_county, "same_county"),
        (file.status not in OPEN, "file_over"),
        (store.open_handover(work.session, file.id) is not None, "offered_already"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    scene = Scene.of(work)
    row = CaseHandover(
        id=new_key(),
        province=file.province,
        file_id=file.id,
        from_county=file.residence_county,
        to_county=to_county,
        offered_at=scene.now,
        offered_by=work.actor.user_id,
        offered_org=work.actor.org_id,
    )
    put(work.session, row, note=note)
    store.add(work.session, row)
    join_area(scene, file, Capacity.OFFERED_COUNTY, to_county)
    _tell(scene, file, to_county, Template.CASE_OFFERED)
    noted(work, file.id, "offered", what="case_handover", object_id=row.id)
    return saved(scene, file)


def answer_handover(
    work: Work,
    file_id: uuid.UUID,
    handover_id: uuid.UUID,
    answer: HandoverAnswer,
    reason: str | None,
    *,
    read: int,
) -> CaseFile:
    """Answer an offer: the new county takes it or says why not, the old one may take it back.

    With a yes she is that county's, and her home still sees the file. Who was responsible stays so
    until somebody else is named there: she is never without anybody on the way.

    Raises
    ------
    NotYourFileError
        It is for the other county to say.
    FileRefusedError
        It was answered before, or no reason is given.
    """
    takes_back = answer is HandoverAnswer.WITHDRAWN
    allowed = () if takes_back else (Capacity.OFFERED_COUNTY,)
    file = locked_for(work, file_id, *allowed, read=read)
    row = store.handover_locked(work.session, handover_id)
    if row is None or row.file_id != file.id:
        raise NotFoundError("handover", str(handover_id))
    if takes_back and work.actor.division == row.to_county:
        raise NotYourFileError((Capacity.RESIDENCE_COUNTY,))
    checks = (
        (row.answered_at is not None, "answered_before"),
        (answer is HandoverAnswer.DECLINED and not reason, "no_reason"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    scene = Scene.of(work)
    row.answer, row.answered_at, row.answered_by = answer.value, scene.now, work.actor.user_id
    put(work.session, row, reason=reason)
    store.add(work.session, row)
    leave(scene, file, Capacity.OFFERED_COUNTY)
    if answer is HandoverAnswer.ACCEPTED:
        _moves(scene, file, row.to_county)
    taken = answer is HandoverAnswer.ACCEPTED
    to = row.to_county if takes_back else row.from_county
    _tell(scene, file, to, Template.CASE_TAKEN if taken else Template.CASE_NOT_TAKEN)
    noted(work, file.id, f"handover_{answer}", what="case_handover", object_id=row.id)
    return saved(scene, file)


def verify_file(work: Work, file_id: uuid.UUID, *, read: int) -> CaseFile:
    """Say, as the other county, that she is known here: the share of such files is counted.

    Raises
    ------
    FileRefusedError
        It is no other county than the one that registered her, or it has said so before.
    """
    file = locked_for(work, file_id, Capacity.HOME_COUNTY, Capacity.RESIDENCE_COUNTY, read=read)
    there = store.verifications_of(work.session, file.id)
    county = work.actor.division
    registrar = organisation_named(work.session, file.registered_org)
    checks = (
        (registrar is not None and registrar.division == county, "registered_here"),
        (county in {one.county for one in there}, "verified_before"),
        (file.home_county == file.residence_county, "one_county"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    row = CaseVerification(
        province=file.province,
        file_id=file.id,
        county=county,
        at=work.now,
        by_user=work.actor.user_id,
        by_org=work.actor.org_id,
    )
    store.add(work.session, row)
    noted(work, file.id, "verified")
    return saved(Scene.of(work), file)


def _moves(scene: Scene, file: CaseFile, county: str) -> None:
    """Let her live in another county from now on; where her home is, the file is seen as well."""
    file.residence_county = county
    file.township = None
    leave(scene, file, Capacity.RESIDENCE_COUNTY)
    join_area(scene, file, Capacity.RESIDENCE_COUNTY, county)
    if file.home_county != county:
        join_area(scene, file, Capacity.HOME_COUNTY, file.home_county)
    else:
        leave(scene, file, Capacity.HOME_COUNTY)


def _tell(scene: Scene, file: CaseFile, county: str, template: Template) -> None:
    office = office_of(scene.session, county)
    if office is not None:
        notify(
            scene, org_id=office, template=template, referral_id=file.id, subject_kind="case_file"
        )
