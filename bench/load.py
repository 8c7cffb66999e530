"""Sending requests to a server: as many clients as wait for their answers, or so many a second.

Who is let wait for ever is not like the world, and neither is a province in which nobody ever says
yes: :class:`TakenBack` ends what was asked, so that as many referrals end as begin.
"""

import http.client
import json
import math
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from bench.installed import Person

__all__ = [
    "TakenBack",
    "Told",
    "at_once",
    "closed_loop",
    "open_loop",
    "request_body",
    "share",
]

TIMEOUT_S = 60
MOST_AT_ONCE = 256
EVERY_S = 2.0
ENDS_AFTER_S = 60.0
HANDS = 64
FACTS: Sequence[dict[str, object]] = (
    {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80},
    {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
    {"placental_abruption": True, "gestational_age_weeks": 36, "delivered": False},
)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: status, milliseconds since it was due, whether it says when to come again.

    ``due`` is when it was due, on the clock of ``time.perf_counter``.
    """

    status: int
    ms: float
    retry_after: str | None
    body: bytes
    due: float = 0.0

    @property
    def is_served(self) -> bool:
        """Whether the request was stored."""
        return self.status == http.HTTPStatus.CREATED


def request_body(person: Person, number: int) -> dict[str, object]:
    """Return a request for a destination from a person's hospital."""
    facts = FACTS[number % len(FACTS)]
    return {"request": {"facts": facts, "origin": {"facility_id": person.facility_id}}}


def closed_loop(
    ports: Sequence[int], people: Sequence[Person], *, clients: int, seconds: float
) -> list[Told]:
    """Let each client ask, wait for the answer, and ask again until the time is over."""
    until, found = time.monotonic() + seconds, []
    lock = threading.Lock()

    def one(client: int) -> None:
        person, port = people[client % len(people)], ports[client % len(ports)]
        connection = _connection(port)
        told, number = [], client
        while time.monotonic() < until:
            told.append(_ask(connection, person, number, time.perf_counter()))
            number += 1
        connection.close()
        with lock:
            found.extend(told)

    _all(one, clients)
    return found


class TakenBack:
    """Takes every stored request back a minute later, as who asked would; let in like anybody."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=HANDS)
        self._waiting: list[Future[bool]] = []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Leave open what is not due yet."""
        self._over.set()
        self._pool.shutdown(cancel_futures=True)

    def take(self, told: Told, port: int, person: Person) -> None:
        """Take one back when its minute is over."""
        if told.is_served:
            self._waiting.append(self._pool.submit(self._end, told, port, person))

    @property
    def ended(self) -> int:
        """Return how many were taken back."""
        done = [one for one in self._waiting if one.done() and not one.cancelled()]
        return sum(one.result() for one in done)

    def _end(self, told: Told, port: int, person: Person) -> bool:
        """Ask until it is let in; whether it was taken back."""
        asked = json.loads(told.body)
        path = f"/api/v1/referrals/{asked['id']}/cancel"
        pause = max(0.0, told.due + ENDS_AFTER_S - time.perf_counter())
        key = str(uuid.uuid4())
        while not self._over.wait(pause):
            connection = _connection(port)
            headers = _headers(person, key) | {"If-Match": f'"{asked["version"]}"'}
            answer = _send(connection, path, {"reason": "recovered"}, headers, time.perf_counter())
            connection.close()
            if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                return answer.status == http.HTTPStatus.OK
            pause = float(answer.retry_after or 1)
        return False


def open_loop(
    ports: Sequence[int],
    people: Sequence[Person],
    *,
    per_second: float,
    seconds: float,
    ends: TakenBack | None = None,
) -> list[Told]:
    """Send each at its moment, whether or not those before are answered; as the world does."""
    begin = time.perf_counter()

    def one(number: int) -> Told:
        due = begin + number / per_second
        port, person = ports[number % len(ports)], people[number % len(people)]
        connection = _connection(port)
        try:
            told = _ask(connection, person, number, due)
        finally:
            connection.close()
        if ends is None:
            return told
        ends.take(told, port, person)
        return replace(told, body=b"")  # of half an hour they would fill the memory

    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as pool:
        waiting = []
        for number in range(int(per_second * seconds)):
            time.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
            waiting.append(pool.submit(one, number))
        return [answer.result() for answer in waiting]


def at_once(
    ports: Sequence[int], people: Sequence[Person], *, clients: int, times: int
) -> list[Told]:
    """Let all clients ask in the same moment, some times, every two seconds."""
    found = []
    with ThreadPoolExecutor(max_workers=clients) as pool:
        connections = [_connection(ports[client % len(ports)]) for client in range(clients)]
        for number in range(times):
            since = time.perf_counter()
            asked = [
                pool.submit(_ask, connection, people[client % len(people)], number, since)
                for client, connection in enumerate(connections)
            ]
            found += [answer.result() for answer in asked]
            time.sleep(max(0.0, since + EVERY_S - time.perf_counter()))
        for connection in connections:
            connection.close()
    return found


def share(times: Sequence[float], part: float) -> float:
    """Return the time that this part of them stays below; 0 of none."""
    return sorted(times)[max(0, math.ceil(part * len(times)) - 1)] if times else 0.0


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)


def _ask(connection: http.client.HTTPConnection, person: Person, number: int, since: float) -> Told:
    """Send one request for a destination."""
    headers = _headers(person, str(uuid.uuid4()))
    return _send(connection, "/api/v1/referrals", request_body(person, number), headers, since)


def _headers(person: Person, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}", "Idempotency-Key": key}


def _send(
    connection: http.client.HTTPConnection,
    path: str,
    body: dict[str, object],
    headers: dict[str, str],
    since: float,
) -> Told:
    """Send one; a line that is cut counts as status 0."""
    try:
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Told(0, 1000 * (time.perf_counter() - since), None, b"", since)
    ms = 1000 * (time.perf_counter() - since)
    return Told(response.status, ms, response.getheader("retry-after"), answer, since)


def _all(one: Callable[[int], None], clients: int) -> None:
    with ThreadPoolExecutor(max_workers=clients) as pool:
        for answer in [pool.submit(one, client) for client in range(clients)]:
            answer.result()
