"""The coverage table names every rule of the specification and tells the truth about each."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = "routing/triage/rules/coverage.csv"
COLUMNS = ["rule", "section", "status", "part", "where", "reason"]
PARTS = {"2", "3", "4", "later"}
BUILT = {"1", "2", "3", "4"}
CODE = ("geodata", "facilities", "routing", "app")
CITED = re.compile(r"\bR-[A-Z]+(?:-[A-Z]+)?(?:-\d+[a-z]?)?\b(?!-)")

# The specification is not in this repository; these are its series, counted section by section.
SERIES = {
    "R-SIGN": (1, 1),
    "R-SCOPE": (1, 1),
    "R-LEVEL": (1, 3),
    "R-DATA": (1, 9),
    "R-SCREEN": (1, 13),
    "R-COLOUR": (0, 15),
    "R-CASE": (1, 8),
    "R-REPORT": (1, 4),
    "R-FOLLOW": (1, 4),
    "R-POST": (1, 2),
    "R-SCAR": (0, 9),
    "R-NEO": (1, 11),
    "R-MEWC": (1, 10),
    "R-HOLD": (1, 10),
    "R-DEST": (1, 9),
    "R-ROUTE": (1, 11),
    "R-BLOOD": (1, 1),
    "R-AIR": (1, 1),
    "R-PRIO": (1, 4),
    "R-COST": (1, 4),
    "R-TRUST": (1, 3),
    "R-CATCH": (1, 4),
    "R-RESERVE": (1, 1),
    "R-TIME": (1, 8),
    "R-ESC": (1, 3),
    "R-HANDOVER": (1, 2),
    "R-CONSENT": (1, 5),
    "R-PERSON": (1, 2),
    "R-ALT": (1, 2),
    "R-PROXY": (1, 2),
    "R-REF": (1, 4),
    "R-PAY": (1, 3),
    "R-ROLE": (1, 3),
    "R-GROUP": (1, 2),
    "R-DRILL": (1, 1),
    "R-DUTY": (1, 5),
}
SINGLES = {f"R-MGMT-{label}" for label in ("GREEN", "YELLOW", "ORANGE", "RED", "PURPLE")}
SINGLES |= {"R-MEWC", "R-MEOWS", "R-TRIPS", "R-TIME-06b", "R-ROUTE-10b", "R-DATA-01b"}
SINGLES |= {"R-LEVEL-01b", "R-HOLD-01b", "R-HOLD-01c", "R-DEST-01b", "R-DEST-02b"}
SINGLES |= {f"R-CENTRE-{n:02}" for n in (*range(1, 6), *range(10, 19))}
PER_SECTION = {
    **{"0": 2, "1.1": 4, "1.3": 10, "2": 13, "3": 16, "4": 23, "5": 10, "6": 14, "7": 11},
    **{"8.1": 13, "8.2": 12, "8.3": 41, "8.4": 9, "8.5": 3, "8.6": 2, "8.7": 9, "8.8": 2},
    **{"9": 18, "10": 7, "11": 25, "12.1": 4, "12.2": 7, "12.3": 5},
}


def table(root=ROOT):
    with (root / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected():
    found = set(SINGLES)
    for series, (first, last) in SERIES.items():
        width = 3 if series == "R-COLOUR" else 2
        found |= {f"{series}-{number:0{width}}" for number in range(first, last + 1)}
    return found


def untrue(rows, root=ROOT):
    """Rows that say something their file does not bear out, or say nothing where they must."""
    return [row["rule"] for row in rows if not _holds(row, root)]


def _holds(row, root):
    if row["status"] == "later":
        return row["part"] in PARTS and not row["where"] and bool(row["reason"])
    if row["status"] == "not_here":
        return not row["part"] and not row["where"] and bool(row["reason"])
    name, _, anchor = row["where"].partition("#")
    path = root / name
    if row["status"] != "implemented" or row["part"] not in BUILT or not path.is_file():
        return False
    named = re.escape(row["rule"]) + r"(?![0-9a-zA-Z])"
    text = path.read_text(encoding="utf-8")
    return anchor in text if anchor else re.search(named, text) is not None


def test_every_rule_of_sections_0_to_9_is_listed_once():
    rules = [row["rule"] for row in table() if float(row["section"]) < 10]

    assert sorted(rules) == sorted(expected())


def test_every_section_has_as_many_rules_as_the_specification():
    assert Counter(row["section"] for row in table()) == PER_SECTION


def test_every_implemented_rule_is_found_where_the_table_says():
    assert list(table()[0]) == COLUMNS
    assert untrue(table()) == []


def test_every_rule_that_the_code_cites_is_in_the_table():
    listed = {row["rule"] for row in table()}
    cited = {
        rule
        for package in CODE
        for path in (ROOT / package).rglob("*.py")
        for rule in CITED.findall(path.read_text(encoding="utf-8"))
    }
    families = {rule.rsplit("-", 1)[0] for rule in listed} | {"R-COLOUR"}

    assert sorted(cited - listed - families) == []


@pytest.mark.parametrize(
    "row",
    [
        {"status": "implemented", "part": "1", "where": "gone.py", "reason": ""},
        {"status": "implemented", "part": "1", "where": "here.py", "reason": ""},
        {"status": "implemented", "part": "1", "where": "here.py#nowhere", "reason": ""},
        {"status": "implemented", "part": "", "where": "here.py#anchor", "reason": ""},
        {"status": "later", "part": "9", "where": "", "reason": "x"},
        {"status": "later", "part": "2", "where": "", "reason": ""},
        {"status": "not_here", "part": "", "where": "", "reason": ""},
        {"status": "done", "part": "1", "where": "here.py#anchor", "reason": "x"},
    ],
)
def test_a_row_that_is_not_true_is_noticed(tmp_path, row):
    (tmp_path / "here.py").write_text("R-DATA-011 R-DATA-01b anchor")

    assert untrue([{"rule": "R-DATA-01", **row}], tmp_path) == ["R-DATA-01"]


def test_a_true_row_passes(tmp_path):
    (tmp_path / "here.py").write_text("R-DATA-01, anchor")
    rows = [{"status": "implemented", "part": "1", "reason": ""} for _ in range(2)]
    rows[0] |= {"rule": "R-DATA-01", "where": "here.py"}
    rows[1] |= {"rule": "R-DATA-02", "where": "here.py#anchor"}

    assert untrue(rows, tmp_path) == []
