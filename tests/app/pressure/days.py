"""Days that pass in minutes: people who ask, answer, forget and are silent, and a worker that dies.

The clock of a database cannot be turned. But every act is given its time (``Work.now``), and so is
the worker (``Worker.step``): here both are given that of a simulated day, one and the same for all.
What the database stamps by itself, the entries of the record, stays in real time and is not looked
at. The worker looks once a second; seconds in which nothing can be due are left out. Everything is
looked through after each act of a person, and after every ``looks_each``-th step of the worker.
"""

import heapq
import itertools
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, text
from sqlmodel import col, select

from app.deadlines.tables import Deadline
from app.errors import AppError
from app.referrals import answers, endings, lists, requests
from app.referrals.states import OPEN, WAITING, CancelReason
from app.referrals.tables import Offer, Referral
from app.transfers import journeys, papers
from app.transfers.states import HANDOVER_FIELDS, Drives
from app.transfers.tables import Transfer
from app.worker.running import Worker
from tests.app.pressure import world
from tests.app.pressure.looks import LOOKS
from tests.app.pressure.world import off_the_disk

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
DEATHS_A_DAY = 6
LATE = timedelta(seconds=30)


@dataclass
class Dead:
    """No worker from one moment until another; it died with something in hand, or idle."""

    since: datetime
    until: datetime
    in_hand: bool
    taken: int = 0


@dataclass
class Tally:
    """What happened, and what was looked at."""

    acts: Counter = field(default_factory=Counter)
    looks: int = 0
    done: int = 0
    late: timedelta = timedelta()


class Days:
    """So many days in the small world, with so many requests each; a seed gives the same ones."""

    def __init__(self, database, keys, handlers, *, days, seed, a_day=12, looks_each=1):
        self.database, self.keys, self.handlers = database, keys, handlers
        self.looks_each, self.steps = looks_each, 0
        self.chance = random.Random(seed)
        self.end = START + days * DAY
        self.now, self.polled = START, START
        self.numbers, self.agenda = itertools.count(), []
        self.ended, self.referrals, self.asked = set(), [], set()
        self.tally = Tally()
        if database.is_sqlite:
            # What is looked at is in the file whether or not the disk has it.
            event.listen(database.engine, "connect", off_the_disk)
        with database.writing() as session:
            self.world = world.made(session, places=3)
        self.worker, self.habits = self.born(), self.deal()
        self.deaths = sorted(
            (self.death() for _ in range(int(days * DEATHS_A_DAY))), key=lambda dead: dead.since
        )
        for _ in range(int(days * a_day)):
            self.plan(self.chance.uniform(0, days * 1440), self.request)

    def born(self):
        return Worker(self.database, self.handlers, province="53")

    def deal(self):
        """What those who ask will do, like cards: thirteen in a row do everything."""
        habits = ["brings"] * 8 + ["forgets"] + ["takes back"] * 2 + ["keeps"] * 2
        self.chance.shuffle(habits)
        return habits

    def death(self):
        since = START + self.chance.uniform(0, (self.end - START).total_seconds()) * SECOND
        lasts = self.chance.choice((5, 20, 90, 600, 2_700)) * SECOND
        return Dead(since, since + lasts, self.chance.random() < 0.7)

    def plan(self, minutes, act, *what):
        moment = self.now + minutes * MINUTE
        heapq.heappush(self.agenda, (moment, next(self.numbers), act, what))

    def rows(self, statement):
        """What a statement finds, to be looked at when the transaction is over."""
        with self.database.reading() as session:
            found = session.exec(statement).all()
            session.expunge_all()
        return found

    # The days.

    def live(self):
        """Let all of it happen, looking after every step."""
        while self.agenda and self.agenda[0][0] < self.end:
            moment, _, act, what = heapq.heappop(self.agenda)
            self.work_until(moment)
            self.now = max(self.now, moment)
            act(*what)
            self.look()
        self.work_until(self.end)
        self.look()
        return self.tally

    def work_until(self, moment):
        """Let the worker look every second; those with nothing due are left out."""
        while (following := self.next_look()) is not None and following <= moment:
            self.now = self.polled = following
            dead = self.dead_at(following)
            if dead is None:
                counts = self.worker.step(following)
                assert (counts.failed, counts.dead) == (0, 0), counts
                self.tally.done += counts.done
                self.steps += 1
                if self.steps % self.looks_each == 0:
                    self.look()
            elif dead.in_hand and not dead.taken:
                # It dies with these in its hands: taken for the length of a lease, and not done.
                dead.taken = len(self.worker._deadlines._claim(following))
                self.worker = self.born()
            self.answer_offers()

    def next_look(self):
        """The second in which the worker next finds something, or comes back to."""
        rows = self.rows(
            select(Deadline.due_at, Deadline.next_try_at, Deadline.lease_until).where(
                col(Deadline.done_at).is_(None),
                col(Deadline.cancelled_at).is_(None),
                col(Deadline.dead_at).is_(None),
            )
        )
        if not rows:
            return None
        due = min(max(due, following or due, lease or due) for due, following, lease in rows)
        dead = self.dead_at(max(due, self.polled))
        if dead is not None and (dead.taken or not dead.in_hand):
            due = dead.until
        whole = due.replace(microsecond=0)
        due = whole if whole == due else whole + SECOND
        return max(due, self.polled + SECOND)

    def dead_at(self, moment):
        """Until when there is no worker; of two that overlap the one that lasts longer."""
        there = [dead for dead in self.deaths if dead.since <= moment < dead.until]
        return max(there, key=lambda dead: dead.until, default=None)

    def look(self):
        """Nothing open is without owner, deadline and next step, nor without a row that is due."""
        self.tally.looks += 1
        with self.database.reading() as session:
            found = [
                (code, str(key))
                for code, statement in LOOKS.items()
                for (key,) in session.execute(text(statement))
            ]
        assert not found, (self.now, found)

    # People.

    def act(self, who, what, name):
        try:
            with self.database.writing() as session:
                answer = what(world.working(session, who, self.now))
        except AppError as error:
            self.tally.acts[f"{name}: {type(error).__name__}"] += 1
            return None
        self.tally.acts[name] += 1
        self.answer_offers()
        return answer

    def request(self):
        chance = self.chance
        sender = chance.choice(self.world.senders)
        order = chance.sample(world.CENTRES, len(world.CENTRES))
        priority = chance.choice((1, 1, 2, 3))
        ranked = world.ranked(
            order[: chance.choice((0, 2, 2, 3, 3, 3, 3, 3))], priority=priority, at_once=2
        )
        wanted = world.wanted(sender.facility_id)
        made = self.act(
            sender,
            lambda work: requests.request_referral(work, self.keys, wanted, ranked).id,
            "request",
        )
        self.referrals.append((made, priority, self.now))
        habit = self.habits.pop()
        self.habits = self.habits or self.deal()
        if habit == "brings":
            self.plan(chance.uniform(8, 60), self.bring, made, sender)
        elif habit == "takes back":
            self.plan(chance.uniform(1, 90), self.take_back, made, sender)
        elif habit == "keeps":
            self.plan(chance.uniform(1, 60), self.keep, made, sender)

    def answer_offers(self):
        """Let centres that are newly asked make up their minds; many never answer."""
        asked = select(Offer).where(col(Offer.status).in_(WAITING)).order_by(col(Offer.id))
        for offer in self.rows(asked):
            if offer.id in self.asked:
                continue
            self.asked.add(offer.id)
            who = next(c for c in self.world.centres if c.facility_id == offer.facility_id)
            mind = self.chance.choices(("silent", "yes", "no", "late"), (40, 30, 20, 10))[0]
            wait = self.chance.uniform(60, 900) if mind == "late" else self.chance.uniform(1, 25)
            if mind == "no":
                self.plan(wait, self.decline, offer.id, who)
            elif mind != "silent":
                self.plan(wait, self.accept, offer.id, who)

    def accept(self, offer, who):
        self.act(who, lambda work: answers.accept_offer(work, offer), "accept")

    def decline(self, offer, who):
        self.act(
            who,
            lambda work: answers.decline_offer(work, offer, "no_capability", detail="BLOOD_MTP"),
            "decline",
        )

    def bring(self, key, who):
        """Leave, answered or not, and go on from there; some forget on the way."""
        ride = journeys.Ride(drives=Drives.SENDER, outside=self.chance.choice((None, "省外某院")))
        transfer = self.act(who, lambda work: journeys.dispatch(work, key, ride).id, "dispatch")
        if transfer is not None:
            self.plan(self.chance.uniform(1, 40), self.travel, key, transfer, who, "depart")
        elif key not in self.ended:
            self.plan(self.chance.uniform(60, 300), self.bring, key, who)

    def travel(self, key, transfer, who, what):
        act = getattr(journeys, what)
        said = {"said_by": "丙"} if what == "arrive" else {}
        if self.act(who, lambda work: act(work, transfer, **said), what) is None:
            if key not in self.ended:
                self.plan(self.chance.uniform(60, 300), self.travel, key, transfer, who, what)
            return
        if what == "die":
            self.ended.add(key)
        elif what == "depart":
            then = self.chance.choices(("arrive", "die"), (30, 1))[0]
            self.plan(self.chance.uniform(40, 240), self.travel, key, transfer, who, then)
        elif self.chance.random() < 0.95:
            self.plan(self.chance.uniform(5, 300), self.hand_over, key, transfer, who)

    def hand_over(self, key, transfer, who):
        names = {
            "giver": "甲",
            "receiver": "乙",
            "identifiers": ("name", "wristband"),
            "said_by": "丙",
        }
        if self.act(who, lambda work: journeys.hand_over(work, transfer, **names), "hand over"):
            self.plan(self.chance.uniform(30, 600), self.report, key, who)

    def report(self, key, who):
        with self.database.reading() as session:
            there = session.get(Referral, key).destination_id
        teller = next((c for c in self.world.centres if c.facility_id == there), who)
        came = papers.Came(
            result="discharged", diagnosis="某病", treatment="治疗", happened_at=self.now
        )
        if self.act(
            teller, lambda work: papers.report_outcome(work, self.keys, key, came), "outcome"
        ):
            self.plan(self.chance.uniform(10, 300), self.close, key, who)

    def close(self, key, who):
        content = {part: dict.fromkeys(names, "说明") for part, names in HANDOVER_FIELDS.items()}
        self.act(
            who,
            lambda work: papers.write_handover(
                work, self.keys, key, papers.Handed(content=content)
            ),
            "hand-over set",
        )
        agreed = papers.Agreed(given_by="family", agreed=True, given_at=self.now)
        self.act(who, lambda work: papers.agree(work, key, agreed), "consent")
        read = self.version(key)
        if self.act(who, lambda work: endings.close(work, key, "complete", read=read), "close"):
            self.ended.add(key)

    def take_back(self, key, who):
        read, why = self.version(key), CancelReason.RECOVERED
        if self.act(who, lambda work: endings.cancel(work, key, why, read=read), "cancel"):
            self.ended.add(key)

    def keep(self, key, who):
        read = self.version(key)
        if self.act(who, lambda work: endings.stay(work, key, "R-HOLD-03", read=read), "stay"):
            self.plan(self.chance.uniform(30, 900), self.ask_again, key, who)

    def ask_again(self, key, who):
        ranked, read = world.ranked(world.CENTRES, priority=2), self.version(key)
        self.act(
            who, lambda work: requests.match_again(work, key, ranked, read=read), "match again"
        )
        self.plan(self.chance.uniform(8, 60), self.bring, key, who)

    def version(self, key):
        with self.database.reading() as session:
            return session.get(Referral, key).last_seq

    # What came of it.

    def open_by_the_book(self):
        """Those that nobody has ended, by what people did here."""
        return {key for key, *_ in self.referrals} - self.ended

    def open_and_listed(self):
        """Those that stand open, and those that the hospitals that sent them find in the list."""
        with self.database.reading() as session:
            left = session.exec(select(Referral.id).where(col(Referral.status).in_(OPEN))).all()
            works = [world.working(session, sender, self.now) for sender in self.world.senders]
            listed = {
                one.id
                for work in works
                for one, _ in lists.worklist(work, lists.offers_to_me(work))
            }
        return set(left), listed

    def lateness(self):
        """How late each step was done, from when it was due or from when a worker was back."""
        rows = self.rows(select(Deadline).where(col(Deadline.done_at).is_not(None)))
        return [(row, row.done_at - self.could_be_done(row.due_at)) for row in rows]

    def could_be_done(self, due):
        while True:
            dead = self.dead_at(due) or self.dead_at(due + SECOND)
            if dead is None:
                return due
            due = dead.until

    def silent(self):
        """Referrals that nobody did anything about, with when they were asked for."""
        moved = select(Transfer.referral_id)
        still = col(Referral.status).in_(("requested", "offered"))
        untouched = select(Referral.id).where(still, col(Referral.id).not_in(moved))
        answered = select(Offer.referral_id).where(col(Offer.status).not_in((*WAITING, "lapsed")))
        keys = {*self.rows(untouched)} - {*self.rows(answered)}
        return [one for one in self.referrals if one[0] in keys]

    def steps_of(self, key: uuid.UUID):
        """When each step of a referral was due, in minutes since it was asked for, by kind."""
        return self.rows(
            select(Deadline).where(Deadline.subject_id == key).order_by(col(Deadline.due_at))
        )
