"""Imports: a file is taken over as a whole or not at all, and says every bad row."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from geodata.io import xlsx_bytes

CENTRE = "YN533300-001"
CAPACITY = "facility_id,kind,in_service,free,free_from,as_of,source\n"
REPORT = f"{CENTRE},AICU,4,3,,2026-01-14T02:30:00+08:00,duty desk\n"


@pytest.fixture
def run(tmp_path):
    environment = {
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "GREENCHANNEL_LANGUAGE": "zh",
        "COLUMNS": "200",
    }

    def run(*words, stdin=None):
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=environment)

    return run


@pytest.fixture
def file(tmp_path):
    """Write a file to be imported."""

    def write(text, *, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return write


def exported(run, table):
    return run("export", table).stdout.splitlines()


def aicu(run):
    return [line for line in exported(run, "capacity") if line.startswith(f"{CENTRE},AICU")]


def test_an_import_is_there_for_the_next_command(run, file):
    done = run("import", "capacity", file(CAPACITY + REPORT))

    assert done.exit_code == 0
    assert "已导入 1 行" in done.stdout
    assert aicu(run) == [REPORT.strip()]


def test_a_dry_run_checks_and_changes_nothing(run, file):
    before = exported(run, "capacity")
    done = run("import", "capacity", file(CAPACITY + REPORT), "--dry-run", "--json")

    assert json.loads(done.stdout) == {
        "table": "capacity",
        "rows": 1,
        "kept": 0,
        "encoding": "utf-8",
        "dry_run": True,
    }
    assert exported(run, "capacity") == before


def test_one_bad_row_and_nothing_is_taken_over(run, file):
    """Line 3 has more free than in service, line 4 a kind and a facility that do not exist."""
    before = exported(run, "capacity")
    bad = f"{CENTRE},LABOUR,1,2,,2026-01-14T02:30:00+08:00,x\nNOBODY,BED,1,1,,,x\n"
    done = run("import", "capacity", file(CAPACITY + REPORT + bad), "--json")
    faults = json.loads(done.stdout)["faults"]

    assert done.exit_code == 1
    assert {(fault["line"], fault["column"]) for fault in faults} >= {
        (3, "free"),
        (4, "facility_id"),
        (4, "kind"),
    }
    assert all(fault["value"] and fault["expected"] and fault["message"] for fault in faults)
    assert exported(run, "capacity") == before


def test_people_see_line_column_value_and_what_was_expected(run, file):
    done = run("import", "capacity", file(CAPACITY + f"{CENTRE},LABOUR,1,2,,,x\n"))

    assert done.exit_code == 1
    assert "第 2 行 free" in done.stderr
    assert "空位多于在用" in done.stderr


def test_a_later_report_takes_the_place_of_the_same_kind_only(run, file):
    labour = f"{CENTRE},LABOUR,3,1,,2026-01-14T02:00:00+08:00,duty desk"
    run("import", "capacity", file(CAPACITY + REPORT + labour + "\n"))
    later = REPORT.replace(",4,3,", ",4,0,")
    done = run("import", "capacity", file(CAPACITY + later), "--json")

    assert json.loads(done.stdout)["kept"] == 1
    assert aicu(run) == [later.strip()]
    assert labour in exported(run, "capacity")


def test_a_file_in_gbk_is_read_and_said(run, file):
    report = REPORT.replace("duty desk", "值班室")
    done = run("import", "capacity", file(CAPACITY + report, encoding="gbk"))

    assert done.exit_code == 0
    assert "GBK" in done.stderr
    assert aicu(run) == [report.strip()]


def test_a_mark_of_byte_order_changes_nothing(run, file):
    done = run("import", "capacity", file(CAPACITY + REPORT, encoding="utf-8-sig"))

    assert done.exit_code == 0
    assert aicu(run) == [REPORT.strip()]


def test_a_workbook_is_read_like_a_text_file(run, file):
    header = CAPACITY.strip().split(",")
    book = xlsx_bytes(header, [REPORT.strip().split(",")], sheet="capacity")
    done = run("import", "capacity", file(book, name="table.xlsx"))

    assert done.exit_code == 0
    assert aicu(run) == [REPORT.strip()]


def test_a_table_may_come_from_standard_input(run):
    done = run("import", "capacity", "-", stdin=CAPACITY + REPORT)

    assert done.exit_code == 0
    assert aicu(run) == [REPORT.strip()]


def test_a_province_duty_number_makes_the_doctor_content(run, file):
    before = run("doctor", "--json")
    table = "facility_id,role,phone,hours\n530000,coordinator,0871-00000000,24h\n"
    assert run("import", "phones", file(table)).exit_code == 0
    after = run("doctor", "--json")

    assert (before.exit_code, after.exit_code) == (1, 0)
    assert json.loads(before.stdout)["problems"] == 1


def test_the_number_reaches_the_coordinator_line_of_every_answer(run, file):
    table = "facility_id,role,phone,hours\n530000,coordinator,0871-00000000,24h\n"
    run("import", "phones", file(table))
    document = {
        "facts": {"pph_ongoing": True},
        "origin": {"adcode": "533324"},
        "now": "2026-01-14T03:00:00+08:00",
    }
    answer = json.loads(run("recommend", "-", "--json", stdin=json.dumps(document)).stdout)

    assert answer["alternatives"][-1]["phone"] == "0871-00000000"


def test_a_catchment_is_taken_over(run, file):
    head = "county_adcode,kind,rank,facility_id,from,to,source\n"
    row = f"533324,M,1,{CENTRE},2026-01-01,,a document"
    done = run("import", "catchment", file(head + row + "\n"))

    assert done.exit_code == 0
    assert exported(run, "catchment")[1:] == [row]


PLACES = "place_id,name_zh,county_adcode,lon,lat,crs,births,minutes_to_seat\n"


def test_a_village_becomes_an_origin(run, file):
    run("import", "places", file(PLACES + "V1,某村,533324,,,,12,55\n"))
    document = {
        "facts": {"pph_ongoing": True},
        "origin": {"place_id": "V1"},
        "now": "2026-01-14T03:00:00+08:00",
    }
    done = run("recommend", "-", "--json", stdin=json.dumps(document))

    assert done.exit_code == 0
    assert json.loads(done.stdout)["ranking"]


def test_a_point_without_its_system_is_refused_until_the_option_names_it(run, file):
    """The same place in two systems: the option says GCJ-02, and the point moves some 500 m."""
    bare = file(PLACES + "V1,某村,530102,102.71,25.04,,,\n")
    refused = run("import", "places", bare, "--json")
    taken = run("import", "places", bare, "--crs", "gcj02")
    (row,) = json.loads(run("export", "places", "--json").stdout)

    assert refused.exit_code == 1
    assert {f["column"] for f in json.loads(refused.stdout)["faults"]} == {"crs"}
    assert taken.exit_code == 0
    assert row["crs"] == "wgs84"
    assert 0.001 < abs(row["lon"] - 102.71) < 0.01


def test_facilities_are_added_or_take_the_place_of_theirs(run, file):
    template = run("export", "facilities", "--template").stdout.splitlines()
    row = template[1].replace("EXAMPLE-1", "NEW-1")
    done = run("import", "facilities", file(f"{template[0]}\n{row}\n"))
    ids = [line.split(",")[0] for line in exported(run, "facilities")[1:]]

    assert done.exit_code == 0
    assert len(ids) == 208
    assert "NEW-1" in ids


@pytest.mark.parametrize("table", ["facilities", "capacity", "phones", "catchment", "places"])
def test_the_example_of_a_template_is_never_taken_for_data(run, file, table):
    done = run("import", table, "-", stdin=run("export", table, "--template").stdout)

    assert done.exit_code == 1


def test_an_import_beside_a_broken_table_is_refused_and_names_that_table(run, file, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "capacity.csv").write_text(CAPACITY + "NOBODY,AICU,1,1,,,x\n", encoding="utf-8")
    done = run("import", "places", file(PLACES + "V1,某村,533324,,,,12,55\n"))

    assert done.exit_code == 1
    assert "NOBODY" in done.stderr
    assert "capacity.csv" in done.stderr
    assert not (folder / "places.csv").exists()


def test_a_broken_file_in_the_data_folder_stops_with_its_faults(run, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "capacity.csv").write_text("nonsense\n1\n", encoding="utf-8")
    done = run("doctor")

    assert done.exit_code == 1
    assert "capacity.csv" in done.stderr
