"""``greenchannel demo``: the service with a worked request, so that there is something to see."""

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from app.cli import options
from app.cli.console import note, refusing, say
from app.cli.language import phrases, words_of
from app.cli.serve import Host, Port
from app.cli.source import load_settings

if TYPE_CHECKING:
    from app.engine import Engine
    from app.words import Words

__all__ = ["command", "example"]

EXAMPLE = "gongshan.json"
SHOWN = 3


def example() -> dict[str, object]:
    """Return the worked request: severe pre-eclampsia at 32+3 weeks in Gongshan, in January."""
    text = (files("app") / "examples" / EXAMPLE).read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def command(port: Port = None, host: Host = None, lang: options.Language = None) -> None:
    """Start, with a worked request (演示).

    Prints the address, the request and its answer, then serves until Ctrl-C.
    """
    settings = load_settings()
    texts = phrases(lang, settings)
    with refusing(texts):
        note(texts.text("cli.loading"))
        from app.engine import load_engine
        from app.server import open_socket, run, start

        listening = open_socket(host or settings.host, settings.port if port is None else port)
        engine = load_engine(settings)
        app = start(settings, engine)
        show_example(engine, words_of(lang, settings, engine), listening.address)
    run(app, settings, listening)
    note(texts.text("cli.stopped"))


def show_example(engine: "Engine", words: "Words", address: str) -> None:
    """Print the address, the request, and its answer."""
    from app.cli.show_recommendation import show_recommendation

    request = example()
    say(words.t("cli.open", address=address))
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
    say(words.t("cli.open", address=address))
    say(words.t("cli.stop"))
