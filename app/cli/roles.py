"""``greenchannel roles``: the SQL of a role that works and owns nothing."""

from typing import Annotated

import typer

from app.cli.console import PROBLEM, note, say

__all__ = ["command"]


def command(
    name: Annotated[str, typer.Argument(help="The role.")] = "greenchannel_app",
) -> None:
    """Print the SQL of a PostgreSQL role for the service (数据库应用角色).

    It owns nothing, and cannot change or delete what is only ever added to. Run it as the owner of
    the database, once and after every migrate: greenchannel roles | psql -v ON_ERROR_STOP=1 ADDRESS
    """
    from app.roles import RoleNameError, statements

    try:
        found = list(statements(name))
    except RoleNameError as error:
        note(str(error))
        raise typer.Exit(PROBLEM) from None
    say("BEGIN;")
    for statement in found:
        say(f"{statement};")
    say("COMMIT;")
