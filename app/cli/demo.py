"""``greenchannel demo``: the service with a worked request, so that there is something to see."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import files as data_files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import note, refusing, say
from app.cli.language import phrases, words_of
from app.cli.serve import Host, Port
from app.cli.source import load_settings

if TYPE_CHECKING:
    from app.demo_house import DemoHouse
    from app.engine import Engine
    from app.text import Catalogue
    from app.words import Words

__all__ = ["command", "example"]

EXAMPLE = "gongshan.json"
SHOWN = 3


def example() -> dict[str, object]:
    """Return the worked request: severe pre-eclampsia at 32+3 weeks in Gongshan, in January."""
    text = (data_files("app") / "examples" / EXAMPLE).read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def command(
    port: Port = None,
    host: Host = None,
    live: Annotated[
        bool, typer.Option("--live", help="Play a night over the province, with invented patients.")
    ] = False,
    pace: Annotated[
        float, typer.Option("--pace", min=1, max=600, help="Minutes of the night in a minute.")
    ] = 60.0,
    seed: Annotated[
        int, typer.Option("--seed", help="The same seed, the same night and the same women.")
    ] = 0,
    women: Annotated[
        int, typer.Option("--women", min=0, max=20_000, help="So many invented pregnancies.")
    ] = 3_000,
    files: Annotated[
        Path | None,
        typer.Option(
            "--files",
            metavar="FOLDER",
            help="Only write the invented pregnancies, to import and to book.",
        ),
    ] = None,
    lang: options.Language = None,
) -> None:
    """Start, with a worked request, one account per role and a database of its own (演示).

    Prints the request and its answer, the accounts and the address, then serves until Ctrl-C. The
    database is gone afterwards; everything in it is an exercise.
    """
    settings = load_settings()
    texts = phrases(lang, settings)
    with refusing(texts):
        note(texts.text("cli.loading"))
        from app.demo_house import demo_house
        from app.engine import load_engine
        from app.server import open_socket, run, start

        if files is not None:
            write_women(files, load_engine(settings), texts, count=women, seed=seed)
            return
        listening = open_socket(host or settings.host, settings.port if port is None else port)
        engine = load_engine(settings)
        with ended_by_signal(), demo_house(settings, engine) as house:
            app = start(house.settings, engine)
            words = words_of(lang, settings, engine)
            show_example(engine, words, listening.address)
            show_accounts(house, texts)
            show_addresses(words, listening.address)
            say(words.t("cli.stop"))
            night = played(house, engine, texts, pace=pace, seed=seed) if live else nullcontext()
            with filled(house, engine, count=women, seed=seed), night:
                run(app, house.settings, listening)
    note(texts.text("cli.stopped"))


def write_women(
    folder: Path, engine: "Engine", texts: "Catalogue", *, count: int, seed: int
) -> None:
    """Write the invented pregnancies as the files that ``import`` and ``book`` take."""
    from app.case_exchange.mapping import load_columns
    from app.clock import local_now
    from app.demo_women.writing import invented_files, told_of_all

    now = local_now()
    told = told_of_all(engine.rules, engine.registry, now=now, count=count, seed=seed)
    columns = load_columns(None, engine.rules.facts)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "pregnancies.csv": len(told),
        "visits.csv": sum(len(one.visits) for one in told),
        "book.json": sum(one.row.delivered_on is None for one in told),
    }
    for name, data in invented_files(told, columns, engine.rules, now=now).items():
        (folder / name).write_bytes(data)
        note(texts.text("cli.written", name=str(folder / name), n=rows[name]))


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end a demonstration like Ctrl-C, so that its folder is taken away."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        # It came while something was being got ready; what was made is gone by now.
        return
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def played(
    house: "DemoHouse", engine: "Engine", texts: "Catalogue", *, pace: float, seed: int
) -> Iterator[None]:
    """Play the night while the service runs, and say what happens."""
    from app.keys.keyring import KeyRing
    from app.live_night.playing import Happened, Night
    from app.migrating import opened

    def told(one: Happened) -> None:
        what = texts.text(f"cli.night.{one.what}")
        note(f"{one.number}  {what}  {one.facility_id or ''}".rstrip())

    with opened(house.settings.database_url, house.settings.keys) as database:
        ring = KeyRing(house.settings.keys)
        night = Night(database, engine, ring, pace=pace, seed=seed, tell=told)
        night.start()
        try:
            yield
        finally:
            night.stop()


@contextmanager
def filled(house: "DemoHouse", engine: "Engine", *, count: int, seed: int) -> Iterator[None]:
    """Fill in the invented pregnancies while the service runs."""
    from app.demo_women.filling import Filling
    from app.migrating import opened

    with opened(house.settings.database_url, house.settings.keys) as database:
        filling = Filling(database, engine, count=count, seed=seed)
        filling.start()
        try:
            yield
        finally:
            filling.stop()


def show_accounts(house: "DemoHouse", texts: "Catalogue") -> None:
    """Print one account per role, and which of them play together.

    The passwords are those of this demonstration only.
    """
    from app.accounts.demo import ANSWERS, ASKS

    say(texts.text("cli.demo_accounts"))
    for one in house.accounts:
        role = texts.code("web.role", one.role)
        say(f"  {one.login:<18}{one.password:<24}{one.organisation} · {role}")
    say(texts.text("cli.demo_together", asks=ASKS, answers=ANSWERS))
    say()


def show_example(engine: "Engine", words: "Words", address: str) -> None:
    """Print the addresses, that of the application first, the request, and its answer."""
    from app.cli.show_recommendation import show_recommendation

    request = example()
    show_addresses(words, address)
    say()
    say(words.t("cli.worked"))
    say(json.dumps(request, ensure_ascii=False, indent=1))
    say()
    answer = engine.recommend(request)
    show_recommendation(answer, words, unsigned=engine.unsigned, most=SHOWN)
    say()
    say(words.t("cli.repeat"))
    say(
        f"  greenchannel recommend docs/examples/{EXAMPLE}\n"
        f"  curl -s {address}/api/v1/recommendations -H 'Content-Type: application/json' "
        f"-d @docs/examples/{EXAMPLE}"
    )
    say()


def show_addresses(words: "Words", address: str) -> None:
    """Print where the browser application is, then where the pages without scripts are."""
    say(words.t("cli.open", address=f"{address}/app/"))
    say(words.t("cli.open_script_free", address=f"{address}/"))
