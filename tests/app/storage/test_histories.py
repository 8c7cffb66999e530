"""Random histories of referrals, with somebody who writes into the tables behind the back.

Whatever was accepted, by the code or by plain SQL, the chains are whole afterwards. ``make soak``
draws more and longer ones; a failure prints what it was, shrunk.
"""

import os
from collections import Counter, defaultdict
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.referrals.errors import TransitionError
from app.referrals.events import Hand
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import NEXT, OPEN, START, ReferralStatus, moves
from tests.app.storage import rows
from tests.app.storage.rows import NOW

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
statuses = st.sampled_from([*ReferralStatus])
numbers = st.integers(0, 3)
SEEN = Counter()


class Histories(RuleBasedStateMachine):
    """A few patients; each rule is a transaction."""

    def __init__(self, database):
        super().__init__()
        self.database, self.clock, self.keys = database, 0, []
        with database.writing() as session:
            self.org = rows.organisation(session)
            self.patients = [rows.patient(session) for _ in range(4)]

    def now(self):
        self.clock += 1
        return NOW + timedelta(minutes=self.clock)

    def watch(self, wanted):
        over = wanted not in OPEN
        return None if over else Watch(self.org, self.now() + timedelta(minutes=5), "look")

    @rule(who=numbers)
    def draft(self, who):
        error = None
        try:
            with self.database.writing() as session:
                made = draft_referral(
                    session,
                    patient_id=self.patients[who],
                    origin_org=self.org,
                    province="53",
                    priority=1 + who % 3,
                    watch=self.watch(ReferralStatus.DRAFT),
                    at=self.now(),
                )
            self.keys.append(made.id)
        except DBAPIError as caught:
            error = caught
        assert error is None or "patient" in str(error.orig)

    @rule(which=numbers, wanted=statuses)
    def move(self, which, wanted):
        if not self.keys:
            return
        key, stood = self.keys[-1 - which % len(self.keys)], None
        try:
            with self.database.writing() as session:
                advance(
                    session, key, wanted, by=Hand(self.org), at=self.now(), watch=self.watch(wanted)
                )
        except TransitionError as error:
            stood = error.current
        assert stood is None or wanted not in NEXT[stood]

    @rule(
        which=numbers,
        back=st.integers(-1, 2),
        before=statuses,
        after=statuses,
        honest=st.booleans(),
    )
    def rogue_event(self, which, back, before, after, honest):
        """An event by plain SQL, after the last one or another; undone where it is let in."""
        if not self.keys:
            return
        key = self.keys[-1 - which % len(self.keys)]
        chain = self.chains()[str(key)]
        last = chain[max(0, len(chain) - 1 - max(0, back))]
        seq = last[0] + 1 + (back < 0)
        claims = last[1] if honest else before
        if honest and back == 0 and NEXT[claims]:
            after = NEXT[claims][which % len(NEXT[claims])]
        let_in = True
        try:
            with self.database.writing() as session:
                rows.event(
                    session,
                    key,
                    seq,
                    claims,
                    after,
                    by=self.org,
                    prev_at=last[3],
                    at=self.now(),
                )
                raise _LetInError
        except _LetInError:
            pass
        except DBAPIError:
            let_in = False
        follows = (seq, claims) == (chain[-1][0] + 1, chain[-1][1])
        assert let_in == (follows and (claims, after) in moves())
        SEEN["rogue event let in" if let_in else "rogue event refused"] += 1

    @rule(which=numbers, wanted=statuses, seq=st.integers(1, 6), honest=st.booleans())
    def rogue_status(self, which, wanted, seq, honest):
        """A status by plain SQL; only the one that her last event says is let in, and undone."""
        if not self.keys:
            return
        key = self.keys[-1 - which % len(self.keys)]
        chain = self.chains()[str(key)]
        if honest:
            seq, wanted = chain[seq % len(chain)][:2]
        changes = {"status": wanted, "last_seq": seq}
        try:
            with self.database.writing() as session:
                rows.update(session, "referral", changes, f"id = '{key}'")
                self.check_now(session)
                raise _LetInError
        except DBAPIError:
            let_in = False
        except _LetInError:
            let_in = True
        says = chain[-1][:2] == (seq, wanted)
        # One that is over has no owner any more and cannot be called open.
        assert not let_in or says
        assert let_in or not says or chain[-1][1] not in OPEN
        SEEN["rogue status let in" if let_in else "rogue status refused"] += 1

    def check_now(self, session):
        """Look at the keys that wait for the end of the transaction, as its end would."""
        if not self.database.is_sqlite:
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        elif session.execute(text("PRAGMA foreign_key_check(referral)")).first():
            raise IntegrityError("referral", {}, Exception("a key that leads nowhere"))

    def chains(self):
        """Number, status, status before and time of every event, by referral."""
        every = "SELECT subject_id, seq, to_status, from_status, at FROM status_event ORDER BY seq"
        chains = defaultdict(list)
        with self.database.reading() as session:
            for subject, *event in session.execute(text(every)):
                chains[str(subject)].append(tuple(event))
        return chains

    @invariant()
    def every_chain_is_whole_and_every_referral_stands_at_its_end(self):
        chains = self.chains()
        with self.database.reading() as session:
            referrals = session.execute(
                text("SELECT id, status, last_seq, owner_org, deadline_at, next_step FROM referral")
            ).all()
        assert {str(row.id) for row in referrals} == set(chains)
        for row in referrals:
            chain = chains[str(row.id)]
            assert [seq for seq, *_ in chain] == list(range(1, len(chain) + 1))
            assert [event[2] for event in chain] == [START, *(event[1] for event in chain[:-1])]
            assert all((before, after) in moves() for _, after, before, _ in chain)
            assert (row.last_seq, row.status) == chain[-1][:2]
            if row.status in OPEN:
                assert None not in (row.owner_org, row.deadline_at, row.next_step)


class _LetInError(Exception):
    """The database took it; it is undone all the same."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_history_breaks_a_chain(kind, one_after_another):
    SEEN.clear()
    run_state_machine_as_test(
        lambda: Histories(one_after_another(kind)),
        settings=settings(
            max_examples=5_000 if SOAK else (60 if kind == "sqlite" else 25),
            stateful_step_count=60 if SOAK else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = {
        f"rogue {what} {how}" for what in ("event", "status") for how in ("let in", "refused")
    }
    assert set(SEEN) == wanted
