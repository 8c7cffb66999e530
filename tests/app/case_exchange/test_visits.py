"""A visit belongs to a file that is known, and lies within its time."""

from dataclasses import replace
from datetime import date

import pytest

from geodata.errors import RefusedInputError
from tests.app.case_exchange.made import KNOWN, day, faults, read_visits, visit


def test_a_visit_is_read_as_values():
    (lined,) = read_visits(
        visit(**{"facts.gestational_age_weeks": "18+4", "next_visit_on": day(4)})
    )

    assert lined.item.visited_on == date(2026, 5, 22)
    assert dict(lined.item.facts) == {"sbp": 120.0, "gestational_age_weeks": 130}
    assert (lined.item.state, lined.item.record_id) == ("held", "R1")


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"record_id": "R2"}, "record_id", "unknown_record"),
        ({"visit_id": "EXAMPLE-1"}, "visit_id", "example_row"),
        ({"visited_on": day(-81)}, "visited_on", "before_registration"),
        ({"visited_on": day(-80)}, None, None),
        ({"visited_on": day(1)}, "visited_on", "in_the_future"),
        ({"visited_on": day(1), "state": "预约"}, None, None),
        ({"visited_on": day(309), "state": "预约"}, "visited_on", "too_far_ahead"),
        ({"next_visit_on": day(-10)}, "next_visit_on", "before_visit"),
        ({"next_visit_on": day(309)}, "next_visit_on", "too_far_ahead"),
        ({"state": "来过"}, "state", "unknown_code"),
        ({"updated_at": "2027-01-01"}, "updated_at", "in_the_future"),
        ({"facts.sbp": "=120"}, "facts.sbp", "formula"),
        ({"facts.gestational_age_weeks": "45+0"}, "facts.gestational_age_weeks", "out_of_range"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_column(said, field, code):
    found = faults(visit(**said), reading=read_visits)

    assert found == ([] if field is None else [(2, field, code)])


def test_a_visit_twice_in_a_file_is_refused():
    found = faults(visit(), visit(visited_on=day(-5)), reading=read_visits)

    assert found == [(3, "visit_id", "duplicate")]


@pytest.mark.parametrize(("of", "fault"), [("R1", []), ("R9", ["visit_of_another_file"])])
def test_a_visit_that_was_told_of_one_woman_is_not_told_of_another(of, fault):
    (given,) = read_visits(visit())
    known = replace(KNOWN, record_of={given.item.visit_id: of})

    found = faults(visit(), reading=read_visits, known=known)

    assert [code for _, _, code in found] == fault


def test_what_was_found_is_not_repeated_by_a_refusal():
    with pytest.raises(RefusedInputError) as caught:
        read_visits(visit(findings="水肿" * 300))

    assert "水肿" not in repr(caught.value.faults)
