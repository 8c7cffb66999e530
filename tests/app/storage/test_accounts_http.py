"""Coming in, leaving and keeping accounts over HTTP, on both databases."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.commands.tables import Command
from app.db import Database
from app.keys.ciphers import Cipher
from app.keys.keyring import Bound
from app.main import create_app
from app.settings import Settings
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import PASSWORD

NEW, WRONG = "云南山区 转诊 2027", "not the password"


@pytest.fixture
def service(address, engine, tmp_path):
    settings = Settings(database_url=address, data_dir=tmp_path / "data")
    app = create_app(settings, engine=engine)
    app.state.keys.create(Cipher.AES_256_GCM, datetime.now(UTC))
    with TestClient(app, base_url="https://greenchannel.test") as client:
        yield client


@pytest.fixture
def hospital(address):
    """A county hospital with an administrator, a clinician and a coordinator of two roles."""
    database = Database(address)
    with database.writing() as session:
        org = rows.organisation(session, facility_id="YN530800-012")
        boss = account_rows.user(session, "boss", org=org, duty="administers")
        account_rows.grant(session, boss, org, role="administrator", duty="administers")
        jia = account_rows.user(session, "jia", org=org)
        account_rows.grant(session, jia, org)
        both = account_rows.user(session, "both", org=org)
        account_rows.grant(session, both, org)
        account_rows.grant(session, both, org, role="coordinator")
        account_rows.user(session, "fresh", org=org, must_change=True)
    database.close()
    return str(org)


def enter(client, login="jia", password=PASSWORD, **more):
    """Sign in, and send the token of the page from now on."""
    answer = client.post("/api/v1/session", json={"login": login, "password": password}, **more)
    if answer.status_code == 201:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


def key():
    return {"Idempotency-Key": str(uuid.uuid4())}


def slug(answer):
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_the_cookie_is_for_this_host_alone_over_https_and_for_no_script(service, hospital):
    answer = enter(service)
    cookie = answer.headers["set-cookie"]

    assert cookie.startswith("__Host-greenchannel=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }
    assert "domain" not in cookie.lower()
    assert answer.headers["cache-control"] == "no-store"
    assert service.cookies["__Host-greenchannel"] not in answer.text


def test_on_one_machine_without_https_the_cookie_works_too(address, engine, tmp_path, hospital):
    settings = Settings(database_url=address, data_dir=tmp_path / "data")
    app = create_app(settings, engine=engine)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        answer = enter(client)
        assert answer.headers["set-cookie"].startswith("greenchannel=")
        assert "secure" not in answer.headers["set-cookie"].lower()
        assert client.get("/api/v1/session").json()["login"] == "jia"


def test_who_is_signed_in_is_told_who_she_is_and_leaves(service, hospital):
    enter(service)
    there = service.get("/api/v1/session").json()
    cookie = dict(service.cookies)

    assert there["actor"]["role"] == "county_clinician"
    assert there["actor"]["facility_id"] == "YN530800-012"
    assert service.delete("/api/v1/session").status_code == 204
    service.cookies.update(cookie)
    assert slug(service.get("/api/v1/session")) == (401, "not-signed-in")


def test_a_wrong_password_and_an_unknown_name_are_one_answer(service, hospital):
    wrong, unknown = enter(service, password=WRONG), enter(service, "nobody", WRONG)

    assert slug(wrong) == (401, "sign-in-refused")
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


def test_after_five_wrong_passwords_the_answer_says_how_long_to_wait(service, hospital):
    for _ in range(5):
        enter(service, password=WRONG)
    answer = enter(service)

    assert slug(answer) == (429, "too-many-attempts")
    assert 25 <= int(answer.headers["retry-after"]) <= 31


def test_an_unsafe_call_without_the_token_of_the_page_is_refused(service, hospital):
    enter(service, "boss")
    body = {"kind": "institution", "name_zh": "甲镇卫生院", "division": "530829"}
    for token in ("", "wrong"):
        headers = {**key(), "X-CSRF-Token": token}
        for call in (
            service.post("/api/v1/organisations", json=body, headers=headers),
            service.post("/api/v1/tokens", json={"name": "HIS"}, headers=headers),
            service.delete("/api/v1/session", headers=headers),
        ):
            assert slug(call) == (403, "csrf")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.test"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_page_of_another_site_signs_nobody_in(service, hospital, headers):
    assert slug(enter(service, headers=headers)) == (403, "csrf")
    assert enter(service, headers={"Origin": "https://greenchannel.test"}).status_code == 201


def test_a_role_is_chosen_before_anything_else(service, hospital):
    roles = {one["role"]: one["grant_id"] for one in enter(service, "both").json()["roles"]}
    assert slug(service.get("/api/v1/tokens")) == (403, "role-not-chosen")
    chosen = service.post("/api/v1/session/role", json={"grant_id": roles["coordinator"]})

    assert chosen.json()["actor"]["role"] == "coordinator"
    assert service.get("/api/v1/tokens").json() == {"items": []}


def test_a_token_lets_a_program_in_until_it_is_revoked(service, hospital):
    enter(service)
    made = service.post("/api/v1/tokens", json={"name": "HIS", "days": 7}).json()
    program = {"Authorization": f"Bearer {made['token']}"}
    listed = service.get("/api/v1/tokens")
    with TestClient(service.app, base_url="https://greenchannel.test") as other:
        assert other.get("/api/v1/organisations", headers=program).status_code == 200
        assert service.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
        refused = other.get("/api/v1/organisations", headers=program)

    assert slug(refused) == (401, "not-signed-in")
    assert made["token"] not in listed.text


def test_an_account_is_made_given_a_password_once_and_has_to_change_it(service, hospital, address):
    """The answer that is kept for a repetition holds no password; the one that does is not kept."""
    enter(service, "boss")
    body = {
        "login": "wang.li",
        "name": "测试乙",
        "organisation_id": hospital,
        "role": "coordinator",
    }
    once = key()
    made = service.post("/api/v1/users", json=body, headers=once)
    again = service.post("/api/v1/users", json=body, headers=once)
    assert (made.status_code, again.json()) == (201, made.json())
    path = f"/api/v1/users/{made.json()['id']}/password"
    password = service.post(path).json()["password"]
    service.delete("/api/v1/session")

    opened = enter(service, "wang.li", password)
    assert opened.json()["must_change_password"]
    assert slug(service.get("/api/v1/tokens")) == (403, "password-change-needed")
    changed = service.post("/api/v1/password", json={"old": password, "new": NEW})
    service.headers["X-CSRF-Token"] = changed.json()["csrf"]
    assert service.get("/api/v1/tokens").status_code == 200
    database = service.app.state.database
    with database.reading() as session:
        kept = [
            database.keys.open(one.answer, Bound("command", "answer", one.id))
            for one in session.exec(select(Command)).all()
        ]
    assert kept
    assert password not in str(kept)
    assert NEW not in str(kept)


def test_shutting_an_account_ends_it_at_once_and_opening_lets_it_in_again(service, hospital):
    enter(service, "boss")
    users = {one["login"]: one["id"] for one in service.get("/api/v1/users").json()["items"]}
    with TestClient(service.app, base_url="https://greenchannel.test") as other:
        enter(other)
        path = f"/api/v1/users/{users['jia']}"
        assert service.post(f"{path}/disable", json={}, headers=key()).status_code == 200
        assert slug(other.get("/api/v1/session")) == (401, "not-signed-in")
        assert service.post(f"{path}/enable", headers=key()).status_code == 200
        assert enter(other).status_code == 201


def test_only_an_administrator_keeps_accounts(service, hospital):
    enter(service)
    for path in ("users", "organisations"):
        refused = service.post(f"/api/v1/{path}", json={}, headers=key())
        assert slug(refused) == (403, "role-refused")
    assert slug(service.get("/api/v1/users")) == (403, "role-refused")
    assert service.get("/api/v1/organisations").status_code == 200


def test_a_role_is_given_and_ended_and_what_does_not_fit_is_said(service, hospital):
    enter(service, "boss")
    users = {one["login"]: one["id"] for one in service.get("/api/v1/users").json()["items"]}
    path = f"/api/v1/users/{users['jia']}/grants"
    body = {"organisation_id": hospital, "role": "coordinator"}
    given = service.post(path, json=body, headers=key())
    assert given.status_code == 201
    ended = service.post(f"/api/v1/grants/{given.json()['id']}/end", headers=key())
    assert ended.json()["to_at"] is not None
    wrong = service.post(path, json={**body, "role": "province_duty_officer"}, headers=key())
    assert slug(wrong) == (422, "grant-refused")
    assert wrong.json()["codes"] == ["not_at_such_an_organisation"]
    assert slug(service.post(path, json=body)) == (428, "key-missing")


def test_nobody_gets_in_without_a_role(service, hospital):
    assert slug(enter(service, "fresh")) == (403, "no-role")
    assert slug(service.get("/api/v1/tokens")) == (401, "not-signed-in")
