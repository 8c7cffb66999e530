"""``greenchannel keys``: the keys that seal names, numbers, telephones and addresses."""

from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import PROBLEM, note, print_json, print_table, refusing, say
from app.cli.language import phrases
from app.cli.layout import Column
from app.cli.source import load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from app.keys.keyring import KeyRing
    from app.keys.ring import Ring
    from app.settings import Settings

__all__ = ["app"]

app = typer.Typer(
    help="Make, list, rotate and retire the keys of sealed fields (密钥).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

COLUMNS = ("version", "cipher", "state", "made_at", "replaced_at")
CipherName = Annotated[
    str, typer.Option("--cipher", help="aes-256-gcm or sm4-gcm.", metavar="CIPHER")
]


@app.command("init")
def init(cipher: CipherName = "aes-256-gcm", lang: options.Language = None) -> None:
    """Make the key ring of a new installation; one that is there is left alone."""
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words):
        from app.clock import local_now
        from app.keys.ciphers import cipher_of

        keys = _keys(settings)
        keys.create(cipher_of(cipher), local_now())
    say(words.text("cli.keys_made", path=keys.path))


@app.command("list")
def list_versions(in_json: options.InJson = False, lang: options.Language = None) -> None:
    """List the versions of the key ring, times in UTC; no key is shown."""
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words, in_json=in_json):
        rows = _rows(_keys(settings).ring())
    if in_json:
        print_json({"versions": rows})
        return
    titles = [Column(words.text(f"cli.keys_{name}")) for name in COLUMNS]
    print_table(titles, [[str(row[name] or "-") for name in COLUMNS] for row in rows])


@app.command("rotate")
def rotate(
    cipher: CipherName = "aes-256-gcm",
    prepare: Annotated[
        bool,
        typer.Option("--prepare", help="Only add the key, to copy the ring to every server."),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Add no key; go on where a run was cut short.")
    ] = False,
    lang: options.Language = None,
) -> None:
    """Seal every field with a new key while the servers go on working.

    With servers on several machines: --prepare, copy the ring to all of them, then without it.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words):
        from app import migrating
        from app.keys import rotation
        from app.keys.ciphers import cipher_of

        keys, chosen = _keys(settings), cipher_of(cipher)
        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            if prepare:
                say(words.text("cli.keys_prepared", n=rotation.prepare(database, keys, chosen)))
                return
            if not resume:
                rotation.activate(database, keys, chosen)
            swept = rotation.sweep(database, keys)
    note(words.text("cli.keys_rotated", fields=swept.fields, n=keys.ring().active))
    if swept.broken or swept.held:
        note(words.text("cli.keys_left", broken=swept.broken, held=swept.held))
        raise typer.Exit(PROBLEM)


@app.command("retire")
def retire(
    version: Annotated[int, typer.Argument(help="The version to take off the ring.")],
    lang: options.Language = None,
) -> None:
    """Take a version off the ring that seals nothing any more.

    Backups made before the rotation can then not be read: keep a copy of the ring with them.
    """
    settings = load_settings()
    words = phrases(lang, settings)
    with refusing(words):
        from app import migrating
        from app.keys import rotation

        with migrating.opened(settings.database_url, settings.keys) as database:
            migrating.require_head(database)
            rotation.retire(database, _keys(settings), version)
    say(words.text("cli.keys_retired", n=version))


def _keys(settings: "Settings") -> "KeyRing":
    from app.keys.keyring import KeyRing

    return KeyRing(settings.keys)


def _rows(ring: "Ring") -> list[dict[str, object]]:
    return [
        {
            "version": one.number,
            "cipher": one.cipher.value,
            "state": _state(ring, one.number),
            "made_at": _in_utc(one.made_at),
            "replaced_at": one.replaced_at and _in_utc(one.replaced_at),
        }
        for one in sorted(ring.versions.values(), key=lambda one: one.number)
    ]


def _in_utc(moment: "datetime") -> str:
    """Return a moment in the one zone of the list: who made a key may have had another clock."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _state(ring: "Ring", number: int) -> str:
    if number == ring.active:
        return "active"
    return "prepared" if ring.versions[number].replaced_at is None else "reading"
