"""Who is told of a change, and where in the stream of changes somebody stands."""

import re
import uuid
from dataclasses import dataclass

from app.accounts.states import AREA_OF, Actor, Area, Role, within

__all__ = ["Cursor", "LiveScope", "read_cursor", "scope_of"]

BLIND = frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that see counts, or the record of who did what, and no single referral."""
_CURSOR = re.compile(r"(\d{1,19})-(\d{1,19})")


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """How far somebody has seen: by transaction first, by number inside it."""

    written_in: int
    number: int

    def __str__(self) -> str:
        return f"{self.written_in}-{self.number}"


def read_cursor(text: str | None) -> Cursor | None:
    """Return where a screen says that it stands; None where it says nothing that is meant."""
    found = _CURSOR.fullmatch(text or "")
    return Cursor(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class LiveScope:
    """What somebody is told of: changes of these organisations, and in these divisions.

    ``divisions`` are what the codes begin with: ``5308`` is a prefecture and all its counties.
    """

    orgs: frozenset[uuid.UUID]
    divisions: tuple[str, ...] = ()

    def sees(self, orgs: str, divisions: str) -> bool:
        """Tell whether a change with these tags is for them."""
        if any(one in orgs.split() for one in map(str, self.orgs)):
            return True
        # An empty prefix would be the whole country; nobody has that.
        return any(
            prefix and division.startswith(prefix)
            for prefix in self.divisions
            for division in divisions.split()
        )


def scope_of(actor: Actor) -> LiveScope:
    """Return what an actor is told of: the own organisation, and the area of the role.

    A manager of mother-and-child health sees the women of her county, and not what her institution
    is asked beside (app/referrals/sight).
    """
    if actor.role in BLIND:
        return LiveScope(frozenset())
    area = AREA_OF[actor.role]
    divisions = () if area is Area.NONE else (within(area, actor.division),)
    orgs = frozenset[uuid.UUID]() if actor.role is Role.MCH_MANAGER else frozenset({actor.org_id})
    return LiveScope(orgs, divisions)
