"""The first run of an installation and accounts by command, on a real database file."""

import json

import pytest
from typer.testing import CliRunner

from app.accounts import door
from app.accounts.errors import SignInRefusedError
from app.cli import app
from app.db import Database


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An installation that was begun, and its administrator's initial password."""
    folder = tmp_path_factory.mktemp("begun")
    done = run_in(folder, "init", "--json", "--login", "boss")
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)


def run_in(folder, *words, stdin=None):
    env = {
        "DATABASE_URL": f"sqlite:///{folder / 'begun.db'}",
        "GREENCHANNEL_DATA_DIR": str(folder / "data"),
        "GREENCHANNEL_LANGUAGE": "zh",
        "COLUMNS": "200",
    }
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=env)


def sign_in(folder, login, password):
    database = Database(f"sqlite:///{folder / 'begun.db'}")
    try:
        return door.sign_in(database, login, password, client="127.0.0.1")
    finally:
        database.close()


def test_an_installation_begins_with_organisations_places_and_an_administrator(place):
    """207 facilities, the province, 16 prefectures, three for each of 129 counties but one: the
    MCH hospital of Jinghong is a facility. 207 + 1 + 16 + 386."""
    folder, begun = place
    opened = sign_in(folder, "boss", begun["password"])

    assert begun["places"] == 3920
    assert begun["organisations"] == 610
    assert (opened.must_change, opened.actor.role) == (True, "administrator")
    assert opened.actor.org_kind == "province_commission"
    assert {check["state"] for check in begun["checks"]} <= {"warn", "problem"}


def test_it_does_not_begin_twice(place):
    folder, _ = place
    again = run_in(folder, "init", "--login", "other")

    assert again.exit_code == 1
    assert "administrator already" in again.stderr
    assert "other" not in run_in(folder, "user", "list").stdout


def test_the_first_password_may_come_from_standard_input_and_keeps_the_rules(tmp_path):
    short = run_in(tmp_path, "init", "--password-stdin", stdin="short\n")
    assert (short.exit_code, "too_short" in short.stderr) == (1, True)

    done = run_in(tmp_path, "init", "--password-stdin", "--json", stdin="云南 山区 值班 2026\n")
    assert json.loads(done.stdout)["password"] is None
    assert sign_in(tmp_path, "administrator", "云南 山区 值班 2026").must_change is False


def test_without_a_database_nothing_begins(tmp_path):
    done = CliRunner().invoke(app, ["init"], env={"DATABASE_URL": ""})

    assert (done.exit_code, "DATABASE_URL" in done.stderr) == (1, True)


def test_a_coordinator_is_made_given_another_role_shut_and_let_in_again(place):
    folder, _ = place
    at = ("--role", "coordinator", "--organisation", "YN530800-002")
    made = json.loads(run_in(folder, "user", "add", "li.m", *at, "--name", "甲", "--json").stdout)
    assert sign_in(folder, "li.m", made["password"]).actor.facility_id == "YN530800-002"

    office = ("--role", "auditor", "--organisation", "云南省卫生健康委员会")
    assert run_in(folder, "user", "grant", "li.m", *office).exit_code == 0
    assert "coordinator (普洱市人民医院), auditor" in run_in(folder, "user", "list").stdout
    assert run_in(folder, "user", "disable", "li.m").exit_code == 0
    with pytest.raises(SignInRefusedError):
        sign_in(folder, "li.m", made["password"])
    assert run_in(folder, "user", "enable", "li.m").exit_code == 0
    again = json.loads(run_in(folder, "user", "reset-password", "li.m", "--json").stdout)
    assert sign_in(folder, "li.m", again["password"]).must_change


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "disable", "nobody"), "no user"),
        (("user", "add", "boss", "--name", "甲", "--role", "auditor"), "taken"),
        (("user", "add", "new.one", "--name", "甲", "--role", "king"), "unknown_role"),
        (("user", "grant", "boss", "--role", "auditor"), "never does both"),
        (("user", "grant", "boss", "--role", "coordinator"), "not_at_such_an_organisation"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(place, words, said):
    folder, _ = place
    more = () if "disable" in words else ("--organisation", "云南省卫生健康委员会")
    done = run_in(folder, *words, *more)

    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


def test_commands_print_no_password_but_once_and_the_file_holds_none(place):
    folder, begun = place
    listed = run_in(folder, "user", "list", "--json").stdout

    assert begun["password"] not in listed
    for file in folder.glob("begun.db*"):
        assert begun["password"].encode() not in file.read_bytes()


def test_the_first_run_names_destinations_that_nobody_could_be_asked_at(tmp_path):
    begun = run_in(tmp_path, "init", "--login", "boss").output

    assert "没有可用账号的接诊机构(没有人会看到询问,须打电话) (" in begun
    assert "YN530100-005 YN530100-006 " in begun
    asked = run_in(tmp_path, "doctor", "--lang", "en").output
    assert "destinations where nobody has an account" in asked
