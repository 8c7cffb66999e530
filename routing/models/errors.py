"""What can go wrong between a problem in numbers and its solved plan.

RoutingModelError
  ShapeMismatchError     the arrays of one problem do not describe one problem
  SolverTimeoutError     the solver had no answer when its time was over
  InfeasiblePlanError    a plan that must not leave: the independent evaluation disagrees with it
"""

from collections.abc import Sequence

__all__ = ["InfeasiblePlanError", "RoutingModelError", "ShapeMismatchError", "SolverTimeoutError"]


class RoutingModelError(Exception):
    """Base of everything the solver models raise."""


class ShapeMismatchError(RoutingModelError, ValueError):
    """The arrays of one problem do not describe one problem; ``faults`` lists every reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            f"{len(self.faults)} faults in the arrays of a referral problem; correct the caller: "
            + "; ".join(self.faults)
        )


class SolverTimeoutError(RoutingModelError, TimeoutError):
    """The solver had no answer when its time was over."""

    def __init__(self, step: str, *, limit_s: float) -> None:
        self.step = step
        self.limit_s = limit_s
        super().__init__(
            f"no answer for {step} within the {limit_s:g} s allowed; "
            "allow more time or use the greedy plan"
        )


class InfeasiblePlanError(RoutingModelError, RuntimeError):
    """A plan that must not leave; ``faults`` lists every disagreement with the evaluation."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            f"{len(self.faults)} faults in a plan; do not use it, report the problem: "
            + "; ".join(self.faults)
        )
