"""A plain, slow ranking of one mother with E-M01: no array, no code shared with ``routing``.

Written from the rules, one centre after the other, for registries without assumed catchments.
"""

import math

LEAVE, RECEPTION, WAIT = 20, 10, 10
OVER_CAPACITY, LACKS, LACKS_MOST = 60, 5, 20
HARD = 120


def gone(pool, now):
    """Probability that a free place is gone (R-TRUST-01)."""
    if pool.assumed or pool.as_of is None or pool.as_of > now:
        return 0.5
    minutes = (now - pool.as_of).total_seconds() / 60
    return 0.05 if minutes <= 120 else 0.3 if minutes <= 1440 else 0.5


def reasons_against(facility, minutes, asked, required):
    """All reasons against one centre, as a set."""
    found = set()
    status = facility.status.value
    if status in ("suspended", "diverted"):
        found.add(status)
    if facility.maternal_level is None:
        found.add("wrong_patient" if facility.neonatal_level else "not_a_rescue_centre")
    if facility.facility_id == asked.origin_facility:
        found.add("is_origin")
    if facility.facility_id in asked.exclude:
        found.add("excluded_by_request")
    if not set(required) <= set(facility.capabilities):
        found.add("lacks_capability")
    if minutes is None:
        found.add("no_time")
    return found


def plain_ranking(facilities, minutes, pools, catchment, asked, required, preferred, home):
    """Return (ranked as (id, cost), excluded as id -> reasons) the long way round."""
    elapsed = (asked.case.now - asked.case.decided_at).total_seconds() / 60
    against = {
        f.facility_id: reasons_against(f, minutes.get(f.facility_id), asked, required)
        for f in facilities
    }
    capable = [
        LEAVE + minutes[f.facility_id] + RECEPTION
        for f in facilities
        if not against[f.facility_id] - {"diverted", "excluded_by_request"}
    ]
    shortest = min(capable, default=math.inf)
    scale = max(1, shortest / 100) if capable else 1
    cap = max(10, shortest / 10) if capable else 10
    open_ = [f for f in facilities if not against[f.facility_id]]
    ranks = sorted({rank for rank, who in catchment if who in {f.facility_id for f in open_}})
    inside = {who for rank, who in catchment if ranks and rank == ranks[0]}
    rows = []
    for f in open_:
        care = LEAVE + minutes[f.facility_id] + RECEPTION
        late = max(0, care + elapsed - HARD)
        handicap = 0 if f.facility_id in inside else 4
        handicap += 0 if f.maternal_level >= 1 else 3
        handicap += 0 if f.prefecture == home else 3
        pool = pools.get(f.facility_id)
        full = pool is None or pool.free < 1
        place = OVER_CAPACITY if full else gone(pool, asked.case.now) * WAIT
        lacking = sum(code not in f.capabilities for code in preferred)
        cost = care + late + min(handicap * scale, cap) + place
        cost = round(cost + min(LACKS_MOST, LACKS * lacking), 1)
        used = 1.0 if full else 1 - pool.free / pool.in_service
        rows.append((cost, math.ceil(minutes[f.facility_id]), used, f.facility_id))
    excluded = {who: why for who, why in against.items() if why}
    return [(who, cost) for cost, _, _, who in sorted(rows)], excluded
