"""An early warning that stands on the way: the centre that expects her is told (R-MEWC-10)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from sqlmodel import Session

from app.events.scene import Scene
from app.notices.states import Template
from app.patients.service import minimum_of
from app.patients.states import PatientKind
from app.referrals.asked_for import stated_facts
from app.referrals.asking import tell_changed
from app.referrals.tables import Referral
from app.transfers import store
from app.transfers.expecting import tell_destination, tell_expected
from app.transfers.states import MOVING
from app.transfers.tables import Observation, Transfer
from app.work import Work
from routing.triage.standing import Reading, standing

__all__ = ["ReadWarnings", "reading_of", "tell_if_it_stands", "warnings_that_stand"]

ReadWarnings: TypeAlias = Callable[[Mapping[str, object]], Reading]
STAYS = ("altitude_m", "hdp", "preeclampsia")
"""What was stated when she was asked for and is not measured again on the way."""


def reading_of(
    work: Work, referral: Referral, facts: Mapping[str, object], read: ReadWarnings
) -> str | None:
    """Return what vital signs say of each row of the score, as it is kept; None of a newborn."""
    if minimum_of(work, referral.patient_id).kind != PatientKind.MATERNAL:
        return None
    stated = stated_facts(work.session, referral.id)
    known = {name: stated[name] for name in STAYS if stated.get(name) is not None}
    return json.dumps(dict(read({**known, **facts})), sort_keys=True)


def warnings_that_stand(seen: Sequence[Observation]) -> tuple[str, ...]:
    """Return the rows by which a warning stands after what was observed, in order of time."""
    readings: list[Reading] = [json.loads(one.warnings) for one in seen if one.warnings is not None]
    return standing(readings)


def tell_if_it_stands(work: Work, referral: Referral, transfer: Transfer, row: Observation) -> None:
    """Tell where she is expected, and who sent her, when a reading makes a warning stand.

    It is told when it begins, not with every reading after.
    """
    if transfer.status not in MOVING or not _began(work.session, transfer, row):
        return
    scene = Scene.of(work)
    tell_destination(scene, referral, transfer, Template.WARNING_STANDS)
    if work.actor.org_id != referral.origin_org:
        tell_expected(scene, referral, transfer, Template.WARNING_STANDS, referral.origin_org)
    tell_changed(scene, referral)


def _began(session: Session, transfer: Transfer, row: Observation) -> bool:
    seen = store.observations_of(session, transfer.id)
    before = [one for one in seen if one.id != row.id]
    return bool(warnings_that_stand(seen)) and not warnings_that_stand(before)
