"""Documents say what the code says, and their links lead somewhere."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CONSOLE = re.compile(r"^```console\n\$ greenchannel ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELIDED = "…"
RULE = re.compile(r"\bR-[A-Z]+(?:-[A-Z]+)*-D?\d+[a-z]?\b")
COVERAGE = Path("routing/triage/rules/coverage.csv")
RELEASE = re.compile(r"^## (.+)$", re.MULTILINE)
RELEASE_HEAD = re.compile(r"(Unreleased|\d+\.\d+\.\d+) .*")


def pages(root: Path) -> list[Path]:
    """The documents of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def anchors(text: str) -> set[str]:
    """Names under which the headings of a page can be reached, as the usual viewers make them."""
    found = (re.sub(r"[^\w\- ]", "", h.lower()).strip() for h in HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in found}


def dead_links(root: Path) -> list[str]:
    """Links to a file or a heading that is not in the tree."""
    dead = []
    for page in pages(root):
        for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            target = page.parent / file if file else page
            good = target.exists() and (
                not anchor or anchor in anchors(target.read_text(encoding="utf-8"))
            )
            if not good:
                dead.append(f"{page.relative_to(root).as_posix()}: {link}")
    return dead


def agrees(recorded: str, printed: str) -> bool:
    """Whether the record equals what was printed; a line of one ``…`` stands for any lines."""
    lines = ["(?s:.*)" if line == ELIDED else re.escape(line) for line in recorded.splitlines()]
    stripped = "\n".join(line.rstrip() for line in printed.splitlines())
    return re.fullmatch("\n".join(lines), stripped) is not None


def unknown_rules(root: Path) -> list[str]:
    """Rules that a document names and the coverage table does not hold."""
    with (root / COVERAGE).open(encoding="utf-8", newline="") as file:
        known = {row["rule"] for row in csv.DictReader(file)}
    return [
        f"{page.relative_to(root).as_posix()}: {rule}"
        for page in pages(root)
        for rule in sorted(set(RULE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))))
        if rule not in known
    ]


def changelog_fault(text: str) -> str | None:
    """What is wrong with the head of the changelog."""
    releases = RELEASE.findall(text)
    if not releases:
        return "no release"
    return None if RELEASE_HEAD.fullmatch(releases[0]) else releases[0]


def generator_fault(script: str) -> str:
    """What a generator says when its document is behind the code; empty when it is not."""
    done = subprocess.run(  # noqa: S603  fixed words
        [sys.executable, f"scripts/{script}", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize(
    "script",
    [
        "make_formulations.py",
        "make_commands.py",
        "make_openapi.py",
        "make_data_model.py",
        "make_guide.py",
    ],
)
def test_the_generated_document_is_what_the_code_prints(script):
    assert generator_fault(script) == ""


def test_no_link_of_a_document_is_dead():
    assert dead_links(ROOT) == []


def test_a_dead_file_and_a_dead_heading_are_noticed(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        "# One thing\n[ok](#one-thing) [no](#two) [gone](b.md) [web](https://example.org)\n"
    )

    assert dead_links(tmp_path) == ["docs/a.md: #two", "docs/a.md: b.md"]


def test_every_rule_that_a_document_names_is_in_the_coverage_table():
    assert unknown_rules(ROOT) == []


def test_a_rule_that_nobody_covers_is_noticed(tmp_path):
    (tmp_path / COVERAGE).parent.mkdir(parents=True)
    (tmp_path / COVERAGE).write_text("rule,kind\nR-DATA-01b,software\n")
    (tmp_path / "A.md").write_text("R-DATA-01b holds, R-DATA-01 and R-DREAM-07 do not.\n")

    assert unknown_rules(tmp_path) == ["A.md: R-DATA-01", "A.md: R-DREAM-07"]


def test_the_changelog_opens_with_a_release_or_with_what_is_to_come():
    assert changelog_fault((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) is None


def test_a_changelog_without_a_head_is_noticed():
    assert changelog_fault("# Changes\n") == "no release"
    assert changelog_fault("# Changes\n## soon\n") == "soon"


def test_the_readme_names_the_two_commands_and_the_safety_notice_in_both_languages():
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert text.count("make demo") >= 2
    assert text.count("make test") >= 2
    assert "演示/未经临床签署" in text
    assert "not medical advice" in text


def test_the_recorded_output_of_the_readme_is_what_the_program_prints():
    records = CONSOLE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    program = Path(sys.executable).with_name("greenchannel")

    assert len(records) >= 2
    for words, recorded in records:
        done = subprocess.run(  # noqa: S603  words of our own README
            [program, *shlex.split(words)],
            cwd=ROOT,
            env=os.environ | {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert agrees(recorded, done.stdout), done.stdout


def test_a_record_that_differs_from_the_program_is_noticed():
    assert agrees("a\n…\nc", "a\nb\nb\nc\n")
    assert not agrees("a\n…\nd", "a\nb\nc\n")
    assert not agrees("a", "a\nb\n")


def test_every_decision_page_has_its_three_parts_and_a_number_of_its_own():
    found = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in found]

    assert numbers == [f"{n:04d}" for n in range(1, len(found) + 1)]
    for page in found:
        text = page.read_text(encoding="utf-8")
        assert [h in text for h in ("## Context", "## Choice", "## Consequences")] == [True] * 3


def test_the_formulation_page_follows_the_docstring(tmp_path):
    (tmp_path / "a.py").write_text(
        '"""Give every request a centre.\n\nSets r\nData c_r\nVariables x_r\nModel min x\n"""\n'
    )
    (tmp_path / "b.py").write_text('"""How long a solver may take."""\n')
    code = (
        "import runpy, sys, pathlib; m = runpy.run_path('scripts/make_formulations.py');"
        f"sys.stdout.write(m['page'](pathlib.Path({str(tmp_path)!r})))"
    )
    done = subprocess.run(  # noqa: S603  fixed words
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "## `routing/models/a.py`" in done.stdout
    assert "Sets r\nData c_r\nVariables x_r\nModel min x" in done.stdout
    assert "b.py" not in done.stdout
