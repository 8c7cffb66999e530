"""Another key for every field, while everybody goes on working."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.audit.sealing import kept, seal_now
from app.db import Database
from app.db_types import metadata
from app.keyfile import make_key, read_key
from app.keys import rotation
from app.keys.ciphers import Cipher
from app.keys.errors import (
    KeyActiveError,
    KeyInUseError,
    RetiredTooSoonError,
    SealBrokenError,
    UnknownKeyVersionError,
)
from app.keys.keyring import KeyRing
from app.keys.sealed import sealed_tables
from app.patients.service import Given, complete_identity, enter_emergency, identity_of
from app.patients.states import PatientKind
from app.verifying.service import verify
from tests.app.storage import rows
from tests.app.storage.people import working

AES, SM4 = Cipher.AES_256_GCM, Cipher.SM4_GCM
SAID = Given(name="测试甲", phone="13800000000", address="测试村", contact_name="测试乙")
FIELDS = 4


@pytest.fixture
def keys(tmp_path, database):
    made = KeyRing(tmp_path / "ring" / "keys.json")
    with database.reading() as session:
        made.create(AES, database.now(session))
    return made


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(rotation, "PAUSE_S", 0.001)


def entered(database, keys, count):
    with working(database) as work:
        ids = [
            enter_emergency(work, keys, PatientKind.MATERNAL, SAID).patient_id for _ in range(count)
        ]
        return ids, work.actor


def marks(database):
    """Version and cipher of every sealed field."""
    found = set()
    with database.reading() as session:
        for one in sealed_tables(metadata):
            for column in one.columns:
                said = session.execute(text(f"SELECT {column} FROM {one.table.name}")).scalars()
                found |= {(value[2], value[3]) for value in said if value is not None}
    return found


def settled(keys):
    """Let it be a long time since a version was replaced."""
    with keys.alone():
        ring = keys.ring()
        at = min(one.made_at for one in ring.versions.values()) - timedelta(days=1)
        active = ring.active
        for number in ring.versions:
            ring = ring.with_active(number, at)
        keys.replace(ring.with_active(active, at))


def test_every_field_gets_the_new_key_and_says_the_same(database, keys):
    ids, who = entered(database, keys, 12)
    told = []
    new = rotation.activate(database, keys, SM4)
    swept = rotation.sweep(database, keys, tell=told.append)

    assert (new, swept.fields, swept.broken, swept.held) == (2, 12 * FIELDS, 0, 0)
    assert told[-1] == swept.fields
    assert marks(database) == {(2, 2)}
    with working(database, who=who) as work:
        assert {identity_of(work, keys, one).name for one in ids} == {"测试甲"}


def test_the_record_knows_of_every_row_that_a_rotation_wrote(database, keys, tmp_path):
    entered(database, keys, 3)
    rotation.activate(database, keys, SM4)
    rotation.sweep(database, keys)
    make_key(tmp_path / "seal.key")
    seal_now(database, read_key(tmp_path / "seal.key"), tmp_path / "seals.txt")
    found = verify(
        database, key_file=tmp_path / "seal.key", outside=kept(tmp_path / "seals.txt")
    ).findings

    assert [one for one in found if one.table == "patient_identity"] == []
    with database.writing() as session:
        session.execute(
            text("UPDATE patient_identity SET address = name WHERE address IS NOT NULL")
        )
    found = verify(
        database, key_file=tmp_path / "seal.key", outside=kept(tmp_path / "seals.txt")
    ).findings
    assert len([one for one in found if one.table == "patient_identity"]) == 3


def test_a_run_that_was_cut_short_goes_on_where_it_was(database, keys, monkeypatch):
    entered(database, keys, 10)
    monkeypatch.setattr(rotation, "BATCH", 4)
    rotation.activate(database, keys, SM4)

    def cut(_fields):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.sweep(database, keys, tell=cut)
    assert marks(database) == {(1, 1), (2, 2)}

    assert rotation.sweep(database, keys).fields == 6 * FIELDS
    assert marks(database) == {(2, 2)}


def test_a_key_is_prepared_first_where_several_servers_have_to_get_it(database, keys):
    entered(database, keys, 1)
    prepared = rotation.prepare(database, keys, SM4)
    entered(database, keys, 1)

    assert (prepared, keys.ring().active, marks(database)) == (2, 1, {(1, 1)})
    assert rotation.activate(database, keys, SM4) == 2
    assert len(keys.ring().versions) == 2


def test_a_version_that_fields_still_need_is_not_taken_away(database, keys):
    entered(database, keys, 2)
    rotation.activate(database, keys, SM4)
    with pytest.raises(KeyActiveError):
        rotation.retire(database, keys, 2)
    with pytest.raises(RetiredTooSoonError):
        rotation.retire(database, keys, 1)
    settled(keys)
    with pytest.raises(KeyInUseError, match="--resume"):
        rotation.retire(database, keys, 1)
    rotation.sweep(database, keys)
    rotation.retire(database, keys, 1)

    assert list(keys.ring().versions) == [2]
    with pytest.raises(UnknownKeyVersionError):
        rotation.retire(database, keys, 1)


def test_a_field_that_does_not_open_is_told_and_stops_nobody(database, keys):
    ids, _ = entered(database, keys, 3)
    with database.writing() as session:
        bad = rows.stored(ids[1], session)
        session.execute(
            text("UPDATE patient_identity SET name = address WHERE id = :id"), {"id": bad}
        )
    rotation.activate(database, keys, SM4)
    swept = rotation.sweep(database, keys)
    settled(keys)

    assert (swept.fields, swept.broken, swept.held) == (2 * FIELDS, 1, 0)
    with pytest.raises(KeyInUseError):
        rotation.retire(database, keys, 1)


@pytest.mark.parametrize("how", ["another row", "another column"])
def test_a_value_moved_by_plain_sql_does_not_open(database, keys, how):
    ids, who = entered(database, keys, 2)
    source = (
        "SELECT name FROM patient_identity WHERE id = :other"
        if how == "another row"
        else "SELECT address FROM patient_identity WHERE id = :id"
    )
    with database.writing() as session:
        one, other = (rows.stored(key, session) for key in ids)
        session.execute(
            text(f"UPDATE patient_identity SET name = ({source}) WHERE id = :id"),
            {"id": one, "other": other} if ":other" in source else {"id": one},
        )
    with (
        working(database, who=who) as work,
        pytest.raises(SealBrokenError, match=r"patient_identity\.name"),
    ):
        identity_of(work, keys, ids[0])


def test_a_row_that_somebody_holds_is_left_and_done_later(database, address, keys):
    """SQLite has one writer, nobody can hold a row there."""
    if database.is_sqlite:
        pytest.skip("one writer")
    entered(database, keys, 3)
    rotation.activate(database, keys, SM4)
    other = Database(address)
    with other.writing() as session:
        session.execute(text("SELECT 1 FROM patient_identity FOR UPDATE"))
        held = rotation._reseal(database, keys, _identities(), next(_stale(database, keys)))
    other.close()

    assert held == (0, set(), 3)
    assert rotation.sweep(database, keys).fields == 3 * FIELDS


def _identities():
    (found,) = (one for one in sealed_tables(metadata) if one.table.name == "patient_identity")
    return found


def _stale(database, keys):
    return rotation._stale(database, keys, _identities())


def test_nobody_notices_a_rotation(database, address, keys):
    """Two readers and two writers with a ring of their own while the key changes three times."""
    ids, who = entered(database, keys, 60)
    over, failed, done = threading.Event(), [], {"reads": 0, "writes": 0}

    def work_on(act, what, first):
        own, ring, number = Database(address), KeyRing(keys.path), first
        try:
            while not over.is_set():
                with working(own, who=who) as work:
                    act(work, ring, ids[number % len(ids)], number)
                number += 7
                done[what] += 1
        except Exception as error:
            failed.append(error)
        finally:
            own.close()

    def read(work, ring, one, _number):
        assert identity_of(work, ring, one).name == "测试甲"

    def write(work, ring, one, number):
        complete_identity(work, ring, one, Given(phone=f"138{number:08d}"))

    threads = [
        threading.Thread(target=work_on, args=(act, what, first))
        for act, what, first in (
            (read, "reads", 0),
            (read, "reads", 3),
            (write, "writes", 1),
            (write, "writes", 5),
        )
    ]
    for thread in threads:
        thread.start()
    for cipher in (SM4, AES, SM4):
        rotation.activate(database, keys, cipher)
        swept = rotation.sweep(database, keys)
        assert swept.broken == 0
    over.set()
    for thread in threads:
        thread.join()
    rotation.sweep(database, keys)

    assert failed == []
    assert done["reads"] > 0
    assert done["writes"] > 0
    assert marks(database) == {(4, 2)}


def test_the_list_of_sealed_columns_is_this_one():
    """Whoever adds a column that names somebody sees it here."""
    found = {one.table.name: one.columns for one in sealed_tables(metadata)}

    assert found["patient_identity"] == (
        "name",
        "id_number",
        "birth_date",
        "phone",
        "address",
        "contact_name",
        "contact_phone",
    )
