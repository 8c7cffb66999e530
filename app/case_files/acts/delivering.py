"""Birth: how, where, and the newborns, who are patients of their own (R-STATE-04, R-STATE-11)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.case_files import store
from app.case_files.acts.entering import Entered, entered, move
from app.case_files.belonging.linking import link_newborn
from app.case_files.belonging.tables import CaseDelivery
from app.case_files.errors import FileRefusedError
from app.case_files.noting import noted
from app.case_files.parties import join_org
from app.case_files.sight import locked_for
from app.case_files.states import PREGNANT, Capacity, DeliveryMode, FileStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.db_types import new_key
from app.events.scene import Scene
from app.keys.words import put
from app.patients.service import newborn_of, newborns_of
from app.work import Work

__all__ = ["Delivered", "deliver", "discharge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What is said of a birth.

    Parameters
    ----------
    newborns
        When each that lived was born, in order, where they are entered now.
    newborn_ids
        Those that are patients already: born on the way, or entered by the ward.
    facility_id, elsewhere
        Where: a facility of the registry, or in words; neither is the own hospital.
    ruptured
        Whether her uterus tore (R-IND-11).
    """

    mode: DeliveryMode
    stillborn: int = 0
    newborns: Sequence[datetime | None] = ()
    newborn_ids: Sequence[uuid.UUID] = ()
    facility_id: str | None = None
    elsewhere: str | None = None
    trial_of_labour: bool | None = None
    ruptured: bool | None = None


def deliver(
    work: Work, file_id: uuid.UUID, birth: Delivered, said: Entered, *, read: int
) -> CaseFile:
    """Enter a birth; nobody is kept from it by what the file still lacks.

    Raises
    ------
    FileRefusedError
        Nobody was born, somebody else's child is named, or a birth is entered that this one does
        not correct.
    """
    file = locked_for(work, file_id, read=read)
    key, scene = new_key(), Scene.of(work)
    common = entered(work, file, CaseDelivery, key, said)
    known = set(newborns_of(work, file.patient_id))
    faults = ["not_her_child"] if set(birth.newborn_ids) - known else []
    live = len(birth.newborns) + len(birth.newborn_ids)
    if live + birth.stillborn == 0:
        faults.append("nobody_born")
    if said.corrects is None and store.entries_of(work.session, CaseDelivery, file.id):
        faults.append("delivered_already")
    if faults:
        raise FileRefusedError(faults)
    file.delivered_at = common["happened_at"]
    if file.status in PREGNANT:
        move(scene, file, FileStatus.DELIVERED)
    own = None if birth.elsewhere else work.actor.facility_id
    row = CaseDelivery(
        **common,
        mode=birth.mode.value,
        live_born=live,
        stillborn=birth.stillborn,
        facility_id=birth.facility_id or own,
        trial_of_labour=birth.trial_of_labour,
        ruptured=birth.ruptured,
    )
    put(work.session, row, elsewhere=birth.elsewhere)
    store.add(work.session, row)
    made = newborn_of(work, file.patient_id, birth.newborns) if birth.newborns else ()
    for newborn in (*birth.newborn_ids, *made):
        link_newborn(work.session, file, newborn, at=work.now)
    join_org(scene, file, Capacity.DELIVERS, work.actor.org_id)
    noted(work, file.id, "delivered", what="case_delivery", object_id=key)
    return saved(scene, file)


def discharge(work: Work, file_id: uuid.UUID, at: datetime | None, *, read: int) -> CaseFile:
    """Say when she went home: a visit is due within seven days (R-POST-01)."""
    file = locked_for(work, file_id, read=read)
    when = at or work.now
    if file.delivered_at is None or not file.delivered_at <= when <= work.now:
        raise FileRefusedError(["not_delivered" if file.delivered_at is None else "impossible_day"])
    file.discharged_at = when
    noted(work, file.id, "discharged")
    return saved(Scene.of(work), file)
