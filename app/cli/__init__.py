"""The command line: ``greenchannel`` and its commands, one small file each."""

import sys

import typer

from app.cli import (
    assess,
    audit,
    backup,
    book,
    demo,
    doctor,
    exports,
    imports,
    init,
    keys,
    migrate,
    organisations,
    plan,
    recommend,
    restore,
    retention,
    roles,
    rules,
    serve,
    user,
    verify,
    worker,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="greenchannel",
    help="绿通: where to send a woman in danger or a sick newborn, how long, and why there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("assess")(assess.command)
app.command("recommend")(recommend.command)
app.command("plan")(plan.command)
app.command("book")(book.command)
app.add_typer(rules.app, name="rules")
app.command("doctor")(doctor.command)
app.add_typer(imports.app, name="import")
app.command("export")(exports.command)
app.command("demo")(demo.command)
app.command("serve")(serve.command)
app.command("migrate")(migrate.command)
app.command("roles")(roles.command)
app.command("worker")(worker.command)
app.add_typer(keys.app, name="keys")
app.command("verify")(verify.command)
app.command("init")(init.command)
app.add_typer(user.app, name="user")
app.command("organisations")(organisations.command)
app.command("backup")(backup.command)
app.command("restore")(restore.command)
app.command("retention")(retention.command)
app.add_typer(audit.app, name="audit")

BROKEN_PIPE = 141


def main() -> None:
    """Run the command line; a reader that stops reading is no error worth a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(BROKEN_PIPE)
