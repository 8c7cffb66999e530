"""The plan counted again by hand: patients, beds, teams. It knows nothing of columns and rows.

``routing.evaluate`` recomputes a plan in numbers; this reads the answer itself, as somebody at the
telephone would: is everybody in it, does each bed exist and is it free, can that centre do what she
needs, is nobody in two vehicles, do the figures add up. Every plan passes before it leaves.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facilities.capability import lacking
from facilities.capacity import PlaceKind
from facilities.registry import Registry
from routing.models.errors import InfeasiblePlanError
from routing.plan_answer import Assigned, Plan
from routing.problem import TIERS
from routing.request_values import PlanItem, PlanRequest, VehicleKind
from routing.triage.need import RoutingNeed
from routing.triage.rows import Groups

__all__ = ["Patient", "recount", "recounted"]

NOT_FEASIBLE = frozenset({"frozen_full", "frozen_not_feasible"})
HALF_TENTH = 0.05
ASKED = "place_asked:"


@dataclass(frozen=True, slots=True)
class Patient:
    """What the recount must know of one request; ``catchment`` its first centres."""

    item: PlanItem
    need: RoutingNeed
    priority: int
    catchment: frozenset[str]
    newborn_to: str | None


def recounted(
    plan: Plan,
    asked: PlanRequest,
    patients: Mapping[str, Patient],
    registry: Registry,
    *,
    over_limit: int,
) -> Plan:
    """Return ``plan`` if it stands.

    Raises
    ------
    InfeasiblePlanError
        With everything that is wrong with it.
    """
    faults = recount(plan, asked, patients, registry, over_limit=over_limit)
    if faults:
        raise InfeasiblePlanError(faults)
    return plan


def recount(
    plan: Plan,
    asked: PlanRequest,
    patients: Mapping[str, Patient],
    registry: Registry,
    *,
    over_limit: int,
) -> list[str]:
    """Return everything that is wrong with a plan, in words for a developer."""
    ids = [item.id for item in asked.items]
    if [row.request_id for row in plan.assignments] != ids:
        return ["the plan does not answer every request once, in the order asked"]
    return [
        *_everybody(plan, patients),
        *_beds(plan, asked, patients, registry),
        *_over_capacity(plan, patients, registry, over_limit),
        *_able(plan, patients, registry),
        *_vehicles(plan, asked, patients),
        *_figures(plan),
    ]


def _placed(plan: Plan) -> list[Assigned]:
    return [row for row in plan.assignments if row.facility_id is not None]


def _is_frozen(patient: Patient) -> bool:
    return patient.item.frozen_to is not None


def _everybody(plan: Plan, patients: Mapping[str, Patient]) -> Iterator[str]:
    """Check that who waits is told, frozen places are kept and priorities as they must be."""
    nowhere = [row.request_id for row in plan.assignments if row.facility_id is None]
    if nowhere != [waiting.request_id for waiting in plan.waiting]:
        yield "those without a destination are not those that wait"
    for row in plan.assignments:
        patient = patients[row.request_id]
        frozen_to = patient.item.frozen_to
        if frozen_to is not None and row.facility_id != frozen_to:
            yield f"{row.request_id} is frozen to {frozen_to} and goes to {row.facility_id}"
        if row.priority != patient.priority:
            yield f"{row.request_id} has priority {patient.priority}, the plan says {row.priority}"
        if row.facility_id in patient.item.request.exclude and frozen_to is None:
            yield f"{row.request_id} goes to {row.facility_id}, which the request leaves out"


def _beds(
    plan: Plan, asked: PlanRequest, patients: Mapping[str, Patient], registry: Registry
) -> Iterator[str]:
    """No bed is given twice, none that is reserved to priority 2 or 3."""
    reserved = Counter({(r.facility_id, r.kind): r.n for r in asked.reserve})
    taken: Counter[tuple[str, PlaceKind]] = Counter()
    by_frozen: Counter[tuple[str, PlaceKind]] = Counter()
    by_lower: Counter[tuple[str, PlaceKind]] = Counter()
    for row in _placed(plan):
        patient = patients[row.request_id]
        for facility_id, kind in _beds_of(row, patient):
            taken[facility_id, kind] += 1
            by_frozen[facility_id, kind] += _is_frozen(patient)
            by_lower[facility_id, kind] += row.priority > 1
    for bed in sorted(taken):
        pool = registry.pools.get(bed)
        free = 0 if pool is None else pool.free_at(pool.free_from) if pool.free_from else pool.free
        name = f"{bed[0]} {bed[1].value}"
        if taken[bed] > max(free, by_frozen[bed]):
            yield f"{name}: {free} free, {taken[bed]} given"
        if by_lower[bed] > max(0, free - reserved[bed]) and by_lower[bed] > by_frozen[bed]:
            yield f"{name}: {reserved[bed]} of {free} reserved, {by_lower[bed]} given to others"


def _beds_of(row: Assigned, patient: Patient) -> Iterator[tuple[str, PlaceKind]]:
    """Yield the beds a row takes: none over capacity, a newborn's elsewhere for a split pair."""
    if row.facility_id is None:
        return
    asked = _asked_of(row)
    for place in row.places:
        apart = patient.newborn_to is not None and place.seat != "mother"
        at = (patient.newborn_to or row.facility_id) if apart else row.facility_id
        if at not in asked:
            yield at, place.kind


def _asked_of(row: Assigned) -> tuple[str, ...]:
    """Return the centres that a row asks over capacity, of a split pair one or both."""
    if not row.over_capacity or row.facility_id is None or "first_stop" in row.why:
        return ()
    named = [code.removeprefix(ASKED) for code in row.why if code.startswith(ASKED)]
    return tuple(named) or (row.facility_id,)


def _over_capacity(
    plan: Plan, patients: Mapping[str, Patient], registry: Registry, over_limit: int
) -> Iterator[str]:
    """Count placements over capacity, first stops among them, but for R-PRIO-04."""
    count: Counter[str] = Counter()
    frozen: Counter[str] = Counter()
    for row in _placed(plan):
        patient = patients[row.request_id]
        exempt = row.priority == 1 and (
            "fallback_catchment" in row.why
            or (row.facility_id in patient.catchment and patient.newborn_to is None)
        )
        asked = _asked_of(row)
        stops = (row.facility_id,) if row.facility_id and "first_stop" in row.why else ()
        for facility_id in () if exempt else (*asked, *stops):
            count[facility_id] += 1
            frozen[facility_id] += _is_frozen(patient)
        if row.over_capacity and "first_stop" not in row.why and not _may_ask(patient):
            yield f"{row.request_id} of priority 3 is sent over capacity"
        for facility_id in () if _is_frozen(patient) else asked:
            if registry.get(facility_id).out_of_province:
                yield f"{row.request_id} is sent over capacity to {facility_id}, not of ours"
    for facility_id in sorted(count):
        if count[facility_id] > max(over_limit, frozen[facility_id]):
            yield f"{facility_id} is asked {count[facility_id]} times over capacity"


def _may_ask(patient: Patient) -> bool:
    return patient.priority < TIERS[-1] or _is_frozen(patient)


def _able(plan: Plan, patients: Mapping[str, Patient], registry: Registry) -> Iterator[str]:
    """Each goes where the required capabilities are; a first stop is known to lack some."""
    for row in _placed(plan):
        patient = patients[row.request_id]
        if row.facility_id is None or "first_stop" in row.why or NOT_FEASIBLE & set(row.why):
            continue
        have = set(registry.get(row.facility_id).capabilities)
        if patient.newborn_to is not None:
            have |= set(registry.get(patient.newborn_to).capabilities)
        missing = [lacking(have, floor) for floor in _floors(patient.need)]
        if all(missing):
            yield f"{row.request_id} goes to {row.facility_id}, which lacks {missing[0]}"
        kinds = {place.kind for place in row.places}
        if PlaceKind.NEO_COOLING in kinds and row.over_capacity:
            yield f"{row.request_id} is to be cooled over capacity"


def _floors(need: RoutingNeed) -> Sequence[Groups]:
    """Return what must be there: with cooling or, as the same newborn may go, without."""
    if need.without_cooling is None:
        return (need.floor,)
    return need.floor, need.without_cooling.floor


def _vehicles(plan: Plan, asked: PlanRequest, patients: Mapping[str, Patient]) -> Iterator[str]:
    """No vehicle goes twice, teams fetch to their own centre, and nobody walks."""
    listed = {vehicle.id: vehicle for vehicle in asked.vehicles or ()}
    used = Counter(row.vehicle_id for row in plan.assignments if row.vehicle_id is not None)
    for vehicle_id in sorted(used):
        if vehicle_id not in listed:
            yield f"vehicle {vehicle_id} is not in the list"
        if used[vehicle_id] > 1:
            yield f"vehicle {vehicle_id} goes {used[vehicle_id]} times"
    for row in _placed(plan):
        patient = patients[row.request_id]
        vehicle = listed.get(row.vehicle_id or "")
        if vehicle is None:
            walks = asked.vehicles is not None and row.priority > 1 and not _is_frozen(patient)
            if walks:
                yield f"{row.request_id} has no vehicle"
            continue
        team = "ob_team" if patient.need.patient == "maternal" else "neo_team"
        if vehicle.kind is not VehicleKind.AMBULANCE and vehicle.kind.value != team:
            yield f"{row.request_id} is fetched by a team for others"
        if vehicle.kind is not VehicleKind.AMBULANCE and vehicle.at_facility_id != row.facility_id:
            yield f"{row.request_id} is fetched by a team of another centre"


def _figures(plan: Plan) -> Iterator[str]:
    """Check that the tiers say what the rows add up to."""
    for tier in plan.tiers:
        rows = [row for row in plan.assignments if row.priority == tier.priority]
        placed = [row for row in rows if row.facility_id is not None]
        if (len(placed), len(rows) - len(placed)) != (tier.placed, tier.waiting):
            yield f"tier {tier.priority} miscounts those placed and waiting"
        total = sum(row.cost_min or 0.0 for row in placed)
        if abs(total - tier.objective) > HALF_TENTH:
            yield f"tier {tier.priority} says {tier.objective}, its rows add up to {total:.1f}"
        if tier.bound is not None and tier.bound > tier.objective + HALF_TENTH:
            yield f"tier {tier.priority} is better than its own bound"
