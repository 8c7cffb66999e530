"""The one place where the worker of an installation is put together."""

from typing import Literal

from app.audit.sealing import seal_now
from app.centres.duty import phone_on_duty
from app.db import Database
from app.keyfile import read_key
from app.notices.channels import Channel, LogChannel, SmsChannel, SmtpChannel, WebhookChannel
from app.notices.guarded import Allowed, Gate
from app.notices.sending import Sending
from app.notices.states import ChannelName
from app.referrals import climbing
from app.settings import NoticeSettings, Settings
from app.text import catalogue
from app.worker.chores import Chore
from app.worker.handling import Handlers
from app.worker.running import Worker

__all__ = ["channels_of", "chores_of", "worker_of"]

SEAL_EVERY_S = 60


def worker_of(
    database: Database,
    settings: Settings,
    *,
    place: Literal["web", "worker"],
    handlers: Handlers | None = None,
) -> Worker:
    """Return the worker of an installation; ``handlers`` are those of all features, or as given."""
    words = catalogue(settings.language)
    sendings = [
        Sending(database, name, channel, words=words, phone_of=phone_on_duty)
        for name, channel in channels_of(settings.notices).items()
    ]
    return Worker(
        database,
        climbing.handlers() if handlers is None else handlers,
        province=settings.province,
        sendings=sendings,
        chores=chores_of(settings),
        poll_s=settings.worker_poll_s,
        place=place,
    )


def chores_of(settings: Settings) -> tuple[Chore, ...]:
    """Return what is done again and again: the record is sealed, where there is a key for it."""

    def seal(database: Database) -> None:
        seal_now(database, read_key(settings.seal_key_file), settings.seals_outside)

    if not settings.seal_key_file.exists():
        return ()
    return (Chore("seal", SEAL_EVERY_S, before=seal),)


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
