"""The same 0-1 model in other solvers: what the plan is measured against and tested against.

Nothing here shares code with ``routing.models``. A model is a sparse matrix; the solvers are HiGHS
through its own package and CBC through PuLP, both with gap 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np
import numpy.typing as npt
import pulp
from pulp.apis.coin_api import pulp_cbc_path
from scipy import sparse

from routing.problem import TIERS, ReferralProblem

__all__ = ["Model", "cbc", "highs", "tier_by_tier", "whole_model"]

Floats = npt.NDArray[np.float64]
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Minimise ``cost`` x  with  ``lower`` <= ``matrix`` x <= ``upper``  and every x 0 or 1."""

    cost: Floats
    matrix: sparse.csr_matrix
    lower: Floats
    upper: Floats

    def kept(self, row: Floats, value: float) -> "Model":
        """Add the row: the sum of ``row`` x is at most ``value``."""
        return replace(
            self,
            matrix=sparse.vstack([self.matrix, sparse.csr_matrix(row)], format="csr"),
            lower=np.append(self.lower, -np.inf),
            upper=np.append(self.upper, value),
        )


def whole_model(problem: ReferralProblem, cost: Floats) -> Model:
    """Return one row per request, one per resource; the R last variables are waiting."""
    requests, columns = problem.requests, problem.columns
    width = columns + requests
    matrix = sparse.csr_matrix(
        (
            np.concatenate([np.ones(width), problem.use_amount]),
            (
                np.concatenate([problem.request, np.arange(requests), requests + problem.use_row]),
                np.concatenate([np.arange(width), problem.use_column]),
            ),
        ),
        shape=(requests + problem.rows, width),
    )
    ones = np.ones(requests)
    free = np.full(problem.rows, -np.inf)
    return Model(
        cost, matrix, np.concatenate([ones, free]), np.concatenate([ones, problem.capacity])
    )


def highs(model: Model) -> Floats | None:
    """Solve with HiGHS, gap 0; None = there is no answer."""
    lp, solver = highspy.HighsLp(), highspy.Highs()
    for option in ("log_to_console", "output_flag"):
        solver.setOptionValue(option, False)
    for option in ("mip_rel_gap", "mip_abs_gap"):
        solver.setOptionValue(option, 0.0)
    solver.setOptionValue("time_limit", LIMIT_S)
    rows, width = model.matrix.shape
    lp.num_row_, lp.num_col_ = rows, width
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, np.zeros(width), np.ones(width)
    lp.row_lower_, lp.row_upper_ = model.lower, model.upper
    lp.integrality_ = [highspy.HighsVarType.kInteger] * width
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model.matrix.indptr, model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value)


def cbc(model: Model) -> Floats | None:
    """Solve with CBC, gap 0; None = there is no answer."""
    programme = pulp.LpProblem("plan", pulp.LpMinimize)
    x = [programme.add_variable(f"x{j}", cat="Binary") for j in range(model.cost.size)]
    programme += pulp.LpAffineExpression(zip(x, model.cost.tolist(), strict=True))
    for row in range(model.matrix.shape[0]):
        span = slice(model.matrix.indptr[row], model.matrix.indptr[row + 1])
        terms = zip(
            model.matrix.indices[span].tolist(), model.matrix.data[span].tolist(), strict=True
        )
        left = pulp.LpAffineExpression([(x[j], a) for j, a in terms])
        upper = float(model.upper[row])
        programme += left == upper if model.lower[row] == upper else left <= upper
    # The CBC that PuLP 3 brings along; its own short name for it is deprecated.
    solver = pulp.COIN_CMD(path=pulp_cbc_path, msg=False, gapRel=0.0, timeLimit=LIMIT_S)
    programme.solve(solver)
    if programme.status != pulp.LpStatusOptimal:
        return None
    return np.array([v.value() for v in x])


def tier_by_tier(
    problem: ReferralProblem, solve: Callable[[Model], Floats | None]
) -> list[tuple[int, int]]:
    """Return (waiting, cost) of tiers 1, 2, 3: fewest waiting, then least cost, one by one.

    Frozen requests are not known here. A request with a fallback column never waits.
    """
    always = np.zeros(problem.requests, dtype=np.bool_)
    always[problem.request[problem.fallback]] = True
    model = whole_model(problem, np.zeros(problem.columns + problem.requests))
    model = model.kept(np.concatenate([np.zeros(problem.columns), always]).astype(float), 0.0)
    reached = []
    for tier in TIERS:
        waits = np.concatenate([np.zeros(problem.columns), problem.tier == tier])
        mine = problem.tier[problem.request] == tier
        ticks = np.concatenate([np.where(mine, problem.cost, 0), np.zeros(problem.requests)])
        values = []
        for row in (waits.astype(float), ticks.astype(float)):
            answer = solve(replace(model, cost=row))
            if answer is None:
                raise RuntimeError("the peer has no answer")
            value = round(float(row @ np.rint(answer)))
            model = model.kept(row, float(value))
            values.append(value)
        reached.append((values[0], values[1]))
    return reached
