"""Sending requests to a server: as many clients as wait for their answers, or so many a second."""

import http.client
import json
import math
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.installed import Person

__all__ = ["Told", "at_once", "closed_loop", "open_loop", "request_body", "share"]

TIMEOUT_S = 60
MOST_AT_ONCE = 256
EVERY_S = 2.0
FACTS: Sequence[dict[str, object]] = (
    {"delivered": True, "pph_ongoing": True, "pph_ml": 1600, "hr": 130, "sbp": 80},
    {"hdp": "preeclampsia_severe", "gestational_age_weeks": "32+3"},
    {"placental_abruption": True, "gestational_age_weeks": 36, "delivered": False},
)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: status, milliseconds since it was due, whether it says when to come again."""

    status: int
    ms: float
    retry_after: str | None
    body: bytes

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


def open_loop(
    ports: Sequence[int], people: Sequence[Person], *, per_second: float, seconds: float
) -> list[Told]:
    """Send each at its moment, whether or not those before are answered; as the world does."""
    begin = time.perf_counter()

    def one(number: int) -> Told:
        due = begin + number / per_second
        connection = _connection(ports[number % len(ports)])
        try:
            return _ask(connection, people[number % len(people)], number, due)
        finally:
            connection.close()

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
    """Send one; a line that is cut counts as status 0."""
    headers = {"Authorization": f"Bearer {person.token}", "Idempotency-Key": str(uuid.uuid4())}
    try:
        connection.request(
            "POST", "/api/v1/referrals", json.dumps(request_body(person, number)), headers
        )
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Told(0, 1000 * (time.perf_counter() - since), None, b"")
    ms = 1000 * (time.perf_counter() - since)
    return Told(response.status, ms, response.getheader("retry-after"), body)


def _all(one: Callable[[int], None], clients: int) -> None:
    with ThreadPoolExecutor(max_workers=clients) as pool:
        for answer in [pool.submit(one, client) for client in range(clients)]:
            answer.result()
