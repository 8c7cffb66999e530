"""The system's Chromium with one page, driven by Playwright."""

import os
import shutil
from types import TracebackType
from typing import Any

from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")


def program() -> str | None:
    """Return the browser of the system, as scripts/ensure_browser.sh finds it."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """One browser with one page; narrow screens are telephones."""

    def __init__(self) -> None:
        path = program()
        assert path, "no browser; type: sh scripts/ensure_browser.sh"
        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(executable_path=path, args=list(FLAGS))
        self._page = self._browser.new_page()

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._browser.close()
        self._driver.stop()

    def size(self, width: int, height: int) -> None:
        """Be a screen of this size; on a new page, for only that can become a telephone."""
        self._page.close()
        self._page = self._browser.new_page(
            viewport={"width": width, "height": height}, is_mobile=width < 600
        )

    def somebody(self, width: int, height: int) -> Page:
        """Return a page of somebody else, with cookies and storage of her own."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, is_mobile=width < 600
        )
        return context.new_page()

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._page.goto(address)

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        return self._page.evaluate(script)

    def submit(self, script: str) -> None:
        """Run something that leads to another page and wait for it."""
        with self._page.expect_navigation():
            self.run(script)

    def paper(self) -> bytes:
        """Return the page as it would be printed, as PDF."""
        return self._page.pdf(prefer_css_page_size=True)
