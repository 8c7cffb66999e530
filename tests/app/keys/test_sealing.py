"""A sealed value opens where it belongs, and nowhere else."""

import dataclasses
from datetime import UTC, datetime

import pytest

from app.db_types import new_key
from app.keys.ciphers import Cipher, prepared
from app.keys.errors import (
    KeyActiveError,
    KeyRingBrokenError,
    KeyRingExistsError,
    KeyRingExposedError,
    KeyRingMissingError,
    SealBrokenError,
    UnknownKeyVersionError,
)
from app.keys.keyring import OVERHEAD, Bound, KeyRing, Purpose

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HERE = Bound("patient_identity", "name", new_key())
NAME = "测试甲"


@pytest.fixture(params=list(Cipher))
def keys(request, tmp_path):
    made = KeyRing(tmp_path / "keys.json")
    made.create(request.param, NOW)
    return made


def test_what_was_sealed_opens_again_and_shows_nothing(keys):
    sealed = keys.seal(NAME, HERE)

    assert keys.open(sealed, HERE) == NAME
    assert NAME.encode() not in sealed
    assert len(sealed) == len(NAME.encode()) + OVERHEAD
    assert sealed != keys.seal(NAME, HERE)


def test_sm4_gcm_gives_what_the_standard_prints():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([pair]) * 8 for pair in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    hidden = prepared(Cipher.SM4_GCM, key).encrypt(nonce, plain, bound)

    assert hidden[:32].hex() == "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    assert hidden[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@pytest.mark.parametrize(
    "other",
    [
        {"row_id": new_key()},
        {"column": "address"},
        {"table": "somewhere_else"},
        {"table": "patient_identity\0name", "column": ""},
    ],
)
def test_a_value_that_was_moved_does_not_open(keys, other):
    sealed = keys.seal(NAME, HERE)

    with pytest.raises(SealBrokenError):
        keys.open(sealed, dataclasses.replace(HERE, **other))


def test_a_value_that_was_changed_or_cut_anywhere_does_not_open(keys):
    sealed = keys.seal(NAME, HERE)
    changed = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))]
    cut = [sealed[:n] for n in range(len(sealed))]

    for bad in changed + cut:
        with pytest.raises((SealBrokenError, UnknownKeyVersionError)):
            keys.open(bad, HERE)


def test_a_version_that_the_ring_does_not_hold_is_named(keys, tmp_path):
    other = KeyRing(tmp_path / "other.json")
    other.create(Cipher.AES_256_GCM, NOW)
    with other.alone():
        ring = other.ring().with_new(Cipher.AES_256_GCM, NOW)
        other.replace(ring.with_active(2, NOW))

    with pytest.raises(UnknownKeyVersionError, match="no version 2"):
        keys.open(other.seal(NAME, HERE), HERE)


def test_the_key_of_another_installation_opens_nothing(keys, tmp_path):
    other = KeyRing(tmp_path / "other.json")
    other.create(keys.ring().versions[1].cipher, NOW)

    with pytest.raises(SealBrokenError):
        other.open(keys.seal(NAME, HERE), HERE)


def test_another_process_that_adds_a_key_is_noticed_at_once(keys):
    second = KeyRing(keys.path)
    old = second.seal(NAME, HERE)
    with keys.alone():
        keys.replace(keys.ring().with_new(Cipher.SM4_GCM, NOW).with_active(2, NOW))
    new = keys.seal(NAME, HERE)

    assert (old[2], new[2]) == (1, 2)
    assert (second.open(new, HERE), keys.open(old, HERE)) == (NAME, NAME)
    assert second.seal(NAME, HERE)[2] == 2


def test_equal_values_have_equal_indexes_for_one_purpose_in_one_installation(keys, tmp_path):
    other = KeyRing(tmp_path / "other.json")
    other.create(Cipher.AES_256_GCM, NOW)
    index = keys.index(Purpose.PHONE, "13800000000")

    assert index == keys.index(Purpose.PHONE, "13800000000")
    assert len(index) == 16
    assert index != keys.index(Purpose.PHONE, "13800000001")
    assert index != keys.index(Purpose.ID_NUMBER, "13800000000")
    assert index != other.index(Purpose.PHONE, "13800000000")


def test_an_index_outlives_a_rotation(keys):
    before = keys.index(Purpose.PHONE, "13800000000")
    with keys.alone():
        keys.replace(keys.ring().with_new(Cipher.SM4_GCM, NOW).with_active(2, NOW))

    assert keys.index(Purpose.PHONE, "13800000000") == before


def test_no_ring_says_what_to_do(tmp_path):
    with pytest.raises(KeyRingMissingError, match="greenchannel keys init"):
        KeyRing(tmp_path / "keys.json").seal(NAME, HERE)


def test_a_ring_is_for_its_owner_alone(keys):
    assert keys.path.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o660):
        keys.path.chmod(mode)
        with pytest.raises(KeyRingExposedError, match="chmod 600"):
            keys.seal(NAME, HERE)
    keys.path.chmod(0o400)
    assert keys.seal(NAME, HERE)


def test_a_ring_that_is_there_is_never_replaced_by_a_new_one(keys):
    before = keys.path.read_bytes()

    with pytest.raises(KeyRingExistsError):
        keys.create(Cipher.AES_256_GCM, NOW)
    assert keys.path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"format": 2}',
        '{"format": 1, "active": 1, "index_secret": "", "versions": []}',
    ],
)
def test_a_file_that_is_no_ring_is_refused(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(KeyRingBrokenError):
        KeyRing(path).ring()


def test_a_cut_key_is_refused_and_not_shown(keys):
    before = '"secret": "'
    text = keys.path.read_text()
    at = text.index(before) + len(before)
    keys.path.write_text(text[:at] + text[at + 4 :])
    keys.path.chmod(0o600)

    with pytest.raises(KeyRingBrokenError) as caught:
        KeyRing(keys.path).ring()
    assert text[at + 4 : at + 16] not in str(caught.value)


def test_no_representation_shows_a_secret(keys):
    ring = keys.ring()
    shown = repr(ring) + repr(ring.versions[1]) + repr(keys)

    assert repr(ring.index_secret) not in shown
    assert repr(ring.versions[1].secret) not in shown


def test_the_active_version_is_not_taken_away(keys):
    with pytest.raises(KeyActiveError):
        keys.ring().without(1)
