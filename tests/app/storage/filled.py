"""A database filled by the services of the product and by nothing else."""

import random
from datetime import timedelta

from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.audit.service import record
from app.audit.states import Chain, chain_of
from app.centres.errors import PlaceLostError
from app.centres.reporting import Reported, report_capacity
from app.commands.service import Answer, Asked, once
from app.db_types import new_key
from app.patients.tables import Patient
from app.referrals.errors import TransitionError
from app.referrals.events import Hand
from app.referrals.matching import match
from app.referrals.new_offers import ask_next
from app.referrals.offering import accept, decline
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import DECLINE_CODES, ReferralStatus
from app.work import Work

BED, COT = "OB_RESCUE_BED", "NEO_L2B"
CENTRES = ("YN530100-001", "YN530100-002", "YN530300-001")


def ranked(over=()):
    """An answer of ``recommend`` with what is read of it here."""
    places = [{"seat": "mother", "kind": BED}, {"seat": "newborn_1", "kind": COT}]
    return {
        "assessment": {"rule_set": "cn-2017+yunnan@1"},
        "ranking": [
            {"rank": n, "facility_id": i, "over_capacity": i in over, "places": places}
            for n, i in enumerate(CENTRES, start=1)
        ],
    }


class Filled:
    """Referrals, offers, answers, reports and looks, drawn by a seed."""

    def __init__(self, database, seed=0):
        self.database, self.rng = database, random.Random(seed)  # noqa: S311
        with database.writing() as session:
            org = Organisation(
                province="53", kind="institution", name_zh="甲县医院", division="530829"
            )
            session.add(org)
            session.flush()
            self.org = org.id
        self.actor = Actor(
            new_key(), "测试甲", Role.COUNTY_CLINICIAN, self.org, OrganisationKind.INSTITUTION,
            None, "530829", "53",
        )  # fmt: skip
        for centre in CENTRES:
            for kind in (BED, COT):
                self.report(centre, kind, 6, 5)

    def night(self, referrals):
        """As many referrals, each gone some way."""
        for _ in range(referrals):
            self.walk()
            if self.rng.random() < 0.2:
                in_service = self.rng.randint(2, 8)
                free = self.rng.randint(0, in_service)
                self.report(self.rng.choice(CENTRES), self.rng.choice((BED, COT)), in_service, free)
        return self

    def watch(self, session):
        return Watch(self.org, self.database.now(session) + timedelta(minutes=5), "look")

    def do(self, act, doing):
        """One command, recorded in the chain of its referral."""

        def acting(session):
            now = self.database.now(session)
            key = doing(session, {"by": Hand(self.org), "at": now, "watch": self.watch(session)})
            self.note(session, key, act)
            return Answer(200, str(key))

        asked = Asked("user:1", new_key().hex, act, b"{}", "53")
        try:
            return once(self.database, asked, acting).body
        except (TransitionError, PlaceLostError):
            return None

    def note(self, session, key, act, *, read=False):
        work = Work(session, self.actor, self.database.now(session))
        chain = chain_of(Chain.REFERRAL, key)
        record(
            work, chain=chain, act=act, object_kind="referral", object_id=key, scope="own",
            changed=() if read else ("status",), read=read,
        )  # fmt: skip

    def look(self, key):
        with self.database.writing() as session:
            self.note(session, key, "referral_shown", read=True)

    def report(self, centre, kind, in_service, free):
        with self.database.writing() as session:
            now = self.database.now(session)
            report_capacity(
                session, Reported(centre, kind, in_service, free, now, "ward round"),
                by_org=self.org, owner_org=self.org, province="53", now=now,
            )  # fmt: skip

    def walk(self):
        """One referral, from its draft to wherever it comes."""

        self.do("referral_requested", self.begin)
        key = self.key
        asked = self.ask(key)
        self.look(key)
        for offer in asked:
            if self.rng.random() < 0.4:
                self.do(
                    "offer_declined", lambda session, doing, o=offer: self.no(session, o, doing)
                )
            elif self.rng.random() < 0.8:
                self.do(
                    "offer_accepted", lambda session, doing, o=offer: self.yes(session, o, doing)
                )
        end = self.rng.choice(("handed_over", "cancelled", "stayed", None, None))
        if end:
            over = {"watch": None} if end == "cancelled" else {}
            self.do(
                f"referral_{end}",
                lambda session, doing: (
                    advance(session, key, ReferralStatus(end), **{**doing, **over}).id
                ),
            )
        self.look(key)

    def accepting(self):
        """One referral that two centres were asked for and the first has accepted."""
        self.do("referral_requested", self.begin)
        first, *_ = self.ask(self.key)
        self.do("offer_accepted", lambda session, doing: self.yes(session, first, doing))

    def begin(self, session, doing):
        woman = Patient(province="53", kind="maternal")
        session.add(woman)
        session.flush()
        self.key = draft_referral(
            session, patient_id=woman.id, origin_org=self.org, province="53",
            priority=self.rng.randint(1, 3), watch=doing["watch"], at=doing["at"],
        ).id  # fmt: skip
        advance(session, self.key, ReferralStatus.REQUESTED, **doing)
        match(session, self.key, asked={"facts": {}}, answer=ranked(), **doing)
        return self.key

    def ask(self, key):
        found = []

        def asking(session, doing):
            made = ask_next(
                session, key, most=2, answer_by=doing["at"] + timedelta(minutes=5), **doing
            )
            found.extend(offer.id for offer in made)
            return key

        self.do("offers_made", asking)
        return found

    def yes(self, session, offer, doing):
        accept(session, offer, held_until=None, if_lost=doing["watch"], **doing)
        return self.key

    def no(self, session, offer, doing):
        decline(session, offer, self.rng.choice(DECLINE_CODES), **doing)
        return self.key
