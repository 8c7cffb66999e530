"""The stories are told on both databases, with all places of the registry."""

import contextlib
import shutil
from datetime import datetime

import pytest

from app.db import Database
from app.engine import load_engine
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.settings import Settings
from tests.app.chromium import Chromium
from tests.databases import create, lent, postgres_address
from tests.flows.house import House, opened
from tests.flows.matrix.asking import Asking, undone
from tests.flows.matrix.stage import Stage
from tests.flows.matrix.ward import Ward
from tests.flows.screen import HOSPITAL, PHONE, Screen, login_of


@pytest.fixture(scope="session")
def flow_engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("flow-data")))


@pytest.fixture(scope="session")
def sqlite_house(sqlite_template, flow_engine, tmp_path_factory):
    path = tmp_path_factory.mktemp("house") / "house.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    opened(database, flow_engine)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_house(postgres, postgres_template, flow_engine):
    name = create(postgres, "house", postgres_template)
    database = Database(postgres_address(postgres, name))
    opened(database, flow_engine)
    database.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def house_address(request, tmp_path):
    if request.param == "sqlite":
        path = tmp_path / "house.db"
        shutil.copy(request.getfixturevalue("sqlite_house"), path)
        yield f"sqlite:///{path}"
        return
    with lent(*map(request.getfixturevalue, ("postgres", "postgres_house"))) as lent_one:
        yield lent_one


@pytest.fixture
def house(house_address, tmp_path, flow_engine):
    settings = Settings(data_dir=tmp_path / "data", DATABASE_URL=house_address, worker_inside=False)
    keys = KeyRing(settings.keys)
    keys.create(Cipher.AES_256_GCM, datetime.fromisoformat("2026-01-01T00:00Z"))
    database = Database(house_address)
    database.keys = keys
    made = House(database, settings, flow_engine)
    yield made
    made.close()
    database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request, tmp_path_factory, flow_engine):
    """The province of the matrix; whatever is done in it by a call is undone."""
    folder = tmp_path_factory.mktemp("matrix")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_house"), folder / "house.db")
        address = contextlib.nullcontext(f"sqlite:///{folder / 'house.db'}")
    else:
        address = lent(*map(request.getfixturevalue, ("postgres", "postgres_house")))
    with address as lent_one:
        yield from staged(lent_one, folder, flow_engine)


def staged(address, folder, flow_engine):
    settings = Settings(data_dir=folder / "data", DATABASE_URL=address, worker_inside=False)
    keys = KeyRing(settings.keys)
    keys.create(Cipher.AES_256_GCM, datetime.fromisoformat("2026-01-01T00:00Z"))
    database = Database(address)
    database.keys = keys
    made = Stage(Ward(database, settings, flow_engine))
    made.whole = database.is_sqlite
    made.asking = Asking(made.house)
    with undone(made.house.app.state.database):
        yield made
    made.asking.close()
    made.house.close()
    database.close()


@pytest.fixture(scope="module")
def chromium():
    with Chromium() as browser:
        yield browser


@pytest.fixture
def screen(chromium, house):
    """Make screens; they are gone before the server is, which waits for whoever listens."""
    made = []

    def of(size):
        made.append(Screen(chromium, house, size))
        return made[-1]

    yield of
    for one in made:
        one.page.context.close()
    assert [one.faults for one in made] == [[] for _ in made]


@pytest.fixture
def doctor(house, screen):
    return screen(PHONE).sign_in(login_of(house.clinician(HOSPITAL)))
