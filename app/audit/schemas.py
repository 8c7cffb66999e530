"""The record as it is shown to an auditor."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["AuditEntryOut", "AuditOut"]


class AuditEntryOut(BaseModel):
    """One entry: who did or saw what, why they could, and the hash that ties it to the next."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    chain: str
    seq: int
    at: datetime
    by_user: UUID | None
    by_org: UUID | None
    role: str | None
    act: str
    object_kind: str | None
    object_id: str | None
    scope: str | None
    why: str | None
    changed: str | None
    is_read: bool
    hash: str
    case_number: str | None = Field(
        None, description="What people call the referral or case file of `chain`"
    )
    by_login: str | None = Field(None, description="What `by_user` signs in with, as of now")
    by_name: str | None = Field(None, description="What `by_user` is called, as of now")


class AuditOut(BaseModel):
    """A page of entries in the order in which they were written."""

    items: list[AuditEntryOut]
    next: str | None
