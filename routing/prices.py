"""Every number of cost, trust, preference and way: settings with a stated default.

The defaults stand in ``triage/rules/numbers.csv``, each with the rule it belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from geodata.check import Fault
from routing.errors import RuleTableError

__all__ = ["Prices"]


@dataclass(frozen=True, slots=True)
class Prices:
    """Minutes and shares of R-COST, R-TRUST, R-DEST-02, 04 and R-ROUTE-07, 10, 10b, 11.

    A price changes the order, never whether a place is feasible (R-COST-02). The meaning of
    each number is the ``meaning`` of its row.
    """

    leave_sender_min: float
    leave_ems120_min: float
    leave_team_min: float
    reception_min: float
    never_bypass_leave_min: float
    never_bypass_reception_min: float
    answer_wait_min: float
    answer_wait_silent_min: float
    answer_wait_priority2_max_min: float
    p_gone_fresh: float
    p_gone_stale: float
    p_gone_assumed: float
    over_capacity_min: float
    over_capacity_intensive_min: float
    over_capacity_limit: float
    ward_step_min: float
    split_min: float
    lacks_step_min: float
    lacks_max_min: float
    cooling_lost_min: float
    cooling_latest_arrival_min: float
    outside_catchment_min: float
    level_not_met_min: float
    other_prefecture_min: float
    other_province_min: float
    hand_over_min: float
    preference_scale_min: float
    preference_cap_min: float
    preference_cap_share: float
    parallel_hard_max_min: float
    yield_min: float
    first_stop_gain_min: float
    first_stop_detour_min: float
    newborn_stop_gain_min: float
    hub_gain_min: float

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> "Prices":
        """Take the prices out of the numbers of a rule set.

        Raises
        ------
        RuleTableError
            Numbers are missing or negative; all of them are listed.
        """
        names = [field.name for field in fields(cls)]
        faults = [
            Fault("numbers", None, name, str(numbers.get(name, "")), "missing", "a number >= 0")
            for name in names
            if not numbers.get(name, -1.0) >= 0
        ]
        if faults:
            raise RuleTableError(faults)
        return cls(**{name: float(numbers[name]) for name in names})

    def answer_wait(self, priority: int, *, silent: bool) -> float:
        """Return the wait for an answer that counts in the time to care (R-COST-03).

        None for priority 1: she leaves while it rings (R-TIME-06b).
        """
        if priority == 1:
            return 0.0
        wait = self.answer_wait_silent_min if silent else self.answer_wait_min
        return min(wait, self.answer_wait_priority2_max_min) if priority == 2 else wait
