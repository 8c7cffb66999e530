"""Keys, and whole installations on both databases, for tests under pressure."""

import shutil
from datetime import datetime

import pytest

from app.db import Database
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from bench.installed import filled
from facilities.yunnan import load_registry
from tests.app.pressure.forked import Forked
from tests.databases import create, lent, postgres_address


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    ring = KeyRing(tmp_path_factory.mktemp("keys") / "keys.json")
    ring.create(Cipher.AES_256_GCM, datetime.fromisoformat("2026-01-01T00:00Z"))
    return ring


@pytest.fixture(scope="session")
def province_sqlite(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("province") / "province.db"
    shutil.copy(sqlite_template, path)
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def province_postgres(postgres, postgres_template):
    name = create(postgres, "province", postgres_template)
    _fill(postgres_address(postgres, name))
    return name


def _fill(address):
    database = Database(address)
    filled(database, load_registry())
    database.close()


@pytest.fixture
def province_on_postgres(province_postgres, postgres, tmp_path):
    """An installation on PostgreSQL, whatever the others are on."""
    with lent(postgres, province_postgres) as address:
        made = Forked(address, tmp_path / "data")
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def province(request, tmp_path):
    """An installation with the centres of the province, on either database."""
    if request.param == "postgresql":
        yield request.getfixturevalue("province_on_postgres")
        return
    path = tmp_path / "province.db"
    shutil.copy(request.getfixturevalue("province_sqlite"), path)
    made = Forked(f"sqlite:///{path}", tmp_path / "data")
    yield made
    made.close()
