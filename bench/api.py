"""The interface under load: 20 requests a second for a while, beside an idle address."""

import http.client
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from geodata.yunnan import load_divisions

Row = tuple[str, str, str, str]
HEADER: Row = ("HTTP interface", "figure", "aim", "beside it")
PER_SECOND = 20
SECONDS = 10
READY_S = 60
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
# Different patients, so that no answer can be kept from the one before.
CAUSES: tuple[dict[str, object], ...] = (
    {"pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80},
    {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
    {"neo_ga_weeks": "29+5", "birth_weight_g": 1180, "needs_cpap": True},
    {"placental_abruption": True, "gestational_age_weeks": 36, "delivered": False},
    {"hie_grade": "moderate", "neo_ga_weeks": 39, "age_hours": 1},
)


def run() -> list[Row]:
    """Return p50, p95 and the slowest of recommendations, and p95 of /livez in the same run."""
    with _service() as port:
        _asked(port, list(_requests())[: 2 * PER_SECOND])
        times = _asked(port, list(_requests())[: PER_SECOND * SECONDS])
        idle = _asked(port, [None] * (PER_SECOND * 2))
    beside = f"/livez p95 {_share(idle, 0.95):.1f} ms"
    load = f"{PER_SECOND}/s for {SECONDS} s"
    return [
        ("recommendations, median", f"{_share(times, 0.5):.1f} ms", "", load),
        ("recommendations, p95", f"{_share(times, 0.95):.1f} ms", "< 30 ms", beside),
        ("recommendations, slowest", f"{max(times):.1f} ms", "", f"{len(times)} requests"),
    ]


@contextmanager
def _service() -> Iterator[int]:
    """Run the service on a free port in a process of its own, and end that process."""
    program = Path(sys.executable).with_name("greenchannel")
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603  our own program
            [program, "serve", "--port", "0"],
            env=os.environ | {"GREENCHANNEL_DATA_DIR": folder},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None  # noqa: S101  opened three lines above
            found = ADDRESS.search(process.stderr.readline())
            if found is None:
                raise RuntimeError("the service did not say where it listens")
            # It logs each request: a pipe that nobody reads would stop it when it is full.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            _wait(int(found[1]))
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if _ask(port, None) == http.HTTPStatus.OK:
            return
        time.sleep(0.1)
    raise RuntimeError("the service did not become ready")


def _requests() -> Iterator[dict[str, object]]:
    """Yield a request of every county for every cause, neighbours in the list differing in both."""
    counties = [county.adcode for county in load_divisions().counties]
    for turn in range(len(CAUSES)):
        for number, county in enumerate(counties):
            facts = CAUSES[(number + turn) % len(CAUSES)]
            yield {"facts": facts, "origin": {"adcode": county}}


def _ask(port: int, request: dict[str, object] | None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        if request is None:
            connection.request("GET", "/livez")
        else:
            connection.request("POST", "/api/v1/recommendations", json.dumps(request))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _asked(port: int, requests: Sequence[dict[str, object] | None]) -> list[float]:
    """Send each at its second, whether or not the ones before are answered; milliseconds."""
    start = time.perf_counter()

    def one(due: float, request: dict[str, object] | None) -> float:
        status = _ask(port, request)
        if status != http.HTTPStatus.OK:
            raise RuntimeError(f"a request was answered with {status}")
        return 1000 * (time.perf_counter() - due)

    with ThreadPoolExecutor(max_workers=PER_SECOND) as pool:
        waiting = []
        for number, request in enumerate(requests):
            due = start + number / PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(one, due, request))
        return [answer.result() for answer in waiting]


def _share(times: list[float], share: float) -> float:
    """Return the time that this share of the requests stays below."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]
