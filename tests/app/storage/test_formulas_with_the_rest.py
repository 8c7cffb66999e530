"""A table is refused once, with its formulas and all else, so that it is corrected in one go."""

import io
import json

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from typer.testing import CliRunner

from app.cli import app
from geodata.io import read_table_bytes
from tests.app.storage.test_imports_stored import (
    CAPACITY,
    CATCHMENT,
    CENTRE,
    FACILITY,
    KIND,
    MOMENT,
    PHONES,
    PLACES,
    STAFF,
)

FAULTY = {
    "facilities": (
        FACILITY,
        ["YN-NEW-1,=A1,530829,,,,M1", "YN-NEW-2,乙医院,999999,,,,M1"],
        {(2, "name_zh", "formula"), (3, "county_adcode", "unknown_county")},
    ),
    "capacity": (
        CAPACITY,
        [f"{CENTRE},{KIND},=2+2,,,{MOMENT},x", f"NOBODY,LABOUR,1,2,,{MOMENT},x"],
        {
            (2, "in_service", "formula"),
            (2, "free", "missing"),
            (3, "facility_id", "unknown_facility"),
            (3, "free", "free_above_in_service"),
        },
    ),
    "phones": (
        PHONES,
        [f"{CENTRE},duty,12345,=1+1", f"{CENTRE},nobody,12345,"],
        {(2, "hours", "formula"), (3, "role", "unknown_code")},
    ),
    "catchment": (
        CATCHMENT,
        [f"530829,M,1,{CENTRE},2026-01-01,,=B2", f"530829,M,2,{CENTRE},yesterday,,x"],
        {(2, "source", "formula"), (3, "from", "not_a_date")},
    ),
    "places": (
        PLACES,
        ["P-1,=A2,530829,,,,120,35", "P-2,某镇,530829,,,,many,35"],
        {(2, "name_zh", "formula"), (3, "births", "not_a_number")},
    ),
    "staff": (
        STAFF,
        [f"{CENTRE},midwife,=6+6,2026-01-01,x", f"{CENTRE},doctor,many,2026-01-01,x"],
        {(2, "count", "formula"), (3, "count", "not_a_number")},
    ),
}


def workbook(header, lines):
    book = openpyxl.Workbook()
    for line in (header.strip(), *lines):
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_formulas_and_other_faults_of_a_file_are_listed_together(address, tmp_path, name, form):
    header, lines, wanted = FAULTY[name]
    path = tmp_path / f"table.{form}"
    if form == "csv":
        path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    else:
        path.write_bytes(workbook(header, lines))
    for database in (address, "") if name != "staff" else (address,):
        env = {"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": database}
        done = CliRunner().invoke(app, ["import", name, str(path), "--json"], env=env)
        found = [(f["line"], f["column"], f["code"]) for f in json.loads(done.stdout)["faults"]]

        assert done.exit_code == 1
        # Without a database free places that nobody stated are assumed, and no fault.
        missing = {(2, "free", "missing")} if not database else set()
        assert set(found) >= wanted - missing
        assert found == sorted(found, key=lambda one: one[0])
        assert [code for line, _, code in found if line == 2].count("formula") == 1
        assert "not_a_number" not in {code for line, _, code in found if line == 2}
        assert not (tmp_path / "data" / f"{name}.csv").exists()


def test_a_formula_over_several_cells_is_one_too(address, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(PHONES.strip().split(","))
    book.active.append([CENTRE, "duty", "12345", ""])
    book.active["D2"] = ArrayFormula("D2:D3", "=A1:A2")
    path = tmp_path / "table.xlsx"
    book.save(path)
    env = {"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": address}
    done = CliRunner().invoke(app, ["import", "phones", str(path), "--json"], env=env)

    assert [f["code"] for f in json.loads(done.stdout)["faults"]] == ["formula"]


def test_who_does_not_ask_for_formulas_is_given_none():
    header, lines, _ = FAULTY["phones"]
    with pytest.raises(ValueError, match="formula"):
        read_table_bytes(workbook(header, lines), name="table.xlsx")
