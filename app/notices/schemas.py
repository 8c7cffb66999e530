"""What goes in and out of addresses of notices over HTTP."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

__all__ = ["AddressIn", "AddressOut", "AddressesOut"]


class Model(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class AddressIn(Model):
    """Where an organisation is reached: its duty telephone, mailbox or chat, never a patient's."""

    org_id: uuid.UUID
    channel: Literal["webhook", "sms", "smtp"]
    address: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class AddressOut(AddressIn):
    """An address with its time."""

    id: uuid.UUID
    since: datetime
    until: datetime | None


class AddressesOut(Model):
    """Where an organisation is reached now."""

    items: list[AddressOut]
