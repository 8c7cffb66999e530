"""What is told of who somebody is: as it was given, as it is known, and the least that others need.

Whatever names a person is left out of every representation, so that no log can hold it.
"""

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.patients.errors import IdentityRefusedError
from app.patients.numbers import (
    born_by_number,
    normal_name,
    normal_number,
    normal_phone,
    normal_resident,
    resident_faults,
)
from app.patients.states import AidGroup, IdentityKind, Likeness, PatientKind
from geodata.check import Fault

__all__ = ["Candidate", "Given", "Identity", "Least", "Minimum", "checked"]

EXPECTED = {
    "id_length": "18 or 15 characters",
    "id_characters": "17 digits and a digit or X, or 15 digits",
    "id_region": "a province",
    "id_birth_date": "a date of birth, not in the future",
    "id_check_digit": "the check character of the digits before it",
    "number_without_kind": "resident_id, passport, border_pass or other",
    "not_a_phone": "3..20 digits",
    "missing": "text",
    "too_long": "a shorter text",
    "unknown_division": "6 digits",
    "unknown_code": "a language tag, e.g. zh or ii",
    "out_of_range": "a date of birth, not in the future",
}
LONGEST = {"name": 60, "contact_name": 60, "address": 200}
DOCUMENT = re.compile(r"[0-9A-Z/()\u4e00-\u9fff]{3,40}")
PHONE = re.compile(r"\+?[0-9]{3,20}")
DIVISION = re.compile(r"[0-9]{6}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of a patient; None is not said and leaves what is known."""

    identity_kind: IdentityKind | None = None
    id_number: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    contact_name: str | None = field(default=None, repr=False)
    contact_phone: str | None = field(default=None, repr=False)
    language: str | None = None
    interpreter_needed: bool | None = None
    aid_group: AidGroup | None = None
    residence_county: str | None = None
    home_county: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, in clear; whoever asks for it writes down that it was looked at.

    ``unknown`` is what she is called while nobody knows her name. ``merged`` are the records that
    are this patient too; what this record does not say is taken from them.
    """

    patient_id: uuid.UUID
    kind: PatientKind
    identity_kind: IdentityKind
    id_number: str | None = field(repr=False)
    name: str | None = field(repr=False)
    birth_date: date | None = field(repr=False)
    phone: str | None = field(repr=False)
    address: str | None = field(repr=False)
    contact_name: str | None = field(repr=False)
    contact_phone: str | None = field(repr=False)
    language: str | None
    interpreter_needed: bool | None
    aid_group: AidGroup | None
    residence_county: str | None
    home_county: str | None
    unknown: str | None
    erased: bool
    merged: tuple[uuid.UUID, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a centre sees before it accepts, and everybody who need not know who she is."""

    patient_id: uuid.UUID
    kind: PatientKind
    unknown: str | None
    identity_known: bool
    language: str | None
    interpreter_needed: bool | None
    mother_id: uuid.UUID | None
    birth_order: int | None
    order_in_birth: int | None
    born_at: datetime | None
    born_in_transit: bool
    version: int


@dataclass(frozen=True, slots=True)
class Least:
    """What the question to a centre says of a patient."""

    kind: PatientKind
    language: str | None
    interpreter_needed: bool | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another record that may be the same patient, and what both have in common."""

    patient_id: uuid.UUID
    likeness: tuple[Likeness, ...]


def checked(given: Given, *, today: date) -> Given:
    """Return what was given in the form in which it is kept.

    Raises
    ------
    IdentityRefusedError
        With everything that cannot be so.
    """
    whole = replace(
        given,
        id_number=_number(given),
        phone=given.phone and normal_phone(given.phone),
        contact_phone=given.contact_phone and normal_phone(given.contact_phone),
        name=_text(given.name),
        contact_name=_text(given.contact_name),
        address=_text(given.address),
    )
    if whole.identity_kind is IdentityKind.RESIDENT_ID and whole.id_number and not whole.birth_date:
        whole = replace(whole, birth_date=born_by_number(whole.id_number))
    faults = [
        Fault("request", None, column, "", code, EXPECTED[code])
        for column, code in (*_number_faults(whole, today), *_other_faults(whole, today))
    ]
    if faults:
        raise IdentityRefusedError(faults)
    return whole


def _text(value: str | None) -> str | None:
    return None if value is None else " ".join(value.split())


def _number(given: Given) -> str | None:
    if given.id_number is None:
        return None
    number = normal_number(given.id_number)
    return normal_resident(number) if given.identity_kind is IdentityKind.RESIDENT_ID else number


def _number_faults(given: Given, today: date) -> list[tuple[str, str]]:
    if given.id_number is None:
        return []
    if given.identity_kind in (None, IdentityKind.NONE):
        return [("identity_kind", "number_without_kind")]
    if given.identity_kind is IdentityKind.RESIDENT_ID:
        codes = resident_faults(given.id_number, today=today)
        return [("id_number", code) for code in codes]
    return [] if DOCUMENT.fullmatch(given.id_number) else [("id_number", "id_characters")]


def _other_faults(given: Given, today: date) -> list[tuple[str, str]]:
    found = []
    for name, most in LONGEST.items():
        value = getattr(given, name)
        if value is not None and not (normal_name(value) if "name" in name else value):
            found.append((name, "missing"))
        elif value is not None and (len(value) > most or not value.isprintable()):
            found.append((name, "too_long"))
    for name, form, code in (
        ("phone", PHONE, "not_a_phone"),
        ("contact_phone", PHONE, "not_a_phone"),
        ("residence_county", DIVISION, "unknown_division"),
        ("home_county", DIVISION, "unknown_division"),
        ("language", LANGUAGE, "unknown_code"),
    ):
        value = getattr(given, name)
        if value is not None and not form.fullmatch(value):
            found.append((name, code))
    if given.birth_date is not None and not date(1900, 1, 1) <= given.birth_date <= today:
        found.append(("birth_date", "out_of_range"))
    return found
