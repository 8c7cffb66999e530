"""What may become of a transfer (contract A5, R-STATE-11, R-STATE-12), and what is handed over."""

from collections.abc import Mapping
from enum import StrEnum

from app.referrals.states import START

__all__ = [
    "HANDOVER_FIELDS",
    "MOVING",
    "NEXT",
    "TRANSFER",
    "Drives",
    "Identifier",
    "TransferStatus",
    "missing_fields",
]

TRANSFER = "transfer"


class TransferStatus(StrEnum):
    """Where a journey stands. Called off: before it began, because she does not go after all."""

    DISPATCHED = "dispatched"
    CALLED_OFF = "called_off"
    DEPARTED = "departed"
    DIVERTED = "diverted"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    DIED = "died"


T = TransferStatus

NEXT: Mapping[str, tuple[TransferStatus, ...]] = {
    START: (T.DISPATCHED,),
    T.DISPATCHED: (T.DEPARTED, T.CALLED_OFF),
    T.DEPARTED: (T.DIVERTED, T.ARRIVED, T.DIED),
    T.DIVERTED: (T.DIVERTED, T.ARRIVED, T.DIED),
    T.ARRIVED: (T.HANDED_OVER, T.DIED),
    T.CALLED_OFF: (),
    T.HANDED_OVER: (),
    T.DIED: (),
}

MOVING = (T.DEPARTED, T.DIVERTED)
"""She is on the road."""


class Drives(StrEnum):
    """Who brings her, as in ``transport.by`` of a ranking; ``other``: family, passer-by."""

    SENDER = "sender"
    EMS120 = "ems120"
    RECEIVER_TEAM = "receiver_team"
    MEET = "meet"
    OTHER = "other"


class Identifier(StrEnum):
    """What was read aloud and matched at the hand-over; never where she lies or which bed."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    DOCUMENT_NUMBER = "document_number"
    WRISTBAND = "wristband"
    REFERRAL_NUMBER = "referral_number"
    MOTHER_NAME = "mother_name"
    BIRTH_TIME = "birth_time"
    SEX = "sex"


HANDOVER_FIELDS: Mapping[str, tuple[str, ...]] = {
    "situation": ("age_or_birth_time", "reason", "urgency", "stable", "contact"),
    "background": (
        "gravidity_parity",
        "scar",
        "blood_group_rh",
        "allergies",
        "infections",
        "medicines",
        "history",
    ),
    "assessment": (
        "vital_signs",
        "bleeding_ml",
        "labour",
        "fetal_heart",
        "haemoglobin",
        "platelets",
        "coagulation",
        "scores",
        "imaging",
    ),
    "request": (
        "treatment_given",
        "infusions",
        "blood",
        "accepting_clinician",
        "eta",
        "family_informed",
        "consent",
    ),
}
"""The hand-over set (R-HANDOVER, SBAR). What does not apply is stated as such, not left out."""


def missing_fields(stated: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """Return what a hand-over set still lacks; it never keeps an emergency from leaving."""
    return tuple(
        f"{part}.{name}"
        for part, names in HANDOVER_FIELDS.items()
        for name in names
        if stated.get(part, {}).get(name) in (None, "")
    )
