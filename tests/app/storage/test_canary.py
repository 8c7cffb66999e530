"""A canary goes through everything that can be done with a patient, and is seen nowhere."""

import dataclasses
import logging
import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from app.db_types import metadata, new_key
from app.errors import AppError
from app.keys import rotation
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.patients import service
from app.patients.states import IdentityKind, MergeReason, PatientKind, UnmergeReason
from tests.app.storage import canary, people, rows
from tests.app.storage.canary import CANARY, sightings
from tests.app.storage.people import never_referred, working


@pytest.fixture(autouse=True)
def everything_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "sqlalchemy.orm", "psycopg"):
        caplog.set_level(logging.DEBUG, logger=name)


def segment(server):
    """The file of the write-ahead log that is written now."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        return connection.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())").fetchone()[
            0
        ]


@pytest.fixture(autouse=True)
def first_segment(request):
    """Where the write-ahead log stands before anything is done; older files are of other tests.

    It begins a file of its own, and none is written over: what another test planted would be seen.
    """
    server = request.getfixturevalue("postgres")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("SELECT pg_reload_conf(), pg_switch_wal()")
    return segment(server)


def left_behind(database, address, tmp_path, request, caplog, capfd):
    """Everything that lies somewhere now, by where it lies; logs last, they grow meanwhile."""
    places = canary.files_below(tmp_path)
    if not database.is_sqlite:
        server, first = map(request.getfixturevalue, ("postgres", "first_segment"))
        places |= of_the_server(address, server, first)
    with database.reading() as session:
        for table in metadata.sorted_tables:
            found = session.execute(text(f'SELECT * FROM "{table.name}"')).all()
            cells = [bytes(c) if isinstance(c, memoryview) else c for row in found for c in row]
            places[f"table {table.name}"] = b"\n".join(
                cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells
            )
    places["log"] = caplog.text.encode()
    out, err = capfd.readouterr()
    places["output"] = (out + err).encode()
    return places


def of_the_server(address, server, first):
    """The files of one database, the write-ahead log since then and the log of the server."""
    last = segment(server)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        folder = Path(connection.execute("SHOW data_directory").fetchone()[0])
        name = re.search(r"/(test_\w+)\?", address)[1]
        oid = connection.execute(
            "SELECT oid FROM pg_database WHERE datname = %s", (name,)
        ).fetchone()[0]
    files = {f"data {n}": b for n, b in canary.files_below(folder / "base" / str(oid)).items()}
    files |= {
        f"wal {path.name}": path.read_bytes()
        for path in (folder / "pg_wal").iterdir()
        if first <= path.name <= last
    }
    return files | {
        f"log {path.name}": path.read_bytes() for path in folder.glob("*log*") if path.is_file()
    }


def a_life(database, keys):
    """Everything that can be done with her; the texts of every refusal on the way."""
    refusals = []

    def refused(act, *given, **more):
        try:
            act(*given, **more)
        except (AppError, ValueError) as error:
            refusals.append(canary.said(error))
        else:
            raise AssertionError("nothing was refused")

    wrong = dataclasses.replace(CANARY, id_number=canary.NUMBER[:-1] + "?")
    swapped = dataclasses.replace(CANARY, identity_kind=IdentityKind.NONE)
    bad_phone = dataclasses.replace(CANARY, phone=canary.PHONE * 3, name=canary.NAME * 20)
    with working(database) as work:
        who, maternal = work.actor, PatientKind.MATERNAL
        unknown = service.enter_emergency(work, keys, maternal).patient_id
        for bad in (wrong, swapped, bad_phone):
            refused(service.enter_emergency, work, keys, maternal, bad)
            refused(service.complete_identity, work, keys, unknown, bad)
        her = service.enter_emergency(work, keys, maternal, CANARY).patient_id
    with working(database, who=who) as work:
        refused(service.enter_emergency, work, keys, PatientKind.NEWBORN, CANARY)
        refused(service.complete_identity, work, keys, her, CANARY, read=9)
        refused(service.complete_identity, work, keys, new_key(), CANARY)
        service.enter_emergency(work, keys, maternal, CANARY)
        service.complete_identity(work, keys, unknown, CANARY)
        service.find_by_id_number(work, keys, IdentityKind.RESIDENT_ID, canary.OLD_NUMBER)
        service.possible_duplicates(work, unknown)
        merge = (work, her, unknown, MergeReason.SAME_NUMBER)
        refused(service.merge, *merge, has_open_referral=lambda _: True)
        service.merge(*merge, has_open_referral=never_referred)
        refused(service.complete_identity, work, keys, unknown, CANARY)
        told = service.identity_of(work, keys, unknown)
        assert told.name == canary.NAME
        logging.getLogger("test").info("%r %r %r", told, CANARY, service.minimum_of(work, her))
        service.undo_merge(work, unknown, UnmergeReason.DIFFERENT_PERSONS)
        service.newborn_of(work, her, (work.now, None))
        service.newborn_without_mother(
            work, keys, dataclasses.replace(CANARY, identity_kind=None, id_number=None)
        )
    with working(database, who=people.actor(who.org_id, province="51")) as work:
        refused(service.identity_of, work, keys, her)
    rotation.activate(database, keys, Cipher.SM4_GCM)
    rotation.sweep(database, keys)
    refused(moved, database, keys, who, her, unknown)
    return refusals


def moved(database, keys, who, her, unknown):
    """Her name in another row, as a thief would try to have it opened."""
    with working(database, who=who) as work:
        one, other = (rows.stored(key, work.session) for key in (unknown, her))
        work.session.execute(
            text(
                "UPDATE patient_identity SET name = "
                "(SELECT name FROM patient_identity WHERE id = :other) WHERE id = :one"
            ),
            {"one": one, "other": other},
        )
        service.identity_of(work, keys, unknown)


def test_the_canary_is_seen_nowhere(database, address, tmp_path, keys, request, caplog, capfd):
    refusals = a_life(database, keys)
    places = left_behind(database, address, tmp_path, request, caplog, capfd)
    places |= {f"refusal {n}": text for n, text in enumerate(refusals)}

    assert sightings(places) == []
    assert len(refusals) == 13
    assert len(caplog.text) > 10_000
    assert any(name.endswith(("-wal", ".queue")) for name in places) == database.is_sqlite


def test_a_column_that_is_not_sealed_is_noticed(
    database, address, tmp_path, keys, request, caplog, capfd, monkeypatch
):
    """The planted fault: her telephone under a seal that hides nothing."""
    right = KeyRing.seal

    def seal(self, value, bound):
        sealed = right(self, value, bound)
        return sealed[:16] + value.encode() * 4 if bound.column == "phone" else sealed

    monkeypatch.setattr(KeyRing, "seal", seal)
    with working(database) as work:
        service.enter_emergency(work, keys, PatientKind.MATERNAL, CANARY)
    seen = sightings(left_behind(database, address, tmp_path, request, caplog, capfd))

    assert {trace[0] for _, trace in seen} == {canary.PHONE}
    assert "table patient_identity" in {where for where, _ in seen}
    assert any(where.startswith(("test.db", "data ", "wal ")) for where, _ in seen)


@pytest.mark.parametrize("coding", canary.CODINGS)
def test_every_coding_of_her_name_is_noticed(coding):
    import base64

    raw = canary.NAME.encode(coding)
    for hidden in (raw, raw.hex().encode()):
        assert sightings({"here": b"before" + hidden + b"after"})
    for shift in range(3):
        assert sightings({"here": base64.b64encode(b"x" * shift + raw + b"after")})


def test_a_line_in_the_log_is_noticed(caplog):
    logging.getLogger("test").warning("patient %s not found", canary.NUMBER)

    assert {trace[0] for _, trace in sightings({"log": caplog.text.encode()})} == {canary.NUMBER}


def test_a_value_that_was_not_sealed_is_not_stored(database, keys):
    from app.patients.tables import PatientIdentity

    with working(database) as work:
        her = service.enter_emergency(work, keys, PatientKind.MATERNAL).patient_id
        row = work.session.get(PatientIdentity, her)
        row.address = canary.ADDRESS[:4].encode()
        with pytest.raises(Exception, match="not sealed") as caught:
            work.session.flush()
        work.session.rollback()

    assert sightings({"error": canary.said(caught.value)}) == []
