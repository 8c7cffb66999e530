"""Write openapi.json: the promise of the HTTP interface, as the application states it.

``python scripts/make_openapi.py`` writes the file, ``--check`` only compares.
"""

import json
import sys
from pathlib import Path

from app.main import create_app

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "openapi.json"


def text() -> str:
    """Return the OpenAPI document as it stands in the repository."""
    return json.dumps(create_app().openapi(), ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` say whether it is up to date."""
    wanted = text()
    if "--check" not in arguments:
        FILE.write_text(wanted, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{FILE.name} is not what the application says; type: make docs", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
