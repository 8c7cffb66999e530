"""The canary in the copies that leave the machine: in the plain one she is sealed all the same."""

import logging
import subprocess

import pytest

from app.backups import service as backups
from app.keyfile import make_key
from app.keys.keyring import KeyRing
from app.patients import service
from app.patients.states import PatientKind
from tests.app.storage import canary
from tests.app.storage.canary import CANARY, sightings
from tests.app.storage.people import working
from tests.app.storage.test_backups import TOOLS


def copies(database, folder, monkeypatch):
    """What a backup holds before it is encrypted, as it is and as text; and the backup itself."""
    found, right = {}, backups.hash_of

    def seen(path):
        found["plain copy"] = path.read_bytes()
        if not database.is_sqlite:
            # What pg_dump writes is compressed: nobody would be seen in it.
            found["plain copy"] = subprocess.run(  # noqa: S603  a program of PostgreSQL
                [TOOLS / "pg_restore", "--file=-", path], capture_output=True, check=True
            ).stdout
        return right(path)

    monkeypatch.setattr(backups, "hash_of", seen)
    make_key(folder / "backup.key")
    made, _ = backups.backup(
        database, folder / "one.backup", key_file=folder / "backup.key", tools=TOOLS
    )
    return {**found, "backup": made.read_bytes()}


def enter(database, keys):
    with working(database) as work:
        her = service.enter_emergency(work, keys, PatientKind.MATERNAL, CANARY).patient_id
    return str(her)


def test_a_backup_holds_her_sealed_before_it_is_encrypted_and_nothing_is_logged(
    database, keys, tmp_path, monkeypatch, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    her = enter(database, keys)
    places = copies(database, tmp_path, monkeypatch)
    places |= {"log": caplog.text.encode(), "output": "".join(capfd.readouterr()).encode()}

    assert sightings(places) == []
    assert sightings(canary.files_below(tmp_path)) == []
    # She is in it: what was looked through is the copy, and the backup hides even her key.
    assert her.encode() in places["plain copy"]
    assert her.encode() not in places["backup"]


def test_a_column_that_is_not_sealed_is_noticed_in_the_copy(database, keys, tmp_path, monkeypatch):
    """The planted fault: her telephone under a seal that hides nothing."""
    right = KeyRing.seal

    def seal(self, value, bound):
        sealed = right(self, value, bound)
        return sealed[:16] + value.encode() * 4 if bound.column == "phone" else sealed

    monkeypatch.setattr(KeyRing, "seal", seal)
    enter(database, keys)
    seen = sightings(copies(database, tmp_path, monkeypatch))

    assert {where for where, _ in seen} == {"plain copy"}
    assert {trace[0] for _, trace in seen} == {canary.PHONE}


@pytest.mark.parametrize("secret", [canary.NAME, canary.NUMBER, canary.OLD_NUMBER, canary.ADDRESS])
def test_name_both_numbers_and_address_are_among_what_is_looked_for(secret):
    assert sightings({"here": f"before{secret}after".encode()})
    assert len(canary.NUMBER) == 18
    assert len(canary.OLD_NUMBER) == 15
