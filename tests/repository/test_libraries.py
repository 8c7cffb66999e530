"""What the three libraries must not do: read a clock, the environment, or a random number."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("geodata", "facilities", "routing")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
ENVIRONMENT = {"environ", "getenv", "getcwd", "expanduser", "home", "cwd"}
CHANCE = {"random", "secrets", "uuid"}
STOPWATCH = {"routing/models/solving.py"}
"""May read a steady clock: a limit of seconds needs one, and no answer depends on the hour."""


def faults(tree: ast.Module) -> list[str]:
    """Names of clocks, of the environment and of chance in a module."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            clock = owner in {"datetime", "date", "time"} and node.attr in CLOCKS
            setting = owner in {"os", "Path"} and node.attr in ENVIRONMENT
            if clock or setting:
                found.append(f"{owner}.{node.attr}")
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name in CHANCE | {"time"}]
        elif isinstance(node, ast.ImportFrom) and node.module in CHANCE | {"time"}:
            found.append(str(node.module))
    return found


def modules(root: Path) -> dict[str, list[str]]:
    """What is wrong with every module of the libraries; only those with something wrong."""
    found = {}
    for library in LIBRARIES:
        for path in sorted((root / library).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            wrong = faults(ast.parse(path.read_text(encoding="utf-8")))
            if name in STOPWATCH:
                wrong = [word for word in wrong if word != "time"]
            if wrong:
                found[name] = wrong
    return found


def test_the_libraries_are_given_the_time_and_read_no_clock():
    assert modules(ROOT) == {}


def test_a_clock_a_setting_and_chance_are_noticed(tmp_path):
    for library in LIBRARIES:
        (tmp_path / library).mkdir()
    (tmp_path / "geodata" / "a.py").write_text("import os\nx = os.environ\ny = Path.home()\n")
    (tmp_path / "facilities" / "b.py").write_text("t = datetime.now()\nd = date.today()\n")
    (tmp_path / "routing" / "c.py").write_text("import random\nfrom time import time\n")

    assert modules(tmp_path) == {
        "geodata/a.py": ["os.environ", "Path.home"],
        "facilities/b.py": ["datetime.now", "date.today"],
        "routing/c.py": ["random", "time"],
    }
