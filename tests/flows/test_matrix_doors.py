"""The matrix at the door: real sessions and tokens, alive and dead, at every route.

What ended, expired, was revoked or shut opens nothing, wherever it is shown.
"""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.accounts import door
from app.main import create_app
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import PASSWORD
from tests.flows.matrix.asking import BODIES, IN_THE_BODY, QUERIES
from tests.flows.matrix.rules import ROUTES
from tests.flows.test_bad_night import SUIJIANG

# Sessions are tried on both databases elsewhere; here all routes on one.
pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True, scope="module")

PLACES = {
    "township": "sender",
    "county_clinician": "sender",
    "coordinator": "sender",
    "mch_manager": "mch here",
    "county_duty_officer": "commission 530626",
    "prefecture_duty_officer": "commission 530600",
    "province_duty_officer": "commission 530000",
    "ems120": "ems",
    "analyst": "commission 530000",
    "administrator": "commission 530000",
    "auditor": "commission 530000",
}
DUTIES = {"administrator": "administers", "auditor": "audits"}
DEAD = (
    "nobody",
    "an invented cookie",
    "an expired session",
    "a session that was left",
    "a session of a role that ended",
    "a session of a shut account",
    "a locked screen",
    "an initial password",
    "two roles and none chosen",
    "an invented token",
    "a revoked token",
    "an expired token",
    "a token of a shut account",
)
REFUSED = {"not-signed-in", "session-locked", "password-change-needed", "role-not-chosen"}
OPEN = {"open", "door"}
GUARDED = sorted(route for route, rule in ROUTES.items() if rule.about not in OPEN)


class Doors:
    """An application where people sign in, and what each carries: headers of a request."""

    def __init__(self, stage):
        self.stage, self.database = stage, stage.house.database
        self.app = create_app(stage.house.settings, engine=stage.house.engine)
        self.carried = {"nobody": {}}
        for role in PLACES:
            self.carried[role] = self._cookie(self._sign_in(role))
        self._dead()

    def _account(self, role, **more):
        org = self.stage.orgs[PLACES[role]]
        duty = {"duty": DUTIES[role]} if role in DUTIES else {}
        login = f"door-{uuid.uuid4().hex[:12]}"
        with self.database.writing() as session:
            user = account_rows.user(session, login, org=org.id, **duty, **more)
            grant = account_rows.grant(session, user, org.id, role=role, kind=org.kind, **duty)
        return login, user, grant

    def _sign_in(self, role, **more):
        login, _, _ = self._account(role, **more)
        return door.sign_in(self.database, login, PASSWORD, client="10.0.0.7")

    def _cookie(self, opened):
        return {"cookie": f"greenchannel={opened.token}", "x-csrf-token": opened.csrf}

    def _change(self, table, changes, where):
        with self.database.writing() as session:
            assert rows.update(session, table, changes, where) == 1

    def _of(self, user):
        return f"user_id = '{user}'"

    def _dead(self):
        with self.database.reading() as session:
            now = self.database.now(session)
        ago, hour = timedelta(minutes=30), timedelta(hours=1)
        self.carried["an invented cookie"] = {
            "cookie": f"greenchannel={'a' * 43}",
            "x-csrf-token": "a" * 43,
        }
        self.carried["an invented token"] = {"authorization": f"Bearer {'a' * 43}"}
        for name, table, changes in (
            ("an expired session", "user_session", {"created_at": now - hour, "expires_at": now}),
            (
                "a session that was left",
                "user_session",
                {"ended_at": now, "ended_how": "signed_out"},
            ),
            ("a session of a role that ended", "role_grant", {"to_at": now}),
            ("a session of a shut account", "user_account", {"disabled_from": now}),
            ("a locked screen", "user_session", {"last_seen_at": now - ago}),
        ):
            login, user, _ = self._account("county_clinician")
            self.carried[name] = self._cookie(
                door.sign_in(self.database, login, PASSWORD, client="10.0.0.7")
            )
            where = f"id = '{user}'" if table == "user_account" else self._of(user)
            self._change(table, changes, where)
        self.carried["an initial password"] = self._cookie(
            self._sign_in("county_clinician", must_change=True)
        )
        login, user, _ = self._account("county_clinician")
        with self.database.writing() as session:
            org = self.stage.orgs["sender"].id
            account_rows.grant(session, user, org, role="coordinator")
        self.carried["two roles and none chosen"] = self._cookie(
            door.sign_in(self.database, login, PASSWORD, client="10.0.0.7")
        )
        for name, table, changes in (
            ("a revoked token", "api_token", {"revoked_at": now}),
            ("an expired token", "api_token", {"created_at": now - hour, "expires_at": now}),
            ("a token of a shut account", "user_account", {"disabled_from": now}),
        ):
            login, user, _ = self._account("county_clinician")
            opened = door.sign_in(self.database, login, PASSWORD, client="10.0.0.7")
            made = account_rows.token(self.database, opened)
            self.carried[name] = {"authorization": f"Bearer {made.token}"}
            where = f"id = '{user}'" if table == "user_account" else self._of(user)
            self._change(table, changes, where)

    def ask(self, client, route, who, **headers):
        """A call that is about nothing there is."""
        method, path = self.stage.asking.routes[route]
        body = BODIES.get(route)
        for part in [p[1:-1] for p in path.split("/") if p.startswith("{")]:
            known = {"facility_id": SUIJIANG, "sort": "notice"}.get(part, str(uuid.uuid4()))
            path = path.replace(f"{{{part}}}", known)
        if body is not None:
            body = body | {field: str(uuid.uuid4()) for field in IN_THE_BODY.get(route, {})}
        carried = {**self.carried[who], "idempotency-key": str(uuid.uuid4()), "if-match": '"1"'}
        answer = client.request(
            method, path, json=body, params=QUERIES.get(route), headers={**carried, **headers}
        )
        return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


@pytest.fixture(scope="module")
def doors(stage):
    return Doors(stage)


@pytest.fixture(scope="module")
def client(doors):
    with TestClient(doors.app) as found:
        yield found


@pytest.mark.parametrize("who", DEAD)
def test_what_is_no_session_any_more_opens_no_route(doors, client, who):
    opened = [
        (route, said)
        for route in GUARDED
        if (said := doors.ask(client, route, who)) and said[1] not in REFUSED
    ]

    assert opened == []


@pytest.mark.parametrize("role", sorted(PLACES))
def test_a_role_that_signed_in_may_call_its_routes_and_no_others(doors, client, role):
    wrong = []
    for route in GUARDED:
        if route == "listen_to_changes":
            continue  # a stream has no end to wait for; its refusals are in the matrix beside
        said = doors.ask(client, route, role)
        refused = said == (403, "role-refused")
        if refused == (role in ROUTES[route].roles) or said[0] >= 500 or said[0] == 401:
            wrong.append((route, said))

    assert wrong == []


def test_an_unsafe_call_that_no_page_of_ours_sent_is_refused_everywhere(doors, client):
    wrong = []
    for route in GUARDED:
        method, _ = doors.stage.asking.routes[route]
        if method != "GET":
            said = doors.ask(client, route, "coordinator", **{"x-csrf-token": "b" * 43})
            wrong += [(route, said)] if said != (403, "csrf") else []

    assert wrong == []


@pytest.mark.parametrize("who", [name for name in DEAD if name != "two roles and none chosen"])
def test_who_is_not_there_has_no_tokens_and_no_roles_to_choose(doors, client, who):
    for route in ("list_tokens", "make_token", "revoke_token", "choose_role"):
        status, slug = doors.ask(client, route, who)
        assert status in (401, 403, 422, 400, 423), (route, status, slug)


def test_a_token_of_somebody_else_is_not_there(doors, client):
    opened = doors._sign_in("county_clinician")
    made = account_rows.token(doors.database, opened)
    own = client.get("/api/v1/tokens", headers=doors._cookie(opened)).json()["items"]
    answers = [
        client.delete(f"/api/v1/tokens/{key}", headers=doors.carried["coordinator"])
        for key in (made.id, uuid.uuid4())
    ]

    assert [one["id"] for one in own] == [str(made.id)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_database_that_is_busy_when_it_is_asked_who_calls_is_no_fault_of_the_server(
    doors, client, monkeypatch
):
    def busy():
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr(doors.app.state.database, "reading", busy)
    answer = client.get("/api/v1/referrals", headers=doors.carried["coordinator"])

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "locked" not in answer.text
