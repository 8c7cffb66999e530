"""A key ring, people for the tests of accounts, and a clock that is moved by hand."""

import pytest

from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from tests.app.storage import account_rows, rows


@pytest.fixture
def keys(tmp_path, database):
    """A key ring of its own, beside the database."""
    made = KeyRing(tmp_path / "ring" / "keys.json")
    with database.reading() as session:
        made.create(Cipher.AES_256_GCM, database.now(session))
    return made


@pytest.fixture
def clock(database, monkeypatch):
    """The clock of the database, moved by hand."""
    moved = account_rows.Clock()
    monkeypatch.setattr(database, "now", moved)
    return moved


@pytest.fixture
def jia(database, clock):
    """A clinician of a county hospital, her role and her hospital."""
    with database.writing() as session:
        who, grant, org = account_rows.clinician(session)
    assert clock.now == rows.NOW
    return {"user": who, "grant": grant, "org": org}
