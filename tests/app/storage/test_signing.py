"""Sign-off by name and date, in the database, row by row (R-SIGN-01)."""

import json

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app
from app.engine import load_engine
from app.main import create_app
from app.settings import Settings
from app.signing import service
from app.signing.errors import NotSignedError
from routing.care.tables import load_rule_set
from routing.triage.tables import load_rules, read_tables

WHO = {"signed_by": "测试甲", "role": "产科主任", "province": "53"}


def waiting(rules):
    return [r.id for r in rules.rows if r.in_use and r.needs_signature and r.signed_by is None]


def signed(database):
    with database.reading() as session:
        return load_rules(signatures=service.standing(session))


def said(database, act, *ids, **more):
    with database.writing() as session:
        at = database.now(session)
        return act(session, load_rules(), ids, at=at, **more)


def test_a_signature_stands_until_it_is_taken_back_and_both_stay_on_record(database):
    rules = load_rules()
    first, second = waiting(rules)[:2]
    said(database, service.sign, first, second, **WHO)
    assert signed(database).unsigned == rules.unsigned - 2
    (row,) = [r for r in signed(database).rows if r.id == first]
    assert (row.signed_by, row.signed_at is not None) == ("测试甲", True)

    said(database, service.withdraw, first, signed_by="测试甲", province="53")
    assert signed(database).unsigned == rules.unsigned - 1
    with database.reading() as session:
        assert service.newest(session) == 3
    said(database, service.sign, first, **WHO)
    assert signed(database).unsigned == rules.unsigned - 2


def test_nobody_takes_back_what_another_has_signed(database):
    first = waiting(load_rules())[0]
    said(database, service.sign, first, **WHO)
    with pytest.raises(NotSignedError):
        said(database, service.withdraw, first, signed_by="测试乙", province="53")
    said(database, service.sign, first, **{**WHO, "signed_by": "测试乙"})
    said(database, service.withdraw, first, signed_by="测试甲", province="53")

    (row,) = [r for r in signed(database).rows if r.id == first]
    assert row.signed_by == "测试乙"


def test_a_changed_row_is_unsigned_again(database):
    """The planted change: one more word in the source of a row."""
    tables = read_tables()
    rules = load_rules(tables)
    table = "destination_requirements"
    first = next(row for row in rules.rows if row.table == table and row.needs_signature)
    said(database, service.sign, first.id, **WHO)
    rows = [
        {**row, "source": row["source"] + " 2"} if row["id"] == first.id else row
        for row in tables[table]
    ]
    with database.reading() as session:
        standing = service.standing(session)
    changed = load_rules({**tables, table: tuple(rows)}, signatures=standing)

    assert {r.id: r for r in changed.rows}[first.id].signed_by is None
    assert {r.id: r for r in signed(database).rows}[first.id].signed_by == "测试甲"


@pytest.fixture
def settings(address, tmp_path):
    return Settings(data_dir=tmp_path / "data", DATABASE_URL=address, open_calculators=True)


def test_a_server_shows_what_is_signed_while_it_runs_on_every_answer(settings, address, tmp_path):
    environment = {
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": address,
        "COLUMNS": "200",
    }

    def run(*words):
        done = CliRunner().invoke(app, ["rules", *words, "--json"], env=environment)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    engine = load_engine(settings)
    with TestClient(create_app(settings, engine=engine)) as client:
        client.app.state.signed._looked = -1e9
        before = client.get("/api/v1/rules").json()["unsigned_rules"]
        row = run("list", "--unsigned")["items"][0]["id"]
        assert (
            run("sign", row, "--by", "测试甲", "--role", "产科主任")["unsigned_rules"] == before - 1
        )
        client.app.state.signed._looked = -1e9

        rules = client.get("/api/v1/rules").json()
        assert rules["unsigned_rules"] == before - 1
        (item,) = [one for one in rules["items"] if one["id"] == row]
        assert item["signed_by"] == "测试甲"
        assert client.get("/statusz").json()["unsigned_rules"] == before - 1
        asked = {"facts": {"clinician_says_critical": True}}
        answer = client.post("/api/v1/assessments/preview", json=asked).json()
        assert answer["unsigned_rules"] == before - 1
        database = client.app.state.database
        with database.reading() as session:
            now = database.now(session)
            assert client.app.state.current.engine(session, now).unsigned == before - 1
        assert run("withdraw", row, "--by", "测试甲")["unsigned_rules"] == before
    assert not settings.signature_file.exists()


def test_without_an_answer_of_the_database_what_was_known_last_counts(settings, tmp_path):
    away = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'empty.db'}"})
    with TestClient(create_app(away, engine=load_engine(away))) as client:
        asked = {"facts": {"clinician_says_critical": True}}
        answer = client.post("/api/v1/assessments/preview", json=asked)

        assert answer.status_code == 200
        assert answer.json()["unsigned_rules"] == load_rule_set().unsigned
