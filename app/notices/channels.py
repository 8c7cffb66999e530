"""The channels: a log line, a chat, a telephone, a mailbox. Each is given a finished message."""

import contextlib
import json
import logging
import smtplib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal, Protocol

from app.notices.errors import ChannelError, RefusedMessageError
from app.notices.guarded import Gate, cut
from app.notices.templates import form_body, json_body, signature

__all__ = ["Channel", "LogChannel", "Message", "SmsChannel", "SmtpChannel", "WebhookChannel"]

LOGGER = logging.getLogger("greenchannel.notices")
DEDUP_HEADER = "Idempotency-Key"
DOMAIN = "greenchannel.invalid"


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: words, and by what a receiver knows that it came before."""

    dedup_key: str
    template: str
    referral: str
    org: str
    text: str
    address: str = field(default="", repr=False)
    at: str = ""

    def values(self) -> dict[str, str]:
        """Return what the places of a document are filled with."""
        return {
            "text": self.text,
            "dedup_key": self.dedup_key,
            "template": self.template,
            "referral": self.referral,
            "org": self.org,
            "address": self.address,
            "at": self.at,
        }


class Channel(Protocol):
    """Sends a message, or raises ``ChannelError``."""

    def send(self, message: Message) -> None:
        """Send; it may have been sent before."""


class LogChannel:
    """Writes codes into the log."""

    def send(self, message: Message) -> None:
        """Write a line."""
        LOGGER.info(
            "notice %s referral=%s org=%s key=%s",
            message.template,
            message.referral,
            message.org,
            message.dedup_key,
        )


class WebhookChannel:
    """Posts a document to a chat; the address of the organisation is that of its chat.

    Parameters
    ----------
    template
        A JSON document with ``{text}``, ``{dedup_key}`` and the like inside its strings.
    """

    def __init__(self, gate: Gate, template: str) -> None:
        json.loads(template)
        self._gate = gate
        self._template = template

    def send(self, message: Message) -> None:
        """Post it."""
        body = json_body(self._template, message.values())
        headers = {"Content-Type": "application/json", DEDUP_HEADER: message.dedup_key}
        self._gate.post(message.address, body, headers)


class SmsChannel:
    """Hands a message to a gateway; the address of the organisation is its duty telephone.

    Parameters
    ----------
    template
        The fields of the gateway; ``{signature}`` stands for HMAC-SHA256 over the others.
    """

    def __init__(
        self,
        gate: Gate,
        url: str,
        template: Mapping[str, str],
        *,
        secret: str = "",
        form: Literal["json", "form"] = "form",
    ) -> None:
        self._gate = gate
        self._url = url
        self._template = dict(template)
        self._secret = secret
        self._form = form

    def send(self, message: Message) -> None:
        """Hand it over; the telephone number goes in the body and never in the address."""
        values = message.values()
        values["signature"] = signature(self._template, values, self._secret)
        if self._form == "json":
            body, kind = json_body(json.dumps(self._template), values), "application/json"
        else:
            body, kind = form_body(self._template, values), "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, DEDUP_HEADER: message.dedup_key}
        self._gate.post(self._url, body, headers)


class _GuardedSmtp(smtplib.SMTP):
    """SMTP over a connection that the gate has made."""

    def __init__(self, gate: Gate, host: str, port: int) -> None:
        self._gate = gate
        super().__init__(host, port, timeout=gate.limit_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = self._gate.connect_listed(host, port)
        connection.settimeout(timeout)
        return connection


class SmtpChannel:
    """Sends a mail; the address of the organisation is its mailbox."""

    def __init__(
        self,
        gate: Gate,
        host: str,
        port: int,
        *,
        sender: str,
        subject: str,
        user: str = "",
        password: str = "",
        tls: bool = True,
    ) -> None:
        self._gate = gate
        self._host, self._port = host, port
        self._sender, self._subject = sender, subject
        self._user, self._password = user, password
        self._tls = tls

    def send(self, message: Message) -> None:
        """Send it, over TLS."""
        try:
            server = _GuardedSmtp(self._gate, self._host, self._port)
            ended = threading.Timer(self._gate.limit_s, lambda: cut(server.sock))
            ended.daemon = True
            ended.start()
            try:
                self._speak(server, self._mail(message))
            finally:
                ended.cancel()
                server.close()
        except smtplib.SMTPRecipientsRefused:
            raise RefusedMessageError("recipient_refused") from None
        except ChannelError:
            raise
        except (smtplib.SMTPException, OSError):
            raise ChannelError("smtp") from None

    def _speak(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        if self._tls:
            server.starttls(context=self._gate.trusted)
        if self._user:
            server.login(self._user, self._password)
        server.send_message(mail)
        # It is out: what goes wrong with the goodbye must not send it a second time.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = message.address
        mail["Subject"] = self._subject
        mail["Message-ID"] = f"<{message.dedup_key}@{DOMAIN}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail
