"""``greenchannel audit``: the record for other systems."""

import json
import sys
from contextlib import nullcontext
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import PROBLEM, note, refusing
from app.cli.language import phrases
from app.cli.source import load_settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["app"]

app = typer.Typer(
    help="Write the record of who did and saw what for other systems (审计).",
    no_args_is_help=True,
    rich_markup_mode=None,
)
REMEMBERED = 10_000


@app.callback()
def group() -> None:
    """Write the record of who did and saw what for other systems (审计)."""


@app.command("export")
def export(
    since: Annotated[str, typer.Option("--from", metavar="TIME", help="Day or time, ISO 8601.")],
    until: Annotated[str, typer.Option("--to", metavar="TIME", help="Up to before this.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; else standard output.")
    ] = None,
    lang: options.Language = None,
) -> None:
    """Write FHIR AuditEvents in the patterns of IHE BALP, one JSON object a line.

    A time without offset is local. Nobody is named: a patient is an opaque key. That it was
    written out stands in the record.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    first, last = _moment(since, "--from"), _moment(until, "--to")
    with refusing(words):
        from app import migrating
        from app.audit import marks
        from app.audit.exporting import PatientOf, audit_events
        from app.audit.states import Chain
        from app.case_files.service import whose_file
        from app.referrals.of_patient import whose_referral

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            with _opened(out) as file, database.reading() as session:
                written = 0
                whose: dict[str, PatientOf] = {
                    kind: lru_cache(REMEMBERED)(partial(of, session))
                    for kind, of in (
                        (Chain.REFERRAL, whose_referral),
                        (Chain.CASE_FILE, whose_file),
                    )
                }
                for event in audit_events(
                    session,
                    since=first,
                    until=last,
                    site=f"greenchannel-{settings.province}",
                    patient_of=whose,
                ):
                    file.write(json.dumps(event, ensure_ascii=False) + "\n")
                    written += 1
            with database.writing() as session:
                marks.note(session, marks.EXPORTED, province=settings.province)
    note(words.text("cli.audit_exported", n=written))


def _opened(out: Path | None) -> "AbstractContextManager[IO[str]]":
    if out is None:
        return nullcontext(sys.stdout)
    try:
        return out.open("w", encoding="utf-8")
    except OSError as error:
        note(f"{out}: {error.strerror}")
        raise typer.Exit(PROBLEM) from None


def _moment(said: str, option: str) -> datetime:
    from app.clock import LOCAL

    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter("2026-11-01 | 2026-11-01T08:00+08:00", param_hint=option) from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)
