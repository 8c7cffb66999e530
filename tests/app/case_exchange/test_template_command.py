"""``greenchannel export pregnancies --template`` at the command line."""

import io
import stat

import openpyxl
import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.app.case_exchange.made import COLUMNS


@pytest.fixture
def run(tmp_path):
    environment = {"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "GREENCHANNEL_LANGUAGE": "en"}
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words], env=environment)


@pytest.mark.parametrize("name", ["pregnancies", "visits"])
def test_the_columns_come_as_text_on_standard_output(run, name):
    done = run("export", name, "--template")
    header, example = done.stdout.splitlines()

    assert done.exit_code == 0
    assert header.split(",") == [c.name for c in COLUMNS[name] if c.comes_in]
    assert "EXAMPLE-1" in example


def test_a_workbook_offers_words_and_only_its_owner_can_read_it(run, tmp_path):
    out = tmp_path / "t.xlsx"
    done = run("export", "pregnancies", "--template", "--out", out)
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))

    assert done.exit_code == 0
    assert book.sheetnames == ["pregnancies", "columns", "lists"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_table_of_the_installation_takes_the_place_of_the_columns_of_yunnan(run, tmp_path):
    (tmp_path / "data").mkdir()
    text = "format,field,column,spelling,codes,direction,meaning_zh,meaning_en\n"
    text += "visits,record_id,Akte,plain,,both,,\n"
    (tmp_path / "data" / "exchange_columns.csv").write_text(text, encoding="utf-8")
    done = run("export", "visits", "--template")

    assert done.exit_code == 1
    assert "visits.updated_at" in done.stderr
