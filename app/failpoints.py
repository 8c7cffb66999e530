"""Places in a command where a test lets the process die: ``kill -9`` from outside rarely hits them.

``GREENCHANNEL_FAILPOINT=before_commit:7`` kills the process the seventh time it comes by there. Not
set, as everywhere but in a test, it is a look at an empty name.
"""

import os
import signal

__all__ = ["IMPORT_POINTS", "POINTS", "WORKER_POINTS", "arm", "passing"]

POINTS = ("before_act", "before_key", "before_commit", "after_commit")
WORKER_POINTS = (
    "deadline_claimed",
    "deadline_marked",
    "deadline_handled",
    "deadline_finished",
    "notice_claimed",
    "notice_sent",
    "notice_marked",
)
IMPORT_POINTS = ("lines_entered", "lines_written", "lines_filed")
_left: dict[str, int] = {}


def arm(stated: str) -> None:
    """Die where and when it is stated, as in the environment, and nowhere else."""
    name, _, time = stated.partition(":")
    _left.clear()
    if name:
        _left[name] = int(time or 1)


def passing(point: str) -> None:
    """Die here if this is the time."""
    if point in _left:
        _left[point] -= 1
        if _left[point] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("GREENCHANNEL_FAILPOINT", ""))
