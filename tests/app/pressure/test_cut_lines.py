"""The line is cut again and again; who repeats a command with its key has it done once.

``SOAK=1`` makes five hundred commands ten thousand.
"""

import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from app.accounts.states import Role
from tests.app.pressure.calls import request_of, until_answered
from tests.app.pressure.proxy import CUTS, Proxy

COMMANDS = 10_000 if os.environ.get("SOAK") else 500
SEED = int(os.environ.get("SEED", "1"))
AT_ONCE, A_NIGHT = 6, 5
HOSPITAL = "YN530600-011"


def sent_through(province, commands, *, new_keys=False):
    """Ask, send for a vehicle, send it home, send for another, take it back; again and again.

    What was answered by the key of each referral, how often something was sent, and the cuts.
    """
    answered, sent = {}, []
    person = province.person("wang", Role.COUNTY_CLINICIAN, facility_id=HOSPITAL)
    with province.serving() as port, Proxy(port, seed=SEED) as line:

        def command(path, body=None, *, status=200, **more):
            found, document, tries = until_answered(
                line.port, person, "POST", path, body, new_keys=new_keys, **more
            )
            assert found == status or new_keys, document
            sent.append(tries)
            return document

        def night(_):
            made = command("/referrals", request_of(person), status=201)
            ride = {"referral_id": made["id"], "drives": "sender"}
            first = command("/transfers", ride, status=201)
            if "id" in first:
                command(f"/transfers/{first['id']}/call-off")
            second = command("/transfers", ride, status=201)
            why = {"reason": "recovered"}
            ended = command(f"/referrals/{made['id']}/cancel", why, version=made["version"])
            return made["id"], (ended.get("version"), {first.get("id"), second.get("id")})

        with ThreadPoolExecutor(AT_ONCE) as people:
            answered.update(people.map(night, range(commands // A_NIGHT)))
    return answered, sum(sent), line.cuts


def lost_and_twice(database, answered):
    """What was acknowledged and is not so, and what was done that nobody was told of."""
    with database.reading() as session:
        rows = session.execute(text("SELECT id, status, last_seq FROM referral")).all()
        keys = session.execute(text("SELECT count(*) FROM command")).scalar()
        rides = session.execute(text("SELECT referral_id, id FROM transfer")).all()
    there = {str(row.id): (row.status, row.last_seq) for row in rows}
    driven = {(str(row.referral_id), str(row.id)) for row in rides}
    told = {(key, ride) for key, (_, both) in answered.items() for ride in both}
    lost = [key for key, (seq, _) in answered.items() if there.get(key) != ("cancelled", seq)]
    twice = (there.keys() - answered.keys()) | (driven - told)
    return lost + sorted(told - driven, key=str), twice, keys


def test_what_is_repeated_is_done_once_and_nothing_acknowledged_is_lost(province):
    answered, sent, cuts = sent_through(province, COMMANDS)
    lost, twice, keys = lost_and_twice(province.database, answered)

    assert (lost, twice) == ([], set()), f"seed {SEED}"
    assert len(answered) == COMMANDS // A_NIGHT, f"seed {SEED}"
    assert keys == A_NIGHT * len(answered), f"seed {SEED}"
    assert sent > 1.5 * COMMANDS, f"seed {SEED}: the line was hardly cut"
    assert set(cuts) == set(CUTS), f"seed {SEED}"


def test_a_client_that_makes_a_new_key_for_a_repetition_does_it_twice(province):
    """The planted fault: the key belongs to the command, not to the attempt."""
    answered, _, _ = sent_through(province, 40, new_keys=True)
    _, twice, _ = lost_and_twice(province.database, answered)

    assert twice, f"seed {SEED}"
