"""What may become of a transfer (contract A5, R-STATE-11, R-STATE-12), and what is handed over."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.events.states import START

__all__ = [
    "FROM_RECORD",
    "HANDOVER_FIELDS",
    "MOVING",
    "NEXT",
    "TRANSFER",
    "Drives",
    "Identifier",
    "NearMiss",
    "TransferStatus",
    "faults_of_said",
    "field_names",
    "missing_fields",
    "typed_only",
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


class DivertReason(StrEnum):
    """Why another destination is taken on the way."""

    ROAD_CLOSED = "road_closed"
    WORSE_ON_THE_WAY = "worse_on_the_way"
    DESTINATION_CANNOT = "destination_cannot"
    NEARER = "nearer"
    BORN_ON_THE_WAY = "born_on_the_way"
    VEHICLE_FAILED = "vehicle_failed"
    FAMILY_WISHES = "family_wishes"
    OTHER = "other"


class NearMiss(StrEnum):
    """Organs that failed in a woman who lived (WHO near-miss approach 2011, R-DUTY-05)."""

    CARDIOVASCULAR = "cardiovascular"
    RESPIRATORY = "respiratory"
    RENAL = "renal"
    COAGULATION = "coagulation"
    HEPATIC = "hepatic"
    NEUROLOGICAL = "neurological"
    UTERINE = "uterine"


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
    "situation": (
        "identity",
        "contact",
        "age_or_birth_time",
        "gestation",
        "reason",
        "urgency",
        "colour",
        "purple",
        "stable",
    ),
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

FROM_RECORD = ("request.consent",)
"""Fields that no word fills: who agreed is a record with a name and a time (R-CONSENT-01)."""


def field_names() -> tuple[str, ...]:
    """Return every field of the hand-over set, with its part."""
    return tuple(f"{part}.{name}" for part, names in HANDOVER_FIELDS.items() for name in names)


def missing_fields(
    *stated: Mapping[str, Mapping[str, object]], said_of: Collection[str] = ()
) -> tuple[str, ...]:
    """Return what a hand-over set still lacks; it never keeps an emergency from leaving.

    Parameters
    ----------
    stated
        What is known, by part and field; what is empty is not stated.
    said_of
        Fields of which somebody said that they are unknown or do not apply: that is stated.
    """
    return tuple(
        f"{part}.{name}"
        for part, names in HANDOVER_FIELDS.items()
        for name in names
        if f"{part}.{name}" not in said_of
        and all(one.get(part, {}).get(name) in (None, "") for one in stated)
    )


def typed_only(
    content: Mapping[str, Mapping[str, object]],
) -> Mapping[str, Mapping[str, object]]:
    """Return what a person's words can state; a word about consent states nothing."""
    return {
        part: {name: value for name, value in said.items() if f"{part}.{name}" not in FROM_RECORD}
        for part, said in content.items()
    }


def faults_of_said(
    content: Mapping[str, Mapping[str, object]],
    unknown: Collection[str],
    not_applicable: Collection[str],
) -> tuple[str, ...]:
    """Return what is wrong with what is said to be unknown or not to apply."""
    said = {*unknown, *not_applicable}
    open_fields = set(field_names()) - set(FROM_RECORD)
    filled = {
        f"{part}.{name}"
        for part, names in content.items()
        for name, value in names.items()
        if value not in (None, "")
    }
    found = ["handover_field_unknown"] if said - open_fields else []
    if said & filled or {*unknown} & {*not_applicable}:
        found.append("handover_field_said_twice")
    return tuple(found)
