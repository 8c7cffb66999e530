"""Keys for tests under pressure."""

from datetime import datetime

import pytest

from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    ring = KeyRing(tmp_path_factory.mktemp("keys") / "keys.json")
    ring.create(Cipher.AES_256_GCM, datetime.fromisoformat("2026-01-01T00:00Z"))
    return ring
