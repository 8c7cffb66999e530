"""A worker in the night of bookings until it is done or dies; started by ``test_night_at_size.py``.

``python night_worker.py ADDRESS DATA_DIR HOURS`` does all that is due, HOURS later than it is, so
that the leases of those who died have ended. It is night at every hour here.
"""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.bookings import nightly, runs
from app.db import Database
from app.keys.keyring import KeyRing
from app.settings import Settings
from app.worker.wiring import chores_of, network_of, worker_of


def main():
    address, folder, hours = sys.argv[1:]
    nightly.FROM_H, nightly.UNTIL_H = 0, 24
    settings = Settings(data_dir=Path(folder), DATABASE_URL=address)
    database = Database(address)
    database.keys = KeyRing(settings.keys)
    # Of the night only: to a worker of tomorrow the emergencies of today would be overdue.
    chores = [
        one
        for one in chores_of(settings, network_of(database, settings, None))
        if one.code == "booking"
    ]
    worker = worker_of(database, settings, place="worker", handlers=runs.handlers(), chores=chores)
    with database.reading() as session:
        now = database.now(session) + timedelta(hours=int(hours))
    while worker.step(now).any:
        pass


if __name__ == "__main__":
    main()
