"""``greenchannel organisations``: where roles can be held, with the code that commands take."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import note, print_json, print_table, refusing
from app.cli.language import phrases
from app.cli.layout import Column
from app.cli.source import load_settings

if TYPE_CHECKING:
    from app.accounts.tables import Organisation
    from app.settings import Settings

__all__ = ["command"]

TITLES = ("code", "kind", "name", "county")


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation; ``code`` is what ``--organisation`` takes: a facility id, else its key."""

    code: str
    kind: str
    name: str
    division: str
    county: str


def command(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="Part of the name, or a code.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="Only these: institution, mch, county_commission, ..."),
    ] = None,
    division: Annotated[
        str | None,
        typer.Option("--division", help="Only in this county, prefecture or province: its code."),
    ] = None,
    in_json: options.InJson = False,
    lang: options.Language = None,
) -> None:
    """Find hospitals, commissions and 120 dispatch (机构查找).

    The code is what --organisation of the user commands takes.
    """
    from app.accounts.states import OrganisationKind

    if kind is not None and kind not in tuple(OrganisationKind):
        raise typer.BadParameter(" | ".join(OrganisationKind), param_hint="--kind")
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        found = [
            one
            for one in _all(settings, words.language)
            if (kind is None or one.kind == kind) and _fits(one, text) and _within(one, division)
        ]
    if in_json:
        print_json({"organisations": found})
        return
    columns = [Column(words.text(f"cli.organisation_{title}")) for title in TITLES]
    rows = [
        (one.code, words.code("organisation_kinds", one.kind), one.name, one.county)
        for one in found
    ]
    print_table(columns, rows)
    note(words.text("cli.organisations_found", n=len(found)))


def _all(settings: "Settings", language: str) -> Iterator[Found]:
    from app import migrating
    from app.accounts import store
    from geodata.yunnan import load_divisions

    divisions = load_divisions()
    with migrating.opened(settings.database_url, settings.keys) as database:
        migrating.require_head(database)
        with database.reading() as session:
            for org in store.organisations(session):
                here = divisions.get(org.division) if org.division in divisions else None
                name = "" if here is None else (here.name_zh if language == "zh" else here.name_en)
                yield _found(org, name)


def _found(org: "Organisation", division: str) -> Found:
    return Found(
        code=org.facility_id or str(org.id),
        kind=org.kind,
        name=org.name_zh,
        division=org.division,
        county=f"{org.division} {division}".strip(),
    )


def _fits(one: Found, text: str | None) -> bool:
    wanted = (text or "").strip().lower()
    return wanted in one.name.lower() or wanted in one.county.lower() or one.code == text


def _within(one: Found, division: str | None) -> bool:
    """Tell whether it lies in a division; the code of a prefecture ends in 00."""
    wanted = division or ""
    while wanted.endswith("00"):
        wanted = wanted[:-2]
    return one.division.startswith(wanted)
