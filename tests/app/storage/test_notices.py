"""Messages are written with the change, sent after it, in order, and again where it is not sure."""

import contextlib
import ipaddress
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.errors import NotFoundError
from app.notices import service
from app.notices.channels import LogChannel, WebhookChannel
from app.notices.errors import ChannelError, NoDeadNoticeError, RefusedMessageError
from app.notices.guarded import Allowed, Gate
from app.notices.sending import TRIES, Sending
from app.notices.states import ChannelName, Template
from tests.app.storage import rows
from tests.app.storage.chats import Chat
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass
class Act:
    session: object
    now: object = NOW


class Box:
    """A channel that remembers, and fails where it is told to."""

    def __init__(self, fails=lambda message: None):
        self.sent, self.fails = [], fails

    def send(self, message):
        if error := self.fails(message):
            raise error
        self.sent.append(message)


def organisation(database, *addresses, channel=ChannelName.SMS, **more):
    with database.writing() as session:
        org = rows.organisation(session, **more)
        for address in addresses:
            service.add_address(session, org, channel, address, at=NOW)
    return org


def say(database, org, referral, template=Template.WITHDRAWN, *, now=NOW, **more):
    with database.writing() as session:
        return service.notify(
            Act(session, now), org_id=org, template=template, referral_id=referral, **more
        )


def sending(database, box, channel=ChannelName.SMS):
    return Sending(database, channel, box)


class Lines(LogChannel):
    """A log that remembers."""

    def __init__(self):
        self.sent = []

    def send(self, message):
        self.sent.append(message.dedup_key)


def test_what_another_worker_has_written_down_meanwhile_is_written_down_once(database):
    """Both have put the same into words before either says that it is out."""
    org = organisation(database)
    for _ in range(3):
        say(database, org, uuid.uuid4())
    first, second = (Sending(database, ChannelName.LOG, Lines()) for _ in range(2))
    worded, others = first._worded, [lambda: second.run(NOW)]

    def interrupted(*what):
        while others:
            assert others.pop()()
        return worded(*what)

    first._worded = interrupted
    assert first.run(NOW)

    assert (len(second._channel.sent), first._channel.sent) == (3, [])


def test_each_address_is_told_once_and_in_words(database):
    """The institution to be rung is named, with its telephone of that moment."""
    centre = organisation(database, facility_id="YN530100-001", name_zh="甲州医院")
    org = organisation(database, "0871-1", "0871-2", facility_id="YN530829-001")
    params = {"colour": "red", "waited_min": 8, "ring": "YN530100-001"}
    made = say(database, org, uuid.uuid4(), Template.CALL_NOW, params=params)
    box = Box()
    out = Sending(database, ChannelName.SMS, box, phone_of=lambda *_: "0871-9")
    out.run_all(NOW)
    out.run_all(NOW)

    assert (made, [message.address for message in box.sent]) == (2, ["0871-1", "0871-2"])
    assert len({message.dedup_key for message in box.sent}) == 2
    assert box.sent[0].text.endswith("已等候 8 分钟,请立即打电话:甲州医院 0871-9")
    assert box.sent[0].org == "YN530829-001"
    assert centre != org


def test_who_has_no_address_is_told_in_the_log(database):
    org, box = organisation(database), Box()
    say(database, org, uuid.uuid4())
    sending(database, box, ChannelName.LOG).run_all(NOW)

    assert len(box.sent) == 1


def test_a_change_that_is_undone_tells_nobody(database):
    org = organisation(database, "0871-1")
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        service.notify(
            Act(session), org_id=org, template=Template.CANCELLED, referral_id=uuid.uuid4()
        )
        raise ZeroDivisionError
    box = Box()
    sending(database, box).run_all(NOW)

    assert box.sent == []


def test_what_one_receiver_is_told_of_a_referral_waits_for_what_was_told_before(database):
    """The first does not get out: the second waits; other referrals and others do not."""
    first, other = uuid.uuid4(), uuid.uuid4()
    org, elsewhere = organisation(database, "0871-1"), organisation(database, "0871-2")
    say(database, org, first, Template.WITHDRAWN)
    say(database, org, first, Template.CANCELLED)
    say(database, elsewhere, first, Template.CANCELLED)
    say(database, org, other, Template.CANCELLED)
    down = [True]
    box = Box(lambda one: ChannelError("down") if one.template == "withdrawn" and down else None)
    out = sending(database, box)
    out.run_all(NOW)
    before = [(message.template, message.address) for message in box.sent]
    down.clear()
    out.run_all(NOW + HOUR)
    after = [message.template for message in box.sent[2:]]

    assert sorted(before) == [("cancelled", "0871-1"), ("cancelled", "0871-2")]
    assert after == ["withdrawn", "cancelled"]


def test_one_that_will_never_be_taken_is_dead_at_once_and_holds_nothing_up(database):
    org, referral = organisation(database, "0871-1"), uuid.uuid4()
    say(database, org, referral, Template.WITHDRAWN)
    say(database, org, referral, Template.CANCELLED)
    box = Box(lambda one: RefusedMessageError("no") if one.template == "withdrawn" else None)
    sending(database, box).run_all(NOW)
    with database.reading() as session:
        dead = len(service.dead_notices(session, "53"))

    assert (dead, [message.template for message in box.sent]) == (1, ["cancelled"])


def test_what_cannot_be_sent_is_a_dead_letter_at_last_and_can_be_revived(database):
    org, referral = organisation(database, "0871-1"), uuid.uuid4()
    say(database, org, referral, Template.WITHDRAWN)
    say(database, org, referral, Template.CANCELLED)
    broken = [True]
    box = Box(lambda one: ChannelError("down") if one.template == "withdrawn" and broken else None)
    out = sending(database, box)
    for n in range(TRIES + 2):
        out.run_all(NOW + n * HOUR)
    with database.writing() as session:
        (letter,) = service.dead_notices(session, "53")
        with pytest.raises(NoDeadNoticeError):
            service.revive_notice(session, letter.id, province="51", at=NOW)
        service.revive_notice(session, letter.id, province="53", at=NOW)
    broken.clear()
    out.run_all(NOW + 100 * HOUR)

    assert (letter.tries, letter.last_error) == (TRIES, "down")
    assert [message.template for message in box.sent] == ["cancelled", "withdrawn"]


def test_the_same_occasion_is_told_once(database):
    org, referral = organisation(database, "0871-1"), uuid.uuid4()
    made = [say(database, org, referral, occasion="rung_2") for _ in range(2)]

    assert made == [1, 0]


def test_an_exercise_tells_nobody(database):
    org = organisation(database, "0871-1")

    assert say(database, org, uuid.uuid4(), drill=True) == 0


def test_only_institutions_that_exist_are_named(database):
    org = organisation(database, "0871-1", facility_id="YN530829-001")
    good, bad = {"facility": "YN530829-001"}, {"facility": "测试甲"}

    assert say(database, org, uuid.uuid4(), Template.ARRIVED, params=good) == 1
    with pytest.raises(ValueError, match="takes no such value"):
        say(database, org, uuid.uuid4(), Template.ARRIVED, params=bad)
    with pytest.raises(NotFoundError):
        say(database, uuid.uuid4(), uuid.uuid4())


def test_the_age_of_the_oldest_is_an_alarm_after_a_minute(database):
    org = organisation(database, "0871-1")
    say(database, org, uuid.uuid4())
    found = []
    for age in (60, 61):
        with database.reading() as session:
            found.append(service.status(session, at=NOW + age * SECOND))

    assert [one["alarm"] for one in found] == [False, True]
    assert found[1] == {"waiting": 1, "oldest_undelivered_s": 61, "dead": 0, "alarm": True}


def test_a_notice_of_a_version_to_come_fails_alone(database):
    org = organisation(database, "0871-1")
    say(database, org, uuid.uuid4())
    with database.writing() as session:
        rows.update(session, "notice", {"template": "of_tomorrow"}, "1 = 1")
    say(database, org, uuid.uuid4(), now=NOW + SECOND)
    box = Box()
    sending(database, box).run_all(NOW + SECOND)

    assert [message.template for message in box.sent] == ["withdrawn"]


def test_a_chat_that_is_away_for_a_while_gets_everything_in_order(database):
    """It answers 503 to every second call."""
    referral = uuid.uuid4()

    def every_second(chat):
        return 503 if len(chat.bodies) % 2 else 200

    with Chat(every_second).open() as chat:
        org = organisation(database, chat.url, channel=ChannelName.WEBHOOK)
        for _ in range(5):
            say(database, org, referral)
        listed = frozenset({chat.host})
        gate = Gate(Allowed(listed, (ipaddress.ip_network("127.0.0.1/32"),), listed))
        out = sending(database, WebhookChannel(gate, '{"k": "{dedup_key}"}'), ChannelName.WEBHOOK)
        for n in range(10):
            out.run_all(NOW + n * HOUR)
    with database.reading() as session:
        wanted = session.execute(text("SELECT dedup_key FROM notice ORDER BY number")).scalars()

        assert list(dict.fromkeys(chat.keys)) == list(wanted)


def test_the_database_refuses_a_sentence_as_template_and_a_number_twice(database):
    org, referral = organisation(database, "0871-1"), uuid.uuid4()
    say(database, org, referral)
    say(database, org, referral)
    with refused(database, by=["ck_notice_template"]) as session:
        rows.update(session, "notice", {"template": "a name said"}, "1 = 1")
    with refused(database, by=["uq_notice_number", "notice.number"]) as session:
        rows.update(session, "notice", {"number": 1}, "1 = 1")
    with refused(database, by=["uq_notice_dedup_key", "notice.dedup_key"]) as session:
        rows.update(session, "notice", {"dedup_key": "x"}, "1 = 1")
    with refused(database, by=["not allowed"]) as session:
        session.execute(text("DELETE FROM notice"))
