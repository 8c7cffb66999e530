"""create_app: the one place where everything is wired."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from app.accounts.api import router as accounts
from app.accounts.calling import who_calls
from app.accounts.errors import (
    PasswordChangeNeededError,
    RoleNotChosenError,
    SessionLockedError,
)
from app.accounts.session_api import router as sessions
from app.admission import Admission
from app.answers import refusal
from app.audit.api import router as audit
from app.body import parameter_fault
from app.bookings.api import router as bookings
from app.bookings.run_api import router as booking_runs
from app.bookings.showing import shown as shown_booking
from app.browser_files import BrowserFiles
from app.calculators.api import router as calculators
from app.calculators.service import Planner
from app.case_exchange.api import router as exchange_items
from app.case_exchange.file_api import OneFile
from app.case_exchange.file_api import router as exchange_files
from app.case_files.acts.course_api import router as case_courses
from app.case_files.acts.entry_api import router as case_entries
from app.case_files.api import router as case_files
from app.case_files.counts.api import router as case_counts
from app.case_files.glass_api import router as case_glasses
from app.case_files.registers.api import router as case_registers
from app.case_files.service import look_at_file
from app.centres.api import router as centres
from app.centres.current import Current
from app.centres.registry_api import router as centre_registry
from app.clock import local_now
from app.db import Database, open_database
from app.deps import Authenticate, let_in
from app.documents import ParameterError
from app.engine import Engine, load_engine
from app.errors import AppError, DatabaseBusyError, NotSignedInError
from app.guard import Guard
from app.health.probes import probe
from app.health.service import Lately, state_of
from app.health.timings import Timed, Timings
from app.keys.keyring import KeyRing
from app.live.api import router as live
from app.live.feed import Feed
from app.loading import read_signatures
from app.logs import AccessLog, tell_start
from app.migrating import at_head
from app.notices.api import router as notices
from app.openapi import describe
from app.pages.api import router as pages
from app.pages.sending import router as signed_in_pages
from app.patients.api import router as patients
from app.patients.service import Around
from app.policies import require_policies
from app.print.api import router as print_sheets
from app.problems import problem_of, problem_of_status
from app.reference.api import router as reference
from app.reference.health import router as health
from app.referrals.api import router as referrals
from app.referrals.community_api import router as communities
from app.referrals.conduct.api import router as conduct
from app.referrals.drills.api import router as drills
from app.referrals.glass.api import router as broken_glass
from app.referrals.of_patient import open_referrals, seen_by_referral
from app.referrals.offer_api import router as offers
from app.referrals.plans.api import router as plans
from app.referrals.ranking import Ranker
from app.referrals.returns.api import router as return_referrals
from app.referrals.reviews.api import router as case_reviews
from app.refused import Refusals
from app.roads.api import router as roads
from app.settings import Settings
from app.signed_rules import SignedRules
from app.signing.api import router as signing
from app.transfers.api import router as transfers
from app.transfers.current import SHOWS
from app.transfers.form_api import router as paper_forms
from app.vehicles.api import router as vehicles
from app.worker.api import router as worklists
from app.worker.running import start_inside
from app.worker.wiring import worker_of
from geodata.errors import RefusedInputError

__all__ = ["create_app"]

API = "/api/v1"
DOOR = "/sign-in"
AT_THE_DOOR = (NotSignedInError, SessionLockedError, RoleNotChosenError, PasswordChangeNeededError)
"""What the door is there for."""
INTERFACE = (
    calculators,
    reference,
    signing,
    referrals,
    communities,
    offers,
    broken_glass,
    case_reviews,
    return_referrals,
    plans,
    drills,
    conduct,
    paper_forms,
    transfers,
    print_sheets,
    sessions,
    accounts,
    patients,
    case_files,
    case_entries,
    case_courses,
    bookings,
    booking_runs,
    case_glasses,
    exchange_items,
    exchange_files,
    case_registers,
    case_counts,
    centres,
    centre_registry,
    vehicles,
    roads,
    live,
    worklists,
    audit,
    notices,
)


def create_app(
    settings: Settings | None = None,
    *,
    engine: Engine | None = None,
    authenticate: Authenticate = who_calls,
) -> FastAPI:
    """Return the application.

    ``engine`` may be given where it is loaded already; otherwise it is loaded at start-up.
    ``authenticate`` tells who calls.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if app.state.engine is None:
            app.state.engine = load_engine(settings)
        app.state.worker_inside = _goes_inside(app.state.database, settings)
        if app.state.database is not None:
            given = read_signatures(settings.signature_file)
            app.state.signed = SignedRules(app.state.engine, given, app.state.database)
            app.state.current = Current(app.state.engine, app.state.signed)
            app.state.ranker = Ranker(app.state.database, app.state.current)
            app.state.feed = Feed(app.state.database, most=settings.max_listeners)
            stop: Callable[[], object] = _no_worker
            if app.state.worker_inside:
                stop = start_inside(
                    worker_of(app.state.database, settings, place="web", current=app.state.current)
                )
        if app.state.address is not None:
            tell_start(app)
        yield
        if app.state.database is not None:
            await run_in_threadpool(stop)
            await app.state.feed.close()
            app.state.database.close()

    app = FastAPI(
        title="greenchannel",
        version=version("greenchannel"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.database = (
        open_database(settings.database_url, wait_s=settings.writer_wait_s)
        if settings.database_url
        else None
    )
    app.state.current = None
    app.state.signed = None
    app.state.keys = KeyRing(settings.keys)
    if app.state.database is not None:
        app.state.database.keys = app.state.keys
    app.state.around_patients = Around(seen_by_referral, open_referrals, look_at_file)
    app.state.shows = {**SHOWS, "booking": shown_booking}
    app.state.authenticate = authenticate
    app.state.started_at = local_now()
    app.state.refusals = Refusals()
    app.state.address = None
    app.state.timings = Timings()
    app.state.probed = Lately(lambda: probe(app.state.database, settings, app.state.keys))
    app.state.looked = Lately(
        lambda: state_of(
            app.state.database, settings, app.state.keys, unsigned=_engine_now(app).unsigned
        )
    )
    app.state.one_file = OneFile()
    app.state.planner = Planner(
        at_once=settings.max_concurrent_plans,
        most=settings.max_plan_requests,
        most_pregnancies=settings.max_booking_pregnancies,
        limit_s=settings.plan_limit_s,
    )
    require_policies(*INTERFACE, health, pages, signed_in_pages)
    gate = [Depends(let_in)]
    for router in INTERFACE:
        app.include_router(router, prefix=API, dependencies=gate)
    for router in (health, pages, signed_in_pages):
        app.include_router(router, dependencies=gate)
    app.mount("/static", StaticFiles(directory=str(files("app.pages") / "static")), name="static")
    app.mount("/app", BrowserFiles(), name="app")
    _refuse_in_one_form(app)
    app.add_middleware(Admission, settings=settings)
    app.add_middleware(Timed, timings=app.state.timings)
    app.add_middleware(Guard, training=settings.training)
    app.add_middleware(AccessLog)
    describe(app, *INTERFACE, health, pages)
    return app


def _engine_now(app: FastAPI) -> Engine:
    """Return data and rules, as they are signed by now."""
    signed: SignedRules | None = app.state.signed
    engine: Engine = app.state.engine
    return engine if signed is None else signed.engine()


def _goes_inside(database: Database | None, settings: Settings) -> bool:
    """Tell whether the worker works in this process, as the settings say.

    A database that is not of this version is left alone; the service says that it is not ready.
    """
    if database is None:
        return False
    inside = database.is_sqlite if settings.worker_inside is None else settings.worker_inside
    try:
        return inside and at_head(database)
    except OperationalError:
        return False


def _reads_pages(request: Request) -> bool:
    """Tell whether somebody looks at a page, who is shown the door instead of a document."""
    is_page = not request.url.path.startswith(API) and request.url.path != DOOR
    return is_page and "text/html" in request.headers.get("accept", "")


def _no_worker() -> None:
    """Stop nothing: the worker is another process."""


def _refuse_in_one_form(app: FastAPI) -> None:
    """Answer every refusal, the framework's own too, as a problem document."""

    def ours(request: Request, error: Exception) -> Response:
        if isinstance(error, AT_THE_DOOR) and _reads_pages(request):
            return RedirectResponse(DOOR, 303)
        problem = problem_of(error)
        app.state.refusals.note(request, app.state.database, problem)
        return refusal(problem, request)

    def of_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  what the handler is registered for
        return refusal(problem_of_status(error.status_code), request)

    def of_parameters(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  as above
        faults = [parameter_fault(one) for one in error.errors()]
        return refusal(problem_of(ParameterError(*faults)), request)

    def of_database(request: Request, error: Exception) -> Response:
        # Also where it is only asked who calls: nothing was changed, it may be sent again.
        return refusal(problem_of(DatabaseBusyError()), request)

    app.add_exception_handler(OperationalError, of_database)
    for kind in (AppError, RefusedInputError):
        app.add_exception_handler(kind, ours)
    app.add_exception_handler(HTTPException, of_framework)
    app.add_exception_handler(RequestValidationError, of_parameters)
