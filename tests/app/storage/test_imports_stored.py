"""Imports into the database: wholly or not at all, and never over a patient who has a place."""

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.centres.opening import open_places
from app.centres.registry_now import with_imported
from app.centres.service import hold_seats
from app.cli import app
from app.tables import Data
from facilities.yunnan import load_registry
from geodata.io import read_table
from tests.app.storage import rows
from tests.rings import ring_of_tests

CENTRE = "YN533300-001"
KIND = "AICU"
CAPACITY = "facility_id,kind,in_service,free,free_from,as_of,source\n"
PHONES = "facility_id,role,phone,hours\n"
CATCHMENT = "county_adcode,kind,rank,facility_id,from,to,source\n"
STAFF = "facility_id,role,count,as_of,source\n"
FACILITY = "facility_id,name_zh,county_adcode,lon,lat,crs,maternal_level\n"
PLACES = "place_id,name_zh,county_adcode,lon,lat,crs,births,minutes_to_seat\n"
MOMENT = "2026-01-14T02:30:00+08:00"
TABLES = {
    "facilities": FACILITY + "YN-NEW-1,甲医院,530829,,,,M1\n",
    "capacity": CAPACITY + f"{CENTRE},{KIND},4,3,,{MOMENT},值班台\n",
    "phones": PHONES + f"{CENTRE},obstetric,0886-12345,\n530829,coordinator,+86 879-1,\n",
    "catchment": CATCHMENT + f"530829,M,1,{CENTRE},2026-01-01,,甲发1号\n",
    "places": PLACES + "P-1,某镇,530829,,,,120,35\n",
    "staff": STAFF + f"{CENTRE},midwife,12,2026-01-01,年报\n",
}
COUNTED = {
    "facilities": "registry_line",
    "capacity": "capacity_report",
    "phones": "facility_phone",
    "catchment": "catchment",
    "places": "registry_line",
    "staff": "staff_count",
}


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.fixture
def take(database, address, tmp_path):
    """``greenchannel import`` with a database."""
    environment = {
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "GREENCHANNEL_KEY_FILE": str(ring_of_tests().path),
        "DATABASE_URL": address,
        "GREENCHANNEL_LANGUAGE": "zh",
        "COLUMNS": "200",
    }

    def take(name, content, *words):
        path = tmp_path / "table.csv"
        path.write_text(content, encoding="utf-8")
        return CliRunner().invoke(app, ["import", name, str(path), *words], env=environment)

    return take


def count(database, table, where="1 = 1"):
    with database.reading() as session:
        return session.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar()


def known(database, registry):
    with database.reading() as session:
        return with_imported(session, Data(registry))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_in_once_and_the_same_again_changes_nothing(database, take, name):
    tried = json.loads(take(name, TABLES[name], "--dry-run", "--json").stdout)
    before = count(database, COUNTED[name])
    done = json.loads(take(name, TABLES[name], "--json").stdout)
    after = count(database, COUNTED[name])
    again = json.loads(take(name, TABLES[name], "--json").stdout)

    assert tried == {**done, "dry_run": True}
    assert (before, after) == (0, done["rows"])
    assert (done["new"], done["changed"], done["same"]) == (done["rows"], 0, 0)
    assert (again["new"], again["changed"], again["same"]) == (0, 0, done["rows"])
    assert count(database, COUNTED[name]) == after


def test_what_was_imported_is_the_registry(database, take, registry):
    for name, content in TABLES.items():
        assert take(name, content).exit_code == 0
    data = known(database, registry)
    found = data.registry

    assert found.get("YN-NEW-1").maternal_level == 1
    assert found.phone_of(CENTRE, "maternal") == "0886-12345"
    assert found.coordinator_phone("530829") == "+86 879-1"
    assert [row.facility_id for row in found.catchments.imported] == [CENTRE]
    assert [(row.role, row.count) for row in found.staff] == [("midwife", 12)]
    assert [place.place_id for place in data.places] == ["P-1"]
    assert count(database, "organisation", "facility_id = 'YN-NEW-1'") == 1
    assert count(database, "place", "facility_id = 'YN-NEW-1'") > 0


def test_what_another_import_says_takes_the_place_of_the_first_and_the_first_stays(database, take):
    take("phones", TABLES["phones"])
    other = json.loads(take("phones", PHONES + f"{CENTRE},duty,0886-99999,\n", "--json").stdout)

    assert (other["new"], other["changed"]) == (0, 1)
    assert count(database, "facility_phone", "replaced_at IS NULL") == 2
    assert count(database, "facility_phone", "replaced_at IS NOT NULL") == 1


def test_a_file_of_figures_frees_no_place_that_is_held(database, take, registry):
    """All three are promised; the file says four in service, three free: one may be free, and a
    person settles the rest. The planted fault: counting the file alone would open three."""
    take("capacity", CAPACITY + f"{CENTRE},{KIND},3,3,,{MOMENT},x\n")
    with database.writing() as session:
        for _ in range(3):
            hold_seats(
                session,
                rows.referral(session),
                {"mother": KIND},
                facility_id=CENTRE,
                province="53",
                at=database.now(session),
                until=None,
            )
        now = database.now(session).isoformat()
    done = json.loads(
        take("capacity", CAPACITY + f"{CENTRE},{KIND},4,3,,{now},x\n", "--json").stdout
    )
    free = "in_service AND NOT blocked AND reservation_id IS NULL"
    mine = f"facility_id = '{CENTRE}' AND kind = '{KIND}'"

    assert count(database, "place", f"{mine} AND reservation_id IS NOT NULL") == 3
    assert count(database, "place", f"{mine} AND {free}") == 1
    assert done["to_settle"] == 1


def test_one_bad_row_and_the_database_is_as_it_was(database, take, tmp_path):
    """Every fault of the file at once, and the file again with what is wrong in each row."""
    back = tmp_path / "back.csv"
    content = (
        CAPACITY
        + f"{CENTRE},{KIND},4,3,,{MOMENT},x\n"
        + f"{CENTRE},LABOUR,1,2,,{MOMENT},x\nNOBODY,AICU,1,1,,{MOMENT},x\n"
    )
    done = take("capacity", content, "--json", "--errors-to", str(back))
    faults = json.loads(done.stdout)["faults"]
    table = read_table(back)

    assert done.exit_code == 1
    assert {fault["line"] for fault in faults} == {3, 4}
    assert count(database, "capacity_report") == 0
    assert count(database, "place") == 0
    assert [bool(row["errors"]) for row in table.rows] == [False, True, True]
    corrected = back.read_text(encoding="utf-8").splitlines()
    assert take("capacity", "\n".join(corrected[:2]) + "\n").exit_code == 0


def test_a_figure_that_nobody_said_is_no_report(database, take):
    content = (
        CAPACITY
        + f"{CENTRE},{KIND},4,,,{MOMENT},x\n"
        + f"{CENTRE},LABOUR,4,2,,,x\n"
        + f"{CENTRE},NEO_L2A,4,2,,2099-01-01T00:00:00+08:00,x\n"
    )
    faults = json.loads(take("capacity", content, "--json").stdout)["faults"]

    assert [(f["line"], f["column"], f["code"]) for f in faults] == [
        (2, "free", "missing"),
        (3, "as_of", "missing"),
        (4, "as_of", "after_now"),
    ]


def test_a_formula_is_refused_with_or_without_a_database(database, take, tmp_path):
    content = PHONES + f"{CENTRE},duty,12345,=1+1\n"
    (fault,) = json.loads(take("phones", content, "--json").stdout)["faults"]
    other = CliRunner().invoke(
        app,
        ["import", "phones", str(tmp_path / "table.csv"), "--json"],
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path / "files"), "DATABASE_URL": ""},
    )

    assert (fault["line"], fault["column"], fault["code"]) == (2, "hours", "formula")
    assert json.loads(other.stdout)["faults"][0]["code"] == "formula"


def test_staff_without_a_database_is_refused(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_text(TABLES["staff"], encoding="utf-8")
    done = CliRunner().invoke(
        app,
        ["import", "staff", str(path)],
        env={"GREENCHANNEL_DATA_DIR": str(tmp_path), "DATABASE_URL": ""},
    )

    assert done.exit_code == 1
    assert "DATABASE_URL" in done.stderr


def test_a_place_of_the_registry_that_was_opened_keeps_what_the_ledger_knows(
    database, take, registry
):
    with database.writing() as session:
        open_places(session, registry, now=database.now(session))
    before = count(database, "place")
    take("facilities", TABLES["facilities"])
    more = count(database, "place")
    take("facilities", TABLES["facilities"])

    assert more > before
    assert count(database, "place") == more
