"""Whom a ranking says to ring: its centres before a request is sent, and for the newborn."""

from pydantic import BaseModel, Field

__all__ = ["TOLD_TO", "CallOut", "NewbornOut"]

TOLD_TO = "The centres of the ranking, to who may send a request; null is no word of anybody there"


class CallOut(BaseModel):
    """Whether a request to a centre would be seen, and its number by now; notes are codes."""

    facility_id: str
    note_code: str | None = Field(description="nobody_signed_up: nobody there would see it, ring")
    phone: str | None
    phone_note_code: str | None


class NewbornOut(BaseModel):
    """Where the newborn goes on to; the places that are not the mother's are there."""

    facility_id: str
    name_zh: str
    phone: str | None
