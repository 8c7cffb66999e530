"""Everything that people and the worker do with referrals, offers and journeys, in any order.

A rule is a transaction of a service. What a service refuses is refused in its own words; whatever
else comes out of it is a fault. Afterwards nothing is wrong that ``greenchannel verify`` looks for.
"""

import uuid
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import text

from app.referrals import answers, endings, lists, requests, speaking, views
from app.referrals.sight import look
from app.referrals.states import DECLINE_CODES, OPEN, CancelReason, CloseReason
from app.transfers import journeys, papers
from app.transfers.states import Drives
from app.verifying.invariants import broken
from app.verifying.service import examine
from tests.app.pressure import rogue, world
from tests.app.pressure.acting import SEEN, Acting
from tests.app.pressure.looks import LOOKS

DETAILS = {"no_capability": "BLOOD_MTP", "no_bed_diverting_to": world.SENDERS[0]}
_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)

which = st.integers(0, 5)
people = st.integers(0, 1)
anybody = st.integers(0, 23)
facilities = st.integers(0, 2)
rides = st.builds(
    journeys.Ride,
    drives=st.sampled_from(Drives),
    facility_id=st.sampled_from((None, *world.CENTRES)),
    outside=st.sampled_from((None, None, "省外某院")),
    minutes=st.sampled_from((None, 30)),
)


class Journeys(Acting):
    """What anybody may do, in any order; ``which`` counts referrals from the newest."""

    @initialize(priority=st.integers(1, 3), order=st.permutations(world.CENTRES))
    def first(self, priority, order):
        """Most rules need somebody who is asked for."""
        self.request(0, priority, order, 3, 2, 2, False, None, "own")

    # What people do.

    @rule(
        who=people,
        priority=st.integers(1, 3),
        order=st.permutations(world.CENTRES),
        length=st.sampled_from((0, 1, 3, 3)),
        at_once=st.integers(1, 2),
        seats=st.integers(1, 2),
        over=st.sampled_from((False, False, True)),
        again=st.sampled_from((None, None, None, 0, 1)),
        how=st.sampled_from(("own", "own", "telephone", "takes_over")),
    )
    def request(self, who, priority, order, length, at_once, seats, over, again, how):
        sender = self.world.senders[who]
        actor = self.world.offices[0] if how == "telephone" else sender
        there = self.one(again) if again is not None else None
        document = world.ranked(
            order[:length], priority=priority, at_once=at_once, seats=seats, over=over
        )
        asked = world.wanted(
            sender.facility_id,
            patient=None if there is None else uuid.UUID(str(there.patient_id)),
            said_by="王医生" if how == "telephone" else None,
            takes_over=there.number if there is not None and how == "takes_over" else None,
        )
        made = self.act(
            actor,
            lambda work: requests.request_referral(work, self.keys, asked, document).id,
            f"request by {how}",
        )
        if made is not None:
            self.referrals.append(made)

    @precondition(lambda self: self.referrals)
    @rule(
        number=which,
        who=anybody,
        order=st.permutations(world.CENTRES),
        length=st.sampled_from((0, 2, 3)),
        diverting=st.booleans(),
    )
    def match(self, number, who, order, length, diverting):
        found = self.one(number)
        if found is not None:
            document = world.ranked(order[:length], priority=1)
            self.act(
                self.person(who, found),
                lambda work: requests.match_again(
                    work,
                    uuid.UUID(str(found.id)),
                    document,
                    read=found.last_seq,
                    diverting=diverting,
                ),
                "match again",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, facility=facilities)
    def see(self, number, facility):
        if (found := self.offer(number, facility)) is not None:
            self.act(found[1], lambda work: answers.see_offer(work, found[0]), "see")

    @precondition(lambda self: self.referrals)
    @rule(number=which, facility=facilities)
    def accept(self, number, facility):
        if (found := self.offer(number, facility)) is not None:
            self.act(found[1], lambda work: answers.accept_offer(work, found[0]), "accept")

    @precondition(lambda self: self.referrals)
    @rule(number=which, facility=facilities, code=st.sampled_from(DECLINE_CODES))
    def decline(self, number, facility, code):
        if (found := self.offer(number, facility)) is not None:
            self.act(
                found[1],
                lambda work: answers.decline_offer(work, found[0], code, detail=DETAILS.get(code)),
                "decline",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody, facility=facilities)
    def accept_by_word(self, number, who, facility):
        if (found := self.one(number)) is not None:
            self.act(
                self.person(who, found),
                lambda work: answers.accept_by_word(
                    work, uuid.UUID(str(found.id)), world.CENTRES[facility], said_by="李医生"
                ),
                "accept by word",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody)
    def accept_outside(self, number, who):
        if (found := self.one(number)) is not None:
            self.act(
                self.person(who, found),
                lambda work: answers.accept_outside(
                    work, uuid.UUID(str(found.id)), "省外某院", said_by="某人", read=found.last_seq
                ),
                "accept outside",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody, facility=facilities)
    def ask_by_name(self, number, who, facility):
        if (found := self.one(number)) is not None:
            self.act(
                self.person(who, found),
                lambda work: answers.ask_by_name(
                    work, uuid.UUID(str(found.id)), world.CENTRES[facility]
                ),
                "ask by name",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody, what=st.sampled_from(("request", "acceptance")))
    def confirm(self, number, who, what):
        if (found := self.one(number)) is not None:
            self.act(
                self.person(who, found),
                lambda work: speaking.confirm_word(work, uuid.UUID(str(found.id)), what),
                "confirm",
            )

    @precondition(lambda self: self.referrals)
    @rule(
        number=which,
        who=anybody,
        how=st.sampled_from(("cancel", "stay", "close", "close")),
        reason=st.sampled_from([*CancelReason, *CloseReason]),
        late=st.sampled_from((0, 0, 0, 1)),
    )
    def end(self, number, who, how, reason, late):
        found = self.one(number)
        if found is None:
            return
        key, read = uuid.UUID(str(found.id)), found.last_seq - late
        acts = {"cancel": endings.cancel, "stay": endings.stay, "close": endings.close}
        kinds = {"cancel": CancelReason, "close": CloseReason}
        if how == "stay" or isinstance(reason, kinds[how]):
            self.act(
                self.person(who, found), lambda work: acts[how](work, key, reason, read=read), how
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody, ride=rides)
    def dispatch(self, number, who, ride):
        if (found := self.one(number)) is not None:
            self.act(
                self.person(who, found),
                lambda work: journeys.dispatch(work, uuid.UUID(str(found.id)), ride),
                "dispatch",
            )

    @precondition(lambda self: self.transfers)
    @rule(
        number=which,
        who=anybody,
        what=st.sampled_from(("depart",) * 4 + ("arrive",) * 4 + ("call_off", "die")),
    )
    def travel(self, number, who, what):
        if (key := self.transfer(number)) is not None:
            act = getattr(journeys, what)
            said = {"said_by": "丙"} if what == "arrive" else {}
            self.act(self.person(who, self.one(number)), lambda work: act(work, key, **said), what)

    @precondition(lambda self: self.transfers)
    @rule(number=which, who=anybody, ride=rides)
    def divert(self, number, who, ride):
        if (key := self.transfer(number)) is not None:
            self.act(
                self.person(who, self.one(number)),
                lambda work: journeys.divert(work, key, ride, reason="road_closed"),
                "divert",
            )

    @precondition(lambda self: self.transfers)
    @rule(number=which, who=anybody, checked=st.sampled_from((True, True, False)))
    def hand_over(self, number, who, checked):
        if (key := self.transfer(number)) is not None:
            self.act(
                self.person(who, self.one(number)),
                lambda work: journeys.hand_over(
                    work,
                    key,
                    giver="甲",
                    receiver="乙",
                    identifiers=("name", "wristband")[: 1 + checked],
                    said_by="丙",
                ),
                "hand over",
            )

    @precondition(lambda self: self.referrals)
    @rule(
        number=which,
        who=anybody,
        result=st.sampled_from(("discharged", "referred_back", "died", "still_admitted")),
    )
    def outcome(self, number, who, result):
        if (found := self.one(number)) is not None:
            came = papers.Came(
                result=result, diagnosis="某病", treatment="治疗", happened_at=self.now
            )
            self.act(
                self.person(who, found, takes=True),
                lambda work: papers.report_outcome(work, self.keys, uuid.UUID(str(found.id)), came),
                "outcome",
            )

    @precondition(lambda self: self.referrals)
    @rule(number=which, until=st.integers(1, 6), ends=st.sampled_from(("hand over", "die")))
    def all_goes_well(self, number, until, ends):
        """What happens on most nights, as far as it goes: chance alone seldom comes so far."""
        for step in range(until):
            found = self.one(number)
            if found is None:
                return
            if step == 0:
                self.accept(number, 0)
            elif step == 1:
                self.dispatch(number, 23, journeys.Ride(drives=Drives.SENDER))
            elif step == 4 and ends == "hand over":
                self.hand_over(number, 23, True)
            elif step == 5:
                self.outcome(number, 23, "discharged")
            else:
                self.travel(number, 23, ("depart", "arrive", "die")[step - 2])

    @rule(minutes=st.sampled_from((1, 4, 9, 45, 1_500)))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        counts = self.worker.step(self.now)
        assert (counts.failed, counts.dead) == (0, 0)
        SEEN["fell due"] += counts.done
        self.moved |= bool(counts.done)

    @precondition(lambda self: self.referrals)
    @rule(number=which, who=anybody)
    def look(self, number, who):
        if (found := self.one(number)) is not None:
            key = uuid.UUID(str(found.id))
            self.act(
                self.person(who, found), lambda work: views.shown(work, look(work, key)), "look"
            )

    @rule(name=st.sampled_from([*rogue.ACTS]), number=st.integers(0, 9), other=st.integers(0, 19))
    def behind_the_back(self, name, number, other):
        """Plain SQL; what the database lets in breaks none of what it promises, and is undone."""
        found = rogue.attempt(self.database, name, number, other)
        assert not found, (name, found)
        SEEN["rogue refused" if found is None else "rogue let in"] += 1

    # What must be true whatever they do.

    @invariant()
    def nothing_is_wrong(self):
        if not self.moved:
            return
        self.moved = False
        self.nobody_leaves_the_worklist_of_who_sends()
        with self.database.reading() as session:
            found = [(one.code, one.id) for one in broken(session)]
            for code, statement in LOOKS.items():
                found += [(code, str(key)) for (key,) in session.execute(text(statement))]
        assert not found, found

    def nobody_leaves_the_worklist_of_who_sends(self):
        statement = f"SELECT id, origin_org FROM referral WHERE status IN ({_OPEN})"
        with self.database.reading() as session:
            left = session.execute(text(statement)).all()
            for sender in self.world.senders:
                mine = {str(row.id) for row in left if str(row.origin_org) == str(sender.org_id)}
                work = world.working(session, sender, self.now)
                listed = lists.worklist(work, lists.offers_to_me(work))
                assert mine <= {str(one.id) for one, _ in listed}

    def teardown(self):
        with self.database.reading() as session:
            report = examine(session, key=None, outside=None, without=frozenset({"Seals"}))
        assert not report.findings, report.findings
