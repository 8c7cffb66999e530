"""What the handlers are given, and who is let in at all."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends, Query, Request
from sqlalchemy.exc import DBAPIError

from app.accounts.calling import cookie_of
from app.accounts.states import Actor
from app.bookings.rooms import Rooms
from app.bookings.run_maker import RunMaker
from app.centres.current import Current
from app.clock import local_now, stamp
from app.db import Database
from app.engine import Engine
from app.errors import (
    AppError,
    NoDatabaseError,
    NotReadyError,
    NotSignedInError,
    RoleRefusedError,
)
from app.keys.keyring import KeyRing
from app.policies import ANYBODY, roles_of
from app.referrals.ahead import Ahead, said_ahead
from app.referrals.plans.maker import PlanMaker
from app.referrals.ranking import Ranker
from app.roads.service import Roads, roads_now
from app.signed_rules import SignedRules
from app.text import LANGUAGES, Catalogue, catalogue, language_of
from app.transfers.store import headings
from app.vehicles.service import vehicles_for_plan
from facilities.phones import PatientKind
from routing.answer import Recommendation
from routing.triage.standing import Reading

__all__ = [
    "ActorDep",
    "AheadDep",
    "Authenticate",
    "CatalogueDep",
    "CurrentDep",
    "DatabaseDep",
    "EngineDep",
    "EngineNowDep",
    "FactsDep",
    "FontsDep",
    "KeysDep",
    "MostBookedDep",
    "PlanDep",
    "RankDep",
    "RoadsDep",
    "RoomsDep",
    "RunDep",
    "ShownDep",
    "TrainingDep",
    "TripsDep",
    "at_once",
    "chosen_language",
    "let_in",
    "nobody",
    "who_is_there",
]

Given = TypeVar("Given")
TRIPS_ITEMS = frozenset({"resp", "stimulus"})
"""Items of the score that only a newborn has."""
Authenticate: TypeAlias = Callable[[Request, Database], Actor]
"""Tells who calls; NotSignedInError if nobody."""


def nobody(request: Request, database: Database) -> Actor:
    """Let nobody in: an installation without accounts."""
    raise NotSignedInError


def engine_of(request: Request) -> Engine:
    """Return the data, built once at start-up, and the rules as they are signed by now."""
    engine: Engine | None = getattr(request.app.state, "engine", None)
    if engine is None:
        raise NotReadyError
    signed: SignedRules | None = request.app.state.signed
    return engine if signed is None else signed.engine()


def database_of(request: Request) -> Database:
    """Return the database of the settings."""
    database: Database | None = request.app.state.database
    if database is None:
        raise NoDatabaseError
    return database


def let_in(request: Request) -> None:
    """Let a call pass that the policy of its route allows; who calls is known from here on.

    Raises
    ------
    NotSignedInError
        Nobody is signed in, and the route is not for everybody.
    RoleRefusedError
        The role in use is none of those the route is for.
    """
    state = request.app.state
    is_open = state.database is None or state.settings.open_calculators
    allowed = roles_of(request.scope["route"].name, calculators_open=is_open)
    if allowed == ANYBODY:
        return
    actor: Actor = state.authenticate(request, database_of(request))
    request.state.actor = actor
    if actor.role not in allowed:
        raise RoleRefusedError(actor.role, tuple(sorted(allowed)))


def actor_of(request: Request) -> Actor:
    """Return who was let in."""
    actor: Actor = request.state.actor
    return actor


def chosen_language(request: Request) -> str:
    """Return the language of the address, else of the browser, else of the settings."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    default: str = request.app.state.settings.language
    return language_of(request.headers.get("accept-language"), default)


def catalogue_of(request: Request) -> Catalogue:
    """Return the catalogue of the chosen language."""
    return catalogue(chosen_language(request))


async def language_parameter(lang: Annotated[str | None, Query()] = None) -> str | None:
    """Let ``?lang=`` stand in the documents of the interface."""
    return lang


def keys_of(request: Request) -> KeyRing:
    """Return the keys that open what is sealed in the database."""
    keys: KeyRing = request.app.state.keys
    return keys


def current_of(request: Request) -> Current:
    """Return what gives the network as of now, by what the database knows."""
    current: Current | None = request.app.state.current
    if current is None:
        raise NotReadyError
    return current


def ranker_of(request: Request) -> Ranker:
    """Return what ranks a request on what the database knows now."""
    current_of(request)
    ranker: Ranker = request.app.state.ranker
    return ranker


def plan_maker_of(request: Request) -> PlanMaker:
    """Return what plans for all who wait, on what the database knows now."""
    return PlanMaker(
        database_of(request),
        current_of(request),
        request.app.state.planner,
        heading=headings,
        fleet=vehicles_for_plan,
    )


def run_maker_of(request: Request) -> RunMaker:
    """Return what books every pregnancy of an area, on what the database knows now."""
    solve = request.app.state.planner.bookings
    return RunMaker(database_of(request), current_of(request), solve)


def most_booked_of(request: Request) -> int:
    """Return how many women one request books; a run of more is made by the worker."""
    most: int = request.app.state.settings.max_booking_pregnancies
    return most


def rooms_of(request: Request) -> Rooms:
    """Return what reads the room of centres, as of now."""
    return Rooms(database_of(request), current_of(request))


def engine_now(request: Request) -> Callable[[], Engine]:
    """Return what reads the network as of now, in a transaction of its own."""
    database, current = database_of(request), current_of(request)

    def read() -> Engine:
        with database.reading() as session:
            return current.engine(session, database.now(session))

    return read


def engine_shown(request: Request) -> Callable[[], Engine]:
    """Return what reads rules and registry as of now, without the places of this minute.

    For the data that anybody may read. Without a database, or where it does not answer, they are
    those of the start: names and telephones do not wait for a database.
    """
    engine = engine_of(request)
    current: Current | None = request.app.state.current
    if current is None:
        return lambda: engine
    database = database_of(request)

    def read() -> Engine:
        try:
            with database.reading() as session:
                return current.without_places(session, database.now(session))
        except DBAPIError:
            return engine

    return read


def in_training(request: Request) -> bool:
    """Tell whether the whole installation is a training room: all is an exercise."""
    training: bool = request.app.state.settings.training
    return training


def fonts_of(request: Request) -> Path | None:
    """Return the folder of fonts of the settings; None: those of the system."""
    folder: Path | None = request.app.state.settings.font_dir
    return folder


def facts_checker(request: Request) -> Callable[[Mapping[str, object]], None]:
    """Return what refuses facts that are not of the data dictionary, with every fault."""
    engine = engine_of(request)

    def check(facts: Mapping[str, object]) -> None:
        engine.reader.assessment({"facts": facts, "now": stamp(local_now())})

    return check


def trips_scorer(request: Request) -> Callable[[Mapping[str, object]], int | None]:
    """Return what scores a newborn on the way (R-TRIPS); None while an item is missing."""
    engine = engine_of(request)

    def score(facts: Mapping[str, object]) -> int | None:
        if not facts.keys() >= TRIPS_ITEMS:
            return None
        asked = {"patient": "newborn", "facts": facts, "now": stamp(local_now())}
        return engine.assess(asked).scores.trips

    return score


def warnings_reader(request: Request) -> Callable[[Mapping[str, object]], Reading]:
    """Return what reads the early warning score of a mother on the way (R-MEWC)."""
    engine = engine_of(request)
    return lambda facts: engine.warnings(facts, now=stamp(local_now()))


def roads_reader(request: Request) -> Callable[[Engine], Roads]:
    """Return what reads the roads that are closed or slowed now.

    Nothing without a database, and where it does not answer: advice does not wait for one.
    """
    database: Database | None = request.app.state.database

    def read(engine: Engine) -> Roads:
        if database is None:
            return Roads()
        try:
            with database.reading() as session:
                return roads_now(session, database.now(session), engine.known_roads)
        except DBAPIError:
            return Roads()

    return read


def who_is_there(request: Request) -> Actor | None:
    """Return who is signed in; where calculators are open to all, nobody needs to be."""
    there: Actor | None = getattr(request.state, "actor", None)
    state = request.app.state
    if there is not None or state.database is None or cookie_of(request) is None:
        return there
    try:
        found: Actor = state.authenticate(request, state.database)
    except AppError:
        return None
    return found


def may_send(actor: Actor | None) -> bool:
    """Tell whether somebody is there who may ask for a destination."""
    return actor is not None and actor.role in roles_of("request_referral", calculators_open=False)


def ahead_reader(request: Request) -> Callable[[Recommendation, PatientKind], Ahead | None]:
    """Return what says beside a ranking whom to ring, whom a request asks, and who would see it.

    It is told to who could send the request, and is told then all the same. None for everybody
    else, without a database, and where it does not answer: that is no word that somebody is there.
    """
    database: Database | None = request.app.state.database

    def read(found: Recommendation, kind: PatientKind) -> Ahead | None:
        try:
            if database is None or not may_send(who_is_there(request)):
                return None
            with database.reading() as session:
                return said_ahead(session, found, kind, database.now(session))
        except DBAPIError:
            return None

    return read


def at_once(given: Callable[[Request], Given]) -> Callable[[Request], Awaitable[Given]]:
    """Return a dependency that needs no thread of its own: it looks at the request and no further.

    Under load each thread costs a wait for its turn, and a route has half a dozen of these.
    """

    async def answered(request: Request) -> Given:
        return given(request)

    return answered


ActorDep = Annotated[Actor, Depends(at_once(actor_of))]
AheadDep = Annotated[
    Callable[[Recommendation, PatientKind], Ahead | None], Depends(at_once(ahead_reader))
]
CurrentDep = Annotated[Current, Depends(at_once(current_of))]
DatabaseDep = Annotated[Database, Depends(at_once(database_of))]
EngineDep = Annotated[Engine, Depends(at_once(engine_of))]
EngineNowDep = Annotated[Callable[[], Engine], Depends(at_once(engine_now))]
FactsDep = Annotated[Callable[[Mapping[str, object]], None], Depends(at_once(facts_checker))]
FontsDep = Annotated[Path | None, Depends(at_once(fonts_of))]
KeysDep = Annotated[KeyRing, Depends(at_once(keys_of))]
PlanDep = Annotated[PlanMaker, Depends(at_once(plan_maker_of))]
TrainingDep = Annotated[bool, Depends(at_once(in_training))]
TripsDep = Annotated[Callable[[Mapping[str, object]], int | None], Depends(at_once(trips_scorer))]
WarningsDep = Annotated[
    Callable[[Mapping[str, object]], Reading], Depends(at_once(warnings_reader))
]
RankDep = Annotated[Ranker, Depends(at_once(ranker_of))]
RoadsDep = Annotated[Callable[[Engine], Roads], Depends(at_once(roads_reader))]
RoomsDep = Annotated[Rooms, Depends(at_once(rooms_of))]
MostBookedDep = Annotated[int, Depends(at_once(most_booked_of))]
RunDep = Annotated[RunMaker, Depends(at_once(run_maker_of))]
ShownDep = Annotated[Callable[[], Engine], Depends(at_once(engine_shown))]
CatalogueDep = Annotated[Catalogue, Depends(at_once(catalogue_of))]
