"""What an answer says of telephones and of asking: before a request is sent, and of the newborn."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

__all__ = ["ASKS", "RING", "STOPS", "AsksOut", "CallOut", "NewbornOut"]

RING = "The centres of the ranking, to who may send a request; null is no word of anybody there"
STOPS = "The hospitals named as a stop on the way, to be rung; told to whom ``ring`` is told"
ASKS = "Whom a request would ask; told to whom ``ring`` is told, null where that is not known"


class CallOut(BaseModel):
    """Whether a request to a centre would be seen, and its number by now; notes are codes."""

    facility_id: str
    note_code: str | None = Field(description="nobody_signed_up: nobody there would see it, ring")
    phone: str | None
    phone_note_code: str | None


class AsksOut(BaseModel):
    """Whom a request asks at once, as it does once it is sent (R-ROUTE-07)."""

    first: list[str]
    beside: Mapping[str, list[str]] = Field(
        description="By a centre of the ranking that is ``chosen``: whom it asks beside that one"
    )


class NewbornOut(BaseModel):
    """Where the newborn goes on to; the places that are not the mother's are there."""

    facility_id: str
    name_zh: str
    phone: str | None
