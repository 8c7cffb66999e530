"""A whole installation for the length of a demonstration: everything in one folder, gone after it.

It is a training room: whatever is entered is an exercise and says so.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.accounts.demo import DemoAccount, demo_accounts
from app.accounts.organisations import open_commissions
from app.centres.opening import open_places
from app.clock import local_now
from app.db import Database
from app.engine import Engine
from app.initialising import make_keys
from app.migrating import opened, upgrade
from app.settings import Settings

__all__ = ["DemoHouse", "demo_house"]

PREFIX = "greenchannel-demo-"


@dataclass(frozen=True, slots=True)
class DemoHouse:
    """A demonstration that is ready to be served; ``accounts`` are to be printed."""

    settings: Settings
    accounts: tuple[DemoAccount, ...]


@contextlib.contextmanager
def demo_house(settings: Settings, engine: Engine) -> Iterator[DemoHouse]:
    """Make database, keys, organisations, places and accounts; take all of it away at the end."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        own = _own(settings, Path(folder))
        make_keys(own, local_now())
        with opened(own.database_url, own.keys) as database:
            upgrade(database)
            accounts = _filled(database, engine)
        yield DemoHouse(own, accounts)


def _own(settings: Settings, folder: Path) -> Settings:
    """Return settings under which nothing outside the folder is written or called."""
    return settings.model_copy(
        update={
            "database_url": f"sqlite:///{folder / 'demo.db'}",
            "data_dir": folder,
            "signatures": settings.signature_file,
            "key_file": None,
            "seal_file": None,
            "open_calculators": True,
            "training": True,
            "notices": type(settings.notices)(),
        }
    )


def _filled(database: Database, engine: Engine) -> tuple[DemoAccount, ...]:
    with database.writing() as session:
        now = database.now(session)
        open_places(session, engine.registry, now=now)
        open_commissions(session, engine.registry)
        return demo_accounts(session, engine.registry, now)
