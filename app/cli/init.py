"""``greenchannel init``: the first run of an installation."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import note, print_json, refusing, say, tell
from app.cli.doctor import first_few
from app.cli.language import phrases
from app.cli.source import engine_for, load_settings
from app.cli.user import PasswordStdin, shown_once

if TYPE_CHECKING:
    from app.accounts.passwords import Fresh
    from app.doctor import Check
    from app.initialising import Initialised
    from app.text import Catalogue

__all__ = ["command"]

NAMED = frozenset({"nobody_signed_up", "office_nobody_signed_up"})
"""What is to be done next: for these places accounts are missing."""


def command(
    login: Annotated[
        str, typer.Option("--login", help="Login name of the administrator.")
    ] = "administrator",
    name: Annotated[str, typer.Option("--name", help="Name of the administrator.")] = "管理员",
    password_stdin: PasswordStdin = False,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Begin an installation (初始化).

    Brings the database of DATABASE_URL to this version, opens organisations and places from the
    registry and makes the administrator. Refuses to run a second time.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        from app import migrating
        from app.clock import local_now
        from app.doctor import State, examine, unseen
        from app.initialising import initialise, make_keys

        with migrating.opened(settings.database_url, settings.keys) as database:
            fresh = _password(login, from_stdin=password_stdin)
            note(words.text("cli.loading"))
            engine = engine_for(settings)
            make_keys(settings, local_now())
            made = initialise(
                database, engine.registry, login, name, fresh, must_change=not password_stdin
            )
            silent = unseen(database, engine)
        checks = [
            check
            for check in (*examine(settings, engine, local_now()), *silent)
            if check.state is not State.OK
        ]
    password = None if password_stdin else fresh.plain
    if in_json:
        print_json({**_facts(made), "password": password, "checks": checks})
        return
    say(words.text("cli.initialised", **_facts(made)))
    shown_once(words, made.login, password)
    tell(words.text("cli.first_steps"))
    for check in checks:
        say(f"  {words.code('states', check.state)}  {_named(words, check)}")


def _facts(made: "Initialised") -> dict[str, object]:
    return {
        "step": made.step,
        "organisations": made.organisations,
        "places": made.places,
        "login": made.login,
    }


def _named(words: "Catalogue", check: "Check") -> str:
    name = words.code("checks", check.code)
    counted = f"{name} ({check.count})" if check.count else name
    return f"{counted}  {first_few(check.detail)}" if check.code in NAMED else counted


def _password(login: str, *, from_stdin: bool) -> "Fresh":
    from app.accounts.errors import PasswordRefusedError
    from app.accounts.passwords import Fresh, faults_of, fresh_password, hashed

    if not from_stdin:
        return fresh_password()
    plain = sys.stdin.readline().rstrip("\r\n")
    faults = faults_of(plain, login=login)
    if faults:
        raise PasswordRefusedError(faults)
    return Fresh(plain, hashed(plain))
