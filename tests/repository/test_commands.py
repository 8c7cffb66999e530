"""The Makefile, the locks and the two shell scripts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ;.*?)? \\$")
TARGETS = ("setup", "demo", "test", "check", "bench", "soak", "docs", "serve", "lock")


def pins(text: str) -> dict[str, str]:
    """Version of every package in a lock."""
    found = (PIN.match(line) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match}


def loose_lines(text: str) -> list[str]:
    """Lines of a lock that are neither an exact pin with a hash, a hash, nor a remark."""
    lines = text.splitlines()
    loose = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        pinned = PIN.match(line) and after.strip().startswith("--hash=sha256:")
        if not pinned and not re.match(r"^\s+--hash=sha256:[0-9a-f]{64}( \\)?$|^\s*#|^$", line):
            loose.append(line)
    return loose


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def make(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program
    return subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True)  # noqa: S603  fixed words


@pytest.mark.parametrize("name", ["run", "test", "build"])
def test_every_line_of_a_lock_is_pinned_by_a_hash(name):
    assert loose_lines(lock(name)) == []


def test_the_tests_run_on_exactly_what_the_program_runs_on():
    test = pins(lock("test"))

    assert {n: v for n, v in pins(lock("run")).items() if test.get(n) != v} == {}
    assert {n: v for n, v in pins(lock("build")).items() if test.get(n) != v} == {}


def test_an_unpinned_line_in_a_lock_is_noticed():
    text = "a==1 \\\n    --hash=sha256:" + "0" * 64 + "\nb>=2\nc==3\nd==4 \\\n"

    assert loose_lines(text) == ["b>=2", "c==3", "d==4 \\"]


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_planned(target):
    assert make("-n", target).returncode == 0


def test_arguments_reach_the_demo():
    assert "greenchannel demo --port 8123" in make("-n", "demo", "ARGS=--port 8123").stdout


def test_an_old_python_is_refused_with_the_line_to_type(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make("python", f"PYTHON={old}")

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make demo PYTHON=" in done.stderr


def test_a_missing_python_is_refused_with_the_line_to_type():
    done = make("python", "PYTHON=no-such-python")

    assert done.returncode != 0
    assert "make demo PYTHON=" in done.stderr


def test_the_run_of_the_checks_is_two_commands_that_a_person_types():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if line.startswith("make")] == [
        "make check",
        "make test",
    ]
    assert "set -euo pipefail" in text


def test_a_missing_browser_stops_with_one_line_when_nothing_may_be_installed(tmp_path):
    """``id`` answers an ordinary user and nothing else is on the path."""
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "scripts/ensure_browser.sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "apt-get install -y --no-install-recommends chromium" in done.stderr
