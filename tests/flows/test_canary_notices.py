"""A night of the canary: what is sent out by any way, and what it is made of, names her nowhere."""

import logging

from sqlalchemy import text

from app.accounts.states import Role
from app.notices.sending import Sending
from app.notices.states import ChannelName
from tests.app.storage import canary
from tests.app.storage.canary import sightings
from tests.flows.house import whole_sbar
from tests.flows.test_bad_night import BLEEDING, SUIJIANG
from tests.flows.test_patients import SAID, entered


class Caught:
    """A channel that keeps what it is given."""

    def __init__(self):
        self.messages = []

    def send(self, message):
        self.messages.append(message)


def a_night(house):
    """She is entered with everything, asked for, refused, accepted, driven and handed over."""
    boss = house.person("boss", Role.ADMINISTRATOR, facility=SUIJIANG)
    given = {"org_id": str(house.people["boss"].org_id), "channel": "sms", "address": "13800000000"}
    assert boss.post("/notice-addresses", given).status_code == 201
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING, patient_id=entered(doctor, **SAID))
    first, second = asked["offers"]
    no, yes = (house.coordinator(one["facility_id"]) for one in (first, second))
    assert no.post(f"/offers/{first['id']}/decline", {"code": "recommend_nearer"}).is_success
    house.pass_time(3)
    assert yes.post(f"/offers/{second['id']}/accept").is_success
    assert doctor.post(f"/referrals/{asked['id']}/handover-set", whole_sbar()).is_success
    ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
    assert doctor.post(f"/transfers/{ride['id']}/depart", {}).is_success
    house.pass_time(30)
    assert yes.post(f"/transfers/{ride['id']}/arrive").is_success
    return asked


def sent(house):
    """Everything that goes out, whatever the way."""
    caught = Caught()
    for name in ChannelName:
        Sending(house.database, name, caught).run_all()
    return caught.messages


def test_no_notice_and_no_line_that_it_is_made_of_names_her(house, caplog):
    caplog.set_level(logging.DEBUG)
    a_night(house)
    messages = sent(house)
    with house.database.reading() as session:
        rows = [str(row) for row in session.execute(text("SELECT * FROM notice"))]
        changes = [str(row) for row in session.execute(text("SELECT * FROM change"))]

    assert len(messages) >= 5
    assert len(rows) == len(messages)
    places = {
        "messages": "\n".join(map(repr, messages)).encode(),
        "notice": "\n".join(rows).encode(),
        "change": "\n".join(changes).encode(),
        # The client of the tests logs the addresses that it calls itself.
        "log": "\n".join(r.getMessage() for r in caplog.records).encode(),
    }
    assert sightings(places) == []


def test_a_name_in_a_notice_would_be_noticed(house):
    """The planted fault: somebody puts her name where the name of a hospital belongs."""
    a_night(house)
    messages = sent(house)
    planted = repr(messages[0]).replace(messages[0].referral, canary.NAME)

    assert sightings({"messages": planted.encode()})
