"""Booking over HTTP and on the command line: shapes, refusals, words of every code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.calculators.booking_schemas import BookingsOut, BookingsRequest
from app.cli import app
from app.documents import plain
from app.text import catalogue
from facilities.capacity import PlaceKind

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "ten_women.json"
PREVIEW = "/api/v1/bookings/preview"
CODES = {
    "booking_why": (
        "colour_raised",
        "refer_now",
        "frozen",
        "kept",
        "moved",
        "booked_not_capable",
        "declined_all_the_same",
        "declined_kept_out",
        "road_closed",
        "road_longer",
        "road_kept_out",
        "catchment",
        "nearest",
        "lodged_near",
        "refuses_lodging",
        "lodging_lacking",
        "below_preferred_grade",
        "room_assumed",
    ),
    "booking_blocks": (
        "no_room",
        "no_lodging",
        "no_capable_centre",
        "one_more_place",
        "one_more_lodging",
    ),
    "booking_aside": ("with_county", "unassessed", "delivered", "beyond_horizon"),
    "birth_plans": (
        "early_caesarean",
        "planned_caesarean",
        "trial_of_labour",
        "spontaneous",
    ),
    "baselines": ("own_catchment", "nearest_capable"),
    "places": tuple(kind.value for kind in PlaceKind),
}


@pytest.fixture
def run(tmp_path):
    """Run a command on a data folder of its own, on a wide terminal."""
    env = {"GREENCHANNEL_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}

    def run(*words):
        return CliRunner().invoke(app, [str(word) for word in words], env=env)

    return run


@pytest.fixture
def document():
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def test_ten_women_are_answered_one_by_one(client, document):
    BookingsRequest.model_validate(document)
    answer = client.post(PREVIEW, json=document)
    body = BookingsOut.model_validate(answer.json(), extra="forbid")
    told = [row.id for rows in (body.bookings, body.unbooked, body.set_aside) for row in rows]

    assert answer.status_code == 200
    assert body.status == "optimal"
    assert sorted(told) == [one["id"] for one in document["pregnancies"]]
    assert {row.id: row.reason for row in body.set_aside} == {
        "w08": "with_county",
        "w09": "unassessed",
        "w10": "beyond_horizon",
    }
    declined = next(row for row in body.bookings if row.id == "w07")
    assert declined.facility_id != "YN533300-004"
    assert "declined_kept_out" in declined.why
    assert [(no.facility_id, no.by) for no in declined.declined] == [("YN533300-004", "woman")]


def test_every_fault_is_told_in_words_at_its_field(client, document):
    document["pregnancies"][0]["due_date"] = "2020-01-01"
    document["pregnancies"][1]["id"] = "w01"
    document["room"][0]["week"] = "2026-W01"
    answer = client.post(PREVIEW, json=document)
    faults = answer.json()["faults"]

    assert answer.status_code == 422
    assert sorted((fault["field"], fault["code"]) for fault in faults) == [
        ("pregnancies[0].due_date", "out_of_range"),
        ("pregnancies[1].id", "duplicate"),
        ("room[0].week", "past_week"),
    ]
    assert all(fault["message"] != fault["code"] for fault in faults)


def test_more_pregnancies_than_the_setting_allows_are_refused_before_reading(client, settings):
    many = {"pregnancies": [{}] * (settings.max_booking_pregnancies + 1)}
    answer = client.post(PREVIEW, json=many)

    assert answer.json()["faults"][0]["code"] == "too_many"


def test_a_document_without_now_is_of_this_moment(client):
    answer = client.post(PREVIEW, json={"pregnancies": []})

    assert answer.status_code == 200
    assert answer.json()["bookings"] == []


def test_the_command_gives_the_same_answer_as_the_calculator(run, client, document):
    done = run("book", EXAMPLE, "--json")
    answer = client.post(PREVIEW, json=document).json()
    told = json.loads(done.stdout)
    for one in (answer, told):
        del one["solve_ms"]

    assert done.exit_code == 0
    assert told == answer


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_where_when_and_why(run, lang):
    done = run("book", EXAMPLE, "--lang", lang)
    words = catalogue(lang)

    assert done.exit_code == 0
    assert "w01" in done.stdout
    assert words.text("bookings.by_county") in done.stdout
    assert words.code("booking_aside", "unassessed")[:6] in done.stdout


def test_the_command_refuses_a_bad_file_with_every_fault(run, document, tmp_path):
    document["pregnancies"][0]["colour"] = "blue"
    document["weeks"] = 0
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("book", path, "--json")

    assert done.exit_code == 1
    assert "unknown_colour" in done.stdout + done.stderr
    assert "weeks" in done.stdout + done.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_of_booking_has_words(lang):
    words = catalogue(lang)

    assert [
        f"{g}.{c}" for g, codes in CODES.items() for c in codes if not words.has(f"{g}.{c}")
    ] == []


def test_no_answer_has_a_code_that_is_not_listed(engine, document):
    document["room"] = [
        {"facility_id": f.facility_id, "week": "2027-W06", "kind": "LABOUR", "places": 0}
        for f in engine.registry.facilities
    ]
    answer = plain(engine.bookings(document))
    why = {code for row in answer["bookings"] for code in row["why"]}
    blocks = {b["code"] for row in answer["unbooked"] for b in row["blocking"]}

    assert answer["unbooked"]
    assert why <= set(CODES["booking_why"])
    assert blocks <= set(CODES["booking_blocks"])
