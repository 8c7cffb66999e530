"""The threat model tells every danger, and names only tests and files that exist."""

import re
from pathlib import Path

from tests.repository.test_hazards import functions

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "safety" / "threat-model.md"
DANGER = re.compile(r"^\| (D\d{1,2}) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FILE = re.compile(r"`((?:app|routing|facilities|geodata|tests|scripts)/[\w/.]+)`")


def dangers(text: str) -> dict[str, list[str]]:
    """Cells of every danger after its number."""
    return {
        name: [cell.strip() for cell in cells.split("|")] for name, cells in DANGER.findall(text)
    }


def missing(text: str) -> list[str]:
    """Files and tests that the page names and the repository does not have."""
    bad = [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    for file, name in TEST.findall(text):
        path = ROOT / file
        if not path.is_file() or name not in functions(path):
            bad.append(f"{file}::{name}")
    return bad


def test_all_twenty_seven_dangers_are_told_with_what_holds_each_and_a_test():
    found = dangers(PAGE.read_text(encoding="utf-8"))

    assert list(found) == [f"D{n}" for n in range(1, 28)]
    for name, cells in found.items():
        assert len(cells) == 4, name
        assert all(cells[:2]), name
        assert TEST.search(cells[2]), name


def test_every_file_and_every_test_that_is_named_exists():
    assert missing(PAGE.read_text(encoding="utf-8")) == []


def test_a_test_and_a_file_that_are_not_there_are_noticed():
    text = "`tests/repository/test_tree.py::test_nothing` `app/nowhere.py` `app/main.py`"

    assert missing(text) == ["app/nowhere.py", "tests/repository/test_tree.py::test_nothing"]


def test_points_of_law_that_were_not_looked_up_are_marked():
    text = PAGE.read_text(encoding="utf-8").partition("## 6.")[2]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "point" not in line[:8]]

    assert rows
    assert all("from memory" in row or "read" in row or "confirmed" in row for row in rows)
