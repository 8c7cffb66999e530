"""A server that is asked for more than it can do: some are served, the others refused at once.

How fast is measured by ``python -m bench platform``; here the margins are wide.
"""

import json

import pytest
from sqlalchemy import text

from app.accounts.states import Role
from bench.installed import Installation
from bench.load import open_loop, share

HOSPITAL = "YN530600-011"
FLOOD, AT_ONCE = 60, 3
"""So many in one moment, where so few are at work or wait."""


@pytest.fixture
def narrow(province):
    """The installation with a narrow door."""
    made = Installation(
        province.address, province.folder / "narrow", max_commands=2, max_waiting=AT_ONCE - 2
    )
    yield made
    made.close()


def test_of_a_flood_some_are_served_and_the_others_refused_at_once(narrow):
    doctor = narrow.person("wang", Role.COUNTY_CLINICIAN, facility_id=HOSPITAL)
    with narrow.serving() as port:
        told = open_loop([port], [doctor], per_second=10_000, seconds=FLOOD / 10_000)
    served = [one for one in told if one.is_served]
    refused = [one for one in told if one.status == 503]
    with narrow.database.reading() as session:
        stored = set(map(str, session.execute(text("SELECT id FROM referral")).scalars()))

    assert len(served) + len(refused) == FLOOD
    assert len(served) >= AT_ONCE
    assert len(refused) >= FLOOD // 2
    for one in refused:
        assert int(one.retry_after) >= 1
        assert json.loads(one.body)["type"] == "urn:greenchannel:problem:too-busy"
    assert {json.loads(one.body)["id"] for one in served} == stored
    assert share([one.ms for one in refused], 0.5) < share([one.ms for one in served], 0.5)
