"""What a patient may be called by, and why two are taken for one."""

from enum import StrEnum

__all__ = [
    "NUMBERED",
    "AidGroup",
    "BornAgain",
    "IdentityKind",
    "Likeness",
    "MergeReason",
    "PatientKind",
    "PatientSight",
    "UnmergeReason",
]


class PatientKind(StrEnum):
    """Who is referred."""

    MATERNAL = "maternal"
    NEWBORN = "newborn"


class IdentityKind(StrEnum):
    """What document says who she is. ``none`` is as good as any other (R-PERSON-01)."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    BORDER_PASS = "border_pass"  # noqa: S105  a pass to cross a border
    OTHER = "other"
    NONE = "none"


NUMBERED = tuple(kind for kind in IdentityKind if kind is not IdentityKind.NONE)
"""Documents with a number."""


class AidGroup(StrEnum):
    """Medical aid she is entitled to; file only, it decides nothing (R-PERSON-01)."""

    NONE = "none"
    TEKUN = "tekun"
    DIBAO = "dibao"
    MONITORED = "monitored"
    OTHER = "other"


class MergeReason(StrEnum):
    """Why a person says that two records are one patient.

    A code and no text: free text about two women would be personal data in a row that is never
    changed.
    """

    SAME_NUMBER = "same_number"
    DOCUMENTS_COMPARED = "documents_compared"
    TOLD_BY_HER_OR_FAMILY = "told_by_her_or_family"
    RECOGNISED_BY_STAFF = "recognised_by_staff"


class UnmergeReason(StrEnum):
    """Why a person says that they are two after all."""

    DIFFERENT_PERSONS = "different_persons"
    MERGED_BY_MISTAKE = "merged_by_mistake"


class BornAgain(StrEnum):
    """Why a birth is entered for somebody who has delivered already.

    ``further_child`` belongs to the birth that is known. ``stated_wrongly`` is a birth of its own:
    what was entered by mistake can then be merged into it.
    """

    FURTHER_CHILD = "further_child"
    STATED_WRONGLY = "stated_wrongly"


class Likeness(StrEnum):
    """What two records have in common, the strongest first."""

    SAME_NUMBER = "same_number"
    SAME_MOTHER_AND_TIME = "same_mother_and_time"
    SAME_NAME_AND_BIRTH_YEAR = "same_name_and_birth_year"
    SAME_PHONE = "same_phone"
    SHARED_CONTACT_PHONE = "shared_contact_phone"


class PatientSight(StrEnum):
    """How much of somebody an actor sees; ``none`` looks as if there were no such patient."""

    NONE = "none"
    MINIMUM = "minimum"
    FULL = "full"
