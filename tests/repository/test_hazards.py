"""The list of hazards names rules that are covered and tests that exist."""

import ast
import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path("docs/safety/hazards.md")
RULES = Path("routing/triage/rules")

ROW = re.compile(r"^\|\s*(H-\d{2,3})\s*\|(.*)\|\s*$", re.MULTILINE)
CITED_TEST = re.compile(r"`(tests/[\w/.-]+)(?:::(\w+))?`")
SHOWN_BY = re.compile(r"`tests/[\w/.-]+\.py::test_\w+`|part [2-4]")
CITED_RULE = re.compile(r"\bR-[A-Z]+(?:-[A-Z]+)*(?:-D?\d+[a-z]?)?\b")
CITED_EMERGENCY = re.compile(r"\bE-[MN]\d+[A-Z]?\b")
CITED_HAZARD = re.compile(r"\bH-\d{2,3}\b")
COLUMNS = 6


def hazards(root: Path) -> dict[str, list[str]]:
    """Cells of every hazard after its identifier."""
    text = (root / PAGE).read_text(encoding="utf-8")
    return {number: [c.strip() for c in cells.split("|")] for number, cells in ROW.findall(text)}


def lame_rows(root: Path) -> list[str]:
    """Hazards with an empty cell, too few cells, or anything but tests and parts as their proof."""
    bad = []
    for number, cells in hazards(root).items():
        whole = len(cells) == COLUMNS - 1 and all(cells)
        if not whole or not all(SHOWN_BY.fullmatch(one) for one in cells[3].split(", ")):
            bad.append(number)
    return bad


def unknown_hazards(root: Path) -> list[str]:
    """Hazards that a document refers to and the page does not list."""
    known = set(hazards(root))
    pages = sorted((root / "docs").rglob("*.md"))
    cited = {n for page in pages for n in CITED_HAZARD.findall(page.read_text(encoding="utf-8"))}
    return sorted(cited - known)


def repeated_numbers(root: Path) -> list[str]:
    """Identifiers used twice."""
    numbers = [n for n, _ in ROW.findall((root / PAGE).read_text(encoding="utf-8"))]
    return sorted({n for n in numbers if numbers.count(n) > 1})


def functions(path: Path) -> set[str]:
    """Names of the functions in a test module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing_tests(root: Path) -> list[str]:
    """Cited tests whose file or function is not there."""
    known: dict[str, set[str]] = {}
    bad = []
    for file, name in CITED_TEST.findall((root / PAGE).read_text(encoding="utf-8")):
        path = root / file
        if file not in known:
            known[file] = functions(path) if path.is_file() else set()
        if not path.exists() or (name and name not in known[file]):
            bad.append(f"{file}::{name}" if name else file)
    return bad


def missing_rules(root: Path) -> list[str]:
    """Cited rules that are neither in the coverage table nor rows of the emergency table."""
    text = (root / PAGE).read_text(encoding="utf-8")
    with (root / RULES / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        rules = {row["rule"] for row in csv.DictReader(file)}
    with (root / RULES / "destination_requirements.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = {row["id"] for row in csv.DictReader(file)}
    return sorted(
        (set(CITED_RULE.findall(text)) - rules) | (set(CITED_EMERGENCY.findall(text)) - rows)
    )


def test_there_are_at_least_thirty_hazards():
    assert len(hazards(ROOT)) >= 30


def test_every_hazard_has_all_its_cells_and_a_number_of_its_own():
    assert lame_rows(ROOT) == []
    assert repeated_numbers(ROOT) == []


def test_every_test_cited_exists():
    assert missing_tests(ROOT) == []


def test_every_rule_cited_is_in_the_coverage_table():
    assert missing_rules(ROOT) == []


def test_every_hazard_that_a_document_refers_to_is_listed():
    assert unknown_hazards(ROOT) == []


def planted(tmp_path: Path, rows: str) -> Path:
    """A tree with one rule, one emergency row, one test, and the hazards given."""
    (tmp_path / RULES).mkdir(parents=True)
    (tmp_path / RULES / "coverage.csv").write_text("rule,kind\nR-DATA-02,software\n")
    (tmp_path / RULES / "destination_requirements.csv").write_text("id\nE-M01\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_b():\n    pass\n")
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / PAGE).write_text(rows, encoding="utf-8")
    return tmp_path


def test_a_good_row_passes_every_guard(tmp_path):
    root = planted(
        tmp_path,
        "| H-01 | what | whom | R-DATA-02, E-M01 | `tests/test_a.py::test_b`, part 3 | rest |\n",
    )

    assert lame_rows(root) == []
    assert missing_tests(root) == []
    assert missing_rules(root) == []


def test_a_cited_test_that_is_gone_is_noticed(tmp_path):
    root = planted(
        tmp_path,
        "| H-01 | a | b | c | `tests/test_a.py::test_gone` | d |\n"
        "| H-02 | a | b | c | `tests/test_gone.py` | d |\n",
    )

    assert missing_tests(root) == ["tests/test_a.py::test_gone", "tests/test_gone.py"]


def test_a_cited_rule_that_nobody_covers_is_noticed(tmp_path):
    root = planted(tmp_path, "| H-01 | a | b | R-DATA-99, E-M99 | part 2 | d |\n")

    assert missing_rules(root) == ["E-M99", "R-DATA-99"]


def test_an_empty_cell_and_a_number_used_twice_are_noticed(tmp_path):
    root = planted(
        tmp_path,
        "| H-01 | a | | c | part 2 | d |\n"
        "| H-02 | a | b | c | part 2 | d |\n"
        "| H-02 | a | b | c | part 2 | d |\n",
    )

    assert lame_rows(root) == ["H-01"]
    assert repeated_numbers(root) == ["H-02"]


def test_a_reference_to_a_hazard_that_is_not_listed_is_noticed(tmp_path):
    root = planted(tmp_path, "| H-01 | a, see H-44 | b | c | part 2 | d |\n")

    assert unknown_hazards(root) == ["H-44"]


@pytest.mark.parametrize(
    "shown", ["later", "soon", "part 5", "`tests/test_a.py`", "`tests/test_a.py::test_b`, later"]
)
def test_a_hazard_that_nothing_shows_is_noticed(tmp_path, shown):
    root = planted(tmp_path, f"| H-01 | a | b | c | {shown} | d |\n")

    assert lame_rows(root) == ["H-01"]
