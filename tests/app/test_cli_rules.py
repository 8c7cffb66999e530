"""Signatures: by name and role, on one wording of a row, kept in a file."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from routing.care.tables import load_rule_set
from routing.triage.tables import read_tables

SIGN = ("--by", "Dr Example", "--role", "obstetrician")


@pytest.fixture
def run(tmp_path):
    environment = {"GREENCHANNEL_DATA_DIR": str(tmp_path), "COLUMNS": "200"}

    def run(*words):
        return CliRunner().invoke(app, ["rules", *map(str, words)], env=environment)

    return run


def listed(run, *words):
    return json.loads(run("list", "--json", *words).stdout)


def waiting(run):
    return [item["id"] for item in listed(run, "--unsigned")["items"]]


def test_every_row_is_listed_with_status_and_source(run):
    found = listed(run)

    assert len(found["items"]) == len(load_rule_set().rows)
    assert all(
        item["status"] and item["source"] and item["content_hash"] for item in found["items"]
    )
    assert found["unsigned_rules"] == len(waiting(run))


def test_one_table_can_be_listed(run):
    tables = {item["table"] for item in listed(run, "--table", "scores")["items"]}

    assert tables == {"scores"}


def test_a_signed_row_waits_no_longer(run):
    row, *others = waiting(run)
    done = run("sign", row, *SIGN, "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["unsigned_rules"] == len(others)
    assert waiting(run) == others
    (signed,) = [item for item in listed(run)["items"] if item["id"] == row]
    assert signed["signed_by"] == "Dr Example"
    assert signed["signed_at"]


def test_signatures_add_up(run):
    first, second, *others = waiting(run)
    run("sign", first, *SIGN)
    run("sign", second, *SIGN)

    assert waiting(run) == others


@pytest.mark.parametrize(
    ("row", "signer"),
    [("R-NO-SUCH-ROW", SIGN), ("E-M01", ("--by", " ", "--role", "obstetrician"))],
)
def test_a_signature_of_nobody_or_for_nothing_is_refused(run, row, signer):
    before = waiting(run)
    done = run("sign", "E-M01", row, *signer)

    assert done.exit_code == 1
    assert waiting(run) == before


def test_a_row_that_changed_has_lost_its_signature(run, tmp_path):
    """The file holds the signature of another wording: the row waits again, and doctor says so."""
    run("sign", "E-M01", *SIGN)
    file = tmp_path / "signatures.json"
    (signature,) = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps([signature | {"content_hash": "0" * 64}]), encoding="utf-8")
    doctor = CliRunner().invoke(
        app, ["doctor", "--json"], env={"GREENCHANNEL_DATA_DIR": str(tmp_path)}
    )
    void = {c["code"]: c for c in json.loads(doctor.stdout)["checks"]}["void_signatures"]

    assert "E-M01" in waiting(run)
    assert void["detail"] == ["E-M01"]


def test_a_broken_signature_file_is_refused_not_ignored(run, tmp_path):
    (tmp_path / "signatures.json").write_text("[{}]", encoding="utf-8")
    done = run("list")

    assert done.exit_code == 1
    assert "signatures" in done.stderr


def test_the_rows_are_written_out_to_be_signed_on_paper(run, tmp_path):
    rows = list(csv.DictReader(io.StringIO(run("export").stdout)))
    book = tmp_path / "rules.xlsx"
    run("export", "--out", book)
    ids = {row["id"] for row in read_tables()["destination_requirements"]}

    assert ids <= {row["id"] for row in rows}
    assert book.read_bytes().startswith(b"PK")
