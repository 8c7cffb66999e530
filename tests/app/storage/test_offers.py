"""From a ranking to a centre that has said yes: first come, first served, and nobody twice."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import document
from app.referrals import store
from app.referrals.errors import DeclineRefusedError, StaleVersionError, TransitionError
from app.referrals.events import Hand
from app.referrals.matching import match
from app.referrals.new_offers import ask_next
from app.referrals.offering import accept, decline
from app.referrals.service import Watch, advance, draft_referral
from app.referrals.states import DECLINE_CODES, ReferralStatus
from tests.app.storage import rows
from tests.app.storage.rows import NOW

BED, COT = "OB_RESCUE_BED", "NEO_L2B"


def ranked(*ids, over=()):
    """The answer of ``recommend``, with what is read of it here."""
    places = [{"seat": "mother", "kind": BED}, {"seat": "newborn_1", "kind": COT}]
    return {
        "assessment": {"rule_set": "cn-2017+yunnan@1"},
        "ranking": [
            {"rank": n, "facility_id": i, "over_capacity": i in over, "places": places}
            for n, i in enumerate(ids, start=1)
        ],
    }


class Night:
    """A referral from P with a ranking; A, B and C have one bed and one cot each."""

    def __init__(self, database, *, over=()):
        self.database = database
        with database.writing() as session:
            self.org = rows.organisation(session)
            for facility in "ABC":
                for kind in (BED, COT):
                    rows.place(session, facility=facility, kind=kind)
        self.key = self.referral(over=over)

    def watch(self, minute=5):
        return Watch(self.org, NOW + timedelta(minutes=minute), "look")

    def referral(self, over=()):
        with self.database.writing() as session:
            key = draft_referral(
                session,
                patient_id=rows.patient(session),
                origin_org=self.org,
                province="53",
                priority=1,
                watch=self.watch(),
                at=NOW,
            ).id
            doing = {"by": Hand(self.org), "at": NOW, "watch": self.watch()}
            advance(session, key, ReferralStatus.REQUESTED, **doing)
            match(session, key, asked={"facts": {}}, answer=ranked(*"ABC", over=over), **doing)
        return key

    def ask(self, most, key=None):
        with self.database.writing() as session:
            made = ask_next(
                session,
                key or self.key,
                most=most,
                by=Hand(self.org),
                at=NOW,
                answer_by=NOW + timedelta(minutes=5),
                watch=self.watch(),
            )
            return {offer.facility_id: offer.id for offer in made}

    def accept(self, offer):
        with self.database.writing() as session:
            return accept(
                session,
                offer,
                by=Hand(self.org),
                at=NOW,
                held_until=None,
                watch=Watch(self.org, NOW + timedelta(minutes=30), "receive her"),
                if_lost=self.watch(),
            )

    def decline(self, offer, code="no_capability"):
        with self.database.writing() as session:
            decline(session, offer, code, by=Hand(self.org), at=NOW, watch=self.watch())

    def status(self, key=None):
        with self.database.reading() as session:
            found = store.referral_of(session, key or self.key)
            offers = store.offers_of(session, key or self.key)
            return found.status, {offer.facility_id: offer.status for offer in offers}

    def held(self):
        with self.database.reading() as session:
            found = session.execute(
                text("SELECT facility_id, kind FROM place WHERE reservation_id IS NOT NULL")
            )
            return sorted(tuple(row) for row in found)


@pytest.fixture
def tonight(database):
    return Night(database)


def test_the_first_yes_takes_all_seats_and_the_others_are_withdrawn(tonight):
    offers = tonight.ask(2)
    found = tonight.accept(offers["B"])

    assert found.accepted
    assert tonight.status() == ("accepted", {"A": "withdrawn", "B": "accepted"})
    assert tonight.held() == [("B", COT), ("B", BED)]


def test_a_second_yes_changes_nothing(tonight):
    offers = tonight.ask(2)
    tonight.accept(offers["A"])
    with pytest.raises(TransitionError):
        tonight.accept(offers["B"])

    assert tonight.status() == ("accepted", {"A": "accepted", "B": "withdrawn"})
    assert tonight.held() == [("A", COT), ("A", BED)]


def test_of_two_who_say_yes_at_once_one_takes_her(tonight):
    """Both wait until both are ready."""
    offers, together, said = tonight.ask(2), threading.Barrier(2), []

    def answer(offer):
        together.wait()
        try:
            said.append(tonight.accept(offer).accepted)
        except TransitionError:
            said.append(False)

    threads = [threading.Thread(target=answer, args=(offer,)) for offer in offers.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(said) == [False, True]
    assert sorted(tonight.status()[1].values()) == ["accepted", "withdrawn"]
    assert len(tonight.held()) == 2


def test_who_loses_the_place_is_given_the_next_centre_of_the_same_ranking(tonight):
    """Another referral took the cot of A in between; the bed of A stays free."""
    other = tonight.referral()
    mine, theirs = tonight.ask(1), tonight.ask(1, other)
    tonight.accept(theirs["A"])
    found = tonight.accept(mine["A"])

    assert (found.accepted, found.asked_instead) == (False, ("B",))
    assert found.lost.facility_id == "A"
    with tonight.database.reading() as session:
        referral = store.referral_of(session, tonight.key)
        assert (referral.next_step, referral.deadline_at) == ("look", NOW + timedelta(minutes=5))
    assert tonight.status() == ("offered", {"A": "withdrawn", "B": "offered"})
    assert tonight.held() == [("A", COT), ("A", BED)]


def test_at_the_end_of_the_ranking_somebody_has_to_look_for_another_way(tonight):
    for facility in "ABC":
        (offer,) = tonight.ask(1).values()
        tonight.decline(offer)
        assert tonight.status()[1][facility] == "declined"

    assert tonight.ask(1) == {}
    assert tonight.status()[0] == "matched"


def test_while_one_is_still_asked_a_no_of_the_other_changes_nothing(tonight):
    offers = tonight.ask(2)
    tonight.decline(offers["A"])

    assert tonight.status() == ("offered", {"A": "declined", "B": "offered"})


@pytest.mark.parametrize("code", ["", "full", "no_money", "infection"])
def test_a_no_needs_one_of_the_reasons_that_there_are(tonight, code):
    (offer,) = tonight.ask(1).values()
    with pytest.raises(DeclineRefusedError, match="recommend_nearer"):
        tonight.decline(offer, code)

    assert tonight.status()[1] == {"A": "offered"}


@pytest.mark.parametrize("code", DECLINE_CODES)
def test_every_reason_is_kept_in_the_event(tonight, code):
    (offer,) = tonight.ask(1).values()
    tonight.decline(offer, code)
    with tonight.database.reading() as session:
        assert store.last_event(session, "offer", offer).reason == code


def test_a_full_centre_that_takes_her_all_the_same_holds_no_place(database):
    """Asked over capacity, it finds one; the ledger promises none that is not there."""
    tonight = Night(database, over="A")
    (offer,) = tonight.ask(1).values()

    assert tonight.accept(offer).accepted
    assert tonight.held() == []


def test_the_ranking_is_kept_with_what_it_was_made_from_and_never_changed(tonight):
    with tonight.database.reading() as session:
        kept = store.last_recommendation(session, tonight.key)
        asked = document(session, kept, "asked")
        assert (kept.number, asked, kept.rule_set) == (1, {"facts": {}}, "cn-2017+yunnan@1")
    for statement in (
        "UPDATE recommendation SET answer = '{}'",
        "UPDATE recommendation SET rule_set = 'other'",
        "DELETE FROM recommendation",
    ):
        with pytest.raises(DBAPIError), tonight.database.writing() as session:
            session.execute(text(statement))


def test_an_offer_that_does_not_exist_is_not_found(tonight):
    with pytest.raises(NotFoundError):
        tonight.accept(new_key())


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"status": "accepted"}, ("uq_offer_accepted", "offer.referral_id")),
        ({"status": "declined"}, ("ck_offer_decline_code",)),
        ({"decline_code": "full", "status": "declined"}, ("ck_offer_decline_code",)),
        ({"deadline_at": None}, ("ck_offer_answer_by",)),
    ],
)
def test_what_the_database_refuses_of_offers_by_itself(tonight, changes, names):
    """Two accepted, a no without a reason, a question without a time to answer by."""
    tonight.ask(2)
    with pytest.raises(DBAPIError) as caught, tonight.database.writing() as session:
        rows.update(session, "offer", changes, "1 = 1")

    assert any(name in str(caught.value.orig) for name in names)


def test_the_answer_of_the_service_is_what_is_kept_and_asked(database, client, bleeding):
    """The real ranking of Suijiang: its first centre is the first that is asked."""
    answer = client.post("/api/v1/recommendations", json=bleeding).json()
    tonight = Night(database)
    with database.writing() as session:
        doing = {"by": Hand(tonight.org), "at": NOW, "watch": tonight.watch()}
        match(session, tonight.key, asked=bleeding, answer=answer, **doing)
    offers = tonight.ask(answer["parallel_offers"])

    assert list(offers) == [row["facility_id"] for row in answer["ranking"]][: len(offers)]
    assert len(offers) == answer["parallel_offers"]


def leave(tonight, wanted):
    with tonight.database.writing() as session:
        over = wanted in (ReferralStatus.CLOSED, ReferralStatus.CANCELLED)
        advance(
            session,
            tonight.key,
            wanted,
            by=Hand(tonight.org),
            at=NOW,
            watch=None if over else tonight.watch(),
        )


@pytest.mark.parametrize("wanted", ["matched", "stayed", "cancelled", "closed"])
def test_who_does_not_come_after_all_leaves_her_places_to_others(tonight, wanted):
    """Accepted by A, then she is asked for elsewhere, stays, withdraws, or dies."""
    offers = tonight.ask(2)
    tonight.accept(offers["A"])
    leave(tonight, ReferralStatus(wanted))

    assert tonight.held() == []
    assert tonight.status() == (wanted, {"A": "withdrawn", "B": "withdrawn"})


@pytest.mark.parametrize("wanted", ["stayed", "cancelled", "closed"])
def test_who_withdraws_before_an_answer_is_asked_for_nowhere(tonight, wanted):
    tonight.ask(2)
    leave(tonight, ReferralStatus(wanted))

    assert tonight.status() == (wanted, {"A": "withdrawn", "B": "withdrawn"})


def test_a_centre_that_cannot_after_all_gives_her_back_and_the_next_one_can_take_her(tonight):
    (first,) = tonight.ask(1).values()
    tonight.accept(first)
    tonight.decline(first, "no_bed_diverting_to")

    assert (tonight.status()[0], tonight.held()) == ("matched", [])
    (second,) = tonight.ask(1).values()
    assert tonight.accept(second).accepted
    assert tonight.status() == ("accepted", {"A": "declined", "B": "accepted"})


def test_who_has_arrived_lies_in_her_places_until_she_leaves_them(tonight):
    (offer,) = tonight.ask(1).values()
    tonight.accept(offer)
    for wanted in (ReferralStatus.HANDED_OVER, ReferralStatus.OUTCOME_REPORTED):
        leave(tonight, wanted)
        assert tonight.held() == [("A", COT), ("A", BED)]
    with tonight.database.reading() as session:
        found = session.execute(text("SELECT DISTINCT status FROM reservation")).all()
        assert [tuple(row) for row in found] == [("occupied",)]


def test_a_thread_that_writes_cannot_wait_for_itself(database):
    """On SQLite it would wait for ever; on PostgreSQL two sessions are two."""
    with database.writing():
        if database.is_sqlite:
            with pytest.raises(RuntimeError, match="session that it has"), database.writing():
                pass
        else:
            with database.writing() as session:
                assert session.execute(text("SELECT 1")).scalar() == 1


def again(tonight, *, ids="BC", **more):
    with tonight.database.writing() as session:
        doing = {"by": Hand(tonight.org), "at": NOW, "watch": tonight.watch()}
        match(session, tonight.key, asked={}, answer=ranked(*ids), **doing, **more)


def test_a_ranking_that_comes_late_does_not_undo_a_yes(tonight):
    """Only who says that she is diverted sends her elsewhere."""
    (offer,) = tonight.ask(1).values()
    tonight.accept(offer)
    with pytest.raises(TransitionError):
        again(tonight)
    assert tonight.status() == ("accepted", {"A": "accepted"})

    again(tonight, diverting=True)
    assert tonight.status() == ("matched", {"A": "withdrawn"})
    assert tonight.held() == []


def test_a_ranking_made_for_an_older_version_is_not_taken(tonight):
    tonight.ask(1)
    with pytest.raises(StaleVersionError):
        again(tonight, read=3)

    assert tonight.status() == ("offered", {"A": "offered"})


def test_who_was_asked_by_an_earlier_ranking_is_asked_no_more(tonight):
    """Her child needs another cot now, and A has none."""
    offers = tonight.ask(1)
    again(tonight)
    with pytest.raises(TransitionError):
        tonight.accept(offers["A"])

    assert tonight.status() == ("matched", {"A": "withdrawn"})
    assert list(tonight.ask(1)) == ["B"]


@pytest.mark.parametrize("wanted", ["cancelled", "closed", "stayed"])
def test_nobody_is_asked_for_a_woman_who_does_not_come(tonight, wanted):
    leave(tonight, ReferralStatus(wanted))
    with pytest.raises(TransitionError):
        tonight.ask(1)

    assert tonight.status() == (wanted, {})
