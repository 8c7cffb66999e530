"""What can go wrong with a patient. No text and no attribute holds what was given.

AppError
  DeliveredAlreadyError she has delivered already, and nobody said why there is a birth again
  ErasedPatientError    her identity was erased and is not entered again
  IdentityRefusedError  fields that cannot be so, every one listed
  KeptLongerError       her identity has to be kept for longer
  MergedPatientError    she was merged; the other record is the one to change
  MergeRefusedError     two records that cannot be one patient, or not in this direction
  NewbornLinkedError    the newborn has a mother already
  NotMergedError        there is no merge to take back
  StalePatientError     somebody else changed her identity since it was read
"""

import uuid
from collections.abc import Sequence

from app.errors import AppError, StaleError
from app.patients.states import BornAgain
from geodata.check import Fault
from geodata.errors import RefusedInputError

__all__ = [
    "DeliveredAlreadyError",
    "ErasedPatientError",
    "IdentityRefusedError",
    "KeptLongerError",
    "MergeRefusedError",
    "MergedPatientError",
    "NewbornLinkedError",
    "NotMergedError",
    "StalePatientError",
]


_HELP = {
    "same_patient": "both are the same patient already",
    "other_kind": "one is a newborn and the other is not",
    "twins": "they are two newborns of one birth",
    "different_mothers": "they have different mothers",
    "different_numbers": "each has an identity number of its own; correct the wrong one first",
    "two_open_referrals": "both have an open referral; close one of them first",
    "open_referral_not_kept": "the other one has the open referral; keep that one",
    "erased": "the identity of one was erased",
}


class IdentityRefusedError(AppError, RefusedInputError):
    """Fields that cannot be so; the values are not repeated, they may be right but for a digit."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.what = "request"
        self.faults = tuple(faults)
        said = ", ".join(f"{fault.column} {fault.code}" for fault in faults)
        Exception.__init__(
            self,
            f"the identity is refused: {said}; correct it, or enter her with identity_kind none "
            "now and complete it later",
        )


class MergedPatientError(AppError, ValueError):
    """A record that was merged is not changed; the one it was merged into is."""

    def __init__(self, patient_id: uuid.UUID, into: uuid.UUID) -> None:
        self.patient_id = patient_id
        self.into = into
        self.told = {"into": str(into)}
        super().__init__(f"patient {patient_id} was merged; work on patient {into}, or undo it")


class MergeRefusedError(AppError, ValueError):
    """Two records that cannot be merged; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told = {"code": code}
        super().__init__(f"the records are not merged: {_HELP[code]}")


class NotMergedError(AppError, ValueError):
    """The record is not merged."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.patient_id = patient_id
        super().__init__(f"patient {patient_id} is not merged; name the record that was not kept")


class NewbornLinkedError(AppError, ValueError):
    """The newborn belongs to a mother already."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.patient_id = patient_id
        super().__init__(f"newborn {patient_id} has a mother already; merge the mothers if need be")


class DeliveredAlreadyError(AppError, ValueError):
    """She has delivered already; ``newborns`` are those that are entered of this pregnancy."""

    def __init__(self, newborns: Sequence[uuid.UUID] = ()) -> None:
        self.newborns = tuple(newborns)
        self.told = {
            "codes": ["delivered_already"],
            "newborns": [str(one) for one in self.newborns],
            "allowed": [one.value for one in BornAgain],
        }
        super().__init__(
            "she has delivered already; send it again with although_delivered: further_child for "
            "one more child of this birth, stated_wrongly where what was stated before is wrong"
        )


class ErasedPatientError(AppError, ValueError):
    """Her identity was erased; what is known from now on belongs to a new record."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.patient_id = patient_id
        super().__init__(f"the identity of patient {patient_id} was erased; enter her anew")


class KeptLongerError(AppError, ValueError):
    """Her identity is not due for erasure, or she is being referred now."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.patient_id = patient_id
        super().__init__(
            f"the identity of patient {patient_id} has to be kept for longer; "
            "the settings retention_..._years say how long"
        )


class StalePatientError(StaleError):
    """Somebody else changed her identity since it was read."""

    def __init__(self, patient_id: uuid.UUID, *, read: int, now: int) -> None:
        super().__init__("patient", patient_id, read=read, now=now)
