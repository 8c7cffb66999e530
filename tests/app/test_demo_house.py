"""A demonstration is an installation like any other for as long as it lasts."""

import pytest
from argon2 import PasswordHasher

from app.accounts.passwords import Fresh
from app.audit.sealing import kept
from app.demo_house import demo_house
from app.health.service import state_of
from app.health.states import Level
from app.keys.keyring import KeyRing
from app.migrating import opened
from app.settings import Settings
from app.worker.running import Worker
from app.worker.wiring import chores_of

CHEAP = Fresh("演示 2026", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("x"))
"""Nobody signs in with it."""
OF_THE_RECORD = {"seals_late", "verify_old", "verify_found"}


@pytest.fixture
def demo(tmp_path, engine, monkeypatch):
    monkeypatch.setattr("app.accounts.demo.fresh_password", lambda: CHEAP)
    with demo_house(Settings(data_dir=tmp_path), engine) as house:
        yield house


def test_its_record_is_sealed_in_its_own_folder_and_checked(demo):
    own = demo.settings
    with opened(own.database_url, own.keys) as database:
        Worker(database, {}, province=own.province, chores=chores_of(own)).step()
        state = state_of(database, own, KeyRing(own.keys), unsigned=0)
    wanting = {look.code for look in state.looks if look.level is not Level.OK}

    assert kept(own.data_folder / "seals.txt").last == 1
    assert not wanting & OF_THE_RECORD
