"""The commands: exit codes, exact JSON, tables for people, files that replace the built-in data."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from app.calculators import schemas
from app.cli import app

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
GONGSHAN = str(EXAMPLES / "gongshan.json")
NIGHT = str(EXAMPLES / "night.json")


@pytest.fixture
def run(tmp_path):
    """Run a command on a data folder of its own, on a wide terminal."""
    environment = {
        "GREENCHANNEL_DATA_DIR": str(tmp_path / "data"),
        "GREENCHANNEL_LANGUAGE": "zh",
    }

    def run(*words, stdin=None, columns=200):
        env = environment | {"COLUMNS": str(columns)}
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=env)

    return run


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("command", "file", "model"),
    [
        ("recommend", GONGSHAN, schemas.RecommendationOut),
        ("plan", NIGHT, schemas.PlanOut),
    ],
)
def test_the_json_of_a_command_is_the_answer_of_the_contract(run, command, file, model):
    done = run(command, file, "--json")

    assert done.exit_code == 0
    model.model_validate_json(done.stdout, extra="forbid")


def test_a_request_may_come_from_standard_input(run):
    document = json.dumps({"facts": {"pph_ongoing": True}, "now": "2026-01-14T03:00:00+08:00"})
    done = run("assess", "-", "--json", stdin=document)

    assert done.exit_code == 0
    answer = schemas.AssessmentOut.model_validate_json(done.stdout, extra="forbid")
    assert answer.decision == "transfer_now"


@pytest.mark.parametrize("command", ["assess", "recommend", "plan"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_are_told_that_the_rules_are_not_signed(run, command, lang):
    files = {"assess": "-", "recommend": GONGSHAN, "plan": NIGHT}
    document = '{"facts": {}, "now": "2026-01-14T03:00:00+08:00"}'
    done = run(command, files[command], "--lang", lang, stdin=document)

    assert done.exit_code == 0
    words = {"zh": "演示/未经临床签署", "en": "Demonstration / clinical rules not signed"}
    assert words[lang] in done.stdout.splitlines()[0]


def test_the_columns_of_a_table_are_aligned_although_chinese_is_twice_as_wide(run):
    """Each minute column ends at the same cell in every row of the ranking."""
    lines = run("recommend", GONGSHAN).stdout.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("#"))
    ends = {
        cell_len(line[: line.index("  本院  ")])
        for line in lines[start : start + 9]
        if "  本院  " in line
    }

    assert len(ends) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "words",
    [
        ("recommend", GONGSHAN),
        ("recommend", GONGSHAN, "--all"),
        ("plan", NIGHT),
        ("assess", "-"),
        ("doctor",),
        ("rules", "list"),
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(run, words, columns, lang):
    done = run(*words, "--lang", lang, stdin='{"facts": {"pph_ongoing": true}}', columns=columns)

    assert done.stdout
    assert [line for line in done.stdout.splitlines() if cell_len(line) > columns] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_are_whole_words_on_a_narrow_terminal(run, engine, lang):
    """Destinations of the first five; Chinese ones on one line, English ones folded at words."""
    text = run("recommend", GONGSHAN, "--lang", lang, columns=80).stdout
    answer = engine.recommend(json.loads(Path(GONGSHAN).read_text(encoding="utf-8")))
    for row in answer.ranking[:5]:
        facility = engine.registry.get(row.facility_id)
        parts = [facility.name_zh] if lang == "zh" else facility.name_en.split()

        assert all(part in text for part in parts)


def test_what_is_read_out_on_the_telephone_stands_above_the_table(run):
    lines = run("recommend", GONGSHAN, columns=80).stdout.splitlines()
    table = next(i for i, line in enumerate(lines) if line.startswith("推荐去向"))
    above = "".join(lines[:table])

    for phrase in (
        "去 怒江州人民医院",
        "6 小时 06 分",
        "☎ ",
        "排在这里因为",
        "打电话问",
        "还要弄清",
    ):
        assert phrase in above


def test_progress_never_mixes_with_the_answer(run):
    done = run("plan", NIGHT, "--json")

    assert json.loads(done.stdout)
    assert "正在求解" in done.stderr


def test_nobody_can_take_her_is_an_answer_and_no_error(run):
    document = json.loads(Path(GONGSHAN).read_text(encoding="utf-8"))
    everybody = [row["facility_id"] for row in rows_of(run("export", "facilities").stdout)]
    document["exclude"] = everybody
    done = run("recommend", "-", stdin=json.dumps(document))

    assert done.exit_code == 0
    assert "目前没有机构能接" in done.stdout
    assert "拨值班协调员" in done.stdout


@pytest.mark.parametrize("in_json", [False, True])
def test_a_refused_request_ends_with_1_and_names_every_field(run, in_json):
    document = {"facts": {"hb_g_l": 11, "gestational_age_weeks": 45}, "origin": {"adcode": "1"}}
    words = ["recommend", "-", *(["--json"] if in_json else [])]
    done = run(*words, stdin=json.dumps(document))

    assert done.exit_code == 1
    if in_json:
        found = [fault["field"] for fault in json.loads(done.stdout)["faults"]]
        assert found == ["facts.hb_g_l", "facts.gestational_age_weeks", "origin.adcode"]
    else:
        assert done.stdout == ""
        assert "单位是 g/dL 吗?" in done.stderr
        assert "facts.gestational_age_weeks" in done.stderr
        assert "origin.adcode" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("recommend", "no-such-file.json"),
        ("assess", "-"),
        ("recommend", GONGSHAN, "--registry", "no-such-file.csv"),
    ],
)
def test_what_cannot_be_read_ends_with_1(run, words):
    done = run(*words, stdin="{")

    assert done.exit_code == 1
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("recommend",),
        ("fly", "me"),
        ("recommend", GONGSHAN, "--wings"),
        ("recommend", GONGSHAN, "--lang", "fr"),
        ("plan", NIGHT, "--time-limit", "0"),
        ("export", "everything"),
        ("import", "facilities", "x.csv", "--crs", "mars"),
        ("rules", "sign", "R-X"),
    ],
)
def test_wrong_usage_ends_with_2(run, words):
    assert run(*words).exit_code == 2


def test_twenty_thousand_requests_are_refused_before_they_are_solved(run):
    document = json.dumps({"requests": [{"id": str(n)} for n in range(20_000)]})
    done = run("plan", "-", "--json", stdin=document)

    assert done.exit_code == 1
    assert json.loads(done.stdout)["faults"][0]["code"] == "too_many"


def test_a_registry_file_replaces_the_built_in_facilities(run, tmp_path):
    kept = ("YN533300-004", "YN533300-001")
    everything = rows_of(run("export", "facilities").stdout)
    mine = [row for row in everything if row["facility_id"] in kept]
    file = write(tmp_path / "facilities.csv", mine)
    answer = json.loads(run("recommend", GONGSHAN, "--registry", file, "--json").stdout)
    told = {row["facility_id"] for key in ("ranking", "excluded") for row in answer[key]}

    assert told == set(kept)


def test_a_capacity_file_replaces_the_assumed_places(run, tmp_path):
    report = {
        "facility_id": "YN533300-001",
        "kind": "AICU",
        "in_service": 4,
        "free": 3,
        "free_from": "",
        "as_of": "2026-01-14T02:30:00+08:00",
        "source": "duty desk",
    }
    file = write(tmp_path / "capacity.csv", [report])
    answer = json.loads(run("recommend", GONGSHAN, "--capacity", file, "--json").stdout)
    (row,) = [r for r in answer["ranking"] if r["facility_id"] == "YN533300-001"]
    (place,) = [p for p in row["places"] if p["kind"] == "AICU"]

    assert (place["free"], place["trust"], place["age_min"]) == (3, "fresh", 25)


def test_a_times_file_replaces_the_estimate(run, tmp_path):
    """A pair that is not in the file has no time; nothing is filled in behind the user's back."""
    line = {"origin_id": "YN533300-004", "facility_id": "YN533300-001", "minutes": 77}
    file = write(tmp_path / "times.csv", [line | {"method": "measured"}])
    answer = json.loads(run("recommend", GONGSHAN, "--times", file, "--json").stdout)
    (row,) = answer["ranking"]

    assert (row["facility_id"], row["minutes"]["expected"], row["method"]) == (
        "YN533300-001",
        77,
        "measured",
    )


def test_a_misspelt_facility_in_a_times_file_is_refused(run, tmp_path):
    line = {"origin_id": "533324", "facility_id": "YN533300-00l", "minutes": 77}
    file = write(tmp_path / "times.csv", [line])
    done = run("recommend", GONGSHAN, "--times", file)

    assert done.exit_code == 1
    assert "YN533300-00l" in done.stderr


def test_the_exported_times_are_read_again_and_change_nothing(run, tmp_path):
    """Times from counties by day in January; the request is asked by day, from its county."""
    document = json.loads(Path(GONGSHAN).read_text(encoding="utf-8"))
    del document["sender"]
    document |= {
        "origin": {"adcode": "533324"},
        "decided_at": "2026-01-14T12:00:00+08:00",
        "now": "2026-01-14T12:00:00+08:00",
    }
    file = tmp_path / "times.csv"
    assert run("export", "times", "--out", file).exit_code == 0
    asked = json.dumps(document)
    direct = json.loads(run("recommend", "-", "--json", stdin=asked).stdout)
    through = json.loads(run("recommend", "-", "--times", file, "--json", stdin=asked).stdout)

    def shown(answer):
        return [(row["facility_id"], row["minutes"]) for row in answer["ranking"]]

    assert shown(through) == shown(direct)


def test_every_facility_left_out_is_listed_on_request(run):
    short, long = run("recommend", GONGSHAN), run("recommend", GONGSHAN, "--all")

    assert len(long.stdout.splitlines()) > len(short.stdout.splitlines()) + 100
    assert "就是转出机构" in long.stdout


def test_the_installed_command_runs_in_a_process_of_its_own():
    program = Path(sys.executable).with_name("greenchannel")
    done = subprocess.run([program, "rules", "--help"], capture_output=True, text=True)  # noqa: S603

    assert done.returncode == 0
    assert "sign" in done.stdout
