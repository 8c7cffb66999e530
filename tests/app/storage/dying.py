"""A process that does commands until it dies; started by ``test_kills.py``, and again, and again.

``python dying.py ADDRESS ORG EARLY`` reads lines ``key patient`` from standard input and for each
requests a referral and holds a place for it, as one command. ``ack KEY ANSWER`` is printed when it
is done; with EARLY, the planted fault, before it is.
"""

import sys
import uuid
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.centres.service import hold_seats
from app.commands.service import Answer, Asked, once
from app.db import Database
from app.referrals.events import Hand
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import ReferralStatus
from tests.rings import ring_of_tests

KIND, CENTRE = "OB_RESCUE_BED", "YN530100-001"


def main():
    address, org, early = sys.argv[1], uuid.UUID(sys.argv[2]), sys.argv[3] == "early"
    database = Database(address)
    database.keys = ring_of_tests()
    for line in sys.stdin:
        key, patient = line.split()

        def request(session, key=key, patient=patient):
            now = database.now(session)
            watch = Watch(org, now + timedelta(minutes=5), "offer")
            referral = draft_referral(
                session,
                patient_id=uuid.UUID(patient),
                origin_org=org,
                province="53",
                priority=1,
                watch=watch,
                at=now,
            )
            for wanted in (ReferralStatus.REQUESTED, ReferralStatus.MATCHED):
                advance(session, referral.id, wanted, by=Hand(org), at=now, watch=watch)
            (held,) = hold_seats(
                session,
                referral.id,
                {"mother": KIND},
                facility_id=CENTRE,
                province="53",
                at=now,
                until=None,
            )
            advance(
                session, referral.id, ReferralStatus.ACCEPTED, by=Hand(org), at=now, watch=watch
            )
            if early:
                print(f"ack {key} {held.id}", flush=True)  # noqa: T201
            return Answer(201, str(held.id))

        answer = once(database, Asked("test", key, "POST /x", patient.encode(), "53"), request)
        if not early:
            print(f"ack {key} {answer.body}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
