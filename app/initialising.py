"""The first run of an installation: its organisations, its places, its administrator."""

from dataclasses import dataclass
from datetime import datetime

from app import migrating
from app.accounts import organisations, people, store
from app.accounts.errors import AlreadyInitialisedError
from app.accounts.passwords import Fresh
from app.accounts.states import OrganisationKind, Role
from app.centres.opening import open_places
from app.db import Database
from app.keyfile import make_key
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.settings import Settings
from facilities.registry import Registry

__all__ = ["Initialised", "initialise", "make_keys"]


@dataclass(frozen=True, slots=True)
class Initialised:
    """What a first run made."""

    step: str
    organisations: int
    places: int
    login: str


def make_keys(settings: Settings, at: datetime) -> None:
    """Make the keys that an installation needs, beside its database; those that are there stay."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    if not settings.keys.exists():
        KeyRing(settings.keys).create(Cipher.AES_256_GCM, at)
    make_key(settings.seal_key_file)
    make_key(settings.backup_key_file)


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
