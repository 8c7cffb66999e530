"""A process that files what waits until it dies; started by ``test_batch.py``, and again.

``python dying_importer.py ADDRESS AT_ONCE DATA``
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from app.case_exchange import filing
from app.db import Database
from app.engine import load_engine
from app.settings import Settings
from tests.rings import ring_of_tests


def main():
    address, at_once, data = sys.argv[1:]
    database = Database(address)
    database.keys = ring_of_tests()
    engine = load_engine(Settings(data_dir=Path(data)))
    filing.AT_MOST_S = 3_600  # so many lines and no fewer, however slow this machine is
    filing.file_lines(database, engine, "53", told_of=lambda *_: None, at_once=int(at_once))


if __name__ == "__main__":
    main()
