"""The worked example of the documents runs, prints what it says, and needs no server."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# Runs the blocks one after another in one namespace and tells what each of them printed.
RUNNER = """
import contextlib, io, json, sys
blocks, printed, names = json.loads(sys.stdin.read()), [], {"__name__": "__main__"}
for block in blocks:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block, "<example>", "exec"), names)
    printed.append(out.getvalue())
print(json.dumps({"printed": printed, "modules": sorted(sys.modules)}))
"""


def steps(text: str) -> list[tuple[str, str | None]]:
    """Each python block with the text block that follows it, if one does."""
    found: list[tuple[str, str | None]] = []
    for kind, block in BLOCK.findall(text):
        if kind == "python":
            found.append((block, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], block)
    return found


def run(blocks: list[str], folder: Path) -> dict[str, list[str]]:
    """Run the blocks in a fresh interpreter that stands in ``folder``."""
    done = subprocess.run(  # noqa: S603  fixed words
        [sys.executable, "-W", "error", "-c", RUNNER],
        input=json.dumps(blocks),
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


def test_the_example_prints_what_it_says_and_never_touches_the_application(tmp_path):
    example = steps((ROOT / "docs" / "example.md").read_text(encoding="utf-8"))
    answer = run([code for code, _ in example], tmp_path)

    assert len(example) >= 3
    assert [text or "" for _, text in example] == answer["printed"]
    assert {"app", "fastapi", "sqlite3", "sqlalchemy", "uvicorn"} & set(answer["modules"]) == set()


def test_a_block_and_what_it_prints_belong_together(tmp_path):
    text = "```python\nx = 1\n```\n\n```python\nprint(x + 1)\n```\n\n```text\n2\n```\n"

    assert steps(text) == [("x = 1\n", None), ("print(x + 1)\n", "2\n")]
    assert run([code for code, _ in steps(text)], tmp_path)["printed"] == ["", "2\n"]
