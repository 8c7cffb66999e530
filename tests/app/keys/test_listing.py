"""The list of keys says every time in one zone."""

import json
from datetime import UTC, datetime, timedelta, timezone

from typer.testing import CliRunner

from app.cli import app
from app.keys.ciphers import Cipher
from app.keys.keyring import KeyRing
from app.settings import Settings

HERE = timezone(timedelta(hours=8))


def test_keys_made_by_two_clocks_are_listed_in_one_zone_and_it_is_said(tmp_path):
    ring = KeyRing(Settings(data_dir=tmp_path).keys)
    ring.create(Cipher.AES_256_GCM, datetime(2026, 1, 14, 3, tzinfo=HERE))
    second = ring.ring().with_new(Cipher.AES_256_GCM, datetime(2026, 1, 15, 3, tzinfo=UTC))
    with ring.alone():
        ring.replace(second.with_active(2, datetime(2026, 1, 16, 3, tzinfo=HERE)))
    env = {"GREENCHANNEL_DATA_DIR": str(tmp_path), "GREENCHANNEL_LANGUAGE": "en"}
    listed = CliRunner().invoke(app, ["keys", "list", "--json"], env=env)
    shown = CliRunner().invoke(app, ["keys", "list"], env=env)

    first, other = json.loads(listed.stdout)["versions"]
    assert first["made_at"] == "2026-01-13T19:00:00+00:00"
    assert first["replaced_at"] == "2026-01-15T19:00:00+00:00"
    assert other["made_at"] == "2026-01-15T03:00:00+00:00"
    assert "made (UTC)" in shown.stdout
    assert "+08:00" not in shown.stdout
