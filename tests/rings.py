"""The key ring of databases that a test opens without an installation around them.

The processes that a test starts inherit where it lies: what one has sealed another opens.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing

WHERE = "RING_OF_TESTS"
_HELD = []
"""The folder of the process that made it; it goes with it."""


def ring_of_tests():
    if WHERE not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="ring_of_tests_")
        _HELD.append(folder)
        os.environ[WHERE] = str(Path(folder.name) / "keys.json")
        KeyRing(Path(os.environ[WHERE])).create(Cipher.AES_256_GCM, datetime.now(UTC))
    return KeyRing(Path(os.environ[WHERE]))
