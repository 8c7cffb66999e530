"""Seals: nothing slips in behind one, and nobody has to wait long for it."""

import json
import threading
from datetime import UTC, datetime

import pytest

from app.audit.sealing import kept, note_restore, seal, seal_now
from app.audit.states import Said
from app.audit.store import append, last_settled
from app.centres.tables import Place
from app.keyfile import KeyFileError, make_key, read_key
from app.verifying.service import verify
from tests.app.storage.filled import Filled

KEY = bytes(range(32))


@pytest.fixture
def night(database):
    return Filled(database)


def place(label):
    return Place(province="53", facility_id="A", kind="AICU", label=label)


def test_a_seal_covers_what_is_new_and_nothing_new_makes_none(database, night, tmp_path):
    first = seal_now(database, KEY, tmp_path / "seals.txt")
    assert seal_now(database, KEY, tmp_path / "seals.txt") is None
    night.night(1)
    second = seal_now(database, KEY, tmp_path / "seals.txt")

    assert (first.number, second.number) == (1, 2)
    assert (second.prev_mac, second.first_entry) == (first.mac, first.last_entry + 1)
    lines = [json.loads(line) for line in (tmp_path / "seals.txt").read_text().splitlines()]
    assert [line["mac"] for line in lines] == [first.mac, second.mac]


def test_one_who_has_a_number_and_commits_later_is_waited_for(database, night):
    """Number 9 commits while 8 is still on its way: a seal up to 9 would lack 8."""
    if database.is_sqlite:
        pytest.skip("one writer at a time")
    has_number, go_on, done = threading.Event(), threading.Event(), []

    def slow():
        with database.writing() as session:
            session.add(place("slow"))
            session.flush()
            append(session, "installation", [(Said("53", "slow"), None)])
            has_number.set()
            go_on.wait(30)
        done.append(1)

    writer = threading.Thread(target=slow)
    writer.start()
    has_number.wait(30)
    with database.writing() as session:
        session.add(place("fast"))
    with database.writing() as session:
        assert last_settled(session) is None
        assert seal(session, KEY, database.now(session)) is None
    with database.writing() as session:
        session.add(place("meanwhile"))
    go_on.set()
    writer.join(30)
    with database.writing() as session:
        made = seal(session, KEY, database.now(session))

    assert done
    assert made.entries == made.last_entry - made.first_entry + 1


def test_seals_while_everybody_writes_hold(database, night, tmp_path):
    errors = []

    def write(name):
        try:
            for turn in range(15):
                with database.writing() as session:
                    session.add(place(f"{name}-{turn}"))
        except Exception as error:
            errors.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    made = 0
    while any(writer.is_alive() for writer in writers):
        made += seal_now(database, KEY, tmp_path / "seals.txt") is not None
    for writer in writers:
        writer.join()
    seal_now(database, KEY, tmp_path / "seals.txt")
    (tmp_path / "k").write_text(KEY.hex())
    (tmp_path / "k").chmod(0o600)
    outside = kept(tmp_path / "seals.txt")
    report = verify(database, key_file=tmp_path / "k", outside=outside)

    assert errors == []
    assert made > 1
    assert report.findings == ()
    assert report.seals == outside.last


def test_a_seal_that_did_not_reach_the_file_is_written_with_the_next(database, night, tmp_path):
    with database.writing() as session:
        lost = seal(session, KEY, database.now(session))
    night.night(1)
    seal_now(database, KEY, tmp_path / "seals.txt")

    assert kept(tmp_path / "seals.txt").macs[1] == lost.mac


def test_seals_after_a_restore_count_from_the_backup_on(tmp_path):
    path = tmp_path / "seals.txt"
    path.write_text("".join(json.dumps({"number": n, "mac": str(n)}) + "\n" for n in (1, 2, 3)))
    note_restore(path, last=1, at=datetime(2026, 11, 25, tzinfo=UTC))

    assert kept(path).macs == {1: "1"}


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "folder" / "seal.key"
    make_key(path)
    first = read_key(path)
    make_key(path)

    assert read_key(path) == first
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("text", "mode"), [("zz", 0o600), ("00" * 31, 0o600), ("00" * 32, 0o640)])
def test_what_is_no_key_is_refused(tmp_path, text, mode):
    path = tmp_path / "seal.key"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=r"seal\.key"):
        read_key(path)
