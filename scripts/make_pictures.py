"""Make the pictures of every screen, in both languages, for the guides; look at them afterwards.

``python scripts/make_pictures.py`` starts a demonstration of its own with invented women, lets a
hospital ask for a destination, walks through the screens of each role, and writes
``docs/guide/<language>/pictures`` and ``screens.md``. Nothing in them is real, and each says so.
"""

import http.cookiejar
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app.accounts.demo import HOSPITAL
from app.text import LANGUAGES, catalogue
from tests.app.chromium import FLAGS, program
from tests.app.walking import KEY, screens_of

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).with_name("greenchannel")
ODD = re.compile(r"[^\w.-]+")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
ACCOUNT = re.compile(r"^  (\S+)\s+(\S{12,})\s+(\S.*)$", re.MULTILINE)
DESK, PHONE = (1366, 768), (390, 844)
ON_A_PHONE = ("township", "county")
ROLES = (
    "centre",
    "mch",
    "duty.county",
    "duty.province",
    "ems120",
    "analyst",
    "administrator",
    "auditor",
    "county",
    "township",
)
BOTH = ("new.jpg", "board.jpg", "referral-one.jpg", "referrals.jpg", "files.jpg", "file-one.jpg")
"""Screens that are shown on a telephone too."""
WOMEN, WAIT_S = 3_000, 240
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80}
ORIGIN = {"facility_id": HOSPITAL}
QUALITY, SCALE = 55, 0.75


@contextmanager
def demonstration() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Run a demonstration; its address, and passwords by login."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(  # noqa: S603  our own program
            [PROGRAM, "demo", "--port", "0", "--women", str(WOMEN)], stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + WAIT_S
            while time.monotonic() < until:
                said = Path(log.name).read_text(encoding="utf-8")
                if ADDRESS.search(said) and "Ctrl" in said:
                    break
                time.sleep(0.5)
            yield (
                ADDRESS.findall(said)[0],
                {login: password for login, password, _ in ACCOUNT.findall(said)},
            )
        finally:
            process.terminate()
            process.wait(timeout=60)


class Caller:
    """Somebody who calls the interface with a session."""

    def __init__(self, address: str, login: str, password: str) -> None:
        self._address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._csrf = ""
        self._csrf = str(self.post("/session", {"login": login, "password": password})["csrf"])

    def post(self, path: str, body: object) -> dict[str, object]:
        """Send a command."""
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self._csrf}
        headers |= {"Idempotency-Key": str(uuid.uuid4())}
        request = urllib.request.Request(  # noqa: S310  our own demonstration
            f"{self._address}/api/v1{path}", json.dumps(body).encode(), headers
        )
        with self._opener.open(request, timeout=60) as answer:
            found: dict[str, object] = json.loads(answer.read() or b"{}")
            return found


def name_of(address: str) -> str:
    """Return the name of a picture: the screen, without any key and without its filters."""
    steps = KEY.sub("one", address.removeprefix("#/")).rstrip("/").split("/")
    name = "-".join(steps[:2] if steps[1:2] != ["all"] else [steps[0], "panel"])
    return ODD.sub("-", name) + ".jpg"


def pictures(page: Page, role: str, folder: Path, seen: set[str]) -> Iterator[str]:
    """Take a picture of each screen that no other role has shown yet, and yield its name."""
    for address in screens_of(page):
        name = name_of(address)
        key = f"{role in ON_A_PHONE}-{name}" if name in BOTH else name
        if key not in seen:
            seen.add(key)
            name = f"{role}-{name}"
            page.screenshot(path=folder / name, type="jpeg", quality=QUALITY)
            yield name


def sign_in(page: Page, address: str, login: str, password: str, language: str) -> None:
    """Open the application in a language as somebody."""
    # Before the application begins: while it does it keeps the language that it began with.
    page.add_init_script(f"localStorage.setItem('greenchannel.language', '{language}')")
    page.goto(f"{address}/app/")
    page.locator("input[autocomplete=username]").fill(login)
    page.locator("input[type=password]").fill(password)
    page.locator("form button").first.click()
    page.wait_for_selector("nav")


def main() -> int:
    """Make all pictures and the page that shows them."""
    with demonstration() as (address, passwords), sync_playwright() as driver:
        hospital = Caller(address, "county", passwords["county"])
        for _ in range(2):
            hospital.post("/referrals", {"request": {"facts": BLEEDING, "origin": ORIGIN}})
        time.sleep(60)  # the women of this county are filled in first
        browser = driver.chromium.launch(executable_path=program(), args=list(FLAGS))
        for language in LANGUAGES:
            folder = ROOT / "docs" / "guide" / language / "pictures"
            folder.mkdir(exist_ok=True)
            for old in folder.glob("*.jpg"):
                old.unlink()
            made: dict[str, list[str]] = {}
            seen: set[str] = set()
            for role in ROLES:
                width, height = PHONE if role in ON_A_PHONE else DESK
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    device_scale_factor=SCALE,
                )
                page = context.new_page()
                sign_in(page, address, role, passwords[role], language)
                made[role] = list(pictures(page, role, folder, seen))
                context.close()
            write_page(language, made)
        browser.close()
    return 0


def write_page(language: str, made: Mapping[str, list[str]]) -> None:
    """Write the page that shows the pictures, role by role."""
    words = catalogue(language)
    lines = [f"# {words.text('print.pictures')}", "", words.text("print.pictures_how"), ""]
    for role, names in made.items():
        lines += [f"## {role}", ""]
        lines += [f"![{name.removesuffix('.jpg')}](pictures/{name})\n" for name in names]
    path = ROOT / "docs" / "guide" / language / "screens.md"
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
