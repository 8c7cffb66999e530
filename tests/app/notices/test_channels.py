"""Chat, telephone gateway and mail, against servers on this machine."""

import hashlib
import hmac
import ipaddress
import json
import logging
import socket
import threading
from urllib.parse import parse_qs

import pytest

from app.notices.channels import LogChannel, Message, SmsChannel, SmtpChannel, WebhookChannel
from app.notices.errors import ChannelError, ForbiddenAddressError, RefusedMessageError
from app.notices.guarded import Allowed, Gate
from app.notices.templates import fill
from app.settings import Settings
from app.worker.wiring import channels_of
from tests.app.storage.chats import Chat

LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"),)
TEXT = '转诊 ABCD2345(红):"引号" {text} \\ 请答复'


def message(**more):
    values = {
        "dedup_key": "0" * 64,
        "template": "offer",
        "referral": "ABCD2345",
        "org": "YN530100-001",
        "text": TEXT,
        "address": "0871-0000000",
        "at": "2026-11-25T03:00:00+00:00",
    }
    return Message(**{**values, **more})


def gate(*hosts):
    return Gate(Allowed(frozenset(hosts), LOOPBACK, frozenset(hosts)), limit_s=2)


def test_a_chat_is_sent_its_document_and_the_key_to_know_it_again():
    template = '{"msgtype": "text", "text": {"content": "{text}"}, "n": 1, "at": ["{org}"]}'
    with Chat().open() as chat:
        WebhookChannel(gate(chat.host), template).send(message(address=chat.url))

        assert chat.json() == [
            {"msgtype": "text", "text": {"content": TEXT}, "n": 1, "at": ["YN530100-001"]}
        ]
        assert chat.keys == ["0" * 64]


def test_a_chat_that_nobody_has_listed_is_not_called():
    with Chat().open() as chat:
        with pytest.raises(ForbiddenAddressError):
            WebhookChannel(gate("other.example"), "{}").send(message(address=chat.url))

        assert chat.bodies == []


def test_a_template_that_is_no_document_is_refused_when_it_is_set_up():
    with pytest.raises(json.JSONDecodeError):
        WebhookChannel(gate(), "{text}")


@pytest.mark.parametrize("form", ["form", "json"])
def test_a_gateway_is_given_number_text_and_signature_in_the_body(form):
    template = {"to": "{address}", "msg": "{text}", "t": "{at}", "sign": "{signature}"}
    with Chat().open() as chat:
        url = f"http://{chat.host}/send"
        SmsChannel(gate(chat.host), url, template, secret="s", form=form).send(message())  # noqa: S106

        said = chat.json()[0] if form == "json" else parse_qs(chat.bodies[0].decode())
        said = {name: value if form == "json" else value[0] for name, value in said.items()}
        line = f"msg={TEXT}&t=2026-11-25T03:00:00+00:00&to=0871-0000000"
        assert said["sign"] == hmac.new(b"s", line.encode(), hashlib.sha256).hexdigest()
        assert (said["to"], said["msg"]) == ("0871-0000000", TEXT)
        assert chat.paths == ["/send"]


def test_what_is_filled_in_is_not_looked_through_again():
    assert fill("{text} {org} {x}", {"text": "{org}", "org": "A"}) == "{org} A {x}"


def test_the_log_has_codes_and_no_words_and_no_number(caplog):
    with caplog.at_level(logging.INFO, "greenchannel.notices"):
        LogChannel().send(message())

    assert "ABCD2345" in caplog.text
    assert "0871-0000000" not in caplog.text
    assert "请答复" not in caplog.text
    assert "0871-0000000" not in repr(message())


class Mailbox:
    """An SMTP server of a few words, on this machine, without TLS."""

    def __init__(self, recipient="250 ok"):
        self.recipient, self.data = recipient, b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = "127.0.0.1", self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        self.server.settimeout(5)
        connection, _ = self.server.accept()
        connection.settimeout(5)
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 here\r\n")
            for line in lines:
                word = line[:4].upper()
                if word == b"DATA":
                    connection.sendall(b"354 go on\r\n")
                    while (line := lines.readline()) != b".\r\n":
                        self.data += line
                answer = self.recipient if word == b"RCPT" else "250 ok"
                connection.sendall(f"{answer}\r\n".encode())
                if word == b"QUIT":
                    return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()
        self.thread.join()


def mail(box, **more):
    listed = gate(f"{box.host}:{box.port}")
    words = {"sender": "a@b.example", "subject": "绿通"}
    return SmtpChannel(listed, box.host, box.port, **words, **more)


def test_a_mail_is_sent_with_a_number_to_know_it_again():
    with Mailbox() as box:
        mail(box, tls=False).send(message(address="duty@c.example"))

    assert b"Message-ID: <" + b"0" * 64 + b"@" in box.data.replace(b"\r\n ", b" ")
    assert b"duty@c.example" in box.data


def test_a_mailbox_that_does_not_exist_is_never_tried_again():
    with Mailbox("550 nobody") as box, pytest.raises(RefusedMessageError):
        mail(box, tls=False).send(message(address="duty@c.example"))


def test_a_mail_server_that_speaks_in_the_clear_is_given_nothing():
    with Mailbox() as box, pytest.raises(ChannelError):
        mail(box).send(message(address="duty@c.example"))

    assert box.data == b""


def test_a_mail_server_that_is_not_listed_is_not_called():
    channel = SmtpChannel(gate("x.example:25"), "127.0.0.1", 25, sender="a@b.example", subject="x")
    with pytest.raises(ForbiddenAddressError):
        channel.send(message(address="duty@c.example"))


def test_channels_are_those_that_are_set_up_and_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv(
        "GREENCHANNEL_NOTICES",
        json.dumps({"webhook_template": "{}", "sms_url": "https://x", "sms_secret": "hidden"}),
    )
    settings = Settings()

    assert sorted(channels_of(settings.notices)) == ["log", "sms", "webhook"]
    assert sorted(channels_of(Settings.model_construct().notices)) == ["log"]
    assert "hidden" not in repr(settings) + repr(settings.notices)
