"""Who sees a patient. What is out of sight is not there: the two look the same.

An organisation sees in full whom it entered, and the least of whom it found by her number: who
tries numbers learns no name. A commission or a 120 that entered somebody by telephone sees the
least too; duty officers see who she is while her emergency is open (R-CONSENT-04). Everything
else follows from referrals, which this feature does not know; what they say is handed in
(:class:`Around`).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.states import OrganisationKind
from app.errors import NotFoundError
from app.patients import store
from app.patients.finding import require, root_of
from app.patients.merging import HasOpenReferral
from app.patients.states import PatientSight
from app.work import Work

__all__ = ["Around", "Sees", "own_entries", "require_sight"]

Sees = Callable[[Work, tuple[uuid.UUID, ...]], PatientSight]
"""How much an actor sees of somebody by her referrals; she may have several records."""
ORDER = tuple(PatientSight)
BY_TELEPHONE = frozenset(
    {
        OrganisationKind.COUNTY_COMMISSION,
        OrganisationKind.PREFECTURE_COMMISSION,
        OrganisationKind.PROVINCE_COMMISSION,
        OrganisationKind.EMS120,
    }
)


@dataclass(frozen=True, slots=True)
class Around:
    """What the features around know of a patient."""

    sees: Sees
    has_open_referral: Callable[[Work], HasOpenReferral]


def own_entries(work: Work, patient_ids: tuple[uuid.UUID, ...]) -> PatientSight:
    """Return how much an organisation sees of whom it entered or found itself."""
    found = store.entries_of(work.session, patient_ids, work.actor.org_id)
    if not found:
        return PatientSight.NONE
    only_least = all(found) or work.actor.org_kind in BY_TELEPHONE
    return PatientSight.MINIMUM if only_least else PatientSight.FULL


def require_sight(
    work: Work, sees: Sees, patient_id: uuid.UUID, least: PatientSight
) -> PatientSight:
    """Return how much the actor sees of somebody.

    Raises
    ------
    NotFoundError
        Less than ``least``, or there is no such patient.
    """
    require(work, patient_id)
    root = root_of(work.session, patient_id)
    records = tuple(row.id for row in store.group_of(work.session, root))
    found = own_entries(work, records)
    if found is not ORDER[-1]:
        found = max(found, sees(work, records), key=ORDER.index)
    if ORDER.index(found) < ORDER.index(least):
        raise NotFoundError("patient", str(patient_id))
    return found
