"""A house that files of the platform come into, and invented women whom they tell of."""

import pytest

from app.engine import load_engine
from app.settings import Settings
from tests.app.storage.exchanging import furnished, pregnant


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture
def house(database, engine):
    return furnished(database, engine)


@pytest.fixture
def women(house, engine):
    return pregnant(house, engine)
