"""What may not stand in any file of the repository, and how long a file may be."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NOT_OURS = {".git", ".venv", "__pycache__", "dist", "build", "node_modules", ".hypothesis"}
CACHES = re.compile(r"^\.\w+_cache$|\.egg-info$|^\.import_linter_cache$")
BINARY = {".xlsx", ".png", ".jpg", ".ico", ".pdf", ".woff2", ".gz", ".whl"}
CODE = {".py", ".sh", ".css", ".html", ".js", ".ts", ".svelte"}
LONGEST = 400

# Put together from pieces, or this file would be the first to break its own rule.
REGISTRY_HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "npmmirror", "com"),
        ("pypi", "tuna", "tsinghua", "edu", "cn"),
        ("mirrors", "aliyun", "com"),
        ("mirrors", "cloud", "tencent", "com"),
        ("repo", "huaweicloud", "com"),
    )
)
INDEX_OPTION = re.compile(r"--(extra-)?index-url[ =]\S+:" + "//")
MACHINE_PATH = re.compile(r"(?<![\w.~*])/(" + "|".join(("work", "root", "farm")) + r")/")
OUTSIDE = ".." + "/shared"
# 6 digits of a division, a date of birth, 3 digits, a check character
CITIZEN_NUMBER = re.compile(
    r"(?<!\w)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)"
)


def files(root: Path) -> Iterator[Path]:
    """Every file that a commit could hold."""
    for folder, folders, names in os.walk(root):
        folders[:] = [n for n in folders if n not in NOT_OURS and not CACHES.search(n)]
        yield from (Path(folder, name) for name in names if not name.endswith(".pyc"))


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Path inside the tree and content of every text file."""
    for path in files(root):
        if path.suffix not in BINARY:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def registry_hosts(root: Path) -> list[str]:
    return [
        name
        for name, text in texts(root)
        if INDEX_OPTION.search(text) or any(host in text.lower() for host in REGISTRY_HOSTS)
    ]


def machine_paths(root: Path) -> list[str]:
    return [name for name, text in texts(root) if MACHINE_PATH.search(text)]


def reaches_outside(root: Path) -> list[str]:
    return [name for name, text in texts(root) if OUTSIDE in text]


def citizen_numbers(root: Path) -> list[str]:
    return [name for name, text in texts(root) if CITIZEN_NUMBER.search(text)]


def too_long(root: Path) -> list[str]:
    return [
        name
        for name, text in texts(root)
        if Path(name).suffix in CODE and len(text.splitlines()) > LONGEST
    ]


def packages_among_tests(root: Path) -> list[str]:
    return [p.relative_to(root).as_posix() for p in (root / "tests").rglob("__init__.py")]


GUARDS = [
    registry_hosts,
    machine_paths,
    reaches_outside,
    citizen_numbers,
    too_long,
    packages_among_tests,
]

PLANTED = {
    "registry_hosts": ("requirements/run.txt", "# from https://" + REGISTRY_HOSTS[0] + "/simple\n"),
    "machine_paths": ("docs/data.md", "made from " + "/wo" + "rk/data.csv\n"),
    "reaches_outside": ("geodata/io.py", 'DATA = "' + OUTSIDE + '/data.csv"\n'),
    "citizen_numbers": ("tests/data/a.json", '{"id": "' + "530102" + "19900307" + "002X" + '"}\n'),
    "too_long": ("routing/plan.py", "x = 1\n" * (LONGEST + 1)),
    "packages_among_tests": ("tests/routing/__init__.py", ""),
}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_tree_is_clean(guard):
    assert guard(ROOT) == []


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_guard_fires_on_a_planted_fault(guard, tmp_path):
    where, text = PLANTED[guard.__name__]
    path = tmp_path / where
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    assert guard(tmp_path) == [where]


def test_an_index_address_in_a_lock_is_found_even_on_an_unknown_host(tmp_path):
    (tmp_path / "run.txt").write_text("--index-url https:" + "//mirror.example/simple\n")

    assert registry_hosts(tmp_path) == ["run.txt"]


def test_a_folder_named_work_inside_the_tree_is_no_machine_path(tmp_path):
    (tmp_path / "a.md").write_text("see app/work" + "/readme and net" + "work/x\n")

    assert machine_paths(tmp_path) == []
