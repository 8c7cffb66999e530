"""A problem in numbers refuses arrays that do not belong together."""

import pytest

from routing.models.errors import ShapeMismatchError
from routing.problem import LARGEST_COST, ReferralProblem

GOOD = {
    "tier": [1, 2],
    "request": [0, 1],
    "cost": [10, 20],
    "use_column": [0, 1],
    "use_row": [0, 0],
    "use_amount": [1, 1],
    "capacity": [1],
}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("tier", [0, 2], "tier[0] is 0"),
        ("tier", [1, 4], "tier[1] is 4"),
        ("request", [0, 2], "request[1] is 2"),
        ("cost", [-1, 20], "cost[0] is -1"),
        ("cost", [10, LARGEST_COST + 1], "cost[1]"),
        ("cost", [10], "cost has 1 entries, not 2"),
        ("use_column", [0, 2], "use_column[1] is 2"),
        ("use_row", [0, 1], "use_row[1] is 1"),
        ("use_amount", [1, 0], "use_amount[1] is 0"),
        ("capacity", [-1], "capacity[0] is -1"),
        ("fallback", [True, False], "a fallback column uses a row"),
        ("frozen", [True, True, True], "frozen has 3 entries, not 2"),
    ],
)
def test_each_fault_is_named_with_its_place(field, value, said):
    with pytest.raises(ShapeMismatchError, match="faults") as refused:
        ReferralProblem(**{**GOOD, field: value})

    assert any(said in fault for fault in refused.value.faults)


def test_every_fault_is_listed_at_once():
    with pytest.raises(ShapeMismatchError) as refused:
        ReferralProblem(**{**GOOD, "tier": [9, 1], "cost": [-5, 1], "capacity": [-2]})

    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("columns", [0, 2])
def test_a_frozen_request_has_exactly_one_column(columns):
    with pytest.raises(ShapeMismatchError, match=f"has {columns} columns, not 1"):
        ReferralProblem(
            tier=[1], request=[0] * columns, cost=[1] * columns, use_column=[], use_row=[],
            use_amount=[], capacity=[], frozen=[True],
        )  # fmt: skip


def test_arrays_cannot_be_changed_afterwards():
    problem = ReferralProblem(**GOOD)

    with pytest.raises(ValueError, match="read-only"):
        problem.cost[0] = 1
