"""The line is cut again and again; who repeats a command with its key has it done once.

``SOAK=1`` makes a hundred and fifty commands ten thousand.
"""

import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from app.accounts.states import Role
from tests.app.pressure.calls import request_of, until_answered
from tests.app.pressure.proxy import CUTS, Proxy

COMMANDS = 10_000 if os.environ.get("SOAK") else 150
SEED = int(os.environ.get("SEED", "1"))
AT_ONCE = 6
HOSPITAL = "YN530600-011"


def sent_through(province, commands, *, new_keys=False):
    """Ask and take back, ask and take back: what was answered, by the key of each referral."""
    answered, sent = {}, 0
    person = province.person("wang", Role.COUNTY_CLINICIAN, facility_id=HOSPITAL)
    with province.serving() as port, Proxy(port, seed=SEED) as line:

        def both(_):
            call = (line.port, person, "POST")
            status, made, tries = until_answered(
                *call, "/referrals", request_of(person), new_keys=new_keys
            )
            assert status == 201, made
            path, body = f"/referrals/{made['id']}/cancel", {"reason": "recovered"}
            status, ended, more = until_answered(*call, path, body, version=made["version"])
            assert status == 200, ended
            return made["id"], ended["version"], tries + more

        with ThreadPoolExecutor(AT_ONCE) as people:
            for key, version, tries in people.map(both, range(commands // 2)):
                answered[key], sent = version, sent + tries
    return answered, sent, line.cuts


def lost_and_twice(database, answered):
    """What was acknowledged and is not so, and what was done that nobody was told of."""
    with database.reading() as session:
        rows = session.execute(text("SELECT id, status, last_seq FROM referral")).all()
        keys = session.execute(text("SELECT count(*) FROM command")).scalar()
    there = {str(row.id): (row.status, row.last_seq) for row in rows}
    lost = [key for key, version in answered.items() if there.get(key) != ("cancelled", version)]
    return lost, there.keys() - answered.keys(), keys


def test_what_is_repeated_is_done_once_and_nothing_acknowledged_is_lost(province):
    answered, sent, cuts = sent_through(province, COMMANDS)
    lost, twice, keys = lost_and_twice(province.database, answered)

    assert (lost, twice) == ([], set()), f"seed {SEED}"
    assert len(answered) == COMMANDS // 2, f"seed {SEED}"
    assert keys == 2 * len(answered), f"seed {SEED}"
    assert sent > 1.5 * COMMANDS, f"seed {SEED}: the line was hardly cut"
    assert set(cuts) == set(CUTS), f"seed {SEED}"


def test_a_client_that_makes_a_new_key_for_a_repetition_does_it_twice(province):
    """The planted fault: the key belongs to the command, not to the attempt."""
    answered, _, _ = sent_through(province, 40, new_keys=True)
    _, twice, _ = lost_and_twice(province.database, answered)

    assert twice, f"seed {SEED}"
