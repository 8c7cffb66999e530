"""The first run of an installation: its organisations, its places, its administrator."""

from dataclasses import dataclass

from app import migrating
from app.accounts import organisations, people, store
from app.accounts.errors import AlreadyInitialisedError
from app.accounts.passwords import Fresh
from app.accounts.states import OrganisationKind, Role
from app.centres.opening import open_places
from app.db import Database
from facilities.registry import Registry

__all__ = ["Initialised", "initialise"]


@dataclass(frozen=True, slots=True)
class Initialised:
    """What a first run made."""

    step: str
    organisations: int
    places: int
    login: str


def initialise(
    database: Database,
    registry: Registry,
    login: str,
    name: str,
    fresh: Fresh,
    *,
    must_change: bool,
) -> Initialised:
    """Bring a database to this version and fill it; all of it or, after the step, nothing.

    Raises
    ------
    AlreadyInitialisedError
        There is an administrator: it was run before.
    LoginRefusedError
        The login name cannot be one.
    """
    migrating.upgrade(database)
    with database.writing() as session:
        store.alone_opening(session)
        if store.has_administrator(session):
            raise AlreadyInitialisedError
        now = database.now(session)
        places = open_places(session, registry, now=now)
        organisations.open_commissions(session, registry)
        office = store.authority(
            session, OrganisationKind.PROVINCE_COMMISSION, registry.divisions.province.adcode
        )
        user = people.add_user(
            session, login, name, fresh, home=office, at=now, must_change=must_change
        )
        people.give_role(session, user, office, Role.ADMINISTRATOR, at=now)
        made = len(store.organisations(session))
    return Initialised(migrating.head(), made, places, user.login)
