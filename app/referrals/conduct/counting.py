"""How institutions ask and answer, as counts: priorities raised (R-PRIO-02), noes (R-REF-03).

A commission reads no count of one to four: in a small county it is a woman. No sums are given, so
that none can be worked out of the others; the months are fixed and nothing else can be chosen.
An institution reads its own figures as they are: it knows its own patients.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.accounts.states import area_of
from app.accounts.tables import Organisation
from app.referrals.conduct import store as conduct_store
from app.referrals.sight import OWN
from app.work import Work

__all__ = ["FEWEST", "Declined", "Raised", "declines_in", "raises_in"]

FEWEST = 5
"""A smaller count than this, but nought, is not told."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One institution in a month; None is a count that is too small to be told."""

    facility_id: str | None
    name_zh: str
    requests: int | None
    raised: int | None


@dataclass(frozen=True, slots=True)
class Declined:
    """The noes of one centre for one reason in a month; None as above."""

    facility_id: str
    code: str
    declines: int | None


def raises_in(work: Work, since: datetime, until: datetime) -> list[Raised]:
    """Return how often institutions asked and raised the priority."""
    found = conduct_store.raises(work.session, _whose(work), since, until)
    return [
        Raised(facility_id, name, *_both(work, requests, raised))
        for facility_id, name, requests, raised in found
    ]


def declines_in(work: Work, since: datetime, until: datetime) -> list[Declined]:
    """Return how often centres said no, and why."""
    found = conduct_store.declines(work.session, _whose(work), since, until)
    return [Declined(name, str(code), _told(work, count)) for name, code, count in found]


def _whose(work: Work) -> ColumnElement[bool]:
    if work.actor.role in OWN:
        return col(Organisation.id) == work.actor.org_id
    return col(Organisation.division).startswith(area_of(work.actor), autoescape=True)


def _told(work: Work, count: int) -> int | None:
    return count if count == 0 or count >= FEWEST or work.actor.role in OWN else None


def _both(work: Work, requests: int, raised: int) -> tuple[int | None, int | None]:
    """Return both counts; those who were not raised are a small count as well."""
    hidden = _told(work, raised) is None or _told(work, requests - raised) is None
    return _told(work, requests), None if hidden else raised
