"""Sealed fields: one field, a million of them under a new key, and the whole rotation in a file.

*One field* is an identity number of 18 characters, sealed and opened again with all that belongs to
it: the file of the ring is looked at each time, the header, the nonce, the tag over table, column
and row. Beside it stands Fernet of the same package, which many applications use: one cipher, no
version of a key, and a value that opens in any row.

*A million* is what re-sealing takes of the processor. *In a file* is a rotation of 20,000 fields in
SQLite, every batch committed to disk, with its pauses.
"""

import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet

from app import migrating
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.db import Database
from app.db_types import new_key
from app.keys import rotation
from app.keys.ciphers import Cipher
from app.keys.keyring import Bound, KeyRing, Purpose
from app.patients.service import Given, enter_emergency
from app.patients.states import PatientKind
from app.work import Work

__all__ = ["HEADER", "run"]

Row = tuple[str, str, str, str]
HEADER: Row = ("sealed fields", "figure", "aim", "beside it")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
TEXT = "0" * 18
BOUND = Bound("patient_identity", "id_number", new_key())
TIMES, RUNS = 2_000, 5
PATIENTS, FIELDS = 5_000, 4


def run() -> list[Row]:
    """Return the rows of the table; the fastest of five runs each."""
    with tempfile.TemporaryDirectory() as folder:
        rings = {cipher: KeyRing(Path(folder, f"{cipher}.json")) for cipher in Cipher}
        for cipher, ring in rings.items():
            ring.create(cipher, NOW)
        fernet = Fernet(Fernet.generate_key())
        beside = _fastest_us(lambda: fernet.decrypt(fernet.encrypt(TEXT.encode())))
        both = {cipher: _pair_us(ring) for cipher, ring in rings.items()}
        first = rings[Cipher.AES_256_GCM]
        index = _fastest_us(lambda: first.index(Purpose.ID_NUMBER, TEXT))
        stored = len(first.seal(TEXT, BOUND))
        whole_s = _rotation_s(Path(folder))
    rows = [
        (
            f"seal and open, {cipher}",
            f"{us:.1f} us",
            "",
            f"{beside:.1f} us Fernet, {stored} bytes stored",
        )
        for cipher, us in both.items()
    ]
    rows += [
        (f"1 M fields anew, {cipher}", f"{us:.0f} s", "<= 600 s", "processor alone")
        for cipher, us in both.items()
    ]
    count = PATIENTS * FIELDS
    return [
        *rows,
        ("index of a number", f"{index:.1f} us", "", "HMAC-SHA256, 16 bytes stored"),
        (
            f"rotation of {count} fields in SQLite",
            f"{whole_s:.1f} s",
            "",
            f"{whole_s / count * 1e6:.0f} s for 1 M at this rate",
        ),
    ]


def _pair_us(ring: KeyRing) -> float:
    return _fastest_us(lambda: ring.open(ring.seal(TEXT, BOUND), BOUND))


def _fastest_us(act: Callable[[], object]) -> float:
    """Return the time of one call, in microseconds."""
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(TIMES):
            act()
        spent.append((time.perf_counter() - start) / TIMES * 1e6)
    return min(spent)


def _rotation_s(folder: Path) -> float:
    """Return how long it takes to bring a file under the other cipher."""
    database, keys = Database(f"sqlite:///{folder / 'bench.db'}"), KeyRing(folder / "keys.json")
    migrating.upgrade(database)
    keys.create(Cipher.AES_256_GCM, NOW)
    said = Given(name="测试甲", phone="13800000000", address="测试村", contact_name="测试乙")
    with database.writing() as session:
        org = Organisation(province="53", kind="institution", name_zh="测试", division="530829")
        session.add(org)
        session.flush()
        work = Work(session, _actor(org.id), database.now(session))
        for _ in range(PATIENTS):
            enter_emergency(work, keys, PatientKind.MATERNAL, said)
    rotation.activate(database, keys, Cipher.SM4_GCM)
    start = time.perf_counter()
    swept = rotation.sweep(database, keys)
    spent = time.perf_counter() - start
    database.close()
    if swept.fields != PATIENTS * FIELDS:
        raise AssertionError("not every field was sealed anew")
    return spent


def _actor(org_id: uuid.UUID) -> Actor:
    """Return somebody who enters patients."""
    return Actor(
        user_id=new_key(),
        name="bench",
        role=Role.COUNTY_CLINICIAN,
        org_id=org_id,
        org_kind=OrganisationKind.INSTITUTION,
        facility_id=None,
        division="530829",
        province="53",
    )
