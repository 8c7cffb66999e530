"""Whole files over HTTP: checked with every fault, marked, taken in once, entered, told again."""

import dataclasses
import io
import json
import uuid

import openpyxl
import pytest
from sqlalchemy import text

from app.case_exchange.mapping import load_columns
from app.case_exchange.rows import said_by
from app.case_exchange.sheets import sheet_of_rows
from app.worker.running import Worker
from app.worker.wiring import chores_of
from geodata.io import csv_text
from tests.app.storage.exchanging import pregnant
from tests.flows.cases import manager

ROOT = "/case-exchange/pregnancies"
SPAN = {"from": "2000-01-01", "to": "2199-01-01"}


@pytest.fixture
def women(house):
    return [one.row for one in pregnant(house.database, house.engine)]


@pytest.fixture
def columns(house):
    return load_columns(None, house.engine.rules.facts)["pregnancies"]


def here(women):
    """Rows of one county, and somebody's of another one."""
    county = women[0].given.residence_county
    mine = [row for row in women if row.given.residence_county == county]
    return county, mine, next(row for row in women if row.given.residence_county != county)


def table(house, columns, rows):
    header, cells = sheet_of_rows(columns, map(said_by, rows), house.engine.rules.facts)
    return [list(header), *([*row] for row in cells)]


def as_csv(lines):
    return csv_text(lines[0], lines[1:]).encode()


def send(who, path, data, *, key=None, **query):
    return who.house.client.post(
        f"/api/v1{path}", content=data, headers=who.headers(key=key), params=query
    )


def work(house):
    """Let the worker do what is due now."""
    chores = chores_of(house.settings, lambda: house.current)
    Worker(house.database, {}, province="53", chores=chores).step()


def asked(house, statement):
    with house.database.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_a_faulty_file_shows_every_fault_and_the_mended_one_goes_into_the_files_once(
    house, women, columns
):
    county, (row, *_), _ = here(women)
    mine = manager(house, county)
    lines = table(house, columns, [row])
    names = {c.field.name: c.name for c in columns}
    due, record = (lines[0].index(names[name]) for name in ("due_date", "record_id"))
    wrong = json.loads(json.dumps(lines, default=str))
    wrong[1][due], wrong[1][record] = "2026-02-30", ""
    found = send(mine, f"{ROOT}/check", as_csv(wrong)).json()
    marked = send(mine, f"{ROOT}/marked", as_csv(wrong))
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).active
    refused = send(mine, ROOT, as_csv(wrong))

    assert {(one["line"], one["column"]) for one in found["faults"]} == {
        (2, names["due_date"]),
        (2, names["record_id"]),
    }
    assert found["taken"] is None
    assert sheet.cell(1, sheet.max_column).value == "errors"
    assert names["due_date"] in sheet.cell(2, sheet.max_column).value
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["faults"]} == {
        f"lines[2].{names['due_date']}",
        f"lines[2].{names['record_id']}",
    }
    assert asked(house, "SELECT count(*) FROM exchange_line") == [(0,)]

    good, key = as_csv(lines), str(uuid.uuid4())
    would = send(mine, f"{ROOT}/check", good).json()
    assert (would["fault_count"], would["taken"]["counts"]) == (0, {"new": 1})
    assert asked(house, "SELECT count(*) FROM exchange_line") == [(0,)]
    first, again = (send(mine, ROOT, good, key=key) for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    progress = mine.get("/case-exchange/progress").json()
    assert (progress["waiting"], progress["filed"]) == (1, 0)
    work(house)
    progress = mine.get("/case-exchange/progress").json()
    assert (progress["waiting"], progress["filed"], progress["refused"]) == (0, 1, 0)
    assert send(mine, ROOT, good).json()["counts"] == {"same": 1}

    told = mine.get(f"{ROOT}/export", params=SPAN | {"as": "csv"})
    assert row.record_id in told.text
    assert told.headers["cache-control"] == "no-store"
    noted = "SELECT count(*) FROM audit_entry WHERE act = 'exported'"
    assert asked(house, noted) == [(1,)]


def test_nobody_takes_in_or_is_told_of_women_of_another_county(house, women, columns):
    county, (row, *_), other = here(women)
    mine = manager(house, county)
    stranger = manager(house, other.given.residence_county)
    names = {c.field.name: c.name for c in columns}
    both = send(mine, f"{ROOT}/check", as_csv(table(house, columns, [row, other]))).json()
    assert [(one["line"], one["column"], one["code"]) for one in both["faults"]] == [
        (3, names["residence_county"], "out_of_area")
    ]

    assert send(mine, ROOT, as_csv(table(house, columns, [row]))).status_code == 200
    work(house)
    # The same number from next door, as if she had moved there, would write into her file.
    given = dataclasses.replace(row.given, residence_county=other.given.residence_county)
    moved = as_csv(table(house, columns, [dataclasses.replace(row, given=given)]))
    (fault,) = send(stranger, f"{ROOT}/check", moved).json()["faults"]
    assert (fault["column"], fault["code"]) == (names["record_id"], "out_of_area")
    assert send(stranger, ROOT, moved).status_code == 422
    assert send(mine, f"{ROOT}/check", moved).json()["fault_count"] == 0
    empty = stranger.get(f"{ROOT}/export", params=SPAN | {"as": "csv"}).text
    assert empty.count("\n") == 1
    assert row.record_id not in empty


def test_a_file_that_is_none_and_one_too_many_are_refused_and_the_template_offers_words(
    house, women
):
    mine = manager(house, women[0].given.residence_county)
    bomb = b"PK\x03\x04" + b"\0" * 100
    template = mine.get(f"{ROOT}/template")
    book = openpyxl.load_workbook(io.BytesIO(template.content))

    assert send(mine, f"{ROOT}/check", bomb).json()["fault_count"] == 1
    assert send(mine, f"{ROOT}/marked", bomb).status_code == 422
    assert send(mine, f"{ROOT}/check", b"x" * (10 * 1024 * 1024 + 1)).status_code == 413
    assert book.active.data_validations.dataValidation
    with house.app.state.one_file.turn():
        busy = send(mine, f"{ROOT}/check", b"a,b\n1,2\n")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
