"""``greenchannel user``: accounts, for who keeps the machine."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from app.cli import options
from app.cli.console import print_json, print_table, refusing, say, tell
from app.cli.language import Lang, phrases
from app.cli.layout import Column
from app.cli.source import load_settings
from app.text import Catalogue

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from app.accounts.states import Role
    from app.accounts.tables import Organisation, UserAccount

__all__ = ["PasswordStdin", "app", "shown_once"]

app = typer.Typer(help="Accounts (账号).", no_args_is_help=True)

Login: TypeAlias = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name.")]
RoleName: TypeAlias = Annotated[
    str, typer.Option("--role", help="The role: coordinator, auditor, ...")
]
OrganisationName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--organisation", help="Where it is held: a code of `organisations`, or its exact name."
    ),
]
PasswordStdin: TypeAlias = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from the first line of input."),
]


@dataclass(frozen=True, slots=True)
class HeldAt:
    """A role and where it is held."""

    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as it is listed."""

    login: str
    name: str
    disabled: bool
    must_change: bool
    roles: tuple[HeldAt, ...]


def shown_once(words: Catalogue, login: str, password: str | None) -> None:
    """Print a login and an initial password; it is kept nowhere."""
    if password is not None:
        say(f"  {login}  {password}")
        tell(words.text("cli.shown_once"))


@app.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="Name of the person.")],
    role: RoleName,
    organisation: OrganisationName,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Make an account with one role; prints its initial password once (新增账号)."""
    from app.accounts.passwords import fresh_password

    fresh = fresh_password()
    with _opened(lang, in_json=in_json) as (words, session, now):
        from app.accounts import people

        asked, org = _role(role), _organisation(session, organisation)
        user = people.add_user(session, login, name, fresh, home=org, at=now)
        people.give_role(session, user, org, asked, at=now)
        done = {"login": user.login, "role": asked.value, "organisation": org.name_zh}
    if in_json:
        print_json({**done, "password": fresh.plain})
        return
    say(words.text("cli.user_added", **done))
    shown_once(words, str(done["login"]), fresh.plain)


@app.command("grant")
def grant_role(
    login: Login,
    role: RoleName,
    organisation: OrganisationName,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Let the person of an account hold one more role (授予角色)."""
    with _opened(lang, in_json=in_json) as (words, session, now):
        from app.accounts import people

        asked, org = _role(role), _organisation(session, organisation)
        user = _user(session, login)
        people.give_role(session, user, org, asked, at=now)
        done = {"login": user.login, "role": asked.value, "organisation": org.name_zh}
    if in_json:
        print_json(done)
    else:
        say(words.text("cli.user_added", **done))


@app.command("list")
def list_users(in_json: options.InJson = False, lang: options.Language = None) -> None:
    """List the accounts with the roles they hold (列出账号)."""
    with _opened(lang, in_json=in_json) as (words, session, now):
        from app.accounts import store
        from app.accounts.presence import is_disabled, name_of

        found = [
            Listed(
                user.login,
                name_of(session, user),
                is_disabled(user, now),
                user.must_change,
                tuple(
                    HeldAt(grant.role, org.name_zh)
                    for grant, org in store.roles_of(session, user.id, now=now)
                ),
            )
            for user in store.users(session)
        ]
    if in_json:
        print_json({"users": found})
        return
    titles = ("login", "name", "status", "roles_held")
    rows = [
        (
            one.login,
            one.name,
            words.text("cli.user_disabled") if one.disabled else "",
            ", ".join(f"{held.role} ({held.organisation})" for held in one.roles),
        )
        for one in found
    ]
    print_table([Column(words.text(f"cli.{title}")) for title in titles], rows)


@app.command("disable")
def disable(login: Login, in_json: options.InJson = False, lang: options.Language = None) -> None:
    """Shut an account; whatever is signed in with it ends now (停用账号)."""
    with _opened(lang, in_json=in_json) as (words, session, now):
        from app.accounts import people

        people.disable(session, _user(session, login), at=now)
    _done(words, "disabled", login, in_json=in_json)


@app.command("enable")
def enable(login: Login, in_json: options.InJson = False, lang: options.Language = None) -> None:
    """Open an account again (恢复账号)."""
    with _opened(lang, in_json=in_json) as (words, session, _now):
        from app.accounts import people

        people.enable(session, _user(session, login))
    _done(words, "enabled", login, in_json=in_json)


@app.command("reset-password")
def reset_password(
    login: Login, in_json: options.InJson = False, lang: options.Language = None
) -> None:
    """Give an initial password; prints it once, ends what is signed in (重置密码)."""
    from app.accounts.passwords import fresh_password

    fresh = fresh_password()
    with _opened(lang, in_json=in_json) as (words, session, now):
        from app.accounts import people

        people.give_password(session, _user(session, login), fresh, at=now)
    if in_json:
        print_json({"login": login, "password": fresh.plain})
    else:
        shown_once(words, login, fresh.plain)


def _done(words: Catalogue, what: str, login: str, *, in_json: bool) -> None:
    if in_json:
        print_json({"login": login, what: True})
    else:
        say(f"{login}  {words.text(f'cli.user_{what}')}")


@contextlib.contextmanager
def _opened(lang: Lang | None, *, in_json: bool) -> "Iterator[tuple[Catalogue, Session, datetime]]":
    """Open the database of the settings, which must be of this version, to write."""
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            with database.writing() as session:
                yield words, session, database.now(session)


def _user(session: "Session", login: str) -> "UserAccount":
    from app.accounts import store
    from app.errors import NotFoundError

    user = store.user_named(session, login.strip().lower())
    if user is None:
        raise NotFoundError("user", login)
    return user


def _role(text: str) -> "Role":
    from app.accounts.errors import GrantRefusedError
    from app.accounts.states import Role

    try:
        return Role(text)
    except ValueError:
        raise GrantRefusedError([f"unknown_role; there are {', '.join(Role)}"]) from None


def _organisation(session: "Session", text: str) -> "Organisation":
    """Return the one organisation that a key, a facility id or an exact name means."""
    from app.accounts import store
    from app.accounts.errors import OrganisationRefusedError
    from app.errors import NotFoundError

    found = store.organisations_named(session, text)
    if len(found) > 1:
        raise OrganisationRefusedError(["several_of_this_name"])
    if not found:
        raise NotFoundError("organisation", text)
    return found[0]
