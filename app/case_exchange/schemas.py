"""What goes in and out over HTTP of what waits for a person after an import."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ExchangeDecisionIn", "ExchangeItemOut", "ExchangeItemsOut"]


class ExchangeDecisionIn(BaseModel):
    """What came of looking at it."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["ours", "entered", "sent_back", "again"]


class ExchangeItemOut(BaseModel):
    """Something of a line that waits for a person; nothing says who she is.

    ``record_id`` is the platform's number of the file or visit, ``what`` the field, the verdict, or
    the codes of a refusal.
    """

    id: uuid.UUID
    format: str
    record_id: str
    kind: str
    what: Sequence[str]
    county: str
    case_file_id: uuid.UUID | None
    opened_at: datetime
    decision: str | None
    decided_at: datetime | None


class ExchangeItemsOut(BaseModel):
    """A page of them; ``next`` is the cursor of the following one."""

    items: Sequence[ExchangeItemOut]
    next: str | None
