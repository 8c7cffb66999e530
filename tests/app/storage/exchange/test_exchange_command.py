"""Files of another system by command: in with a report, out as they stand."""

import dataclasses
import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.case_exchange.mapping import load_columns
from app.case_exchange.rows import said_by
from app.case_exchange.sheets import sheet_of_rows
from app.cli import app
from facilities.io import sheet_text
from routing.triage.rows import Colour
from tests.app.storage.exchanging import (
    LOGIN,
    ask,
    assessed,
    filed,
    take,
)
from tests.rings import ring_of_tests


@pytest.fixture
def command(address, house, tmp_path):
    environment = {
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "GREENCHANNEL_KEY_FILE": str(ring_of_tests().path),
        "DATABASE_URL": address,
        "GREENCHANNEL_LANGUAGE": "en",
        "COLUMNS": "200",
    }
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words], env=environment)


@pytest.fixture
def file(engine, tmp_path):
    columns = load_columns(None, engine.rules.facts)

    def write(rows, name="pregnancies"):
        sheet = sheet_of_rows(columns[name], [said_by(row) for row in rows], engine.rules.facts)
        path = tmp_path / f"{name}.csv"
        path.write_text(sheet_text(sheet), encoding="utf-8")
        return path

    return write


def test_the_command_takes_in_files_and_reports_what_became_of_them(command, file, house, women):
    path = file([one.row for one in women[:3]])
    tried = command("import", "pregnancies", path, "--as", LOGIN, "--dry-run")
    nothing = ask(house, "SELECT count(*) FROM exchange_line")
    done = command("import", "pregnancies", path, "--as", LOGIN, "--json")
    told = json.loads(done.stdout)

    assert (tried.exit_code, done.exit_code) == (0, 0), tried.stderr + done.stderr
    assert "dry run" in tried.stdout
    assert nothing == [(0,)]
    assert told["taken"]["counts"] == {"new": 3}
    assert told["filed"] == {"filed": 3, "refused": 0, "kept": 0}


def test_a_bad_file_changes_nothing_and_its_faults_name_nobody(command, file, house, women):
    row = women[0].row
    bad = dataclasses.replace(
        row, given=dataclasses.replace(row.given, residence_county="999999", phone="secret-phone")
    )
    path = file([bad, women[1].row])
    errors = path.with_name("errors.csv")
    done = command("import", "pregnancies", path, "--as", LOGIN, "--errors-to", errors)

    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert "secret-phone" not in done.stderr
    assert "unknown" in errors.read_text(encoding="utf-8") or errors.stat().st_size
    assert errors.stat().st_mode & 0o077 == 0
    assert ask(house, "SELECT count(*) FROM exchange_line") == [(0,)]


def test_nobody_imports_in_the_name_of_an_account_that_does_not_exist(command, file, women):
    done = command("import", "pregnancies", file([women[0].row]), "--as", "nobody")

    assert done.exit_code == 1
    assert "account" in done.stderr


FILES = "SELECT id, version, status, colour, purple, edd, booked_facility_id FROM case_file"


def exported(command, tmp_path, name):
    out = tmp_path / f"out-{name}.csv"
    done = command("export", name, "--as", LOGIN, "--out", out)

    assert done.exit_code == 0, done.stderr
    assert out.stat().st_mode & 0o077 == 0
    return out


def imported(command, path, name):
    done = command("import", name, path, "--as", LOGIN, "--json")

    assert done.exit_code == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_what_is_exported_and_imported_again_changes_no_file(
    command, house, engine, women, tmp_path
):
    """Some were assessed, booked, only screened; a colour above our rules; visits of all kinds."""
    rows = [one.row for one in women[:12]]
    rows[0] = dataclasses.replace(assessed(women, Colour.YELLOW), colour=Colour.RED)
    rows = list({row.record_id: row for row in rows}.values())
    known = {row.record_id for row in rows}
    take(house, engine, rows)
    take(house, engine, [v for one in women for v in one.visits if v.record_id in known])
    filed(house, engine)
    before = ask(house, FILES + " ORDER BY id"), ask(house, "SELECT count(*) FROM case_visit")
    for name in ("pregnancies", "visits"):
        told = imported(command, exported(command, tmp_path, name), name)

        assert set(told["taken"]["counts"]) <= {"same", "changed"}
        assert told["taken"]["conflicts"] == told["taken"]["kept"] == []
        assert told["filed"]["refused"] == 0
    after = ask(house, FILES + " ORDER BY id"), ask(house, "SELECT count(*) FROM case_visit")

    assert after == before


def test_a_file_that_only_we_have_is_told_under_our_number_and_comes_back_as_itself(
    command, house, engine, women, tmp_path
):
    take(house, engine, [assessed(women, Colour.YELLOW)])
    filed(house, engine)
    with house.writing() as session:
        session.execute(
            text(
                "UPDATE exchange_line SET record_id = 'FORGOTTEN', file_id = NULL, "
                "filed = NULL, filed_at = NULL, status = 'refused', because = 'x'"
            )
        )
    (number,) = ask(house, "SELECT number FROM case_file")[0]
    before = ask(house, FILES)
    out = exported(command, tmp_path, "pregnancies")

    assert out.read_text(encoding="utf-8").splitlines()[1].startswith(f"{number},")
    with house.writing() as session:
        session.execute(text("UPDATE exchange_line SET format = 'visits', of_record = 'X'"))
    told = imported(command, out, "pregnancies")

    assert told["taken"]["counts"] == {"new": 1}
    assert told["filed"] == {"filed": 1, "refused": 0, "kept": 0}
    assert ask(house, FILES) == before


def test_every_woman_that_is_exported_is_a_look_that_is_written_down(
    command, house, engine, women, tmp_path
):
    take(house, engine, [one.row for one in women[:3]])
    filed(house, engine)
    exported(command, tmp_path, "pregnancies")

    assert ask(house, "SELECT count(*) FROM audit_entry WHERE act = 'exported'") == [(3,)]
