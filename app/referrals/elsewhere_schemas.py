"""What a centre without a bed is told of others, over HTTP."""

from datetime import datetime

from pydantic import Field

from app.referrals.line_schemas import Model

__all__ = ["ElsewhereOut", "ElsewheresOut", "RoomOut"]


class RoomOut(Model):
    """Places of a kind; ``as_of`` is null where the figure is supposed."""

    kind: str
    free: int | None
    as_of: datetime | None


class ElsewhereOut(Model):
    """Another centre of the ranking, as a centre without a bed may name it."""

    facility_id: str
    rank: int
    minutes: float | None = Field(description="From where she is, as expected")
    rooms: list[RoomOut]
    full: bool = Field(description="Known to have no place for her: it cannot be named")
    asked: bool = Field(description="Is asked already and has not answered yet")


class ElsewheresOut(Model):
    """The other centres of the ranking that have not said no, the first first."""

    items: list[ElsewhereOut]
