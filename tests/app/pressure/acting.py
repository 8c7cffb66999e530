"""A county on a few nights, for random histories: who is there, and how something is done."""

import uuid
from collections import Counter
from datetime import timedelta

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db import broken_rule
from app.errors import AppError
from app.referrals.climbing import handlers
from app.worker.running import Worker
from tests.app.pressure import world
from tests.app.storage.rows import NOW

SEEN = Counter()
ONE_AT_A_TIME = ("transfer_under_hand", "transfer.referral_id")


class Acting(RuleBasedStateMachine):
    """A county on a few nights; ``numbers`` are the referrals, newest last."""

    handlers = staticmethod(handlers)

    def __init__(self, database, keys):
        super().__init__()
        self.database, self.keys = database, keys
        self.now, self.referrals, self.transfers, self.moved = NOW, [], 0, True
        with database.writing() as session:
            self.world = world.made(session)
        self.worker = Worker(database, self.handlers(), province="53")

    def act(self, who, what, name):
        """Do something; what it answers, or None where it was refused in its own words."""
        self.now += timedelta(seconds=20)
        try:
            with self.database.writing() as session:
                answer = what(world.working(session, who, self.now))
        except AppError as error:
            SEEN[f"{name}: {type(error).__name__}"] += 1
            return None
        except IntegrityError as error:
            if not any(one in broken_rule(error) for one in ONE_AT_A_TIME):
                raise
            SEEN[f"{name}: a conflict"] += 1
            return None
        SEEN[name] += 1
        self.moved = True
        self.transfers += name == "dispatch"
        return answer

    def one(self, number):
        """A referral as it stands; the newest ones most."""
        if not self.referrals:
            return None
        key = self.referrals[-1 - number % min(3, len(self.referrals))]
        return self.row("SELECT * FROM referral WHERE id = :key", key)

    def row(self, statement, key):
        with self.database.reading() as session:
            return session.execute(text(statement), {"key": self.stored(key)}).first()

    def stored(self, key):
        return str(key) if self.database.is_sqlite else key

    def offer(self, number, facility):
        """An offer to a centre, and its centre; the newest referrals most."""
        found = self.one(number)
        if found is None:
            return None
        offers = self.rows(
            "SELECT id, facility_id FROM offer WHERE referral_id = :key ORDER BY id", found.id
        )
        if not offers:
            return None
        row = offers[-1 - facility % len(offers)]
        who = next(c for c in self.world.centres if c.facility_id == row.facility_id)
        return uuid.UUID(str(row.id)), who

    def transfer(self, number):
        found = self.one(number)
        if found is None:
            return None
        row = self.row(
            "SELECT id FROM transfer WHERE referral_id = :key ORDER BY id DESC", found.id
        )
        return None if row is None else uuid.UUID(str(row.id))

    def person(self, who, found, *, takes=False):
        """Mostly who has to do it, sometimes anybody."""
        if who < len(self.world.everybody):
            return self.world.everybody[who]
        right = found.destination_id if takes else None
        return next(
            (one for one in self.world.centres if one.facility_id == right),
            next(one for one in self.world.senders if str(one.org_id) == str(found.origin_org)),
        )

    def rows(self, statement, key):
        with self.database.reading() as session:
            return session.execute(text(statement), {"key": self.stored(key)}).all()
