"""Many processes want the same places: each is promised once, and nobody is refused a free one.

``SOAK=1`` makes it ten thousand tries for each shape instead of two thousand.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.app.storage import rows

RACER = Path(__file__).with_name("racer.py")
PROCESSES = 8
TRIES = 10_000 if os.environ.get("SOAK") else 2_000
KIND = "NEO_VENT"


def prepare(database, *, tries, centres, places):
    """So many referrals, and centres with so many places each; what each referral wants."""
    with database.writing() as session:
        org = rows.organisation(session)
        for centre in range(centres):
            for label in range(places):
                name = f"YN530100-{centre:03d}"
                rows.place(session, facility=name, kind=KIND, label=f"{label:05d}")
        return [
            (rows.referral(session, org=org), f"YN530100-{n % centres:03d}") for n in range(tries)
        ]


def race(address, wanted, *, recipe="right", seed=1):
    """Start all processes, let them go together, and add up how their tries ended."""
    with contextlib.ExitStack() as stack:
        running = []
        for n in range(PROCESSES):
            command = [sys.executable, str(RACER), address, recipe, f"{seed}-{n}"]
            racer = stack.enter_context(
                subprocess.Popen(  # noqa: S603  our own script
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            lines = [f"{referral} {facility}" for referral, facility in wanted[n::PROCESSES]]
            racer.stdin.write("\n".join(lines) + "\n")
            running.append(racer)
        for racer in running:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        said = [racer.communicate(timeout=300)[0] for racer in running]
    total, errors = Counter(), []
    for text_of_one in said:
        ended = json.loads(text_of_one)
        errors += ended.pop("errors")
        total.update(ended)
    assert errors == [], f"seed {seed}: {errors[:3]}"
    return total


def active(database):
    """How many active reservations each place has, and the places that say they are taken."""
    with database.reading() as session:
        held = session.execute(
            text("SELECT place_id, count(*) FROM reservation WHERE status <> 'released' GROUP BY 1")
        )
        counts = [number for _, number in held]
        taken = session.execute(text("SELECT count(*) FROM place WHERE reservation_id IS NOT NULL"))
        return counts, taken.scalar()


def test_forty_last_places_have_forty_winners(database, address):
    """Fifty tries for each place: 40 won, all others told that none is free, none in error."""
    wanted = prepare(database, tries=TRIES, centres=40, places=1)
    ended = race(address, wanted)
    counts, taken = active(database)

    assert ended == {"won": 40, "none_free": TRIES - 40, "refused_by_database": 0}
    assert (counts, taken) == ([1] * 40, 40)


def test_with_a_place_for_everybody_nobody_is_refused(database, address):
    wanted = prepare(database, tries=TRIES, centres=8, places=TRIES // 8)
    ended = race(address, wanted)
    counts, taken = active(database)

    assert ended == {"won": TRIES, "none_free": 0, "refused_by_database": 0}
    assert (max(counts), len(counts), taken) == (1, TRIES, TRIES)


WITHOUT = "DROP INDEX uq_reservation_active_place"
WITHOUT_KEY = "ALTER TABLE reservation DROP CONSTRAINT fk_reservation_held"


def test_the_wrong_recipe_without_index_and_key_is_caught(database, address):
    """The same count finds the places that were promised twice."""
    wanted = prepare(database, tries=400, centres=4, places=50)
    with database.writing() as session:
        session.execute(text(WITHOUT))
        if not database.is_sqlite:
            session.execute(text(WITHOUT_KEY))
    race(address, wanted, recipe="unguarded")
    counts, _ = active(database)

    assert sum(number > 1 for number in counts) > 0


def test_the_wrong_recipe_without_the_index_is_refused_by_the_key(database, address):
    """Who writes over the place breaks the promise that it named before."""
    wanted = prepare(database, tries=400, centres=4, places=50)
    with database.writing() as session:
        session.execute(text(WITHOUT))
    ended = race(address, wanted, recipe="wrong")
    counts, _ = active(database)

    assert max(counts) == 1
    assert ended["refused_by_database"] > 0


def test_the_wrong_recipe_cannot_promise_a_place_twice(database, address):
    """The index is the promise: wrong code is refused instead."""
    wanted = prepare(database, tries=400, centres=4, places=50)
    ended = race(address, wanted, recipe="wrong")
    counts, _ = active(database)

    assert max(counts) == 1
    assert ended["refused_by_database"] > 0


@pytest.mark.parametrize("seats", [{"mother": "LABOUR", "newborn_1": KIND}])
def test_all_seats_or_none(database, seats):
    """The labour bed is free, the cot is not: the bed is given back."""
    from app.centres.errors import PlaceLostError
    from app.centres.service import hold_seats

    with database.writing() as session:
        one = rows.referral(session)
        rows.place(session, kind="LABOUR")
        with pytest.raises(PlaceLostError) as caught:
            hold_seats(
                session,
                one,
                seats,
                facility_id="YN530100-001",
                province="53",
                at=rows.NOW,
                until=None,
            )

    assert (caught.value.seat, caught.value.kind) == ("newborn_1", KIND)
    assert active(database) == ([], 0)
