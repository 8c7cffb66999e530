"""A road of her ranking is not as it was: whoever has to do with her is told, and nobody is moved.

A line on a road begins or ends; then every referral that has not left is looked at by itself. What
its last ranking counted is held against what holds now, and of what differs only that is told which
lies on her way: to the centres that are named to people while nobody has accepted, to her
destination afterwards. It stands on the line of the referral until she is ranked again, has left,
or the road is as it was, and is told again meanwhile. A person ranks again; nothing here does.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from sqlmodel import Session

from app.deadlines.service import payloads, set_deadline
from app.engine import Engine
from app.events.scene import Scene
from app.keys.words import document
from app.notices.states import Template
from app.referrals import kept, store
from app.referrals.asking import colour_of, tell, tell_changed
from app.referrals.begun import is_begun
from app.referrals.ringing import named_first
from app.referrals.states import LOOKING, WAITING, ReferralStatus
from app.referrals.steps import step_named
from app.referrals.store_roads import not_departed
from app.referrals.tables import Referral
from app.roads.changes import Pair, changes
from app.roads.service import roads_now
from app.roads.states import BEGINS, ENDS, RoadChange
from app.worker.handling import Handler, Task
from geodata.conditions import Conditions
from geodata.errors import RefusedInputError
from geodata.site import Site
from routing.network import conditions_for

__all__ = ["handlers", "told_of"]

RANK_AGAIN = "rank_again"
ONCE_MORE = timedelta(seconds=60)
"""A request that was being ranked while the road changed is written by then."""
MOST = 25
"""Roads that one line names; more than that is the whole province."""
ROAD, OUTSIDE = "road", "OUT-"
SECONDS = 60
EngineAt = Callable[[Session], Engine]
Said = Sequence[Mapping[str, str]]


def handlers(engine_at: EngineAt) -> Mapping[str, Handler]:
    """Return what is done when a line on a road begins or ends, and for each referral then."""

    def look(task: Task) -> None:
        _look(task, engine_at)

    return {
        BEGINS: Handler(act=_all_look),
        ENDS: Handler(act=_all_look),
        RANK_AGAIN: Handler(act=look, lock=store.locked),
    }


def told_of(session: Session, referrals: Collection[Referral]) -> Mapping[uuid.UUID, Said]:
    """Return which roads have changed since her ranking, by referral, for a line to say."""
    # Of what this transaction begins nobody has been told anything.
    old = [one for one in referrals if not is_begun(session, one.id)]
    keys = [one.id for one in old if _may_be_ranked_again(one)]
    found = payloads(session, RANK_AGAIN, keys)
    return {key: _rows(said) for key, said in found.items()}


def _all_look(task: Task) -> None:
    """Let every referral that has not left be looked at; it keeps what it says until then."""
    keys = not_departed(task.session, task.province)
    said = payloads(task.session, RANK_AGAIN, keys)
    for key in keys:
        set_deadline(
            task.session,
            RANK_AGAIN,
            key,
            task.now,
            province=task.province,
            payload=_codes(said.get(key, {})),
            at=task.now,
        )
    if not task.due.payload:
        set_deadline(
            task.session,
            task.due.kind,
            task.subject_id,
            task.now + ONCE_MORE,
            province=task.province,
            payload={"once_more": True},
            at=task.now,
        )


def _look(task: Task, engine_at: EngineAt) -> None:
    session = task.session
    referral = store.locked(session, task.subject_id)
    if referral is None or not _may_be_ranked_again(referral):
        return
    found = _changed(session, engine_at(session), referral, task)
    payload = {_name(pair): what for pair, what in sorted(found.items())[:MOST]}
    scene = Scene.of_system(session, task.now, referral.owner_org or referral.origin_org)
    if payload:
        again = step_named(RANK_AGAIN, referral.priority).again_min or 0
        set_deadline(
            session,
            RANK_AGAIN,
            referral.id,
            task.now + timedelta(minutes=again),
            province=referral.province,
            payload=payload,
            at=task.now,
        )
        _tell_all(scene, referral)
    if payload != task.due.payload:
        tell_changed(scene, referral)


def _changed(
    session: Session, engine: Engine, referral: Referral, task: Task
) -> Mapping[Pair, RoadChange]:
    """Return what has changed on her way since she was ranked."""
    last = store.last_recommendation(session, referral.id)
    if last is None:
        return {}
    said = kept.read(session, last)
    now = roads_now(session, task.now, engine.known_roads)
    differ = changes(said.roads, now.said)
    if not differ:
        return {}
    try:
        request = engine.reader.request(document(session, last, "asked"))
    except RefusedInputError:
        # What was asked is no request any more: nobody can say that the road is not on her way.
        return differ
    ends = _ends(session, referral, said)
    usual = conditions_for(request.case.now, request.closed, request.slowed)
    ways = {
        pair
        for conditions in (_with(usual, said.roads), _with(usual, now.said))
        for pair in _on_the_way(engine, request.origin, ends, conditions)
    }
    return {pair: what for pair, what in differ.items() if frozenset(pair) in ways}


def _ends(session: Session, referral: Referral, said: kept.Kept) -> list[str]:
    """Return where she may be brought: her destination, or the centres that are named."""
    if referral.status == ReferralStatus.ACCEPTED:
        return [referral.destination_id] if referral.destination_id else []
    offers = store.offers_of(session, referral.id)
    return [*named_first(said.ranking, offers), *said.cut_off]


def _with(usual: Conditions, rows: Sequence[Mapping[str, object]]) -> Conditions:
    """Return conditions with what an answer says of roads beside what the request said itself."""
    pairs = [(frozenset((str(row["one"]), str(row["other"]))), row["longer_min"]) for row in rows]
    slow = {(pair, longer * SECONDS) for pair, longer in pairs if isinstance(longer, int)}
    shut = {pair for pair, longer in pairs if not isinstance(longer, int)}
    return replace(usual, closed=usual.closed | shut, slowed=usual.slowed | slow)


def _on_the_way(
    engine: Engine, origin: Site, ends: Collection[str], conditions: Conditions
) -> Iterator[frozenset[str]]:
    """Yield the roads between counties that lie on the way to any of the facilities."""
    for facility_id in ends:
        if facility_id not in engine.registry:
            continue
        path = engine.network.path(origin, facility_id, conditions)
        if path:
            # The path leaves a city outside out; the way begins and ends there all the same.
            there = engine.registry.get(facility_id).county
            steps = dict.fromkeys((origin.county, *path, there))
            yield from map(frozenset, pairwise(steps))


def _may_be_ranked_again(referral: Referral) -> bool:
    """Whether a road still decides where she goes: she has not left."""
    waits = referral.status in (*LOOKING, ReferralStatus.ACCEPTED)
    return waits and not referral.under_way


def _tell_all(scene: Scene, referral: Referral) -> None:
    """Tell who sends her and who looks after her, and the centre that has said yes."""
    accepted = referral.destination_id if referral.status == ReferralStatus.ACCEPTED else None
    centre = store.organisation_at(scene.session, accepted)
    colour = colour_of(scene, referral)
    waited = [o for o in store.offers_of(scene.session, referral.id) if o.status in WAITING]
    there = accepted or next((one.facility_id for one in waited), None)
    here = store.facility_of(scene.session, referral.origin_org)
    for org in dict.fromkeys((referral.origin_org, referral.owner_org, centre)):
        if org is not None:
            ring = there if org == referral.origin_org else here
            tell(scene, referral, org, Template.ROAD_CHANGED, colour=colour, ring=ring)


def _name(pair: Pair) -> str:
    """Return a road as a name in a payload: small letters, digits and no other sign."""
    return "_".join((ROAD, *(code.replace("-", "").lower() for code in pair)))


def _codes(payload: Mapping[str, object]) -> Mapping[str, RoadChange]:
    """Return what a payload says of roads, as it can be written again."""
    roads = ((name, what) for name, what in payload.items() if name.startswith(ROAD))
    return {name: RoadChange(str(what)) for name, what in roads}


def _rows(payload: Mapping[str, object]) -> Said:
    found = []
    for name, what in _codes(payload).items():
        one, other = (_code(part) for part in name.split("_")[1:])
        found.append({"one": one, "other": other, "change": what})
    return found


def _code(part: str) -> str:
    """Return a code as :func:`_name` was given it: of a county, or of a city outside."""
    return part if part.isdigit() else OUTSIDE + part.upper().removeprefix("OUT")
