"""A walk through every screen of the browser application that a menu and its links lead to."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from app.text import LANGUAGES, catalogue

__all__ = ["screens_of", "shown"]

LINKS = """where => [...document.querySelectorAll(`${where} a[href^="#/"]`)]
  .map(link => link.getAttribute("href"))"""
BUSY = tuple(catalogue(language).text("web.loading") for language in LANGUAGES)
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def screens_of(page: Page, *, most: int = 40) -> Iterator[str]:
    """Open each screen once and yield its address: the menu, then one of each kind of link."""
    todo, seen = page.evaluate(LINKS, "nav"), set[str]()
    while todo and len(seen) < most:
        address = todo.pop(0)
        kind = KEY.sub("…", address)
        if kind in seen:
            continue
        seen.add(kind)
        page.evaluate("address => { location.hash = address }", address)
        shown(page)
        yield address
        todo += page.evaluate(LINKS, "main")


def shown(page: Page) -> None:
    """Wait until the screen has what it reads, or has said why not."""
    page.wait_for_function(
        """busy => {
          const main = document.querySelector("main");
          return main && !busy.some(words => main.innerText.includes(words));
        }""",
        arg=list(BUSY),
        timeout=15_000,
    )
    page.wait_for_timeout(150)
