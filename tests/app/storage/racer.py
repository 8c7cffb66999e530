"""One of many processes that want places at the same time; started by ``test_races.py``.

``python racer.py ADDRESS RECIPE SEED`` reads lines ``referral facility`` from standard input, waits
for the line ``go``, tries each once and prints how every try ended.
"""

import json
import random
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, select, update

from app.centres.errors import PlaceLostError
from app.centres.service import hold_seats
from app.centres.tables import ACTIVE, Place, Reservation
from app.db import Database
from app.db_types import new_key

KIND = "NEO_VENT"


def right(database, referral, facility):
    """The product."""
    with database.writing() as session:
        hold_seats(
            session,
            referral,
            {"newborn_1": KIND},
            facility_id=facility,
            province="53",
            at=datetime.now(UTC),
            until=None,
        )


def wrong(database, referral, facility):
    """Look first, write afterwards: what everybody writes who trusts that nobody is in between."""
    with database.reading() as session:
        taken = select(Reservation.place_id).where(col(Reservation.status).in_(ACTIVE))
        place = session.exec(
            select(Place.id)
            .where(Place.facility_id == facility, col(Place.id).not_in(taken))
            .order_by(Place.label)
            .limit(1)
        ).first()
    if place is None:
        raise PlaceLostError(facility, "newborn_1", KIND)
    with database.writing() as session:
        key = new_key()
        session.exec(update(Place).where(col(Place.id) == place).values(reservation_id=key))
        session.add(
            Reservation(
                id=key,
                province="53",
                place_id=place,
                referral_id=referral,
                seat="newborn_1",
                held_at=datetime.now(UTC),
            )
        )


def main():
    address, recipe, seed = sys.argv[1:]
    database = Database(address)
    act = {"right": right, "wrong": wrong, "unguarded": wrong}[recipe]
    if recipe == "unguarded" and database.is_sqlite:
        # SQLite keeps a key as long as the table; whoever writes decides whether it is looked at.
        event.listen(database.engine, "connect", lambda c, _: c.execute("PRAGMA foreign_keys=OFF"))
    lines = iter(sys.stdin.readline, "")
    wanted = []
    for line in lines:
        if line.strip() == "go":
            break
        wanted.append(line.split())
    random.Random(seed).shuffle(wanted)  # noqa: S311
    ended = {"won": 0, "none_free": 0, "refused_by_database": 0, "errors": []}
    for referral, facility in wanted:
        try:
            act(database, uuid.UUID(referral), facility)
            ended["won"] += 1
        except PlaceLostError:
            ended["none_free"] += 1
        except IntegrityError:
            ended["refused_by_database"] += 1
        except OperationalError as error:
            ended["errors"].append(str(error.orig))
    print(json.dumps(ended))  # noqa: T201


if __name__ == "__main__":
    main()
