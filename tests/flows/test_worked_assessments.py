"""Assessments that an auditor worked out from the texts, before looking at the code.

The cases stand in ``tests/data/worked_assessments.json``, each with its rule and its arithmetic.
"""

import json
from pathlib import Path

import pytest

from app.documents import plain
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.errors import RequestError
from routing.request import Reader
from routing.triage.assess import assess_case
from routing.triage.tables import load_rules

NOW = "2025-03-01T08:00:00+08:00"
DATA = Path(__file__).parents[1] / "data" / "worked_assessments.json"
WORKED = json.loads(DATA.read_text(encoding="utf-8"))
ANSWERED = [case for case in WORKED["cases"] if "expect" in case]
REFUSED = [case for case in WORKED["cases"] if "refused" in case]
RULES = load_rules()


@pytest.fixture(scope="module")
def reader():
    return Reader(RULES, load_registry(), load_road_estimate(), {})


def named(cases):
    return [pytest.param(case, id=case["id"]) for case in cases]


def document_of(case):
    start = WORKED["normal"] if case["from_normal"] else {}
    left = {name: value for name, value in start.items() if name not in case.get("unknown", ())}
    document = {"decided_at": NOW, "now": NOW, "facts": left | case["facts"]}
    given = ("patient", "sender", "decided_at", "now")
    return document | {name: case[name] for name in given if case.get(name) is not None}


def assessed(reader, case):
    found = assess_case(RULES, reader.assessment(document_of(case)))
    return plain(found.assessment) | {"cooling_window_missed": found.cooling_window_missed}


def told(answer, path):
    """One value of an answer; lists whose order says nothing are sorted."""
    match path.split("."):
        case ["conditions"]:
            return sorted(row["rule"] for row in answer["conditions"])
        case ["presumed"]:
            return [row["row"] for row in answer["presumed"]]
        case ["need", "places"]:
            return [f"{place['seat']}:{place['kind']}" for place in answer["need"]["places"]]
        case ["need", "capabilities" | "preferred" as name]:
            return sorted(answer["need"][name])
        case ["deadline", rule, *field]:
            due = next((one for one in answer["deadlines"] if one["rule"] == rule), None)
            return due[field[0]] if due and field else due
        case steps:
            for step in steps:
                answer = answer[int(step)] if isinstance(answer, list) else answer[step]
            return answer


def told_all(answer, paths):
    return {path: told(answer, path) for path in paths}


@pytest.mark.parametrize("case", named(ANSWERED))
def test_the_answer_is_the_one_worked_out_by_hand(reader, case):
    answer = assessed(reader, case)
    expect = case["expect"]
    equal, first = expect.get("equal", {}), expect.get("first", {})
    among, absent = expect.get("among", {}), expect.get("absent", {})

    assert told_all(answer, equal) == equal, case["note"]
    assert {path: told(answer, path)[: len(first[path])] for path in first} == first, case["note"]
    assert not any(set(among[path]) - set(told(answer, path)) for path in among), case["note"]
    assert not any(set(absent[path]) & set(told(answer, path)) for path in absent), case["note"]


@pytest.mark.parametrize("case", named(REFUSED))
def test_what_cannot_be_is_refused_by_name_and_value(reader, case):
    with pytest.raises(RequestError) as refusal:
        reader.assessment(document_of(case))

    text = " ".join(str(fault) for fault in refusal.value.faults)
    assert [word for word in case["refused"] if word not in text] == []
