"""What goes in and out over HTTP of imports, and of what waits for a person after one."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "ExchangeCheckOut",
    "ExchangeDecisionIn",
    "ExchangeFaultOut",
    "ExchangeItemOut",
    "ExchangeItemsOut",
    "ExchangeLineOut",
    "ExchangeProgressOut",
    "ExchangeTakenOut",
]


class ExchangeDecisionIn(BaseModel):
    """What came of looking at it."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["ours", "entered", "sent_back", "again"]


class ExchangeItemOut(BaseModel):
    """Something of a line that waits for a person; nothing says who she is.

    ``record_id`` is the platform's number of the file or visit, ``what`` the field
    with the codes of what keeps it, the verdict, or the codes of a refusal.
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


class ExchangeFaultOut(BaseModel):
    """What is wrong with a cell; with the file as a whole where ``line`` is null."""

    line: int | None
    column: str
    value: str
    code: str
    message: str
    expected: str


class ExchangeLineOut(BaseModel):
    """A line of the file, and its verdict or the field that stays."""

    line: int
    what: str


class ExchangeTakenOut(BaseModel):
    """What became, or would become, of the rows: by verdict, and the first that a person looks at.

    ``kept`` are fields that stay although the file says something lower.
    """

    table: str
    rows: int
    encoding: str
    counts: Mapping[str, int]
    conflicts: Sequence[ExchangeLineOut]
    kept: Sequence[ExchangeLineOut]


class ExchangeCheckOut(BaseModel):
    """The first faults of a file and how many there are; without any, what would become of it."""

    faults: Sequence[ExchangeFaultOut]
    fault_count: int
    taken: ExchangeTakenOut | None


class ExchangeProgressOut(BaseModel):
    """How many lines of the file that was taken in last stand where; null = none ever was."""

    taken_at: datetime | None
    waiting: int
    filed: int
    refused: int
