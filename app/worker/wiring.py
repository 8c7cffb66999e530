"""The one place where the worker of an installation is put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from sqlmodel import Session

from app.audit.sealing import seal_now
from app.bookings.asked import CHORE as BOOKING_ASKED
from app.bookings.asked import handlers as asked_steps
from app.bookings.asked import make_asked
from app.bookings.looking import EngineAt
from app.bookings.looking import handlers as booking_steps
from app.bookings.nightly import is_due, look_at_room, run_tonight
from app.bookings.runs import handlers as run_steps
from app.case_exchange.asking import ask_centres, centres_wait
from app.case_exchange.filing import FILING, file_lines, lines_wait
from app.case_files.service import handlers as case_file_steps
from app.centres.current import Current
from app.centres.duty import phone_on_duty
from app.centres.settling import handlers as settling_steps
from app.db import Database
from app.engine import Engine, load_engine
from app.keyfile import read_key
from app.loading import read_signatures
from app.notices.channels import Channel, LogChannel, SmsChannel, SmtpChannel, WebhookChannel
from app.notices.guarded import Allowed, Gate
from app.notices.sending import PhoneOf, Sending
from app.notices.states import ChannelName
from app.referrals.climbing import handlers as referral_steps
from app.referrals.climbing import keep_watched
from app.referrals.road_news import handlers as road_steps
from app.settings import NoticeSettings, Settings
from app.signed_rules import SignedRules
from app.text import catalogue
from app.verifying.findings import Finding
from app.verifying.of_rooms import rooms_of
from app.verifying.running import run_verify
from app.worker.chores import Chore
from app.worker.cleaning import erasing, pruning
from app.worker.handling import Handlers
from app.worker.running import Worker

if TYPE_CHECKING:
    from routing.booking.book import Bookings

__all__ = ["PHONE_OF", "all_steps", "channels_of", "chores_of", "worker_of"]

SEAL_EVERY_S, WATCH_EVERY_S, PRUNE_EVERY_S, ERASE_EVERY_S = 60, 60, 300, 3600
BOOK_EVERY_S = 1800
"""So often it is looked whether the run of the night is still to be made."""
ASKED_EVERY_S = 600
"""So often it is looked whether a run is to be made; whoever asks for one says so too."""
ROOM_EVERY_S = 900
"""So often it is looked whether what is booked still has room."""
FILE_EVERY_S = 60
"""So often it is looked whether lines of an import wait; whoever takes a file in says so too."""
BOOKING_LIMIT_S = 240.0
"""So long the solver may take at night."""
PHONE_OF: PhoneOf = phone_on_duty
"""Where an institution is rung at a moment: who is on duty there."""


def chores_of(
    settings: Settings, network: Callable[[], Current] | None = None
) -> tuple[Chore, ...]:
    """Return what is done again and again: the net under all deadlines, seals, and cleaning up.

    Parameters
    ----------
    network
        What gives the network to the booking run of the night; without it there is none.
    """

    def book(database: Database) -> object:
        if network is None or not is_due(database, settings.province):
            return None
        run_tonight(database, network(), _booked, settings.province)
        return None

    def book_asked(database: Database) -> object:
        if network is None:
            return None
        return make_asked(database, network(), _booked, settings.province)

    def look_at_rooms(database: Database) -> object:
        return None if network is None else look_at_room(database, network(), settings.province)

    def file(database: Database) -> None:
        if network is None:
            return
        if lines_wait(database, settings.province):
            with database.reading() as session:
                engine = network().without_places(session, database.now(session))
            file_lines(database, engine, settings.province, told_of=lambda *_: None)
        if centres_wait(database, settings.province):
            with database.reading() as session:
                engine = network().engine(session, database.now(session))
            ask_centres(database, engine, settings.province)

    def seal(database: Database) -> object:
        return seal_now(database, read_key(settings.seal_key_file), settings.seals_outside)

    def check(database: Database) -> object:
        def rooms(session: Session) -> Iterator[Finding]:
            if network is None:
                return iter(())
            now = database.now(session)
            engine = network().engine(session, now)
            return rooms_of(session, engine, settings.province, at=now)

        return run_verify(database, settings, rooms=rooms)

    chores = [
        Chore("watch", WATCH_EVERY_S, act=keep_watched),
        Chore("retention", ERASE_EVERY_S, act=erasing(settings)),
        Chore("prune", PRUNE_EVERY_S, act=pruning(settings)),
        Chore(FILING, FILE_EVERY_S, before=file, slow=True),
        Chore("booking", BOOK_EVERY_S, before=book, slow=True),
        Chore(BOOKING_ASKED, ASKED_EVERY_S, before=book_asked, slow=True),
        Chore("booking_room", ROOM_EVERY_S, before=look_at_rooms, slow=True),
    ]
    if settings.seal_key_file.is_file():
        chores.append(Chore("seal", SEAL_EVERY_S, before=seal))
        every_s = 60 * settings.verify_every_minutes
        chores.append(Chore("verify", every_s, before=check, slow=True))
    return tuple(chores)


def all_steps(engine_at: EngineAt) -> Handlers:
    """Return what is done for every kind of deadline that there is."""
    return {
        **referral_steps(),
        **road_steps(engine_at),
        **settling_steps(),
        **case_file_steps(),
        **booking_steps(engine_at),
        **run_steps(),
        **asked_steps(),
    }


def _booked(engine: Engine, asked: Mapping[str, object]) -> "Bookings":
    return engine.bookings(asked, limit_s=BOOKING_LIMIT_S)


def network_of(
    database: Database, settings: Settings, current: Current | None
) -> Callable[[], Current]:
    """Return what gives the network; a worker that is a process of its own loads it when asked."""

    @cache
    def loaded() -> Current:
        engine = load_engine(settings)
        given = read_signatures(settings.signature_file)
        return Current(engine, SignedRules(engine, given, database))

    return loaded if current is None else lambda: current


def worker_of(
    database: Database,
    settings: Settings,
    *,
    place: Literal["web", "worker"],
    handlers: Handlers | None = None,
    chores: Sequence[Chore] | None = None,
    phone_of: PhoneOf | None = None,
    current: Current | None = None,
) -> Worker:
    """Return the worker of an installation; what is not given is as wired above."""
    network = network_of(database, settings, current)

    def engine_at(session: Session) -> Engine:
        return network().engine(session, database.now(session))

    words = catalogue(settings.language)
    sendings = [
        Sending(database, name, channel, words=words, phone_of=phone_of or PHONE_OF)
        for name, channel in channels_of(settings.notices).items()
    ]
    return Worker(
        database,
        all_steps(engine_at) if handlers is None else handlers,
        province=settings.province,
        sendings=sendings,
        chores=chores_of(settings, network) if chores is None else chores,
        poll_s=settings.worker_poll_s,
        place=place,
    )


def channels_of(settings: NoticeSettings) -> dict[ChannelName, Channel]:
    """Return the channels that are set up; the log always is."""
    gate = Gate(
        Allowed(settings.hosts, tuple(settings.networks), settings.plain_hosts),
        limit_s=settings.limit_s,
    )
    found: dict[ChannelName, Channel] = {ChannelName.LOG: LogChannel()}
    if settings.webhook_template:
        found[ChannelName.WEBHOOK] = WebhookChannel(gate, settings.webhook_template)
    if settings.sms_url:
        found[ChannelName.SMS] = SmsChannel(
            gate,
            settings.sms_url,
            settings.sms_template,
            secret=settings.sms_secret.get_secret_value(),
            form=settings.sms_form,
        )
    if settings.smtp_host:
        found[ChannelName.SMTP] = SmtpChannel(
            gate,
            settings.smtp_host,
            settings.smtp_port,
            sender=settings.smtp_sender,
            subject=settings.smtp_subject,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )
    return found
