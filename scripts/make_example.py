"""Write into docs/example.md what each of its blocks prints.

``python scripts/make_example.py`` writes it, ``--check`` only compares.
"""

import contextlib
import io
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "example.md"
STEP = re.compile(r"^```python\n(.*?)^```$(\n+^```text\n.*?^```$)?", re.DOTALL | re.MULTILINE)


def with_output(page: str) -> str:
    """Return the page with the blocks run one after another in one namespace."""
    names: dict[str, object] = {"__name__": "__main__"}

    def run(step: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(step[1], PAGE.name, "exec"), names)  # noqa: S102  our own page
        code = f"```python\n{step[1]}```"
        return f"{code}\n\n```text\n{printed.getvalue()}```" if step[2] else code

    return STEP.sub(run, page)


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is up to date."""
    found = PAGE.read_text(encoding="utf-8")
    wanted = with_output(found)
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if found == wanted:
        return 0
    print("docs/example.md is not what the code prints; type: make docs", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
