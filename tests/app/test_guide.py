"""The commands of the operator's guide work as printed, from nothing to a proven backup.

Both languages run the same blocks (tests/repository/test_guide.py), so one of them is run.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.repository.test_guide import blocks, text


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def script(port):
    """All blocks that are run, one after another, on a port that is free."""
    found = "".join(blocks(text("zh"), run=True))
    assert found.count("GREENCHANNEL_PORT=8000") == 1
    return "set -eu\n" + found.replace("GREENCHANNEL_PORT=8000", f"GREENCHANNEL_PORT={port}")


def run(words, folder):
    """Run it in a folder, with no setting but its own."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GREENCHANNEL_") and name != "DATABASE_URL"
    }
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    env["HOME"] = str(folder)
    with subprocess.Popen(  # noqa: S603  our own guide
        ["/bin/sh", "-c", words],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as done:
        try:
            said, told = done.communicate(timeout=400)
        finally:
            # What was started and not ended, where a command failed before the end.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(done.pid, signal.SIGKILL)
    return Done(done.returncode, said, told)


@pytest.fixture
def port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_every_command_of_the_guide_works_as_printed(port, tmp_path):
    """It begins, serves, backs up, restores elsewhere and proves it, rotates its keys, and ends."""
    done = run(script(port), tmp_path)

    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-2000:]
    assert '"status": "ok"' in done.stdout
    assert "greenchannel_referrals_open" in done.stdout
    assert list(tmp_path.glob("backups/*.backup"))
    assert (tmp_path / "drill.db").is_file()
    assert not (tmp_path / "password.txt").exists()
    for kept in ("keys.json", "seal.key", "backup.key"):
        assert (tmp_path / "data" / kept).stat().st_mode & 0o077 == 0


def test_a_command_that_fails_is_noticed(tmp_path):
    assert run("set -eu\ngreenchannel verify\ntrue", tmp_path).returncode == 1
