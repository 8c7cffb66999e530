"""Whether a font with Chinese signs is here; the program brings none of its own."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

__all__ = ["chinese_font"]

ENDINGS = frozenset({".otf", ".ttf", ".ttc"})


def chinese_font(
    folder: Path | None, which: Callable[[str], str | None] = shutil.which
) -> str | None:
    """Return what was found: a font of the folder of the settings, or a family of the system.

    Who names a folder answers for what lies in it; of the system's fonts fontconfig is asked.
    """
    if folder is not None:
        names = sorted(path.name for path in folder.glob("*") if path.suffix.lower() in ENDINGS)
        return names[0] if names else None
    program = which("fc-list")
    if program is None:
        return None
    done = subprocess.run(  # noqa: S603  a fixed program with fixed words
        [program, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=False
    )
    return next(iter(sorted(done.stdout.split("\n"), reverse=True)), "").strip() or None
