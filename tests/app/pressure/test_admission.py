"""More is asked than can be done: some are let in and served, the others refused at once."""

import asyncio
import json
import time

import pytest

from app.admission import ALWAYS, CALM_S, STANDS_S, Admission, Room
from app.errors import TooBusyError
from app.guard import Guard
from app.settings import Settings

QUICK_S = 0.1
COMMAND, LOOK = ("POST", "/api/v1/referrals"), ("GET", "/api/v1/worklists")


class Door:
    """The layers around an application that works until it is told to end."""

    def __init__(self, **settings):
        self.ending, self.begun = asyncio.Event(), 0
        given = {"max_commands": 2, "max_others": 2, "max_waiting": 1, "wait_s": 5.0}
        inner = Admission(self.work, settings=Settings(**(given | settings)))
        self.app = Guard(inner)

    async def work(self, scope, receive, send):
        self.begun += 1
        if scope["path"] not in ALWAYS:
            await self.ending.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask(self, what, **headers):
        """Send it; status, headers, document, and how long it took."""
        method, path = what
        named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        if method == "POST":
            named.append((b"idempotency-key", b"0123456789abcdef"))
        scope = {"type": "http", "method": method, "path": path, "headers": named}
        scope |= {"query_string": b"", "app": _App}
        sent, began = [], time.perf_counter()

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        await self.app(scope, receive, send)
        names = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return sent[0]["status"], names, sent[1]["body"], time.perf_counter() - began

    def asking(self, what, times, **headers):
        return [asyncio.ensure_future(self.ask(what, **headers)) for _ in range(times)]


class _State:
    settings = Settings()


class _App:
    state = _State()


def test_whoever_finds_no_room_is_refused_at_once_and_told_when_to_come_again():
    async def night():
        door = Door()
        inside = door.asking(COMMAND, 3)
        await asyncio.sleep(0)
        refused = [await door.ask(COMMAND) for _ in range(20)]
        door.ending.set()
        return refused, await asyncio.gather(*inside)

    refused, served = asyncio.run(night())

    for status, headers, body, took_s in refused:
        assert (status, headers["content-type"]) == (503, "application/problem+json")
        assert int(headers["retry-after"]) >= 1
        assert json.loads(body)["type"] == "urn:greenchannel:problem:too-busy"
        assert "x-content-type-options" in headers
        assert took_s < QUICK_S
    assert [status for status, *_ in served] == [200] * 3


def beside(full, other):
    """How many have begun where one room is full and two ask at the other, and what they get."""

    async def night():
        door = Door()
        door.asking(full, 3)
        await asyncio.sleep(0)
        waiting = door.asking(other, 2)
        await asyncio.sleep(0)
        begun = door.begun
        door.ending.set()
        return begun, [status for status, *_ in await asyncio.gather(*waiting)]

    return asyncio.run(night())


def test_readers_never_keep_a_command_out_and_commands_never_a_reader():
    for full, other in ((LOOK, COMMAND), (COMMAND, LOOK)):
        assert beside(full, other) == (4, [200, 200])


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/statusz", "/metrics"])
def test_whether_the_process_lives_is_always_answered(path):
    async def night():
        door = Door()
        door.asking(LOOK, 9)
        await asyncio.sleep(0)
        found = await door.ask(("GET", path))
        door.ending.set()
        return found[0]

    assert asyncio.run(night()) == 200


def test_a_request_whose_sender_has_given_up_is_dropped_before_any_work():
    async def night():
        door = Door(wait_s=5.0)
        door.asking(COMMAND, 2)
        await asyncio.sleep(0)
        status, _, _, took_s = await door.ask(COMMAND, x_deadline_ms="20")
        begun = door.begun
        door.ending.set()
        return status, took_s, begun

    status, took_s, begun = asyncio.run(night())

    assert (status, begun) == (503, 2)
    assert took_s < 1.0


def test_turns_come_in_order_and_none_is_lost_with_who_gives_up():
    async def queue():
        room, order = Room(1, 9), []

        async def one(name, patience_s=5.0):
            await room.enter(patience_s)
            order.append(name)
            await asyncio.sleep(0)
            room.leave()

        await room.enter(1.0)
        first, given_up, third = (
            asyncio.ensure_future(one(name, patience_s))
            for name, patience_s in (("a", 5.0), ("b", 0.01), ("c", 5.0))
        )
        with pytest.raises(TooBusyError):
            await given_up
        fourth = asyncio.ensure_future(one("d"))
        await asyncio.sleep(0)
        room.leave()
        await asyncio.gather(first, third, fourth)
        return order, room.inside, len(room.queue)

    assert asyncio.run(queue()) == (["a", "c", "d"], 0, 0)


@pytest.mark.parametrize("slow", ["/plans", "/session", "/session/unlock", "/password", "/users"])
def test_who_asks_for_a_bed_does_not_queue_behind_what_takes_seconds(slow):
    assert beside(("POST", f"/api/v1{slow}"), COMMAND) == (4, [200, 200])


class Clock:
    """A loop whose time is said; nobody waits for it."""

    def __init__(self):
        self.now = 100.0

    def after(self, seconds):
        self.now += seconds
        return self.now


def full(room, *, waiting):
    room.inside = room.at_work
    room.queue.extend(object() for _ in range(waiting))


def test_many_in_the_same_moment_are_let_wait_and_so_are_the_next_when_it_is_over():
    clock, room = Clock(), Room(2, 16)
    full(room, waiting=0)
    room.since = clock.now
    for _ in range(16):
        assert not room.is_full(clock.after(0.001))
        full(room, waiting=1)
    assert room.is_full(clock.after(0.001))
    room.queue.clear()
    room.since = None
    assert not room.is_full(clock.after(CALM_S))


def test_while_a_queue_does_not_end_nobody_more_may_wait_and_then_they_may_again():
    clock, room = Clock(), Room(2, 16)
    full(room, waiting=3)
    room.since = clock.now
    assert not room.is_full(clock.after(STANDS_S / 2))
    assert room.is_full(clock.after(STANDS_S / 2))

    # It empties for a moment; the load is the same, and nobody waits.
    room.refused, room.since = clock.now, None
    room.queue.clear()
    assert room.is_full(clock.after(CALM_S / 2))
    room.refused = clock.now
    room.inside = 1
    assert not room.is_full(clock.after(CALM_S / 2))

    # Nobody was refused for a while: many in one moment are let wait again.
    room.inside = 2
    assert not room.is_full(clock.after(CALM_S))


def test_a_queue_that_moves_on_does_not_stand():
    """Somebody always waits for a moment, nobody for long: each time the queue has ended."""
    clock, room = Clock(), Room(1, 16)
    for _ in range(50):
        full(room, waiting=1)
        room.since = clock.now
        assert not room.is_full(clock.after(STANDS_S / 2))
        room.queue.clear()
        room.since = None
    assert not room.stands


def test_the_queue_knows_since_when_somebody_waits():
    async def night():
        room = Room(1, 9)
        await room.enter(1.0)
        before = room.since
        waits = [asyncio.ensure_future(room.enter(patience)) for patience in (5.0, 0.01)]
        await asyncio.sleep(0)
        during = room.since
        with pytest.raises(TooBusyError):
            await waits[1]
        still = room.since
        room.leave()
        await waits[0]
        return before, during, still, room.since

    before, during, still, after = asyncio.run(night())
    assert (before, after) == (None, None)
    assert during is not None
    assert still == during


def test_a_door_that_lets_everybody_in_is_found():
    """The planted fault: without the layer nobody is refused, whatever is asked."""

    async def night():
        door = Door(max_commands=10_000)
        waiting = door.asking(COMMAND, 30)
        await asyncio.sleep(0)
        begun = door.begun
        door.ending.set()
        await asyncio.gather(*waiting)
        return begun

    assert asyncio.run(night()) == 30
