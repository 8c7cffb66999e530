"""A province at night for the stories: organisations, people, places, and the application.

Who calls is named in the header; how people sign in has tests of its own.
"""

import uuid
from datetime import timedelta

from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.organisations import open_commissions
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.centres.opening import open_places
from app.db_types import new_key
from app.errors import NotSignedInError
from app.main import create_app
from app.referrals.climbing import handlers
from app.transfers.states import HANDOVER_FIELDS
from app.worker.running import Worker


def opened(database, engine):
    """Organisations and places of the registry."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
        open_commissions(session, engine.registry)


class House:
    """The application on one database, and people who call it."""

    def __init__(self, database, settings, engine):
        self.database, self.settings, self.engine = database, settings, engine
        self.people = {}
        self.app = create_app(settings, engine=engine, authenticate=self.who)
        self.client = TestClient(self.app)
        self.client.__enter__()
        self.worker = Worker(database, handlers(), province="53")

    def close(self):
        self.client.__exit__(None, None, None)

    def who(self, request, database):
        name = request.headers.get("authorization", "").removeprefix("Bearer ")
        if name not in self.people:
            raise NotSignedInError
        return self.people[name]

    def person(self, name, role, *, facility=None, kind=None, division=None):
        """Somebody in a role at a facility, or at the commission of a division."""
        with self.database.reading() as session:
            if facility is not None:
                where = Organisation.facility_id == facility
            else:
                where = (Organisation.kind == kind) & (Organisation.division == division)
            org = session.exec(select(Organisation).where(where)).first()
            assert org is not None, (facility, kind, division)
            actor = Actor(
                user_id=new_key(),
                name=f"测试{name}",
                role=role,
                org_id=org.id,
                org_kind=OrganisationKind(org.kind),
                facility_id=org.facility_id,
                division=org.division,
                province=org.province,
            )
        self.people[name] = actor
        return Caller(self, name)

    def clinician(self, facility, name=None):
        return self.person(name or f"c-{facility}", Role.COUNTY_CLINICIAN, facility=facility)

    def coordinator(self, facility, name=None):
        return self.person(name or f"k-{facility}", Role.COORDINATOR, facility=facility)

    def duty(self, division):
        kind, role = OrganisationKind.COUNTY_COMMISSION, Role.COUNTY_DUTY_OFFICER
        if division.endswith("0000"):
            kind, role = OrganisationKind.PROVINCE_COMMISSION, Role.PROVINCE_DUTY_OFFICER
        elif division.endswith("00"):
            kind, role = OrganisationKind.PREFECTURE_COMMISSION, Role.PREFECTURE_DUTY_OFFICER
        return self.person(f"duty-{division}", role, kind=kind.value, division=division)

    def analyst(self, division):
        kind = OrganisationKind.PROVINCE_COMMISSION.value
        return self.person("analyst", Role.ANALYST, kind=kind, division=division)

    def pass_time(self, minutes):
        """Let the worker live through so many minutes, one at a time."""
        with self.database.reading() as session:
            start = self.database.now(session)
        for minute in range(1, minutes + 1):
            self.worker.step(now=start + timedelta(minutes=minute))


class Caller:
    """One person with a browser."""

    def __init__(self, house, name):
        self.house, self.name = house, name

    def headers(self, version=None, key=None):
        found = {
            "Authorization": f"Bearer {self.name}",
            "Idempotency-Key": key or str(uuid.uuid4()),
        }
        if version is not None:
            found["If-Match"] = f'"{version}"'
        return found

    def get(self, path, **more):
        return self.house.client.get(f"/api/v1{path}", headers=self.headers(), **more)

    def post(self, path, body=None, *, version=None, key=None):
        return self.house.client.post(
            f"/api/v1{path}", json=body, headers=self.headers(version, key)
        )

    def ask(self, facts, *, origin=None, status=201, **more):
        """Ask for a destination, from the own hospital."""
        origin = origin or {"facility_id": self.house.people[self.name].facility_id}
        answer = self.post("/referrals", {"request": {"facts": facts, "origin": origin}, **more})
        assert answer.status_code == status, answer.text
        return answer.json()

    def referral(self, key):
        answer = self.get(f"/referrals/{key}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def sbar(**more):
    """A hand-over set in which only imaging is missing."""
    found = {part: dict.fromkeys(names, "stated") for part, names in HANDOVER_FIELDS.items()}
    del found["assessment"]["imaging"]
    return {**found, **more}
