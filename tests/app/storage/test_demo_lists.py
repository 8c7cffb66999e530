"""The lists of a demonstration are filled, and not as those of a province that failed."""

import shutil
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.states import Actor, OrganisationKind, Role
from app.bookings.states import BookingStatus
from app.bookings.tables import Booking
from app.case_exchange.service import importer
from app.case_files.counts.counting import count_files
from app.db import Database
from app.demo_women import filling
from app.demo_women.filling import Filling
from app.engine import load_engine
from app.errors import DatabaseBusyError
from app.settings import Settings
from app.verifying.invariants import broken
from app.work import Work
from tests.app.storage.exchanging import furnished

WOMEN = 60


@pytest.fixture(scope="module")
def counted(sqlite_template, tmp_path_factory):
    """The counts of a province with some women of the demonstration."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "demo.db")
    database = Database(f"sqlite:///{folder / 'demo.db'}")
    engine = load_engine(Settings(data_dir=folder))
    furnished(database, engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "PAUSE_S", 0)
        # Of so few women a fifth would live in one county: what is counted here is the province.
        patch.setattr(filling, "AT_HOME", None)
        Filling(database, engine, count=WOMEN, seed=0).fill()
    with database.reading() as session:
        now = database.now(session)
        mch = importer(session, filling.LOGIN, now=now)
        who = Actor(
            user_id=mch.user_id,
            name=mch.name,
            role=Role.ANALYST,
            org_id=mch.org_id,
            org_kind=OrganisationKind.PROVINCE_COMMISSION,
            facility_id=None,
            division="530000",
            province="53",
        )
        until = now + timedelta(days=1)
        found, _ = count_files(Work(session, who, now), engine, now - timedelta(days=90), until)
        assert [one.code for one in broken(session)] == []
        stands = set(session.exec(select(Booking.status)))
        assert BookingStatus.BOOKED in stands
    database.close()
    return found


@pytest.mark.parametrize(
    ("due", "least", "most"),
    [
        ("overdue", 0.05, 0.45),
        ("unassessed", 0.01, 0.25),
        ("without_clinician", 0.01, 0.15),
        ("unbooked_by_32", 0.01, 0.2),
        ("reports", 0.01, 0.15),
    ],
)
def test_a_worklist_has_some_of_the_women_and_not_most_of_them(counted, due, least, most):
    assert least * WOMEN <= counted.worklists[due] <= most * WOMEN


@pytest.mark.parametrize(
    ("register", "share"), [("from_35", 0.133), ("after_caesarean", 0.16), ("medical_aid", 0.1)]
)
def test_a_register_has_about_its_share_of_the_women(counted, register, share):
    """R-REFVAL-01 and what is assumed; to six women of sixty."""
    assert counted.registers[register].yes >= 1
    assert counted.registers[register].yes == pytest.approx(share * WOMEN, abs=6)


def test_births_are_at_places_and_files_are_kept(counted):
    assert counted.births >= 5
    assert counted.scar_births >= 1
    assert counted.files >= 3
    assert counted.kept["clinician"].events >= counted.kept["clinician"].births / 2
    assert counted.verified.births >= 2
    assert counted.verified.events >= 1


def test_the_women_are_filled_in_however_long_others_write(database, engine, monkeypatch):
    """Twice the turn to write does not come; what is next after the files is asked all the same."""
    tries, asked = [], []

    def busy(*_, **__):
        tries.append(len(tries))
        if len(tries) < 3:
            raise DatabaseBusyError

    monkeypatch.setattr(filling, "BUSY_S", 0)
    monkeypatch.setattr(filling, "told_of_all", lambda *_, **__: ())
    monkeypatch.setattr(filling, "file_lines", busy)
    monkeypatch.setattr(filling, "ask_centres", lambda *_, **__: asked.append(len(tries)))
    monkeypatch.setattr(Filling, "_take", lambda *_: None)
    monkeypatch.setattr(Filling, "_hands", lambda _: None)
    Filling(database, engine, count=1, seed=0).fill()

    assert asked == [3]
