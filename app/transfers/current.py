"""What a record is by now, for who came with an old version of it; the look is written down."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict

from app.case_files import views as case_views
from app.case_files.documents import CaseFileLineOut
from app.case_files.sight import look as look_at_file
from app.errors import NotFoundError
from app.patients import schemas as patients
from app.patients.service import minimum_of
from app.performing import Show
from app.referrals import answers, views
from app.referrals.noting import noted
from app.referrals.offer_views import offer_out
from app.referrals.schemas import OfferOut, ReferralOut
from app.referrals.sight import look
from app.referrals.states import Sight
from app.transfers import store
from app.transfers.dossier import transfer_out
from app.transfers.schemas import TransferOut
from app.vehicles.api import shown_vehicle
from app.vehicles.schemas import VehicleOut
from app.vehicles.service import own_vehicle
from app.work import Work

__all__ = ["SHOWS"]


def _referral(work: Work, key: uuid.UUID) -> ReferralOut:
    seen = look(work, key)
    noted(work, key, "shown", scope=" ".join(sorted(seen.capacities)), read=True)
    return views.shown(work, seen)


def _offer(work: Work, key: uuid.UUID) -> OfferOut:
    return offer_out(work, answers.see_offer(work, key))


def _transfer(work: Work, key: uuid.UUID) -> TransferOut:
    transfer = store.transfer_of(work.session, key)
    if transfer is None:
        raise NotFoundError("transfer", str(key))
    seen = look(work, transfer.referral_id)
    noted(work, transfer.referral_id, "shown", scope=" ".join(sorted(seen.capacities)), read=True)
    return transfer_out(work, transfer, full=seen.sight is Sight.FULL)


def _patient(work: Work, key: uuid.UUID) -> patients.PatientOut:
    """Return nothing that says who she is: a refusal is no place for a name."""
    return patients.PatientOut(**asdict(minimum_of(work, key)))


def _vehicle(work: Work, key: uuid.UUID) -> VehicleOut:
    return shown_vehicle(work, own_vehicle(work, key))


def _case_file(work: Work, key: uuid.UUID) -> CaseFileLineOut:
    return case_views.line(work, look_at_file(work, key).file)


SHOWS: Mapping[str, Show] = {
    "referral": _referral,
    "offer": _offer,
    "transfer": _transfer,
    "patient": _patient,
    "vehicle": _vehicle,
    "case file": _case_file,
}
