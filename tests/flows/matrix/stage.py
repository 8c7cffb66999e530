"""A province with referrals at every point of their lives, and everybody who might look at them.

What each referral is, is told beside it in plain words (:class:`Told`): who sent it, who is asked,
who takes her, whose county it is. The rules of the matrix read that and never the database.
"""

import uuid
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from app.db_types import new_key
from app.keys.keyring import Bound, KeyRing
from app.keys.words import document
from app.patients.tables import PatientIdentity
from app.referrals.party_tables import BrokenGlass
from app.referrals.requests import Ranked, Wanted, request_referral
from app.referrals.store import last_recommendation
from app.referrals.tables import Offer, Referral
from app.work import Work
from tests.app.storage import rows
from tests.app.storage.people import number
from tests.flows.house import CONSENT, whole_sbar
from tests.flows.matrix.cast import ABROAD, FOREIGN, HERE, THERE, Cast
from tests.flows.matrix.told import Told
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

ON_THE_WAY = datetime.now(UTC).isoformat()
ELECTIVE = {"tolac_planned": True, "tolac_contraindicated": False}
LATER = "2026-01-01T03:00:00+08:00"


class Stage(Cast):
    """The house, its people by name with the organisation of each, and the referrals."""

    def __init__(self, house):
        super().__init__(house)
        self.keys = KeyRing(house.settings.keys)
        self.told = {}
        self._referrals()
        self._glasses()
        self._accounts()
        self._vehicles()
        self._papers()
        self._read_back()

    def _referrals(self):
        doctor = self.caller("doctor")
        here = {"sender": "sender", "county": HERE}
        asked = doctor.ask(BLEEDING, home_county=THERE)
        first, second = (one["facility_id"] for one in asked["offers"])
        self.centre(first), self.centre(second)
        both = frozenset({self.centre(first), self.centre(second)})
        self._tell("offered", asked, **here, home=THERE, asked=both)
        self._ride(doctor, "offered")

        # Who is asked first changes with what is free and with the light on the roads.
        taken = doctor.ask(BLEEDING)
        first = taken["offers"][0]["facility_id"]
        self._answer(taken, first, "accept")
        self._tell("accepted", taken, **here, takes=self.centre(first))
        self._ride(doctor, "accepted", depart=True)

        refused = doctor.ask(BLEEDING)
        first = refused["offers"][0]["facility_id"]
        self._answer(refused, first, "decline", {"code": "recommend_nearer"})
        others = {o["facility_id"] for o in doctor.referral(refused["id"])["offers"]} - {first}
        self._tell("declined", refused, **here, asked=frozenset(map(self.centre, others)))
        self._ride(doctor, "declined")

        self._tell("cancelled", self._cancelled(doctor), **here, open=False)
        closed = self._closed(doctor)
        first = closed["offers"][1]["facility_id"]
        self._tell("closed", closed, **here, takes=self.centre(first), open=False)
        self.told["closed"].ids["transfer_id"] = self._last_ride

        slow = doctor.ask(ELECTIVE)
        assert slow["priority"] == 3, slow["priority"]
        waiting = frozenset(self.centre(o["facility_id"]) for o in slow["offers"])
        self._tell("not urgent", slow, **here, asked=waiting, emergency=False)
        self._ride(doctor, "not urgent")

        self._by_telephone()
        self._from_a_township()
        there = self.caller("doctor elsewhere").ask(BLEEDING)
        waiting = frozenset(self.centre(o["facility_id"]) for o in there["offers"])
        self._tell("elsewhere", there, sender="elsewhere", county=THERE, asked=waiting)
        self._ride(self.caller("doctor elsewhere"), "elsewhere")
        self._abroad(asked)
        for one in self.told.values():
            self._name(one)

    def _tell(self, name, document, **more):
        one = Told(name, **more)
        one.ids = {
            "referral_id": document["id"],
            "patient_id": document["patient_id"],
            "number": document["number"],
        }
        if document["offers"]:
            one.ids["offer_id"] = document["offers"][0]["id"]
            one.offered_to = self.centre(document["offers"][0]["facility_id"])
        self.told[name] = one

    def _answer(self, asked, facility, what, body=None):
        self.centre(facility)
        offer = next(o["id"] for o in asked["offers"] if o["facility_id"] == facility)
        answer = self.caller(f"coordinator {facility}").post(f"/offers/{offer}/{what}", body)
        assert answer.status_code == 200, answer.text

    def _ride(self, who, name, *, depart=False):
        key = self.told[name].ids["referral_id"]
        said = f"测试随车{name}"
        ride = who.post("/transfers", {"referral_id": key, "drives": "sender", "escort": said})
        assert ride.status_code == 201, ride.text
        self.told[name].ids["transfer_id"] = ride.json()["id"]
        vital = 141 + sum(bool(one.journey) for one in self.told.values())
        seen = {"facts": {"hr": vital}, "happened_at": ON_THE_WAY}
        answer = who.post(f"/transfers/{ride.json()['id']}/observations", seen)
        assert answer.status_code == 201, answer.text
        self.told[name].journey = (f'"hr": {vital}', f'"hr":{vital}', said)
        self.told[name].heading = self.centre(ride.json()["destination"])
        if depart:
            assert who.post(f"/transfers/{ride.json()['id']}/depart", {}).status_code == 200

    def _cancelled(self, doctor):
        asked = doctor.ask(BLEEDING)
        said = {"reason": "recovered"}
        done = doctor.post(f"/referrals/{asked['id']}/cancel", said, version=asked["version"])
        assert done.status_code == 200, done.text
        return asked

    def _closed(self, doctor):
        """The whole way: taken, brought, handed over, told of, closed."""
        asked = doctor.ask(BLEEDING)
        facility = asked["offers"][1]["facility_id"]  # whose yes takes back the first question
        self._answer(asked, facility, "accept")
        told = doctor.post(f"/referrals/{asked['id']}/handover-set", whole_sbar())
        assert told.status_code == 201, told.text
        told = doctor.post(f"/referrals/{asked['id']}/consents", CONSENT)
        assert told.status_code == 201, told.text
        ride = doctor.post("/transfers", {"referral_id": asked["id"], "drives": "sender"}).json()
        self._last_ride = ride["id"]
        centre = self.caller(f"coordinator {facility}")
        names = {"giver": "测试乙", "receiver": "测试丙", "identifiers": ["name", "wristband"]}
        came = {"result": "discharged", "diagnosis": "产后出血", "treatment": "球囊压迫"}
        for who, path, body in (
            (doctor, f"/transfers/{ride['id']}/depart", {}),
            (centre, f"/transfers/{ride['id']}/arrive", None),
            (centre, f"/transfers/{ride['id']}/hand-over", names),
            (centre, f"/referrals/{asked['id']}/outcomes", came | {"happened_at": LATER}),
        ):
            answer = who.post(path, body)
            assert answer.status_code in (200, 201), answer.text
        version = doctor.referral(asked["id"])["version"]
        done = doctor.post(
            f"/referrals/{asked['id']}/close", {"reason": "complete"}, version=version
        )
        assert done.status_code == 200, done.text
        return asked

    def _by_telephone(self):
        """A duty officer enters it for the sender; it is over by now."""
        duty = self.caller("county duty")
        origin = {"facility_id": SUIJIANG}
        asked = duty.ask(BLEEDING, origin=origin, said_by="测试己")
        done = duty.post(
            f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=asked["version"]
        )
        assert done.status_code == 200, done.text
        self._tell(
            "by telephone, over",
            asked,
            sender="sender",
            county=HERE,
            open=False,
            entered_by=f"commission {HERE}",
        )

    def _from_a_township(self):
        worker = self.caller("township worker")
        asked = worker.ask(BLEEDING, origin={"adcode": HERE})
        waiting = frozenset(self.centre(o["facility_id"]) for o in asked["offers"])
        self._tell(
            "from a township", asked, sender="township", county=HERE, asked=waiting, brings="ems"
        )
        self._ride(worker, "from a township")
        with self.house.database.writing() as session:
            rows.insert(
                session,
                "referral_party",
                id=new_key(),
                province="53",
                referral_id=uuid.UUID(asked["id"]),
                capacity="transport",
                org_id=self.orgs["ems"].id,
                from_at=rows.NOW,
            )

    def _abroad(self, like):
        """A referral of another province, written by the same services."""
        actor = self.house.people["foreign doctor"]
        with self.house.database.reading() as session:
            found = self.stored_ranking(session, like["id"])
        wanted = Wanted(kind="maternal", county=ABROAD)
        answer = found | {"ranking": []}
        with self.house.database.writing() as session:
            work = Work(session, actor, self.house.database.now(session))
            made = request_referral(work, self.keys, wanted, Ranked({}, answer))
            key, patient, said = made.id, made.patient_id, made.number
        asked = {"id": str(key), "patient_id": str(patient), "number": said, "offers": []}
        self._tell(
            "of another province",
            asked,
            sender="foreign",
            county=ABROAD,
            province=FOREIGN,
            coordinates="commission 520100",
        )

    def stored_ranking(self, session, key):
        return document(session, last_recommendation(session, uuid.UUID(key)), "answer")

    def _name(self, one):
        """Say who she is; each has a name, a number and a telephone of her own."""
        who = {
            "foreign": "foreign doctor",
            "elsewhere": "doctor elsewhere",
            "township": "township worker",
        }.get(one.sender, "doctor")
        order = f"{len(self.secrets()) + 100:03}"
        said = {
            "identity_kind": "resident_id",
            "id_number": number(order=order),
            "name": f"测试乙{chr(0x4E00 + int(order))}丁",
            "phone": f"1390000{order}7",
        }
        answer = self.house.client.patch(
            f"/api/v1/patients/{one.ids['patient_id']}/identity",
            json=said,
            headers=self.caller(who).headers(1),
        )
        assert answer.status_code == 200, (one.name, answer.text)
        one.secrets = (said["id_number"], said["name"], said["phone"])

    def secrets(self):
        return [text for one in self.told.values() for text in one.secrets]

    def _glasses(self):
        """One is broken now, one was and has expired; before it is broken it is as elsewhere."""
        for who, name in (
            ("looker", "accepted"),
            ("duty with a broken glass", "not urgent"),
        ):
            said = {"number": self.told[name].ids["number"], "reason": "家属来电询问病情进展"}
            answer = self.caller(who).post("/broken-glasses", said)
            assert answer.status_code == 201, answer.text
            self.told[name].glass |= {who}
            self.told[name].ids["glass_id"] = answer.json()["id"]
        key = new_key()
        with self.house.database.writing() as session:
            now = self.house.database.now(session)
            of = self.told["offered"].ids
            session.add(
                BrokenGlass(
                    id=key,
                    province="53",
                    referral_id=uuid.UUID(of["referral_id"]),
                    user_id=self.house.people["looker"].user_id,
                    reason=self.keys.seal("已过期的查看", Bound("broken_glass", "reason", key)),
                    from_at=now - timedelta(hours=2),
                    until=now - timedelta(minutes=1),
                )
            )
        of["glass_id"] = str(key)

    def _papers(self):
        """A plan of the prefecture, and a blank form of the sender."""
        plan = self.caller("prefecture duty").post("/plans", {})
        assert plan.status_code == 201, plan.text
        self.plan = plan.json()["id"]
        form = self.caller("doctor").post("/paper-forms", {"count": 1})
        assert form.status_code == 201, form.text
        self.form = form.json()["items"][0]["number"]

    def _read_back(self):
        """Remember the version of each record, for ``If-Match``."""
        with self.house.database.reading() as session:
            for one in self.told.values():
                referral = session.get(Referral, uuid.UUID(one.ids["referral_id"]))
                identity = session.get(PatientIdentity, referral.patient_id)
                one.ids["version"] = referral.last_seq
                one.ids["identity_version"] = identity.version
            self.offers = {str(o.id): o.facility_id for o in session.exec(select(Offer)).all()}
