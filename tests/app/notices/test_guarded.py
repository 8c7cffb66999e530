"""What the server may call: two hundred ways to make it speak to a machine inside, none works."""

import ipaddress
import itertools
import socket
import ssl
import time

import pytest

from app.notices.errors import ChannelError, ForbiddenAddressError, RefusedMessageError
from app.notices.guarded import Allowed, Gate, may_call, target_of
from tests.app.storage.chats import Chat

LISTED = "chat.example"
LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"),)

INSIDE = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104  to be refused
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
SIX = [
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
]


def as_six(address):
    """The ways to write an IPv4 address as an IPv6 one."""
    four = ipaddress.IPv4Address(address)
    high, low = int(four) >> 16, int(four) & 0xFFFF
    turned = int(four) ^ 0xFFFFFFFF
    return [
        f"::ffff:{address}",
        f"::{high:x}:{low:x}",
        f"64:ff9b::{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
        f"2001:0:102:304:0:0:{turned >> 16:x}:{turned & 0xFFFF:x}",
    ]


RESOLVED = [*INSIDE, *SIX, *itertools.chain.from_iterable(map(as_six, INSIDE))]

SPELLINGS = [
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://localhost/",
    "https://localhost.localdomain/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://other.example/",
    f"https://{LISTED}.other.example/",
    f"https://other.example/{LISTED}",
    f"https://other.example#{LISTED}",
    f"https://other.example?{LISTED}",
    f"https://{LISTED}@other.example/",
    f"https://other.example@{LISTED}/",
    f"https://user:word@{LISTED}/",
    f"https://@{LISTED}/",
    f"https://{LISTED}:22/",
    f"https://{LISTED}:0/",
    f"https://{LISTED}:99999/",
    f"https://{LISTED}:443:80/",
    f"https://{LISTED}:/",
    f"https://{LISTED}:0443/",
    f"https://{LISTED}./",
    f"https://.{LISTED}/",
    "https://CHAT.example/",
    "https://chat%2eexample/",
    "https://chat。example/",
    "https://ⓒhat.example/",
    "https://chat.example%00.other.example/",
    "https://chat.example\x00.other.example/",
    "https://chat.example\\@other.example/",
    "https:\\\\chat.example/",
    "https:///chat.example/",
    "https:chat.example/",
    "//chat.example/",
    "chat.example/",
    "",
    "https://",
    "https:// chat.example/",
    "https://chat.example /",
    "https://chat.example/a b",
    "https://chat.example/\r\nHost: other.example",
    "https://chat.example/\nX: 1",
    "https://chat.example/\t",
    "https://chat.example/路",
    "https://chat.example/#part",
    "http://chat.example/",
    "ftp://chat.example/",
    "file:///etc/passwd",
    "gopher://chat.example/",
    "dict://chat.example:11211/",
    "ldap://chat.example/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://[chat.example]/",
    "https://[::1/",
    "https://chat..example/",
    "https://-chat.example/",
    "https://chat_x.example/",
    "https://chat.example;other.example/",
    "https://chat.example,other.example/",
    "https://chat.example&other.example/",
    "https://chat.example|other.example/",
]


class Called(Exception):
    pass


@pytest.fixture
def no_way_out(monkeypatch):
    def connect(address, *_, **__):
        raise Called(address)

    monkeypatch.setattr(socket, "create_connection", connect)


def gate(*addresses, allowed=None):
    answers = iter(addresses)
    return Gate(
        allowed or Allowed(frozenset({LISTED})), resolver=lambda *_: [next(answers)], limit_s=2
    )


def test_there_are_more_than_two_hundred_ways():
    assert len(set(RESOLVED)) + len(set(SPELLINGS)) > 200


@pytest.mark.parametrize("address", RESOLVED)
def test_a_listed_name_that_means_a_machine_inside_is_not_called(no_way_out, address):
    with pytest.raises(ForbiddenAddressError):
        gate(address).post(f"https://{LISTED}/", b"", {})


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_other_host_and_no_odd_spelling_is_called(no_way_out, url):
    with pytest.raises(ForbiddenAddressError) as caught:
        gate("8.8.8.8").post(url, b"", {})

    assert "word" not in str(caught.value)


def test_the_check_itself_is_tried_where_nothing_is_checked(no_way_out, monkeypatch):
    """The planted fault: without the look at addresses each of them would be called."""
    monkeypatch.setattr("app.notices.guarded.may_call", lambda *_: True)
    for address in RESOLVED:
        with pytest.raises(Called):
            gate(address).post(f"https://{LISTED}/", b"", {})


def test_a_public_address_of_a_listed_name_is_called(no_way_out):
    for url in (f"https://{LISTED}/hook?key=1", f"https://{LISTED}:443/"):
        with pytest.raises(Called, match=r"8\.8\.8\.8"):
            gate("8.8.8.8").post(url, b"", {})


def test_a_name_that_changes_its_meaning_is_asked_once_and_that_address_is_called(no_way_out):
    """Rebinding: public when it is looked at, 127.0.0.1 when it would be asked again."""
    with pytest.raises(Called, match=r"8\.8\.8\.8"):
        gate("8.8.8.8", "127.0.0.1").post(f"https://{LISTED}/", b"", {})


def test_a_name_with_one_meaning_inside_is_not_called_at_the_other(no_way_out):
    mixed = Gate(Allowed(frozenset({LISTED})), resolver=lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(ForbiddenAddressError):
        mixed.post(f"https://{LISTED}/", b"", {})


def test_a_gateway_inside_is_called_where_its_network_is_listed_and_metadata_never():
    everything = Allowed(networks=(ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")))

    assert may_call("10.1.2.3", everything)
    assert not may_call("10.1.2.3", Allowed())
    for never in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254"):
        assert not may_call(never, everything)


def test_a_redirect_is_not_followed():
    with Chat().open() as inside, Chat(302, inside.url).open() as outside:
        with pytest.raises(RefusedMessageError, match="redirect"):
            open_gate(outside, inside).post(outside.url, b"{}", {})

        assert (len(outside.bodies), len(inside.bodies)) == (1, 0)


def open_gate(*chats, limit_s=2.0):
    hosts = frozenset(chat.host for chat in chats)
    return Gate(Allowed(hosts, LOOPBACK, hosts), limit_s=limit_s)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    with Chat().open() as chat, Chat().open() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        open_gate(chat).post(chat.url, b"{}", {})

        assert (len(chat.bodies), len(proxy.bodies)) == (1, 0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedMessageError),
        (404, RefusedMessageError),
        (408, ChannelError),
        (429, ChannelError),
        (500, ChannelError),
        (503, ChannelError),
    ],
)
def test_what_will_never_be_taken_is_told_from_what_is_not_taken_now(status, kind):
    with Chat(status).open() as chat, pytest.raises(ChannelError) as caught:
        open_gate(chat).post(chat.url, b"{}", {})

    assert type(caught.value) is kind
    assert caught.value.code == f"http_{status}"


def test_who_never_answers_is_left_in_time():
    """It takes the connection and says nothing; another says a byte now and then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        gate = Gate(Allowed(frozenset({host}), LOOPBACK, frozenset({host})), limit_s=0.2)
        started = time.monotonic()
        with pytest.raises(ChannelError):
            gate.post(f"http://{host}/", b"{}", {})

    assert time.monotonic() - started < 2


def test_without_tls_a_host_is_called_only_where_that_is_set_up():
    listed = frozenset({"a.example"})

    assert target_of("http://a.example/", Allowed(listed, (), listed)).port == 80
    with pytest.raises(ForbiddenAddressError, match="without_tls"):
        target_of("http://a.example/", Allowed(listed))


def test_a_certificate_of_nobody_is_not_believed():
    assert Gate(Allowed()).trusted.verify_mode == ssl.CERT_REQUIRED
    assert Gate(Allowed()).trusted.check_hostname
