"""Whom an answer says to ring: before a request is sent, and for the newborn."""

from pydantic import BaseModel, Field

__all__ = ["RING", "STOPS", "CallOut", "NewbornOut"]

RING = "The centres of the ranking, to who may send a request; null is no word of anybody there"
STOPS = "The hospitals named as a stop on the way, to be rung; told to whom ``ring`` is told"


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
