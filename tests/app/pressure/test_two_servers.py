"""Two servers and one worker on one PostgreSQL, each a process of its own, behave as one."""

import http.client
import itertools
import json
import threading
import time
import uuid
from collections import Counter

import pytest
from sqlalchemy import text

from app.accounts.states import Role
from tests.app.pressure.calls import once, request_of
from tests.app.pressure.forked import Forked
from tests.databases import lent

HOSPITAL = "YN530600-011"
PATIENCE_S, STEP_S = 60, 0.05
NUMBERS = itertools.count()


def command(port, person, method, path, body=None, *, key=None, version=None):
    return once(port, person, method, path, body, key=key or str(uuid.uuid4()), version=version)


def until(what):
    """Look again and again until there is something, and return it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(STEP_S)
    raise AssertionError("it does not come")


@pytest.fixture(scope="module")
def together(postgres, province_postgres, tmp_path_factory):
    """Two servers, a worker, and who asks."""
    with lent(postgres, province_postgres) as address:
        province = Forked(address, tmp_path_factory.mktemp("together"))
        doctor = province.person("wang", Role.COUNTY_CLINICIAN, facility_id=HOSPITAL)
        with province.serving() as a, province.serving() as b, province.working():
            yield province, a, b, doctor
        province.close()


def centre_of(province, offer):
    """Somebody who answers for the centre that is asked."""
    name = f"centre.{next(NUMBERS)}"
    return province.person(name, Role.COORDINATOR, facility_id=offer["facility_id"])


def make_due(province, referral, minutes):
    """Let time pass for one referral: what is due is due so much earlier."""
    with province.database.writing() as session:
        moved = f"due_at = due_at - interval '{minutes} minutes'"
        session.execute(
            text(
                f"UPDATE deadline SET {moved} WHERE subject_id = :key "
                "AND done_at IS NULL AND cancelled_at IS NULL"
            ),
            {"key": referral},
        )


def test_what_is_asked_at_one_server_is_accepted_at_the_other(together):
    province, a, b, doctor = together
    key = str(uuid.uuid4())
    status, asked = command(a, doctor, "POST", "/referrals", request_of(doctor), key=key)
    again = command(b, doctor, "POST", "/referrals", request_of(doctor), key=key)
    first = asked["offers"][0]
    centre = centre_of(province, first)

    assert (status, again) == (201, (201, asked))
    _, offers = once(b, centre, "GET", "/offers")
    assert first["id"] in [offer["id"] for offer in offers["items"]]
    status, said = command(b, centre, "POST", f"/offers/{first['id']}/accept")
    assert (status, said["accepted"]) == (200, True)
    assert once(a, doctor, "GET", f"/referrals/{asked['id']}")[1]["status"] == "accepted"
    second = asked["offers"][1]
    late = centre_of(province, second)
    assert command(a, late, "POST", f"/offers/{second['id']}/accept")[0] == 409


def test_two_yes_at_two_servers_in_the_same_moment_are_one(together):
    province, a, b, doctor = together
    won = []
    for _ in range(5):
        _, asked = command(a, doctor, "POST", "/referrals", request_of(doctor))
        offers = asked["offers"][:2]
        people = [centre_of(province, offer) for offer in offers]
        answers, start = [], threading.Barrier(2)

        def say(port, person, offer, answers=answers, start=start):
            start.wait()
            answers.append(command(port, person, "POST", f"/offers/{offer['id']}/accept")[0])

        both = [
            threading.Thread(target=say, args=one)
            for one in zip((a, b), people, offers, strict=True)
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        won.append(sorted(answers))

    assert won == [[200, 409]] * 5


def test_the_worker_climbs_every_rung_once(together):
    province, a, _, doctor = together
    _, asked = command(a, doctor, "POST", "/referrals", request_of(doctor))
    make_due(province, asked["id"], 11)
    key = {"key": asked["id"]}
    rungs = (
        "SELECT kind, count(*) FROM deadline WHERE subject_id = :key AND done_at IS NOT NULL "
        "GROUP BY kind"
    )
    wanted = {"remind", "second_centre", "depart_without_answer", "prefecture"}

    def climbed():
        with province.database.reading() as session:
            found = dict(session.execute(text(rungs), key).all())
        return found if wanted <= set(found) else None

    assert until(climbed) == dict.fromkeys(wanted, 1)
    with province.database.reading() as session:
        said = text("SELECT template FROM notice WHERE subject_id = :key")
        told = Counter(session.execute(said, key).scalars())
    assert told["depart_now"] == told["escalated"] == 1


def listen(port, person, heard):
    """Listen to what changes until the line is closed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {person.token}"})
    response = connection.getresponse()
    assert response.status == 200

    def read():
        kind = None
        try:
            for line in response:
                name, _, value = line.decode().strip().partition(": ")
                kind = value if name == "event" else kind
                if name == "data" and kind == "change":
                    heard.append(json.loads(value))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            return

    threading.Thread(target=read, daemon=True).start()
    return connection


def test_what_changes_at_one_server_is_heard_at_the_other(together):
    _, a, b, doctor = together
    heard = []
    connection = listen(b, doctor, heard)
    _, asked = command(a, doctor, "POST", "/referrals", request_of(doctor))

    found = until(lambda: [one for one in heard if one["subject_id"] == asked["id"]])
    connection.sock.shutdown(2)
    connection.close()
    assert found[0]["kind"] == "referral"
    assert set(found[0]) == {"kind", "subject_id", "version"}


def session_call(port, method, path, body=None, *, cookie=None, csrf=None):
    """A call of a browser: status, document, and the cookie that it is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Connection": "close"}
    headers |= {"Cookie": cookie} if cookie else {}
    headers |= {"X-CSRF-Token": csrf} if csrf else {}
    connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    given = (response.getheader("set-cookie") or "").partition(";")[0]
    return response.status, json.loads(raw) if raw else None, given


def test_who_signs_out_at_one_server_is_out_at_the_other(together):
    _, a, b, doctor = together
    who = {"login": doctor.login, "password": doctor.password}
    status, there, cookie = session_call(a, "POST", "/session", who)
    assert status == 201, there
    before, _, _ = session_call(b, "GET", "/session", cookie=cookie)
    left, _, _ = session_call(a, "DELETE", "/session", cookie=cookie, csrf=there["csrf"])
    after, _, _ = session_call(b, "GET", "/session", cookie=cookie)

    assert (before, left, after) == (200, 204, 401)
