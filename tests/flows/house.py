"""A province at night for the stories: organisations, people, places, and a server.

Each person has an account and a token of her own; how people sign in has tests of its own.
"""

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx2
import uvicorn
from argon2 import PasswordHasher
from sqlmodel import select

from app.accounts.organisations import open_commissions
from app.accounts.passwords import Fresh
from app.accounts.people import add_user, give_role
from app.accounts.presence import name_of
from app.accounts.session_tables import ApiToken
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.accounts.tokens import digest, new_token
from app.centres.opening import open_places
from app.main import create_app
from app.server import open_socket
from app.transfers.states import HANDOVER_FIELDS
from app.worker.running import Worker
from app.worker.wiring import all_steps

CHEAP = Fresh(
    "甲县 医院 2026 夜班", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("x" * 12)
)
"""Nobody signs in with it: people of the stories call with tokens."""


def hours_ago(hours):
    """When something is said to have happened; a date of a calendar would be too old some day."""
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def wait_until(done, *, within_s=30):
    """Wait for something that another thread does."""
    until = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


def opened(database, engine):
    """Organisations and places of the registry."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
        open_commissions(session, engine.registry)


class House:
    """The application on one database, served on this machine, and people who call it."""

    def __init__(self, database, settings, engine):
        self.database, self.settings, self.engine = database, settings, engine
        self.people, self.tokens = {}, {}
        self.app = create_app(settings, engine=engine)
        listening = open_socket("127.0.0.1", 0)
        config = uvicorn.Config(self.app, log_level="warning", access_log=False)
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [listening.socket]}, daemon=True
        )
        self._thread.start()
        self.client = httpx2.Client(base_url=listening.address, timeout=60)
        wait_until(lambda: self.server.started)
        self.worker = Worker(database, all_steps(), province="53")

    def close(self):
        self.client.close()
        self.server.should_exit = True
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()

    def person(self, name, role, *, facility=None, kind=None, division=None):
        """Somebody with an account and a token, in a role at a facility or a commission."""
        if name in self.people:
            return Caller(self, name)
        with self.database.writing() as session:
            now = self.database.now(session)
            org = self._organisation(session, facility, kind, division)
            login = f"u{len(self.people)}-{name.lower()}"[:60]
            user = add_user(
                session, login, f"测试{name}", CHEAP, home=org, at=now, must_change=False
            )
            grant = give_role(session, user, org, role, at=now)
            self.tokens[name] = token = new_token()
            session.add(
                ApiToken(
                    province=org.province,
                    token_hash=digest(token),
                    user_id=user.id,
                    grant_id=grant.id,
                    name="story",
                    created_at=now,
                    expires_at=now + timedelta(days=1),
                )
            )
            self.people[name] = Actor(
                user_id=user.id,
                name=name_of(session, user),
                role=role,
                org_id=org.id,
                org_kind=OrganisationKind(org.kind),
                facility_id=org.facility_id,
                division=org.division,
                province=org.province,
            )
        return Caller(self, name)

    def _organisation(self, session, facility, kind, division):
        if facility is not None:
            where = Organisation.facility_id == facility
        else:
            where = (Organisation.kind == kind) & (Organisation.division == division)
        org = session.exec(select(Organisation).where(where)).first()
        assert org is not None, (facility, kind, division)
        return org

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
            "Authorization": f"Bearer {self.house.tokens[self.name]}",
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


CONSENT = {"given_by": "family", "agreed": True, "given_at": "2026-01-14T03:00:00+08:00"}


def sbar(**more):
    """A hand-over set in which only imaging is missing, and who agreed, which is a record."""
    found = {part: dict.fromkeys(names, "stated") for part, names in HANDOVER_FIELDS.items()}
    del found["assessment"]["imaging"]
    return {**found, **more}


def whole_sbar():
    """A hand-over set in which nothing is missing but who agreed."""
    return sbar(assessment={**sbar()["assessment"], "imaging": "none"})
