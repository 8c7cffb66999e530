"""An installation whose processes are forked from one that has read the program already.

A process that dies is the same one either way; reading the program takes it three seconds, and
the tests start some hundred.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app import failpoints
from app.cli import main
from bench.installed import Installation

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["app.cli", "app.main", "app.worker.wiring"])


class Forked(Installation):
    """As an installation; its processes start at once."""

    @contextlib.contextmanager
    def _process(self, *arguments):
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".log") as log:
            process = FORKS.Process(target=_run, args=(arguments, self.environment, log.name))
            process.start()
            try:
                yield _Started(process), Path(log.name)
            finally:
                process.terminate()
                process.join(timeout=30)
                process.kill()
                process.join()


class _Started:
    """What is asked of a process, in the words of ``subprocess``."""

    def __init__(self, process):
        self._process = process
        self.pid, self.kill, self.terminate = process.pid, process.kill, process.terminate

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("greenchannel", timeout)
        return self._process.exitcode


def _run(arguments, environment, log):
    """In the new process: be ``greenchannel`` with these arguments."""
    os.environ.clear()
    os.environ.update(environment)
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    failpoints.arm(environment.get("GREENCHANNEL_FAILPOINT", ""))
    sys.argv = ["greenchannel", *arguments]
    main()
