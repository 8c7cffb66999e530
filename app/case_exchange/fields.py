"""What a row of an exchange file may say, whatever another system calls it.

How a column is called and spelled is a matter of the mapping table (:mod:`app.case_exchange.
mapping`); what it means, whether it must be there and whether it says who somebody is are not: no
table can make a name harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.case_files.states import ENDED, FileStatus, VisitStatus
from app.patients.states import AidGroup, IdentityKind
from routing.triage.facts import Fact, FactType
from routing.triage.rows import Colour

__all__ = ["FACT", "FORMATS", "Direction", "Field", "Kind", "Spelling", "field_of"]

FACT = "facts."
"""Begins the name of a field that is a fact of the data dictionary."""


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CODE = "code"
    COUNTY = "county"
    TOWNSHIP = "township"
    FACILITY = "facility"
    FACT = "fact"
    COUNT = "count"


class Spelling(StrEnum):
    """How a cell is spelled.

    ``compact`` is 20260114; ``local`` a moment in Chinese time without an offset; ``codes`` words
    of a list of the code table; ``plain`` everything else.
    """

    PLAIN = "plain"
    COMPACT = "compact"
    LOCAL = "local"
    CODES = "codes"


class Direction(StrEnum):
    """Which way a column goes: read from files, written into them, or both."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row says.

    ``codes`` are the only values of a field of kind ``code``, none where any word of the list will
    do. What is ``private`` is never repeated in a refusal. ``only_out`` is told, never taken over.
    """

    name: str
    kind: Kind
    required: bool = False
    private: bool = False
    codes: tuple[str, ...] = ()
    only_out: bool = False

    @property
    def spellings(self) -> tuple[Spelling, ...]:
        """How a cell of this field may be spelled."""
        match self.kind:
            case Kind.DAY:
                return Spelling.PLAIN, Spelling.COMPACT
            case Kind.MOMENT:
                return Spelling.PLAIN, Spelling.LOCAL
            case Kind.YES_NO | Kind.CODE:
                return (Spelling.CODES,)
            case Kind.FACT:
                return Spelling.PLAIN, Spelling.CODES
            case Kind.FACILITY | Kind.TOWNSHIP | Kind.COUNTY:
                return Spelling.PLAIN, Spelling.CODES
        return (Spelling.PLAIN,)


def field_of(format_name: str, name: str, facts: Mapping[str, Fact]) -> Field | None:
    """Return a field of a format by its name; None where there is no such field."""
    fact = facts.get(name.removeprefix(FACT)) if name.startswith(FACT) else None
    if fact is not None and fact.group != "newborn":
        return Field(name, Kind.FACT, codes=_codes(fact))
    return FORMATS[format_name].get(name)


def _codes(fact: Fact) -> tuple[str, ...]:
    if fact.type is FactType.BOOL:
        return YES_NO
    return fact.values


YES_NO = ("yes", "no")
SCREENED = ("negative", "positive")
ENDINGS = tuple(map(str, (FileStatus.CLOSED_42D, *ENDED)))
VISIT_STATES = tuple(map(str, (VisitStatus.PLANNED, VisitStatus.HELD, VisitStatus.MISSED)))


def _named(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


FORMATS: Mapping[str, Mapping[str, Field]] = {
    "pregnancies": _named(
        Field("record_id", Kind.TEXT, required=True),
        Field("updated_at", Kind.MOMENT, required=True),
        Field("identity_kind", Kind.CODE, codes=tuple(IdentityKind)),
        Field("id_number", Kind.TEXT, private=True),
        Field("name", Kind.TEXT, private=True),
        Field("birth_date", Kind.DAY, private=True),
        Field("phone", Kind.TEXT, private=True),
        Field("address", Kind.TEXT, private=True),
        Field("contact_name", Kind.TEXT, private=True),
        Field("contact_phone", Kind.TEXT, private=True),
        Field("language", Kind.CODE),
        Field("interpreter_needed", Kind.YES_NO, codes=YES_NO),
        Field("aid_group", Kind.CODE, codes=tuple(AidGroup)),
        Field("residence_county", Kind.COUNTY, required=True),
        Field("home_county", Kind.COUNTY),
        Field("township", Kind.TOWNSHIP),
        Field("registered_by", Kind.FACILITY),
        Field("registered_on", Kind.DAY, required=True),
        Field("lmp", Kind.DAY),
        Field("due_date", Kind.DAY),
        Field("screening", Kind.CODE, codes=SCREENED),
        Field("screened_on", Kind.DAY),
        Field("colour", Kind.CODE, codes=tuple(Colour)),
        Field("purple", Kind.YES_NO, codes=YES_NO),
        Field("assessed_on", Kind.DAY),
        Field("assessed_by", Kind.FACILITY),
        Field("clinician", Kind.TEXT, private=True),
        Field("booked_facility", Kind.FACILITY),
        Field("refuses_lodging", Kind.YES_NO, codes=YES_NO),
        Field("delivered_on", Kind.DAY),
        Field("live_born", Kind.COUNT),
        Field("stillborn", Kind.COUNT),
        Field("ended_as", Kind.CODE, codes=ENDINGS),
        Field("ended_on", Kind.DAY),
        Field("state", Kind.CODE, codes=tuple(FileStatus), only_out=True),
    ),
    "visits": _named(
        Field("visit_id", Kind.TEXT, required=True),
        Field("record_id", Kind.TEXT, required=True),
        Field("updated_at", Kind.MOMENT, required=True),
        Field("state", Kind.CODE, required=True, codes=VISIT_STATES),
        Field("visited_on", Kind.DAY, required=True),
        Field("visited_at", Kind.FACILITY),
        Field("next_visit_on", Kind.DAY),
        Field("findings", Kind.TEXT, private=True),
    ),
}
"""The fields of each file beside the facts, in the order in which a file is best read."""
