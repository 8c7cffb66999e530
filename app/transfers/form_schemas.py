"""What goes in and out of printed forms over HTTP."""

from datetime import datetime

from pydantic import Field

from app.referrals.line_schemas import Model

__all__ = ["PaperFormsIn", "PaperFormsOut"]


class PaperFormsIn(Model):
    """How many blank forms are wanted."""

    count: int = Field(10, ge=1, le=50)


class PaperFormOut(Model):
    """The number of one blank form."""

    number: str
    issued_at: datetime


class PaperFormsOut(Model):
    """Numbers that no referral was entered from yet, and where to print them."""

    drill: bool
    items: list[PaperFormOut]
    sheets: str
