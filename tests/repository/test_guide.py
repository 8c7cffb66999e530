"""The operator's guides say the same in both languages, and name nothing that does not exist.

That their commands work as printed is shown in tests/app/test_guide.py.
"""

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import app
from app.settings import NoticeSettings, Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: ROOT / "docs" / "guide" / name / "operator.md" for name in ("zh", "en")}
BLOCK = re.compile(r"^```(\w+)( run)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"\bGREENCHANNEL_([A-Z_]+)")
CALL = re.compile(r"greenchannel (?!is\b)([a-z-]+)((?: [^\n|&;)`'\"]+)?)")
HEADING = re.compile(r"^## (\d+)\.", re.MULTILINE)


def text(language: str) -> str:
    return PAGES[language].read_text(encoding="utf-8")


def blocks(page: str, *, run: bool) -> list[str]:
    """Blocks that are run, or those that are not."""
    return [body for _, mark, body in BLOCK.findall(page) if bool(mark) == run]


def unknown_commands(page: str) -> list[str]:
    """Commands, words of groups and options that the program does not have."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    bad = []
    for name, rest in CALL.findall(page):
        command = group.commands.get(name)
        words = rest.split()
        if isinstance(command, TyperGroup):
            command = command.commands.get(words[0]) if words else None
        if command is None:
            bad.append(f"{name}{rest}")
            continue
        options = {opt for param in command.params for opt in param.opts}
        bad += [f"{name} {w}" for w in words if w.startswith("--") and w not in options]
    return bad


def unknown_settings(page: str) -> list[str]:
    """Settings that do not exist."""
    known = {name.upper() for name in Settings.model_fields}
    return sorted(set(SETTING.findall(page)) - known)


def test_both_languages_run_the_same_commands_and_have_the_same_chapters():
    zh, en = (text(language) for language in PAGES)
    same = [block.replace("LANGUAGE=zh", "LANGUAGE=en") for block in blocks(zh, run=True)]

    assert same == blocks(en, run=True)
    assert blocks(zh, run=False) == blocks(en, run=False)
    assert HEADING.findall(zh) == HEADING.findall(en) == [str(n) for n in range(1, 16)]


@pytest.mark.parametrize("language", PAGES)
def test_every_command_and_every_setting_that_is_named_exists(language):
    assert unknown_commands(text(language)) == []
    assert unknown_settings(text(language)) == []


def test_a_command_an_option_and_a_setting_that_do_not_exist_are_noticed():
    page = (
        "`greenchannel fly` `greenchannel keys melt` `greenchannel verify --twice` GREENCHANNEL_FAR"
    )

    assert unknown_commands(page) == ["fly", "keys melt", "verify --twice"]
    assert unknown_settings(page) == ["FAR"]


@pytest.mark.parametrize("language", PAGES)
def test_the_settings_of_notices_are_read_as_printed(language, monkeypatch):
    printed = re.search(r"GREENCHANNEL_NOTICES='(.*?)'\n", text(language), re.DOTALL)
    assert printed
    monkeypatch.setenv("GREENCHANNEL_NOTICES", printed[1])

    assert isinstance(Settings().notices, NoticeSettings)
    assert "{text}" in str(Settings().notices.webhook_template)
