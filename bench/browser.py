"""The browser application on a slow line and an old computer, beside the page without scripts."""

import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.browser_files import BUILT
from app.db import Database
from app.migrating import upgrade
from bench.installed import Installation, filled
from facilities.yunnan import load_registry

__all__ = ["HEADER", "run"]

HEADER = ("page", "files in brotli, KiB", "ready, median of 5, s", "slowest, s")
TIMES = 5
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_000_000 / 8,
    "uploadThroughput": 256_000 / 8,
}
SLOWER = 4
PAGES = {"/app/": "form input[type=password]", "/": "h1"}


def run() -> Sequence[tuple[str, ...]]:
    """Load each page with nothing kept: 1 Mbit/s, 150 ms away, a processor a fourth as fast."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'measured.db'}"
        database = Database(address)
        upgrade(database)
        filled(database, load_registry())
        database.close()
        installation = Installation(address, Path(folder) / "data", open_calculators=True)
        with installation.serving() as port:
            rows = [_measured(f"http://127.0.0.1:{port}", page) for page in PAGES]
        installation.close()
    return rows


def _measured(server: str, page: str) -> tuple[str, ...]:
    from playwright.sync_api import sync_playwright

    from tests.app.chromium import FLAGS, program

    seconds = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=list(FLAGS))
        for _ in range(TIMES):
            context = browser.new_context(viewport={"width": 390, "height": 844})
            screen = context.new_page()
            tools = context.new_cdp_session(screen)
            tools.send("Network.enable")
            tools.send("Network.emulateNetworkConditions", LINE)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            begun = time.perf_counter()
            screen.goto(server + page, wait_until="commit")
            screen.wait_for_selector(PAGES[page])
            seconds.append(time.perf_counter() - begun)
            context.close()
        browser.close()
    size = f"{_first_load() / 1024:.0f}" if page == "/app/" else "-"
    return page, size, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}"


def _first_load() -> int:
    """Return the bytes of what the page asks for at first, with one language."""
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    names = [*re.findall(r"/app/(assets/[^\"]+)", page)]
    names += [f"assets/{one.name}" for one in (BUILT / "assets").glob("zh-*.js")]
    return sum((BUILT / f"{name}.br").stat().st_size for name in ("index.html", *names))
