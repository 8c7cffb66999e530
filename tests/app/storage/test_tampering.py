"""Hundreds of changes behind the back of the product, and each is found."""

import json
import os
import random
from collections import Counter

import pytest
from sqlalchemy import text

from app.audit.sealing import kept, seal_now
from app.audit.statements import covered
from app.audit.states import GENESIS, entry_hash, key_of, row_digest
from app.audit.store import entries, rows_of
from app.db_types import metadata
from app.keyfile import make_key, read_key
from app.verifying.service import examine, intact, verify
from tests.app.storage.filled import Filled
from tests.app.storage.tampering import Tamperer, owned

KINDS = ("edit", "delete", "swap")
CHANGES = 10_000 if os.environ.get("SOAK") else 1_000


@pytest.fixture
def files(tmp_path):
    make_key(tmp_path / "seal.key")
    return {"key_file": tmp_path / "seal.key", "seal_file": tmp_path / "seals.txt"}


@pytest.fixture
def filled(database, files):
    """Some rows and entries under two seals, some after them."""
    night = Filled(database, seed=1)
    for _ in range(2):
        night.night(3)
        assert seal_now(database, read_key(files["key_file"]), files["seal_file"])
    return night.night(2)


def tampered(address, files, seed, *, changes, without=frozenset()):
    """Each change alone, looked for and undone; those that were not found."""
    rng = random.Random(seed)  # noqa: S311
    key, outside = read_key(files["key_file"]), kept(files["seal_file"])
    missed, kinds = [], Counter()
    with owned(address) as session:
        assert examine(session, key=key, outside=outside, without=without).findings == ()
        tamperer = Tamperer(session, rng)
        while kinds.total() < changes:
            part = session.begin_nested()
            kind = min(KINDS, key=kinds.__getitem__)
            if done := tamperer.once(kind):
                kinds[kind] += 1
                if intact(session, key=key, outside=outside, without=without):
                    missed.append(done)
            part.rollback()
            session.expunge_all()
    return missed, kinds


def look_at(database, files):
    return verify(database, key_file=files["key_file"], outside=kept(files["seal_file"]))


def forge(session):
    """Change rows, and everything in the record that shows it as far as no key is needed."""
    session.execute(text("UPDATE referral SET priority = CASE priority WHEN 1 THEN 2 ELSE 1 END"))
    of = covered()["referral"]
    right = {
        key_of(tuple(row[place] for place in of.places)): row_digest(of.names, row)
        for row in rows_of(session, of)
    }
    ends = {}
    table = metadata.tables["audit_entry"]
    for entry in list(entries(session)):
        wrote = json.loads(entry["wrote"] or "[]")
        lines = [[t, k, right[k] if t == "referral" else d] for t, k, d in wrote]
        new = {name: value for name, value in entry.items() if name != "hash"}
        new["wrote"] = json.dumps(lines) if wrote else None
        new["prev_hash"] = ends.get(entry["chain"], GENESIS)
        ends[entry["chain"]] = entry_hash(new)
        session.execute(
            table.update()
            .where(table.c.number == entry["number"])
            .values(wrote=new["wrote"], prev_hash=new["prev_hash"], hash=ends[entry["chain"]])
        )
    for chain, end in ends.items():
        session.execute(
            text("UPDATE audit_chain SET hash = :end WHERE chain = :chain"),
            {"end": end, "chain": chain},
        )


def test_what_the_services_write_is_intact(database, filled, files):
    report = look_at(database, files)

    assert report.findings == ()
    assert (report.seals, report.rows > 100, report.entries > 40) == (2, True, True)


def test_changes_behind_the_back_are_all_found(address, filled, files):
    seed = random.SystemRandom().randrange(10**9)
    missed, kinds = tampered(address, files, seed, changes=CHANGES)

    assert missed == [], f"seed {seed}"
    assert min(kinds[kind] for kind in KINDS) >= CHANGES // 3, f"seed {seed}: {kinds}"


@pytest.mark.parametrize("look", ["Chains", "Digests", "Seals"])
def test_without_one_of_the_looks_some_changes_are_not_found(address, filled, files, look):
    """The planted blind spot: each look finds what no other does."""
    missed, _ = tampered(address, files, 7, changes=150, without=frozenset({look}))

    assert missed


def test_who_rewrites_the_whole_record_is_found_by_the_seals_alone(address, filled, files):
    """The owner makes a referral urgent, the digest fit, and all hashes after it."""
    key, outside = read_key(files["key_file"]), kept(files["seal_file"])
    with owned(address) as session:
        forge(session)
        codes = {one.code for one in examine(session, key=key, outside=outside).findings}
        blind = examine(session, key=key, outside=outside, without=frozenset({"Seals"})).findings

    assert codes == {"sealed_entries_changed"}
    assert blind == ()


def test_a_database_cut_short_is_found_by_the_file_outside_alone(address, filled, files):
    """Everything that the second seal covers is taken away, entries, rows and the seal itself."""
    key, outside = read_key(files["key_file"]), kept(files["seal_file"])
    with owned(address) as session:
        session.execute(text("DELETE FROM audit_seal WHERE number = 2"))
        codes = [one.code for one in examine(session, key=key, outside=outside).findings]
        blind = examine(session, key=key, outside=None).findings

    assert codes == ["seal_not_as_outside"]
    assert blind == ()


def test_a_seal_file_without_seals_and_one_that_is_damaged_are_said(database, filled, files):
    files["seal_file"].write_text("nothing\n")
    codes = {one.code for one in look_at(database, files).findings}

    assert codes == {"seal_file_damaged", "seal_file_missing"}


def test_without_the_key_the_seals_are_not_taken_for_right(database, filled, files):
    files["key_file"].unlink()

    assert [one.code for one in look_at(database, files).findings] == ["seal_key_missing"]


def test_another_key_fits_no_seal(database, filled, files):
    files["key_file"].unlink()
    make_key(files["key_file"])

    assert {one.code for one in look_at(database, files).findings} == {"seal_changed"}


def test_a_time_that_is_none_is_a_finding_and_no_accident(address, filled, files):
    if address.startswith("postgresql"):
        pytest.skip("PostgreSQL keeps nothing else in a column of times")
    with owned(address) as session:
        session.execute(text("UPDATE audit_seal SET at = 'yesterday' WHERE number = 1"))
        session.execute(text("UPDATE referral SET deadline_at = 'soon'"))
        found = examine(session, key=read_key(files["key_file"]), outside=None).findings

    assert {"seal_changed", "row_changed"} <= {one.code for one in found}
