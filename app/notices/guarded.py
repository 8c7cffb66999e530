"""The only way out to the network: to hosts that are listed, at addresses that may be called.

An address typed into a form, or a name whose meaning somebody else decides, must not make this
server speak to machines inside. So: the host must be on the list, in its plain spelling; every
address that it resolves to is looked at, and the connection goes to the address that was looked at,
not to the name again; nobody is followed elsewhere (no redirects, no proxies); all is over in time.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.notices.errors import ChannelError, ForbiddenAddressError, RefusedMessageError

__all__ = [
    "Allowed",
    "Gate",
    "Resolver",
    "Target",
    "cut",
    "may_call",
    "system_resolver",
    "target_of",
]

PLAIN_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")
PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~/%?&=+:,;@!$*()]*")
PORTS = {"https": 443, "http": 80}
LONGEST_ANSWER = 65_536
AGAIN = frozenset({408, 425, 429})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
METADATA = tuple(
    ipaddress.ip_network(one)
    for one in ("100.100.100.200/32", "fd00:ec2::254/128", "168.63.129.16/32")
)
"""Where clouds hand out the keys of a machine, beside the link-local address."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called.

    Parameters
    ----------
    hosts
        Names or addresses, with ``:port`` where it is not that of the scheme.
    networks
        Networks that are not public and may be called all the same, such as that of a gateway
        inside. Link-local addresses and those of cloud metadata may never.
    plain_http
        Hosts that may be called without TLS.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    plain_http: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes, once its address has been looked at."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system what a name means."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def target_of(url: str, allowed: Allowed) -> Target:
    """Take an address apart, and refuse every spelling but the plain one.

    Raises
    ------
    ForbiddenAddressError
        Another scheme, a user, a host that is not listed, or an unusual spelling.
    """
    if any(ord(letter) <= 0x20 or ord(letter) >= 0x7F for letter in url) or "\\" in url:
        raise ForbiddenAddressError("odd_spelling")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ForbiddenAddressError("odd_spelling") from None
    if parts.scheme not in PORTS or "@" in parts.netloc or "#" in url or port == 0:
        raise ForbiddenAddressError("odd_spelling")
    host = parts.hostname or ""
    wanted = f"[{host}]" if ":" in host else host
    if parts.netloc != (wanted if port is None else f"{wanted}:{port}"):
        raise ForbiddenAddressError("odd_spelling")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not PLAIN_PATH.fullmatch(path):
        raise ForbiddenAddressError("odd_spelling")
    return _listed(Target(parts.scheme, host, port or PORTS[parts.scheme], path), allowed)


def _listed(target: Target, allowed: Allowed) -> Target:
    if not PLAIN_HOST.fullmatch(target.host) and _as_address(target.host) is None:
        raise ForbiddenAddressError("odd_spelling")
    named = f"[{target.host}]" if ":" in target.host else target.host
    names = {f"{named}:{target.port}"}
    if target.port == PORTS[target.scheme]:
        names.add(named)
    if not names & allowed.hosts:
        raise ForbiddenAddressError("host_not_listed")
    if target.scheme == "http" and not names & allowed.plain_http:
        raise ForbiddenAddressError("without_tls")
    return target


def _as_address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _meant(address: Address) -> Address:
    """Return the address inside an address: IPv4 written as IPv6, in each of the ways."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and address.teredo is not None:
        inside = address.teredo[1]
    if inside is None and (address in NAT64 or (int(address) >> 32 == 0 and int(address) > 1)):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def may_call(text: str, allowed: Allowed) -> bool:
    """Tell whether a resolved address may be called."""
    found = _as_address(text.partition("%")[0])
    if found is None or "%" in text:
        return False
    address = _meant(found)
    never = address.is_link_local or address.is_multicast or address.is_unspecified
    if never or any(
        address in network for network in METADATA if network.version == address.version
    ):
        return False
    if any(
        address in network for network in allowed.networks if network.version == address.version
    ):
        return True
    if isinstance(found, ipaddress.IPv6Address) and found.is_site_local:
        return False
    return address.is_global and found.is_global


class Gate:
    """Makes connections, and calls over HTTP, to what may be called.

    Parameters
    ----------
    resolver
        What a name means; asked once for each connection.
    limit_s
        After so long a call is over, whatever the other side does.
    """

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolver: Resolver = system_resolver,
        limit_s: float = 8.0,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._limit_s = limit_s
        self._trusted = trusted or ssl.create_default_context()

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to a listed host, at an address that was looked at.

        Raises
        ------
        ForbiddenAddressError
            One of its addresses may not be called: then none is, for a name with a public and a
            private meaning is a trap.
        """
        try:
            found = list(dict.fromkeys(self._resolver(host, port)))
        except OSError:
            raise ChannelError("unknown_host") from None
        if not found:
            raise ChannelError("unknown_host")
        if not all(may_call(address, self._allowed) for address in found):
            raise ForbiddenAddressError("private_address")
        started = time.monotonic()
        for address in found:
            left = self._limit_s - (time.monotonic() - started)
            try:
                return socket.create_connection((address, port), timeout=max(left, 0.1))
            except OSError:
                continue
        raise ChannelError("no_connection")

    def connect_listed(self, host: str, port: int) -> socket.socket:
        """Connect to ``host:port`` if that is listed; for what is not HTTP."""
        if f"{host}:{port}" not in self._allowed.hosts:
            raise ForbiddenAddressError("host_not_listed")
        return self.connect(host, port)

    @property
    def limit_s(self) -> float:
        """How long a call may take."""
        return self._limit_s

    @property
    def trusted(self) -> ssl.SSLContext:
        """Whose certificates are believed."""
        return self._trusted

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a body; a status of success is all that is wanted of the answer.

        Raises
        ------
        RefusedMessageError
            The other side says that it will never take it, or sends us elsewhere.
        ChannelError
            It does not take it now.
        """
        target = target_of(url, self._allowed)
        lines = [self.connect(target.host, target.port)]
        ended = threading.Timer(self._limit_s, lambda: cut(lines[-1]))
        ended.daemon = True
        ended.start()
        try:
            status = self._exchange(lines, target, body, headers)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, ChannelError):
                raise
            raise ChannelError("no_answer") from None
        finally:
            ended.cancel()
            for line in lines:
                line.close()
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise RefusedMessageError("redirect")
        if 400 <= status < 500 and status not in AGAIN:
            raise RefusedMessageError(f"http_{status}")
        raise ChannelError(f"http_{status}")

    def _exchange(
        self, lines: list[socket.socket], target: Target, body: bytes, headers: Mapping[str, str]
    ) -> int:
        """Speak HTTP on the last of ``lines``; what wraps it is added, so that it can be cut."""
        if target.scheme == "https":
            wrapped = self._trusted.wrap_socket(
                lines[-1], server_hostname=target.host, do_handshake_on_connect=False
            )
            lines.append(wrapped)
            wrapped.do_handshake()
        call = http.client.HTTPConnection(target.host, target.port, timeout=self._limit_s)
        call.default_port = PORTS[target.scheme]
        call.sock = lines[-1]
        try:
            call.request("POST", target.path, body=body, headers=dict(headers))
            answer = call.getresponse()
            answer.read(LONGEST_ANSWER)
            return answer.status
        finally:
            call.close()


def cut(connection: socket.socket | None) -> None:
    """End a connection whose time is over; whoever waits on it wakes up."""
    with contextlib.suppress(OSError):
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
