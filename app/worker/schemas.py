"""What goes out about dead letters over HTTP."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["DeadLetterOut", "DeadLettersOut", "RevivedOut"]

Sort = Literal["deadline", "notice"]


class DeadLetterOut(BaseModel):
    """Something that failed too often; codes and identifiers only."""

    sort: Sort
    id: uuid.UUID
    code: str = Field(description="Kind of the deadline, or template of the notice")
    channel: str | None = Field(None, description="Of a notice")
    subject_id: uuid.UUID
    due_at: datetime
    dead_at: datetime
    tries: int
    error: str | None


class DeadLettersOut(BaseModel):
    """Dead letters of the province of the caller, those that wait longest first."""

    items: Sequence[DeadLetterOut]
    next: str | None


class RevivedOut(BaseModel):
    """It is tried again from now on."""

    sort: Sort
    id: uuid.UUID
