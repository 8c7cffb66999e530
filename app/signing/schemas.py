"""What goes in and out over HTTP of clinical sign-off."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["RuleSignIn", "RuleSignedOut", "RuleUnsignIn", "RuleWordingOut", "RuleWordingsOut"]


class RuleUnsignIn(BaseModel):
    """Which wording is no longer signed: the hash that stood beside it when it was read."""

    model_config = ConfigDict(extra="forbid")

    content_hash: str = Field(min_length=1, max_length=64)


class RuleSignIn(RuleUnsignIn):
    """Which wording is signed, and what she is who signs: obstetrician, chief physician."""

    title: str = Field(min_length=1, max_length=100, pattern=r"\S")


class RuleSignedOut(BaseModel):
    """How a row stands after it was signed or unsigned, and how many rows in use still wait."""

    id: str
    content_hash: str
    signed_by: str | None
    signed_role: str | None
    signed_at: str | None
    unsigned_rules: int


class CellOut(BaseModel):
    """One cell of a row, as it stands in the table."""

    column: str
    text: str


class RuleWordingOut(BaseModel):
    """The whole wording of a row: what a signature is of."""

    id: str
    content_hash: str
    signed_role: str | None
    cells: Sequence[CellOut]


class RuleWordingsOut(BaseModel):
    """The rows of one table in its order."""

    items: Sequence[RuleWordingOut]
