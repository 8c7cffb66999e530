"""What an installation does when nobody has set anything: listen here only, and say what lacks."""

from datetime import datetime

import pytest

from app.doctor import State, examine
from app.engine import load_engine
from app.server import open_socket
from app.settings import Settings

NOW = datetime.fromisoformat("2026-01-14T03:00:00+08:00")


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


def test_nobody_outside_this_machine_reaches_the_demonstration(settings):
    listening = open_socket(settings.host, 0)
    try:
        address = listening.socket.getsockname()[0]
    finally:
        listening.socket.close()

    assert address == "127.0.0.1"


def test_a_machine_without_chinese_letters_is_told_before_it_prints(settings, monkeypatch):
    """An empty path: the program that lists fonts is not found."""
    monkeypatch.setenv("PATH", "")
    checks = {check.code: check for check in examine(settings, load_engine(settings), NOW)}

    assert checks["font_missing"].state is State.WARN
    assert checks["font_missing"].count == 1
