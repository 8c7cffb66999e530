"""A service to throw things at: people with tokens, a few referrals, and calls that come far."""

import contextlib
import itertools
import shutil
import sqlite3
import uuid

from starlette.testclient import TestClient

from app.accounts import door
from app.main import create_app
from app.referrals.tables import Referral
from app.settings import Settings
from tests.app.storage import account_rows
from tests.app.storage.account_rows import PASSWORD
from tests.flows.matrix.asking import BODIES, IN_THE_BODY
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

__all__ = ["LEFT_OUT", "Fuzzed"]

LEFT_OUT = ("listen_to_changes",)
"""A stream has no end to wait for."""
CENTRE = "centre"
WHO = {
    "county_clinician": "sender",
    "coordinator": CENTRE,
    "prefecture_duty_officer": "commission 530600",
    "administrator": "commission 530600",
    "auditor": "commission 530000",
}
"""Who calls a route: the first of these that may."""
DUTIES = {"administrator": "administers", "auditor": "audits"}
KEEPER = "keeper"
OWN_TOKENS = ("list_tokens", "make_token", "revoke_token")
"""Called by somebody of their own: who revokes the token that she calls with is gone."""


class Fuzzed:
    """The application with real sign-in, and what each call carries."""

    def __init__(self, stage, folder):
        self.stage = stage
        self._whole, self._file = folder / "whole.db", folder / "fuzz.db"
        orgs = {**stage.orgs, CENTRE: stage.orgs[stage.told["accepted"].takes]}
        beside = {
            **stage.staff["sender"],
            **stage.vehicles["sender"],
            "facility_id": SUIJIANG,
            "division": "530626",
            "plan_id": stage.plan,
        }
        self._known = [{**beside, **one.ids} for one in stage.told.values()]
        self.tokens = {role: self._token(role, orgs[org]) for role, org in WHO.items()}
        self.tokens[KEEPER] = self._token("coordinator", stage.orgs["sender"])

        with contextlib.closing(sqlite3.connect(stage.house.database.engine.url.database)) as one:
            one.execute(f"VACUUM INTO '{self._whole}'")
        address = {"DATABASE_URL": f"sqlite:///{self._file}"}
        settings = Settings(data_dir=stage.house.settings.data_dir, worker_inside=False, **address)
        self.app = create_app(settings, engine=stage.house.engine)
        self.begin_anew()
        self.client = TestClient(self.app)
        self.client.__enter__()

    def begin_anew(self):
        """Let the province be as it was, for a story is told again and again while it is cut."""
        self.app.state.database.engine.dispose()
        for name in ("fuzz.db-wal", "fuzz.db-shm"):
            self._file.with_name(name).unlink(missing_ok=True)
        shutil.copy(self._whole, self._file)
        self.turn, self.things = itertools.count(), itertools.cycle(self._known)

    def close(self):
        self.client.__exit__(None, None, None)

    def _token(self, role, org):
        """Home is where no administrator of these can shut it while it is used."""
        duty = {"duty": DUTIES[role]} if role in DUTIES else {}
        home = self.stage.orgs["commission 530000"].id
        login = f"fuzz-{uuid.uuid4().hex[:12]}"
        with self.stage.house.database.writing() as session:
            user = account_rows.user(session, login, org=home, **duty)
            account_rows.grant(session, user, org.id, role=role, kind=org.kind, **duty)
        opened = door.sign_in(self.stage.house.database, login, PASSWORD, client="10.0.0.7")
        return account_rows.token(self.stage.house.database, opened).token

    def carried(self, operation):
        """The token of somebody who may call an operation."""
        if operation["operationId"] in OWN_TOKENS:
            return self.tokens[KEEPER]
        if "offer" in operation["operationId"]:
            return self.tokens["coordinator"]
        roles = operation["x-roles"]
        return self.tokens[next((one for one in WHO if one in roles), "county_clinician")]

    def prepare(self, case):
        """Let every second call come far: a body that can be, the version that is.

        The others stay as they were made up. What was wrong on purpose stays wrong.
        """
        raw = case.operation.definition.raw
        made_wrong = case.meta is not None and case.meta.generation.mode.value == "negative"
        if made_wrong or next(self.turn) % 2:
            return
        name, known = raw["operationId"], next(self.things)
        parts = case.path_parameters or {}
        case.path_parameters = {part: known.get(part, value) for part, value in parts.items()}
        if isinstance(case.body, dict):
            case.body = self._sound(name, case.body, known)
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = f'"{self._version(case.path_parameters)}"'

    def _sound(self, name, body, known):
        """A body that can be; every other one keeps what else was made up."""
        fields = IN_THE_BODY.get(name, {})
        asked = {**body, **BODIES.get(name, {})}
        if next(self.turn) % 2:
            asked = {**{field: body.get(field) for field in fields}, **BODIES.get(name, body)}
        if "request" in body and name != "write_handover_set":
            asked["request"] = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
        for field, of in fields.items():
            if of in known:
                asked[field] = known[of]
        return asked

    def _version(self, parts):
        try:
            key = uuid.UUID(str(parts.get("referral_id")))
        except ValueError:
            return 1
        with self.app.state.database.reading() as session:
            found = session.get(Referral, key)
            return 1 if found is None else found.last_seq
