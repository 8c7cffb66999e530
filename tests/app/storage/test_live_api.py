"""Live changes and dead letters over HTTP."""

import uuid

import pytest
from starlette.testclient import TestClient

from app.accounts.states import Actor, OrganisationKind, Role
from app.clock import local_now
from app.db_types import new_key
from app.deadlines.service import set_deadline
from app.errors import NotSignedInError
from app.initialising import make_keys
from app.live.states import Cursor
from app.main import create_app
from app.settings import Settings
from tests.app.storage import rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_deadlines import count
from tests.app.storage.test_live import ORG, after, told
from tests.app.storage.test_notices import organisation, say
from tests.app.storage.test_worker import until

USER = new_key()
LETTERS = "/api/v1/worklists/dead-letters"


@pytest.fixture
def client_as(address, engine, tmp_path):
    """A client of one role; ``None`` is nobody. The streams end after a moment."""
    opened = []

    def make(role, province="53", **settings):
        def who(_request, _database):
            if role is None:
                raise NotSignedInError
            return Actor(
                user_id=USER,
                name="测试员",
                role=role,
                org_id=ORG,
                org_kind=OrganisationKind.INSTITUTION,
                facility_id=None,
                division="530829",
                province=province,
            )

        # Nobody else acts on what is put there, and what is put there is old.
        chosen = Settings(
            data_dir=tmp_path, database_url=address, **({"worker_inside": False} | settings)
        )
        if not chosen.keys.exists():
            make_keys(chosen, local_now())
        client = TestClient(create_app(chosen, engine=engine, authenticate=who))
        opened.append(client)
        client.__enter__()
        feed = client.app.state.feed
        feed._longest_s, feed._beat_s, feed._poll_s = 0.2, 0.05, 0.01
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


def dead_ones(database):
    """A deadline and a notice that are dead letters."""
    org = organisation(database, "0871-1")
    say(database, org, uuid.uuid4())
    with database.writing() as session:
        set_deadline(session, "remind", uuid.uuid4(), NOW, province="53", at=NOW)
        for table in ("deadline", "notice"):
            rows.update(session, table, {"dead_at": NOW, "last_error": "no_answer"}, "1 = 1")


def test_a_screen_reads_what_happened_since_it_was_last_there(database, client_as):
    told(database, 1, 2)
    first = str(after_first(database))
    answer = client_as(Role.COORDINATOR).get("/api/v1/events", headers={"Last-Event-ID": first})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("event: change") == 1
    assert '"version": 2' in answer.text


def after_first(database):
    return after(database, Cursor(0, 0))[0][1]


def test_too_many_screens_are_told_when_to_come_back(client_as):
    client = client_as(Role.COORDINATOR)
    client.app.state.feed._most = 0
    answer = client.get("/api/v1/events?lang=en")

    assert (answer.status_code, answer.json()["type"][-18:]) == (503, "too-many-listeners")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("role", "events", "letters", "revive"),
    [
        (None, 401, 401, 401),
        (Role.COUNTY_CLINICIAN, 200, 403, 403),
        (Role.PROVINCE_DUTY_OFFICER, 200, 200, 403),
        (Role.ANALYST, 403, 403, 403),
        (Role.ADMINISTRATOR, 403, 200, 404),
    ],
)
def test_who_may_listen_see_and_revive(client_as, role, events, letters, revive):
    client = client_as(role)
    key = {"Idempotency-Key": str(uuid.uuid4())}

    assert client.get("/api/v1/events").status_code == events
    assert client.get(LETTERS).status_code == letters
    again = client.post(f"{LETTERS}/notice/{uuid.uuid4()}/revive", headers=key)
    assert again.status_code == revive


def test_an_administrator_lets_a_dead_letter_be_tried_again_once(database, client_as):
    dead_ones(database)
    client = client_as(Role.ADMINISTRATOR)
    found = client.get(LETTERS).json()["items"]
    for one in found:
        where = f"{LETTERS}/{one['sort']}/{one['id']}/revive"
        key = {"Idempotency-Key": str(uuid.uuid4())}
        twice = [client.post(where, headers=key).status_code for _ in range(2)]
        other = client.post(where, headers={"Idempotency-Key": str(uuid.uuid4())})

        assert (twice, other.status_code) == ([200, 200], 404)

    assert {(one["sort"], one["code"]) for one in found} == {
        ("deadline", "remind"),
        ("notice", "withdrawn"),
    }
    assert client.get(LETTERS).json()["items"] == []


def test_another_province_sees_none_of_them(database, client_as):
    dead_ones(database)

    assert client_as(Role.ADMINISTRATOR, province="51").get(LETTERS).json()["items"] == []


def test_on_a_file_the_service_works_itself_and_elsewhere_the_command_does(
    database, address, engine, tmp_path
):
    settings = Settings(data_dir=tmp_path, database_url=address)
    with TestClient(create_app(settings, engine=engine)):
        if database.is_sqlite:
            until(lambda: count(database, "place = 'web'", table="worker_beat"))

    assert count(database, "stopped_at IS NOT NULL", table="worker_beat") == database.is_sqlite
