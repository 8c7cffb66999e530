"""A server whose database has another shape is not ready; ``migrate`` says what it did."""

import json

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app import migrating
from app.cli import app
from app.clock import local_now
from app.db import Database, open_database
from app.errors import DatabaseBehindError, NoDatabaseError
from app.initialising import make_keys
from app.main import create_app
from app.settings import Settings

HEAD = migrating.head()
WRONG = (
    None,
    "",
    "nonsense",
    "mysql://somebody:secret@here/x",
    "oracle://x",
    "postgresql://u:12@34secret:56secret@h/x",
    "postgresql+psycopg2://u:secret@h/x",
    "sqlite://",
    "sqlite:///:memory:",
)


@pytest.fixture
def run(monkeypatch):
    """Run the command line on a database."""

    def invoke(url, *arguments):
        monkeypatch.setenv("DATABASE_URL", url)
        return CliRunner().invoke(app, ["migrate", *arguments])

    return invoke


def ready(address, engine, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=address)
    make_keys(settings, local_now())
    with TestClient(create_app(settings, engine=engine)) as client:
        return client.get("/readyz?lang=en")


def test_migrate_goes_to_the_head_and_says_so(empty_address, run):
    for arguments, code, before, after in (
        (["--check", "--json"], 1, None, None),
        (["--json"], 0, None, HEAD),
        (["--json"], 0, HEAD, HEAD),
        (["--check", "--json"], 0, HEAD, HEAD),
    ):
        done = run(empty_address, *arguments)

        assert done.exit_code == code
        assert json.loads(done.stdout) == {"before": before, "after": after, "head": HEAD}


def test_migrate_speaks_both_languages(empty_address, run):
    assert f"本版本需要 {HEAD}" in run(empty_address, "--check", "--lang", "zh").stdout
    assert run(empty_address, "--lang", "en").stdout == f"database: step - -> {HEAD}\n"
    assert "nothing to do" in run(empty_address, "--lang", "en").stdout


def test_a_server_is_ready_at_the_head_and_not_before(empty_address, engine, tmp_path):
    behind = ready(empty_address, engine, tmp_path)
    database = Database(empty_address)
    migrating.upgrade(database)
    database.close()

    assert (behind.status_code, behind.json()["type"][-15:]) == (503, "database-behind")
    assert "greenchannel migrate" in behind.json()["detail"]
    assert ready(empty_address, engine, tmp_path).status_code == 200


def test_a_server_without_a_database_calculates_and_is_ready(engine, tmp_path):
    assert ready(None, engine, tmp_path).status_code == 200


def test_a_database_that_is_newer_is_not_touched(database, engine, address, tmp_path):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseBehindError) as caught:
        migrating.upgrade(database)

    assert (caught.value.found, caught.value.wanted) == ("9999", HEAD)
    assert ready(address, engine, tmp_path).status_code == 503


def test_a_database_that_does_not_answer_is_said_without_its_password(engine, tmp_path, run):
    url = "postgresql://me:secret@127.0.0.1:1/x"
    answer, done = ready(url, engine, tmp_path), run(url)

    assert (answer.status_code, answer.json()["type"][-15:]) == (503, "database-silent")
    assert done.exit_code == 1
    assert "does not answer" in done.stderr
    assert "secret" not in answer.text + done.stderr + done.stdout


@pytest.mark.parametrize("url", WRONG)
def test_an_address_of_no_database_is_refused_without_saying_it(url):
    with pytest.raises(NoDatabaseError) as caught:
        open_database(url)

    assert "secret" not in str(caught.value)
    assert "sqlite:///" in str(caught.value)


def test_the_settings_read_the_usual_name_and_do_not_show_it(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@here/x")
    settings = Settings()

    assert settings.database_url == "postgresql://me:secret@here/x"
    assert "secret" not in repr(settings)
