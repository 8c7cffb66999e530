"""A worker that does what is due until it dies; started by ``test_worker_kills.py``, and again.

``python dying_worker.py ADDRESS HOST HOURS ORDER`` takes every deadline of kind ``tell``: it puts
down a place, by which the effect can be counted, and writes a notice, which goes to a chat at HOST.
It ends when nothing is due. ORDER ``marks_first`` is the planted fault.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import ipaddress
import uuid
from datetime import timedelta

from sqlalchemy import text

from app.db import Database
from app.db_types import new_key
from app.deadlines.service import finish
from app.failpoints import passing
from app.notices.channels import WebhookChannel
from app.notices.guarded import Allowed, Gate
from app.notices.sending import Sending
from app.notices.service import notify
from app.notices.states import ChannelName, Template
from app.worker.deadline_pass import Counts, DeadlinePass
from app.worker.handling import Handler, Task
from app.worker.running import Worker
from tests.app.storage import rows
from tests.rings import ring_of_tests

HOUR = timedelta(hours=1)
LEFT = (
    "SELECT (SELECT count(*) FROM deadline WHERE done_at IS NULL AND dead_at IS NULL)"
    " + (SELECT count(*) FROM notice WHERE sent_at IS NULL AND dead_at IS NULL)"
)


def tell(task):
    org = uuid.UUID(task.due.payload["org"])
    rows.place(task.session, label=str(new_key()))
    notify(
        task,
        org_id=org,
        template=Template.WITHDRAWN,
        referral_id=uuid.UUID(task.due.payload["referral"]),
    )


class MarksFirst(DeadlinePass):
    """Marks a deadline as done in a transaction before the one that does it."""

    def _do(self, due, now, held=()):
        with self._database.writing() as session:
            finish(session, due, at=now)
        passing("deadline_marked")
        with self._database.writing() as session:
            self._handlers[due.kind].act(Task(session, now, due))
        return Counts(done=1)


def main():
    address, hosts = sys.argv[1], frozenset({sys.argv[2]})
    database = Database(address)
    database.keys = ring_of_tests()
    gate = Gate(Allowed(hosts, (ipaddress.ip_network("127.0.0.1/32"),), hosts))
    channel = WebhookChannel(gate, '{"text": "{text}", "key": "{dedup_key}"}')
    worker = Worker(
        database,
        {"tell": Handler(tell)},
        province="53",
        sendings=[Sending(database, ChannelName.WEBHOOK, channel)],
    )
    if sys.argv[4] == "marks_first":
        worker._deadlines.__class__ = MarksFirst
    with database.reading() as session:
        # Each life begins an hour later: the leases of the dead have ended, nobody has to wait.
        now = database.now(session) + int(sys.argv[3]) * HOUR
    while worker.step(now).any:
        pass
    with database.reading() as session:
        print("left", session.execute(text(LEFT)).scalar(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
