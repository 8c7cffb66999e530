"""One engine on the built-in data for all tests; settings that never touch a home directory."""

import shutil
from collections import namedtuple

import pytest
from starlette.testclient import TestClient

from app.engine import load_engine
from app.main import create_app
from app.settings import Settings

NIGHT = "2026-01-14T03:00:00+08:00"


Disk = namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def room_on_the_disk(monkeypatch):
    """Whatever machine this is, it has room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(100, 10, 90))


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def engine(settings):
    return load_engine(settings)


@pytest.fixture(scope="session")
def client(settings, engine):
    with TestClient(create_app(settings, engine=engine)) as client:
        yield client


@pytest.fixture
def bleeding():
    """Haemorrhage of 1100 ml after birth, in the county hospital of Suijiang, in July."""
    return {
        "patient": "maternal",
        "origin": {"facility_id": "YN530600-011"},
        "sender": {"facility_id": "YN530600-011"},
        "facts": {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96},
        "decided_at": "2026-07-03T23:10:00+08:00",
        "now": "2026-07-03T23:15:00+08:00",
    }
