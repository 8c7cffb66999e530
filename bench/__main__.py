"""``python -m bench``: every benchmark in one run, each beside its peer, with load and machine.

``python -m bench travel recommend plan`` runs only those; ``plan_core`` takes some minutes.
"""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy
import ortools

from bench import (
    api,
    audit,
    board,
    booking,
    browser,
    exchange,
    keys,
    plan,
    plan_core,
    recommend,
    travel,
    under_load,
)

__all__ = ["main"]

Row = tuple[str, ...]
PARTS: dict[str, tuple[Row, Callable[[], Sequence[Row]]]] = {
    "travel": (travel.HEADER, travel.run),
    "recommend": (recommend.HEADER, recommend.run),
    "api": (api.HEADER, api.run),
    "audit": (audit.HEADER, audit.run),
    "plan": (plan.HEADER, plan.run),
    "plan_core": (plan_core.HEADER, plan_core.run),
    "booking": (booking.HEADER, booking.run),
    "board": (board.HEADER, board.run),
    "browser": (browser.HEADER, browser.run),
    "keys": (keys.HEADER, keys.run),
    "exchange": (exchange.HEADER, exchange.run),
    "platform": (under_load.HEADER, under_load.run),
}


def main(names: Sequence[str]) -> int:
    """Run the parts of ``names``, all if none is named; 2 for a name that is none."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(_machine())
    for name in names or PARTS:
        header, run = PARTS[name]
        before = os.getloadavg()[0]
        rows = run()
        print()
        _table([header, *rows])
        print(f"load average {before:.2f} before, {os.getloadavg()[0]:.2f} after", flush=True)
    return 0


def _machine() -> str:
    """Say on what and with what this was measured."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}  {_processor()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, numpy {numpy.__version__}, "
        f"OR-Tools {ortools.__version__}"
    )


def _processor() -> str:
    """Return the name of the processor where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  no file of ours
            return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


def _table(rows: Sequence[Row]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
