"""A board of three hundred open referrals, and worklists over three thousand files, in a browser.

A change is measured from the answer that was given to whoever made it to the line on the screen of
somebody else: the stream, reading again and drawing. Beside it stands what the list alone takes.
"""

import json
import os
import statistics
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.accounts.demo import COUNTY, demo_accounts
from app.accounts.states import OrganisationKind, Role
from app.demo_women.filling import Filling
from app.engine import load_engine
from app.migrating import upgrade
from app.settings import Settings
from bench.installed import Installation, Person, filled
from bench.load import closed_loop, request_body

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("screen", "median / worst", "aim", "beside it")
OPEN, FILES, TIMES = 300, int(os.environ.get("FILES", "3000")), 7
PROVINCE = "530000"
AIM = "<= 200 ms"
LINES = "document.querySelectorAll('main li.card .big').length"


def run() -> Sequence[Row]:
    """Fill an installation and look at it as an officer on duty and as a manager of files."""
    with tempfile.TemporaryDirectory() as folder:
        house = Installation(f"sqlite:///{Path(folder) / 'board.db'}", Path(folder) / "data")
        engine = load_engine(Settings(data_dir=Path(folder)))
        upgrade(house.database)
        filled(house.database, engine.registry)
        with house.database.writing() as session:
            demo_accounts(session, engine.registry, house.database.now(session))
        Filling(house.database, engine, count=FILES, seed=0, pause_s=0.0).fill()
        hospitals = [
            engine.registry.in_county(county.adcode)[0].facility_id
            for county in engine.registry.divisions.counties
            if engine.registry.in_county(county.adcode)
        ]
        doctors = [
            house.person(f"doctor{number:03d}", Role.COUNTY_CLINICIAN, facility_id=hospital)
            for number, hospital in enumerate(hospitals[:20])
        ]
        commission, mch = OrganisationKind.PROVINCE_COMMISSION.value, OrganisationKind.MCH.value
        officer = house.person(
            "officer", Role.PROVINCE_DUTY_OFFICER, kind=commission, division=PROVINCE
        )
        manager = house.person("manager", Role.MCH_MANAGER, kind=mch, division=COUNTY)
        with house.serving() as port:
            asked = 0
            while asked < OPEN:
                asked += sum(
                    one.is_served for one in closed_loop([port], doctors, clients=1, seconds=2)
                )
            rows = _looked(port, officer, manager, doctors[0])
        house.close()
    return rows


def _looked(port: int, officer: Person, manager: Person, doctor: Person) -> Sequence[Row]:
    from playwright.sync_api import sync_playwright

    from tests.app.chromium import FLAGS, program

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=list(FLAGS))
        board = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        _sign_in(board, port, officer, "board")
        board.wait_for_function(f"() => {LINES} >= {OPEN}")
        shown = _times(lambda: _shown_after_a_request(board, port, doctor))
        files = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        _sign_in(files, port, manager, "files")
        listed = _times(lambda: _list_after_a_click(files))
        browser.close()
    lines, due = "/worklists/mine", "/worklists/case-files?due=overdue"
    return [
        (
            f"board of {OPEN} open referrals, a new one shown",
            shown,
            AIM,
            _alone(port, officer, lines),
        ),
        (
            f"worklist over {FILES} files, from click to list",
            listed,
            "",
            _alone(port, manager, due),
        ),
    ]


def _sign_in(page: "Page", port: int, who: Person, screen: str) -> None:
    page.goto(f"http://127.0.0.1:{port}/app/#/{screen}")
    page.locator("input[autocomplete=username]").fill(who.login)
    page.locator("input[type=password]").fill(who.password)
    page.locator("form button").first.click()
    page.wait_for_selector("nav")
    page.wait_for_selector("h1")


def _shown_after_a_request(page: "Page", port: int, doctor: Person) -> float:
    before = page.evaluate(LINES)
    _ask(port, doctor)
    begun = time.perf_counter()
    page.wait_for_function(f"() => {LINES} > {before}", polling=5)
    return time.perf_counter() - begun


def _ask(port: int, doctor: Person) -> None:
    headers = {"Authorization": f"Bearer {doctor.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/referrals",
        json.dumps(request_body(doctor, 0)).encode(),
        headers | {"Idempotency-Key": str(uuid.uuid4())},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  as above
        answer.read()


def _list_after_a_click(page: "Page") -> float:
    other = page.evaluate("location.hash.includes('today') ? '#/files/overdue' : '#/files/today'")
    begun = time.perf_counter()
    with page.expect_response("**/worklists/case-files*"):
        page.evaluate("address => { location.hash = address }", other)
    page.wait_for_function("() => !document.querySelector('main').innerText.includes('正在读取')")
    return time.perf_counter() - begun


def _times(act: Callable[[], float]) -> str:
    spent = [act() for _ in range(TIMES)]
    return f"{1000 * statistics.median(spent):.0f} / {1000 * max(spent):.0f} ms"


def _alone(port: int, who: Person, path: str) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1{path}", headers={"Authorization": f"Bearer {who.token}"}
    )
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  as above
            size = len(answer.read())
        spent.append(time.perf_counter() - begun)
    return f"the list alone {1000 * statistics.median(spent):.0f} ms, {size / 1024:.0f} KiB"
