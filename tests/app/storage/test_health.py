"""Ready, state and measures of an installation, on both databases."""

import re
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.admission import Room
from app.clock import local_now
from app.doctor import State, looked_after
from app.errors import TooBusyError
from app.health import noting
from app.health.service import Lately
from app.initialising import make_keys
from app.main import create_app
from app.settings import Settings
from app.signing.service import sign
from app.worker import service as worker
from tests.app.storage import rows
from tests.app.storage.test_deadlines import count, put
from tests.app.storage.test_notices import organisation, say

Disk = namedtuple("Disk", "total used free")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="[^"]*",?)+)\})? (\S+)')


@pytest.fixture
def house(address, tmp_path):
    found = Settings(data_dir=tmp_path / "data", database_url=address, worker_inside=False)
    make_keys(found, local_now())
    return found


@pytest.fixture
def visit(house, engine):
    """Ask a server that has just started: it has found nothing yet."""

    def asked(path, **changed):
        app = create_app(house, engine=engine)
        for name, value in changed.items():
            setattr(app.state.database, name, value)
        with TestClient(app) as client:
            return client.get(path)

    return asked


def reasons(answer):
    return {one["code"]: one["level"] for one in answer.json()["reasons"]}


def measures(answer):
    """Every sample by name and labels, read as Prometheus reads them."""
    known, found = set(), {}
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            known.add(line.split()[2])
        elif not line.startswith("#"):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            base = re.sub("_(bucket|sum|count)$", "", name)
            assert {name, base} & known, line
            found[name, labels or ""] = float(value)
    return found


def test_a_server_with_everything_it_needs_is_ready_and_trying_left_nothing(visit, database):
    before = [count(database, table=name) for name in ("worker_beat", "audit_entry")]
    answer = visit("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert [count(database, table=name) for name in ("worker_beat", "audit_entry")] == before


def test_without_its_keys_a_server_is_not_ready(visit, house):
    house.keys.unlink()
    answer = visit("/readyz?lang=en")

    assert (answer.status_code, answer.json()["reasons"]) == (503, ["keys_unreadable"])
    assert answer.json()["type"].endswith(":not-fit")


def test_keys_that_others_may_read_are_no_keys(visit, house):
    house.keys.chmod(0o644)

    assert visit("/readyz").json()["reasons"] == ["keys_unreadable"]


def test_a_full_disk_is_not_ready(visit, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(100, 91, 9))

    assert visit("/readyz").json()["reasons"] == ["disk_low"]


def test_clocks_that_disagree_are_not_ready(visit, database):
    with database.reading() as session:
        late = database.now(session) - timedelta(seconds=5)

    assert visit("/readyz", now=lambda _: late).json()["reasons"] == ["clock_off"]


def test_a_database_that_takes_no_write_is_not_ready(visit, database):
    """On PostgreSQL as on a standby, on SQLite by a trigger that refuses the row."""
    planted = (
        "CREATE TRIGGER planted BEFORE INSERT ON worker_beat BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    if not database.is_sqlite:
        name = database.engine.url.database
        planted = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
    with database.writing() as session:
        session.execute(text(planted))
    answer = visit("/readyz")

    assert (answer.status_code, answer.json()["reasons"]) == (503, ["write_failed"])


def test_a_new_installation_has_no_worker_and_no_backup_and_says_so(visit):
    answer = visit("/statusz?lang=en")

    assert answer.json()["overall"] == "alarm"
    assert reasons(answer) == {
        "worker_silent": "alarm",
        "backup_none": "attention",
        "verify_old": "attention",
        "rules_unsigned": "attention",
    }
    assert all(len(one["text"]) > 20 for one in answer.json()["reasons"])


def test_once_it_is_looked_after_only_the_signatures_are_missing(visit, database, house):
    with database.writing() as session:
        worker.begin(session, province="53", place="worker", at=database.now(session))
    noting.note_backup(database, house)
    noting.note_verify(database, house, intact=True)
    answer = visit("/statusz")

    assert (answer.json()["overall"], reasons(answer)) == (
        "attention",
        {"rules_unsigned": "attention"},
    )
    assert answer.json()["figures"]["backup_s"] < 60
    assert answer.json()["storage"]["kind"] == database.engine.dialect.name


def test_a_check_that_found_something_is_an_alarm_until_the_next_finds_nothing(
    visit, database, house
):
    noting.note_verify(database, house, intact=False)
    found = visit("/statusz")
    noting.note_verify(database, house, intact=True)

    assert reasons(found)["verify_found"] == "alarm"
    assert "verify_found" not in reasons(visit("/statusz"))


def test_what_is_late_is_counted_and_exercises_are_not(visit, database):
    """The rows are of a night months ago, so all of it is late by now."""
    subject = put(database)
    org = organisation(database)
    say(database, org, subject)
    with database.writing() as session:
        for drill in (False, False, True):
            rows.referral(session, path=("draft", "requested"), drill=drill)
    figures = visit("/statusz").json()["figures"]

    assert {"deadlines_late", "notices_late", "referrals_overdue"} <= set(
        reasons(visit("/statusz"))
    )
    assert figures["open_by_status"]["requested"] == 2
    assert (figures["overdue"], figures["notices"]["waiting"]) == (2, 1)


def test_a_database_that_does_not_answer_is_said_and_is_no_error(engine, tmp_path):
    settings = Settings(
        data_dir=tmp_path, database_url="postgresql://me:secret@127.0.0.1:1/x", worker_inside=False
    )
    with TestClient(create_app(settings, engine=engine)) as client:
        answer, measured = client.get("/statusz"), client.get("/metrics")

    assert (answer.status_code, answer.json()["figures"]) == (200, None)
    assert reasons(answer)["database_silent"] == "alarm"
    assert measures(measured)["greenchannel_overall", ""] == 2
    assert "secret" not in answer.text + measured.text


def test_measures_are_read_as_prometheus_reads_them(house, engine, database):
    with database.writing() as session:
        rows.referral(session, path=("draft", "requested"))
    with TestClient(create_app(house, engine=engine)) as client:
        for facility in ("YN533300-004", "NOBODY"):
            client.get(f"/api/v1/facilities/{facility}")
        client.get("/nowhere/at/all")
        answer = client.get("/metrics")
    found = measures(answer)

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    asked = 'route="show_facility",method="GET",status="{}"'
    assert found["greenchannel_requests_total", asked.format(200)] == 1
    assert found["greenchannel_requests_total", asked.format(404)] == 1
    assert found["greenchannel_requests_total", 'route="none",method="GET",status="404"'] == 1
    assert found["greenchannel_referrals_open", 'status="requested"'] == 1
    assert found["greenchannel_level", 'look="worker_silent"'] == 2


def test_who_is_refused_because_too_much_is_asked_is_counted(house, engine, monkeypatch):
    async def full(room, patience_s):
        raise TooBusyError

    with TestClient(create_app(house, engine=engine)) as client:
        monkeypatch.setattr(Room, "enter", full)
        refused = client.get("/api/v1/facts")
        found = measures(client.get("/metrics"))

    assert refused.status_code == 503
    assert found["greenchannel_requests_total", 'route="none",method="GET",status="503"'] == 1


def test_a_signature_in_the_database_is_seen(visit, database, engine):
    """One row fewer waits, as soon as somebody has signed one."""
    row = next(r for r in engine.rules.rows if r.in_use and r.needs_signature)
    with database.writing() as session:
        sign(
            session,
            engine.rules,
            [row.id],
            signed_by="测试甲",
            role="obstetrician",
            province="53",
            at=database.now(session),
        )
    found = {one["code"]: one["value"] for one in visit("/statusz").json()["reasons"]}

    assert found["rules_unsigned"] == engine.unsigned - 1


def test_the_histogram_grows_from_bucket_to_bucket_up_to_its_count(house, engine):
    with TestClient(create_app(house, engine=engine)) as client:
        for _ in range(3):
            client.get("/livez")
        found = measures(client.get("/metrics"))
    buckets = [
        value
        for (name, labels), value in found.items()
        if name == "greenchannel_request_seconds_bucket" and 'route="show_alive"' in labels
    ]

    assert buckets == sorted(buckets)
    assert buckets[-1] == found["greenchannel_request_seconds_count", 'route="show_alive"'] == 3


def test_no_measure_and_no_state_names_a_record(visit, database):
    with database.writing() as session:
        rows.referral(session, path=("draft", "requested"))
    said = visit("/statusz").text + visit("/metrics").text

    assert not UUID.search(said)
    assert "甲县医院" not in said
    assert not re.search(r"YN\d{6}", said)


def test_who_asks_again_within_a_second_makes_nobody_look_again():
    asked = []
    lately = Lately(lambda: asked.append(1) or len(asked))

    assert [lately() for _ in range(5)] == [1] * 5


def test_doctor_shows_the_same_looks(house, visit, engine):
    found = {check.code: check.state for check in looked_after(house, engine)}
    shown = {look["code"] for look in visit("/statusz").json()["looks"]}

    assert set(found) == shown - {"rules_unsigned"} | {
        "nobody_signed_up",
        "office_nobody_signed_up",
    }
    assert found["worker_silent"] is State.PROBLEM
    assert found["backup_none"] is State.WARN
    assert found["keys_unreadable"] is State.OK


def test_an_installation_without_a_database_has_no_such_lines(tmp_path, engine):
    assert looked_after(Settings(data_dir=tmp_path), engine) == ()
