"""Between a row, whose fields are sealed, and what is given and told of a patient."""

from datetime import date

from app.keys.keyring import Bound, KeyRing, Purpose
from app.patients.identity import Given
from app.patients.numbers import normal_name
from app.patients.states import NUMBERED, IdentityKind
from app.patients.tables import PatientIdentity

__all__ = ["clear", "number_index", "opened", "set_number", "write"]

PLAIN = ("language", "interpreter_needed", "residence_county", "home_county")
TEXTS = ("name", "address", "contact_name", "phone", "contact_phone")


def number_index(keys: KeyRing, kind: IdentityKind, number: str) -> bytes:
    """Return what a number of a document is looked up by."""
    return keys.index(Purpose.ID_NUMBER, f"{kind}\0{number}")


def opened(keys: KeyRing, row: PatientIdentity, column: str) -> str | None:
    """Return one field in clear."""
    sealed: bytes | None = getattr(row, column)
    return None if sealed is None else keys.open(sealed, _bound(row, column))


def write(keys: KeyRing, row: PatientIdentity, given: Given) -> None:
    """Put what was given, but for the number, into a row: sealed, with its indexes."""
    for column in TEXTS:
        if (text := getattr(given, column)) is not None:
            _seal(keys, row, column, text)
    if given.birth_date is not None:
        _seal(keys, row, "birth_date", given.birth_date.isoformat())
    if given.phone is not None:
        row.phone_index = keys.index(Purpose.PHONE, given.phone)
    if given.contact_phone is not None:
        row.contact_phone_index = keys.index(Purpose.PHONE, given.contact_phone)
    if given.name is not None or given.birth_date is not None:
        row.name_index = _name_index(keys, row, given)
    if given.aid_group is not None:
        row.aid_group = given.aid_group.value
    for column in PLAIN:
        if (value := getattr(given, column)) is not None:
            setattr(row, column, value)
    if given.identity_kind is not None and given.id_number is None:
        _set_kind(row, given.identity_kind)


def set_number(
    keys: KeyRing, row: PatientIdentity, kind: IdentityKind, number: str, index: bytes
) -> None:
    """Put a number that belongs to nobody else into a row."""
    row.identity_kind, row.id_index, row.claimed_index = kind.value, index, None
    _seal(keys, row, "id_number", number)


def clear(row: PatientIdentity, columns: tuple[str, ...]) -> None:
    """Take fields out of a row."""
    for column in columns:
        setattr(row, column, None)


def _set_kind(row: PatientIdentity, kind: IdentityKind) -> None:
    """Another document: the number of the one before is none of it."""
    if kind.value != row.identity_kind or kind not in NUMBERED:
        clear(row, ("id_number", "id_index", "claimed_index"))
    row.identity_kind = kind.value


def _name_index(keys: KeyRing, row: PatientIdentity, given: Given) -> bytes | None:
    """Return the index of name and year of birth; None until both are known."""
    name = opened(keys, row, "name") if given.name is None else given.name
    born = given.birth_date
    if born is None and (text := opened(keys, row, "birth_date")) is not None:
        born = date.fromisoformat(text)
    if name is None or born is None:
        return None
    return keys.index(Purpose.NAME_AND_BIRTH_YEAR, f"{normal_name(name)}\0{born.year}")


def _seal(keys: KeyRing, row: PatientIdentity, column: str, text: str) -> None:
    setattr(row, column, keys.seal(text, _bound(row, column)))


def _bound(row: PatientIdentity, column: str) -> Bound:
    return Bound(PatientIdentity.__tablename__, column, row.id)
