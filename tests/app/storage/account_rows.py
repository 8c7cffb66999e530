"""Accounts written by plain SQL, and people who sign in."""

from datetime import timedelta

from argon2 import PasswordHasher

from app.accounts import door, own
from app.accounts.presence import actor_of, presence_of
from app.db_types import new_key
from tests.app.storage import rows
from tests.app.storage.rows import NOW

PASSWORD = "甲县 医院 2026 夜班"  # noqa: S105  of invented people
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
"""Hashed cheaply: what a hash costs is written in it, and tests sign in a few hundred times."""


def user(session, login="jia", *, org=None, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "home_org": org or rows.organisation(session),
        "login": login,
        "name": "测试甲",
        "password_hash": HASH,
        "must_change": False,
        "password_at": NOW,
        "created_at": NOW,
    }
    return rows.insert(session, "user_account", **{**values, **more})


def grant(session, of, at, *, role="county_clinician", kind="institution", **more):
    values = {
        "id": new_key(),
        "province": "53",
        "user_id": of,
        "org_id": at,
        "org_kind": kind,
        "role": role,
        "from_at": NOW - timedelta(days=30),
    }
    return rows.insert(session, "role_grant", **{**values, **more})


def member(session, community, hospital, *, kind="institution", lead=False, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "community_id": community,
        "community_kind": "community",
        "member_id": hospital,
        "member_kind": kind,
        "is_lead": lead,
        "from_at": NOW,
    }
    return rows.insert(session, "community_member", **{**values, **more})


def clinician(session, login="jia", **more):
    """A person with one role, in a hospital of her own."""
    org = rows.organisation(session)
    key = user(session, login, org=org, **more)
    return key, grant(session, key, org), org


class Clock:
    """The clock of the database, moved by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self, _session):
        return self.now

    def passes(self, **how_long):
        self.now += timedelta(**how_long)


def sign_in(database, login="jia", password=PASSWORD, *, client="10.0.0.7", **more):
    return door.sign_in(database, login, password, client=client, **more)


def asks(database, opened, *, unsafe=False, **more):
    """A request of a page with the cookie and the token it was given."""
    values = {"cookie": opened.token, "csrf": opened.csrf, "bearer": None, "unsafe": unsafe}
    return actor_of(database, **{**values, **more})


def counted(database, what):
    with database.reading() as session:
        return session.connection().exec_driver_sql(f"SELECT count(*) FROM {what}").scalar()


def there(database, opened):
    return presence_of(database, cookie=opened.token, csrf=opened.csrf, bearer=None, unsafe=True)


def token(database, opened, **more):
    with database.writing() as session:
        return own.make_token(session, there(database, opened), "HIS", now=NOW, **more)


def by_token(database, made, **more):
    values = {"cookie": None, "csrf": None, "bearer": made.token, "unsafe": True}
    return actor_of(database, **{**values, **more})


def signs_out(database, opened):
    with database.writing() as session:
        own.sign_out(session, there(database, opened), now=NOW, client="10.0.0.7")
