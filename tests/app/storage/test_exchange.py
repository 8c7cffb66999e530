"""Files of the platform in the database: taken in wholly, filed line by line, never over ours."""

import dataclasses
import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.accounts.organisations import open_commissions
from app.case_exchange.filing import file_lines
from app.case_exchange.mapping import load_columns
from app.case_exchange.rows import Lined, VisitRow, said_by
from app.case_exchange.service import importer
from app.case_exchange.sheets import sheet_of_rows
from app.case_exchange.taking import take_pregnancies, take_visits
from app.centres.opening import open_places
from app.cli import app
from app.clock import LOCAL
from app.demo_women.filling import Filling
from app.demo_women.writing import told_of_all
from app.engine import load_engine
from app.settings import Settings
from app.work import Work
from facilities.io import sheet_text
from routing.triage.rows import Colour
from tests.app.storage import account_rows
from tests.rings import ring_of_tests

LOGIN = "mch"


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture
def house(database, engine):
    """A database with institutions, commissions and one account."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
        open_commissions(session, engine.registry)
        account_rows.user(session, LOGIN)
    return database


@pytest.fixture
def women(house, engine):
    """Invented women, as the platform would tell of them now; the pregnant ones."""
    with house.reading() as session:
        now = house.now(session)
    told = told_of_all(engine.rules, engine.registry, now=now, count=40)
    return [one for one in told if one.row.delivered_on is None]


def lined(rows):
    return [Lined(line, row) for line, row in enumerate(rows, start=2)]


def take(house, engine, rows):
    """Take in pregnancies or visits, as a command does."""
    with house.writing() as session:
        now = house.now(session)
        work = Work(session, importer(session, LOGIN, now=now), now)
        if rows and isinstance(rows[0], VisitRow):
            return take_visits(work, lined(rows), encoding="utf-8")
        return take_pregnancies(work, engine.rules, lined(rows), encoding="utf-8")


def filed(house, engine):
    return file_lines(house, engine, "53", told_of=lambda *_: None)


def ask(house, statement):
    with house.reading() as session:
        return [tuple(row) for row in session.execute(text(statement)).all()]


def lines(house):
    found = ask(house, "SELECT record_id, status, because, kept FROM exchange_line")
    return {record: tuple(rest) for record, *rest in found}


def later(row, **more):
    return dataclasses.replace(row, updated_at=row.updated_at + timedelta(seconds=1), **more)


def test_a_file_is_taken_in_and_goes_into_the_files_of_the_women(house, engine, women):
    rows = [one.row for one in women]
    taken = take(house, engine, rows)
    done = filed(house, engine)
    colours = Counter(str(r.colour) for r in rows if r.colour not in (None, Colour.GREEN))
    there = Counter(c for (c,) in ask(house, "SELECT colour FROM case_file") if c)

    assert taken.counts == {"new": len(rows)}
    assert (done.filed, done.refused) == (len(rows), 0)
    assert {k: v for k, v in there.items() if k != "green"} == colours


def test_the_same_file_again_changes_nothing_before_or_after_it_was_filed(house, engine, women):
    rows = [one.row for one in women[:6]]
    take(house, engine, rows)
    before = take(house, engine, rows).counts
    filed(house, engine)
    files = ask(house, "SELECT id, version, colour FROM case_file ORDER BY id")
    again = take(house, engine, rows).counts
    done = filed(house, engine)

    assert before == again == {"same": 6}
    assert done.filed == 0
    assert ask(house, "SELECT id, version, colour FROM case_file ORDER BY id") == files


def test_visits_follow_their_files_and_a_planned_one_is_held_later(house, engine, women):
    one = next(w for w in women if w.visits and w.visits[-1].state == "planned")
    planned = dataclasses.replace(one.visits[-1], visited_on=one.row.registered_on)
    take(house, engine, [one.row])
    take(house, engine, [planned])
    filed(house, engine)
    take(house, engine, [later(planned, state="held")])
    done = filed(house, engine)
    entries = ask(house, "SELECT status, plan_id IS NOT NULL FROM case_visit ORDER BY id")

    assert done.refused == 0
    assert [(s, bool(p)) for s, p in entries] == [("planned", False), ("held", True)]


def test_a_missed_visit_was_planned_before(house, engine, women):
    one = women[0]
    visit = VisitRow("F1", one.row.record_id, one.row.updated_at, "missed", one.row.registered_on)
    take(house, engine, [one.row])
    take(house, engine, [visit])
    filed(house, engine)

    assert [s for (s,) in ask(house, "SELECT status FROM case_visit ORDER BY id")] == [
        "planned",
        "missed",
    ]


def assessed(women, colour):
    return next(one.row for one in women if one.row.colour is colour)


def test_a_lower_colour_of_the_platform_is_kept_back_and_said(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    taken = take(house, engine, [later(row, colour=Colour.GREEN)])
    filed(house, engine)

    assert taken.kept == ((2, "colour"),)
    assert ask(house, "SELECT colour FROM case_file") == [("yellow",)]
    assert lines(house)[row.record_id] == ("filed", "", "colour")


def test_a_colour_above_what_our_rules_find_stands_with_the_platform_as_its_source(
    house, engine, women
):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [dataclasses.replace(row, colour=Colour.RED, purple=True)])
    done = filed(house, engine)

    assert done.refused == 0
    assert [(c, bool(p)) for c, p in ask(house, "SELECT colour, purple FROM case_file")] == [
        ("red", True)
    ]
    assert ("mch-platform", "red") in ask(house, "SELECT rule_set, colour FROM case_assessment")


def test_a_later_row_raises_the_colour_and_an_older_one_is_a_conflict(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    take(house, engine, [later(row, colour=Colour.ORANGE)])
    filed(house, engine)
    older = dataclasses.replace(row, facts=dict(row.facts) | {"height_cm": 140.0})
    taken = take(house, engine, [older])

    assert ask(house, "SELECT colour FROM case_file") == [("orange",)]
    assert taken.conflicts == ((2, "older"),)
    assert taken.counts == {"older": 1}


def test_the_number_of_a_filed_woman_under_another_record_joins_nothing(house, engine, women):
    row = women[0].row
    take(house, engine, [row])
    filed(house, engine)
    taken = take(house, engine, [dataclasses.replace(row, record_id="OTHER")])

    assert taken.conflicts == ((2, "filed_elsewhere"),)
    assert ask(house, "SELECT count(*) FROM case_file") == [(1,)]


def test_a_due_date_or_an_end_that_changes_waits_for_a_person(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    due = ask(house, "SELECT edd FROM case_file")
    changed = later(row, due_date=row.due_date + timedelta(days=3), ended_as="moved_away")
    take(house, engine, [dataclasses.replace(changed, ended_on=row.registered_on)])
    done = filed(house, engine)

    assert done.kept == 1
    assert lines(house)[row.record_id] == ("filed", "", "due_date ended_as ended_on")
    assert ask(house, "SELECT edd FROM case_file") == due


def test_a_birth_is_entered_with_how_many_were_born(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    with house.reading() as session:
        today = house.now(session).astimezone(LOCAL).date()
    take(house, engine, [row])
    filed(house, engine)
    take(house, engine, [later(row, delivered_on=today, live_born=2, stillborn=0)])
    done = filed(house, engine)

    assert done.refused == 0
    assert ask(house, "SELECT status FROM case_file") == [("delivered",)]
    assert ask(house, "SELECT live_born, mode FROM case_delivery") == [(2, "unknown")]


def test_a_line_that_a_file_would_not_have_is_kept_with_the_reason_and_stops_no_other(
    house, engine, women
):
    """An account for which there is no MCH institution in the county cannot be made up."""
    one, other = women[0].row, next(w.row for w in women if w.woman.county != women[0].woman.county)
    with house.writing() as session:
        session.execute(
            text("UPDATE organisation SET kind = 'ems120' WHERE kind = 'mch' AND division = :d"),
            {"d": one.given.residence_county},
        )
    take(house, engine, [one, other])
    done = filed(house, engine)

    assert (done.filed, done.refused) == (1, 1)
    assert lines(house)[one.record_id][:2] == ("refused", "no_mch_institution")


def test_what_the_platform_said_is_sealed_and_a_line_is_never_deleted(house, engine, women):
    take(house, engine, [women[0].row])
    (content,) = ask(house, "SELECT content FROM exchange_line")[0]

    assert women[0].row.given.name.encode() not in bytes(content)
    with pytest.raises(DBAPIError), house.writing() as session:
        session.execute(text("DELETE FROM exchange_line"))


def test_the_women_of_the_demonstration_are_filled_in_and_may_be_stopped(house, engine):
    filling = Filling(house, engine, count=8, seed=1)
    filling.start()
    filling._thread.join()
    filling.stop()
    stopped = Filling(house, engine, count=0, seed=2)
    stopped.fill()
    found = Counter(status for status, _, _ in lines(house).values())

    assert ask(house, "SELECT count(*) FROM case_file")[0][0] >= 6
    assert found["filed"] > 0


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


def test_a_green_of_the_platform_that_our_rules_leave_open_waits_for_a_person(house, engine, women):
    row = dataclasses.replace(assessed(women, Colour.YELLOW), colour=Colour.GREEN, purple=False)
    take(house, engine, [dataclasses.replace(row, facts={"parity": 1}, screening="positive")])
    filed(house, engine)

    assert ask(house, "SELECT colour FROM case_file") == [("",)]
    assert "screening" in lines(house)[row.record_id][2]
