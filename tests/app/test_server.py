"""Starting and stopping: the demo as a process, a port in use, a signal."""

import asyncio
import gc
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

from app.case_files.known import care
from app.case_files.tables import CaseFile
from app.cli.demo import example
from app.clock import LOCAL
from app.engine import Engine
from app.server import PortError, open_socket, start

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("greenchannel")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@pytest.fixture
def demo(tmp_path):
    """The demo on a free port; ended by its own process id whatever happens."""
    process = subprocess.Popen(  # noqa: S603  our own program
        [PROGRAM, "demo", "--port", "0", "--lang", "zh"],
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path), "COLUMNS": "160", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.fixture
def started(tmp_path):
    """Start the demo with more words, its temporary files in a folder of their own."""
    inside = tmp_path / "inside"
    inside.mkdir()
    begun = []

    def start(*words):
        process = subprocess.Popen(  # noqa: S603  our own program
            [PROGRAM, "demo", "--port", "0", "--lang", "zh", *words],
            env={
                "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
                "TMPDIR": str(inside),
                "COLUMNS": "160",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process, inside

    yield start
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGINT])
def test_a_night_is_played_as_an_exercise_and_nothing_of_it_is_left(started, ends):
    process, folder = started("--live", "--pace", "600", "--seed", "1")
    text = until(process.stdout, "Ctrl-C")
    played = until(process.stderr, "发起转诊")
    assert [one.name[:18] for one in folder.iterdir()] == ["greenchannel-demo-"]
    port = ADDRESS.search(text)[1]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/statusz", timeout=20) as response:
        status = json.loads(response.read())
    process.send_signal(ends)
    _, errors = process.communicate(timeout=30)

    assert status["training"] is True
    assert all(role in text for role in ("duty.province", "centre", "township", "ems120"))
    assert "YN53" in played
    assert (process.returncode, "Traceback" in errors) == (0, False), errors
    assert list(folder.iterdir()) == []


def until(stream, words):
    """Read lines until one holds the words."""
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


def test_the_demo_prints_its_address_and_a_worked_request_answers_and_stops(demo):
    text = until(demo.stdout, "Ctrl-C")
    port = ADDRESS.search(text)[1]
    address = f"http://127.0.0.1:{port}"
    with urllib.request.urlopen(f"{address}/readyz", timeout=20) as response:  # noqa: S310
        ready = json.loads(response.read())
    demo.send_signal(signal.SIGINT)
    _, errors = demo.communicate(timeout=20)

    assert ready == {"status": "ok"}
    assert "preeclampsia_severe" in text
    assert "演示/未经临床签署" in text
    assert "推荐去向" in text
    assert demo.returncode == 0
    assert "Traceback" not in errors


def test_the_worked_request_is_the_documented_one():
    documented = (ROOT / "docs" / "examples" / "gongshan.json").read_text(encoding="utf-8")

    assert example() == json.loads(documented)


def test_a_port_in_use_is_said_with_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortError, match="name another one with --port"):
            open_socket("127.0.0.1", port)


def test_an_answer_does_not_wait_for_an_acknowledgement():
    """Each answer is written in two pieces: the second one waited 40 ms on every line kept open."""

    async def accepted(listener):
        lines = asyncio.Queue()
        server = await asyncio.start_server(lambda _, line: lines.put_nowait(line), sock=listener)
        _, line = await asyncio.open_connection(*listener.getsockname())
        there = await lines.get()
        at_once = there.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for one in (line, there):
            one.close()
        server.close()
        return at_once

    assert asyncio.run(accepted(open_socket("127.0.0.1", 0).socket)) != 0
    # The planted fault: a listener that does not say TCP.
    plain = socket.create_server(("127.0.0.1", 0))
    assert plain.proto == 0
    assert asyncio.run(accepted(plain)) == 0


def test_at_start_a_mother_and_a_newborn_are_asked_for_by_day_and_by_night(engine):
    asked = []

    class Watched(Engine):
        def recommend(self, document):
            asked.append((document["now"][11:13], *document["facts"]))
            return super().recommend(document)

    watched = Watched(engine.rules, engine.registry, engine.estimate)
    watched.warm(datetime(2026, 1, 14, 20, tzinfo=LOCAL))

    assert {hour for hour, _ in asked} == {"03", "12"}
    assert len({fact for _, fact in asked}) == 2
    assert "network" in vars(watched)


def test_the_service_says_how_it_started_and_what_it_answered(tmp_path):
    process = subprocess.Popen(  # noqa: S603  our own program
        [PROGRAM, "serve", "--port", "0"],
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = ADDRESS.search(process.stderr.readline())[1]
        started = process.stderr.readline()
        address = f"http://127.0.0.1:{port}/livez?phone=13812345678"
        with urllib.request.urlopen(address, timeout=60) as response:
            key = response.headers["X-Request-Id"]
        answered = process.stderr.readline()
    finally:
        process.terminate()
        process.communicate(timeout=60)

    assert f"http://127.0.0.1:{port}; database none; migrations none; worker outside" in started
    assert re.search(rf"INFO greenchannel.access GET /livez 200 \S+ ms {key}$", answered)


def test_a_command_on_a_port_in_use_ends_with_1(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(  # noqa: S603  our own program
            [PROGRAM, "serve", "--port", str(taken.getsockname()[1])],
            env={"GREENCHANNEL_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_act_on_a_file_reads_the_rules_of_care_while_others_wait_to_write(
    settings, engine, monkeypatch
):
    care.care_rules.cache_clear()
    start(settings, engine)
    gc.unfreeze()

    def read(*_):
        raise AssertionError

    monkeypatch.setattr(care, "load_care_rules", read)

    assert care.care_of(CaseFile(province=settings.province)).due
