"""A browser without a driver: Chromium over its debugging pipe, one JSON message after another."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
READ_FD, WRITE_FD = 3, 4
CHUNK = 1 << 16


def program() -> str | None:
    """Return the browser of the system, as scripts/ensure_browser.sh finds it."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """One browser with one page."""

    def __init__(self, profile: Path) -> None:
        path = program()
        assert path, "no browser; type: sh scripts/ensure_browser.sh"
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        flags += ["--remote-debugging-pipe", "--no-first-run", f"--user-data-dir={profile}"]

        # The child finds the pipes on 3 and 4 whatever numbers they have here.
        def place() -> None:
            spare = os.dup(from_browser)
            os.dup2(to_browser, READ_FD)
            os.dup2(spare, WRITE_FD)

        self._process = subprocess.Popen(  # noqa: S603  the system's browser, fixed words
            [path, *flags, "about:blank"],
            preexec_fn=place,
            pass_fds=(READ_FD, WRITE_FD),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._rest = 0, b""
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.call("Page.enable")

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._session = None
        self.call("Browser.close")
        self._process.wait(timeout=20)
        os.close(self._out)
        os.close(self._in)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in, CHUNK)
            assert part, "the browser has gone"
            self._rest += part
        first, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(first)
        return found

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command and return its result."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._out, json.dumps(command).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self._number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._events.append(message)

    def _wait(self, event: str) -> None:
        while not any(message.get("method") == event for message in self._events):
            self._events.append(self._message())

    def size(self, width: int, height: int) -> None:
        """Be a screen of this size; narrow ones are telephones."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=address)
        self._wait("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def submit(self, script: str) -> None:
        """Run something that leads to another page and wait for it."""
        self._events.clear()
        self.run(script)
        self._wait("Page.loadEventFired")

    def picture(self) -> bytes:
        """Return the whole page as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def paper(self) -> bytes:
        """Return the page as it would be printed, as PDF."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(printed["data"])
