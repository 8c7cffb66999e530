"""The commands of the README work as printed, for somebody who has just installed it."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from app.cli import app

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNTIL_STOPPED = {"serve", "worker"}
"""Shown by tests of their own: they go on until they are told to stop."""


def lines(page):
    """Commands of all blocks of a language, without what stands behind them for the reader."""
    return [
        shlex.split(line, comments=True)
        for block in BLOCK.findall(page)
        for line in block.splitlines()
    ]


ZH, EN = README.split("## 记录 · Recorded output")


def test_both_languages_print_the_same_commands():
    assert lines(ZH) == lines(EN)
    assert {"init", "serve", "worker", "backup", "verify", "user", "doctor"} <= {
        line[1] for line in lines(ZH) if line[0] == "greenchannel"
    }


def test_every_command_of_the_readme_works_as_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GREENCHANNEL_DATA_DIR", raising=False)
    said = {}
    for line in lines(ZH):
        if line[0] == "export" and not line[1].startswith("PATH="):
            name, value = line[1].split("=", 1)
            monkeypatch.setenv(name, value.replace("$PWD", str(tmp_path)))
        elif line[0] == "greenchannel" and line[1] not in UNTIL_STOPPED:
            done = CliRunner().invoke(app, line[1:])
            said[line[1]] = done.stdout
            # A fresh installation has problems that doctor is there to name.
            assert done.exit_code == (1 if line[1] == "doctor" else 0), (line, done.output)

    assert "YN530600-011" in said["organisations"]
    assert "绥江县卫生健康局" in said["user"]
    assert list((tmp_path / "backups").glob("*.backup"))
    assert {"keys.json", "backup.key", "seal.key"} <= {
        p.name for p in (tmp_path / "data").iterdir()
    }


def test_a_folder_for_backups_that_is_not_there_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setenv("GREENCHANNEL_DATA_DIR", str(tmp_path / "data"))
    assert CliRunner().invoke(app, ["init"]).exit_code == 0
    taken = CliRunner().invoke(app, ["backup", f"{tmp_path / 'new'}/"])

    assert taken.exit_code == 0, taken.output
    assert [one.suffix for one in (tmp_path / "new").iterdir()] == [".backup"]
