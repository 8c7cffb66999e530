"""What goes out of the counts of raises and of noes over HTTP."""

from pydantic import Field

from app.referrals.line_schemas import Model

__all__ = ["DeclinedOut", "DeclinesOut", "RaisedOut", "RaisesOut"]

SMALL = "null: one to four, not told"


class RaisedOut(Model):
    """One institution that asked."""

    facility_id: str | None
    name_zh: str
    requests: int | None = Field(description=SMALL)
    raised: int | None = Field(description=SMALL)


class RaisesOut(Model):
    """Requests of a month and how many were raised above their rows (R-PRIO-02)."""

    month: str
    items: list[RaisedOut]


class DeclinedOut(Model):
    """One centre and one reason."""

    facility_id: str
    code: str
    declines: int | None = Field(description=SMALL)


class DeclinesOut(Model):
    """Noes of a month by centre and reason (R-REF-03)."""

    month: str
    items: list[DeclinedOut]
