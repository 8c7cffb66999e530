"""What a notice may say: a template, and for each of its places a value of one narrow kind.

No personal data by construction. No place takes free text: a colour, a priority, minutes, counts,
a reason from a list, and institutions by their code, which must be one of an organisation here.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from routing.triage.rows import Colour

__all__ = [
    "INSTITUTIONS",
    "PLACES",
    "REASONS",
    "UNDELIVERED_ALARM_S",
    "ChannelName",
    "Template",
    "dedup_key",
    "read_params",
    "short_number",
    "written_params",
]

UNDELIVERED_ALARM_S = 60
LONGEST_MIN = 10 * 366 * 24 * 60
"""Ten years, for what nobody closes. Seven digits: no telephone and no birth is so short."""
MOST = 999
NUMBER_LENGTH = 8
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is confused when it is read out: 0 O, 1 I L, U V."""


class ChannelName(StrEnum):
    """How a notice goes out."""

    LOG = "log"
    WEBHOOK = "webhook"
    SMS = "sms"
    SMTP = "smtp"


class Template(StrEnum):
    """What a notice says."""

    OFFER = "offer"
    REMINDER = "reminder"
    CALL_NOW = "call_now"
    DUTY_INFORMED = "duty_informed"
    ESCALATED = "escalated"
    DEPART_NOW = "depart_now"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    PLACE_LOST = "place_lost"
    NO_PLACE = "no_place"
    DEPARTED = "departed"
    DIVERTED = "diverted"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"
    OUTCOME_DUE = "outcome_due"
    COMING_INSIDE = "coming_inside"
    VERIFY_FOUND = "verify_found"
    BEDS_DISAGREE = "beds_disagree"
    VITAL_SIGNS_DUE = "vital_signs_due"
    REVIEW_DUE = "review_due"
    TOLD_FOR_YOU = "told_for_you"
    COME_FOR_HER = "come_for_her"
    NOT_NEEDED = "not_needed"
    NOT_COMING = "not_coming"
    COMES_BACK = "comes_back"
    WARNING_STANDS = "warning_stands"
    ROAD_CHANGED = "road_changed"
    CASE_DUE = "case_due"
    CASE_OVERDUE = "case_overdue"
    CASE_OFFERED = "case_offered"
    CASE_TAKEN = "case_taken"
    CASE_NOT_TAKEN = "case_not_taken"
    CASE_NO_CLINICIAN = "case_no_clinician"
    BOOKING_PROPOSED = "booking_proposed"
    BOOKING_ASKED = "booking_asked"
    BOOKING_CONSENTED = "booking_consented"
    BOOKING_SPOKEN = "booking_spoken"
    BOOKING_DECLINED = "booking_declined"
    BOOKING_WITHDRAWN = "booking_withdrawn"
    BOOKING_REOPENED = "booking_reopened"
    BOOKING_OVERDUE = "booking_overdue"


PLACES: Mapping[Template, frozenset[str]] = MappingProxyType(
    {
        Template.OFFER: frozenset({"colour", "minutes", "answer_min", "ring"}),
        Template.REMINDER: frozenset({"colour", "waited_min", "ring"}),
        Template.CALL_NOW: frozenset({"colour", "waited_min", "ring"}),
        Template.DUTY_INFORMED: frozenset({"colour", "ring"}),
        Template.ESCALATED: frozenset({"colour", "waited_min", "asked", "ring"}),
        Template.DEPART_NOW: frozenset({"colour", "facility", "ring"}),
        Template.ACCEPTED: frozenset({"facility", "ring"}),
        Template.DECLINED: frozenset({"facility", "reason"}),
        Template.WITHDRAWN: frozenset(),
        Template.PLACE_LOST: frozenset({"facility"}),
        Template.NO_PLACE: frozenset({"colour", "asked"}),
        Template.DEPARTED: frozenset({"colour", "minutes", "ring"}),
        Template.DIVERTED: frozenset({"facility", "ring"}),
        Template.ARRIVED: frozenset({"facility"}),
        Template.CANCELLED: frozenset(),
        Template.OVERDUE: frozenset({"colour", "waited_min", "ring"}),
        Template.OUTCOME_DUE: frozenset({"waited_min"}),
        Template.COMING_INSIDE: frozenset({"colour", "ring"}),
        Template.VERIFY_FOUND: frozenset({"found"}),
        Template.BEDS_DISAGREE: frozenset({"waited_min", "ring"}),
        Template.VITAL_SIGNS_DUE: frozenset(),
        Template.REVIEW_DUE: frozenset(),
        Template.TOLD_FOR_YOU: frozenset({"ring"}),
        Template.COME_FOR_HER: frozenset({"colour", "ring"}),
        Template.NOT_NEEDED: frozenset({"colour", "ring"}),
        Template.NOT_COMING: frozenset(),
        Template.COMES_BACK: frozenset(),
        Template.WARNING_STANDS: frozenset({"colour", "minutes", "ring"}),
        Template.ROAD_CHANGED: frozenset({"colour", "ring"}),
        Template.CASE_DUE: frozenset(),
        Template.CASE_OVERDUE: frozenset(),
        Template.CASE_OFFERED: frozenset(),
        Template.CASE_TAKEN: frozenset(),
        Template.CASE_NOT_TAKEN: frozenset(),
        Template.CASE_NO_CLINICIAN: frozenset(),
        Template.BOOKING_PROPOSED: frozenset({"facility"}),
        Template.BOOKING_ASKED: frozenset({"colour"}),
        Template.BOOKING_CONSENTED: frozenset({"facility"}),
        Template.BOOKING_SPOKEN: frozenset({"facility"}),
        Template.BOOKING_DECLINED: frozenset({"facility"}),
        Template.BOOKING_WITHDRAWN: frozenset({"facility"}),
        Template.BOOKING_REOPENED: frozenset({"facility"}),
        Template.BOOKING_OVERDUE: frozenset({"facility"}),
    }
)
REASONS = (
    "no_capability",
    "no_bed_diverting_to",
    "recommend_nearer",
    "advise_stay_team_coming",
)
INSTITUTIONS = frozenset({"facility", "ring"})
"""Places that take the code of an institution; ``ring`` is whom to telephone."""


def _whole(most: int) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most

    return fits


def _listed(*values: object) -> Callable[[object], bool]:
    return lambda value: value is None or (isinstance(value, str) and value in values)


_MINUTES = _whole(LONGEST_MIN)
_FITS: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "colour": _listed(*(colour.value for colour in Colour)),
        "minutes": _MINUTES,
        "answer_min": _MINUTES,
        "waited_min": _MINUTES,
        "asked": _whole(MOST),
        "found": _whole(MOST),
        "reason": _listed(*REASONS),
    }
)


def written_params(
    template: Template, params: Mapping[str, object], *, institutions: frozenset[str]
) -> str:
    """Return the values of a notice as they are stored.

    Parameters
    ----------
    institutions
        The codes among the values that are those of an organisation here.

    Raises
    ------
    ValueError
        A place is missing, is not of this template, or holds what it may not; which value it
        was is not said, for it may be what must not be said.
    """
    if set(params) != PLACES[template]:
        raise ValueError(f"a notice {template.value!r} takes {sorted(PLACES[template])}")
    for name, value in params.items():
        if name in INSTITUTIONS:
            fits = value is None or (isinstance(value, str) and value in institutions)
        else:
            fits = _FITS[name](value)
        if not fits:
            raise ValueError(f"{name} of a notice {template.value!r} takes no such value")
    return json.dumps(dict(params), sort_keys=True)


def read_params(text: str) -> Mapping[str, int | str | None]:
    """Return the values of a stored notice."""
    return MappingProxyType(json.loads(text))


def short_number(key: uuid.UUID) -> str:
    """Return eight letters and digits by which a referral is named on the telephone.

    From the random end of its key: the beginning of all keys of one minute is the same.
    """
    rest = key.int & ((1 << 62) - 1)
    letters = []
    for _ in range(NUMBER_LENGTH):
        rest, at = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "".join(letters)


def dedup_key(*parts: object) -> str:
    """Return what tells a receiver that a message has come before."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
