"""``greenchannel demo --files`` writes what ``import`` and ``book`` take."""

import json

from typer.testing import CliRunner

from app.case_exchange.mapping import load_columns
from app.case_exchange.reading import read_file
from app.cli import app
from routing.triage.tables import load_rules


def test_the_files_of_the_demonstration_are_written_and_can_be_read(tmp_path):
    environment = {"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "GREENCHANNEL_LANGUAGE": "zh"}
    done = CliRunner().invoke(app, ["demo", "--files", str(tmp_path / "out")], env=environment)
    columns = load_columns(None, load_rules().facts)
    tables = {
        name: read_file(
            (tmp_path / "out" / f"{name}.csv").read_bytes(), name=name, columns=columns[name]
        )
        for name in ("pregnancies", "visits")
    }
    booked = json.loads((tmp_path / "out" / "book.json").read_text(encoding="utf-8"))

    assert done.exit_code == 0
    assert len(tables["pregnancies"].rows) == 3000
    assert len(tables["visits"].rows) > 3000
    assert len(booked["pregnancies"]) > 2000
