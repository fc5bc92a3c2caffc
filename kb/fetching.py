"""Fetches addresses that people typed, without being led into the private network.

Every host is resolved here, its addresses are checked, and the connection goes to the
address that was checked: a name that answers differently the next time gains nothing.
Redirects are followed one by one through the same check. Bytes and time are bounded.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from django.conf import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
UNSURE = (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM)
PERSONAL = ("authorization", "cookie", "proxy-authorization")


class FetchError(Exception):
    """Nothing was fetched; `reason` is a plain word, the message a sentence.

    reason: "private-address", "dns" (there is no such name), "timeout", "tls",
    "too-large", "too-many-redirects", "refused" (nobody takes the connection) or
    "other". `status` is known where an answer began: of what was too large.
    """

    def __init__(self, reason: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back: `url` is the last address after redirects; any status is an answer.

    `headers` takes names in any case: `answer.headers.get("retry-after")`.
    """

    status: int
    url: str
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, by the charset of its header, else UTF-8."""
        charset = self.headers.get_content_charset() or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    timeout: float = 10,
    max_bytes: int = 1_000_000,
    allow_redirects: int = 5,
) -> Answer:
    """Return the answer of an address, after at most `allow_redirects` redirects.

    timeout is in seconds, for all of it together. Raises FetchError.
    """
    deadline = time.monotonic() + timeout
    sent = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", "Accept": "*/*"}
    sent |= dict(headers or {})
    where = _split(url)
    for _ in range(allow_redirects + 1):
        answer = _ask(where, method, sent, deadline, max_bytes)
        target = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not target:
            return answer
        if allow_redirects == 0:
            return answer
        following = _split(urljoin(answer.url, target))
        if following[:2] != where[:2]:
            sent = {k: v for k, v in sent.items() if k.lower() not in PERSONAL}
        if answer.status == 303 and method != "HEAD":
            method = "GET"
        where = following
    raise FetchError(
        "too-many-redirects", f"{url} leads on more than {allow_redirects} times."
    )


def user_agent() -> str:
    """Return how we name ourselves to other sites: with our address and a contact."""
    contact = f"; mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else ""
    return f"Pharmakon/1 (+{settings.SITE_URL}{contact})"


def is_public(address: str) -> bool:
    """Tell whether an IP address lies in the open internet, whatever it is wrapped in."""
    ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _split(url: str) -> SplitResult:
    """Return an http(s) address in the form that goes over the wire."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError("other", f"{url!r} is not an address: {error}.") from error
    if parts.scheme not in PORTS or not host:
        raise FetchError("other", f"{url!r} is not an http or https address.")
    if parts.username or parts.password:
        raise FetchError("other", "An address with a password in it is not opened.")
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise FetchError("dns", f"{host!r} is not a host name.") from error
    return SplitResult(
        parts.scheme,
        f"{host}:{port}" if port else host,
        quote(parts.path or "/", safe="%/:=&?~#+!$,;'@()*[]"),
        quote(parts.query, safe="%/:=&?~+!$,;'@()*[]|"),
        "",
    )


def _ask(
    where: SplitResult,
    method: str,
    headers: Mapping[str, str],
    deadline: float,
    max_bytes: int,
) -> Answer:
    host, port = where.hostname or "", where.port or PORTS[where.scheme]
    url = urlunsplit(where)
    raw: socket.socket | None = None
    try:
        raw = _connect(host, port, deadline)
        if where.scheme == "https":
            raw.settimeout(_left(deadline))
            raw = _tls().wrap_socket(raw, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = _BoundedSocket(raw, deadline)
        path = urlunsplit(("", "", where.path, where.query, ""))
        connection.request(
            method,
            path,
            headers={**headers, "Host": where.netloc, "Connection": "close"},
        )
        response = connection.getresponse()
        body = b"" if method == "HEAD" else _read(response, url, max_bytes)
    except TimeoutError as error:
        raise FetchError("timeout", f"{host} did not answer in time.") from error
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "no secure link"
        raise FetchError("tls", f"{host}: {why}.") from error
    except ConnectionRefusedError as error:
        raise FetchError("refused", f"{host} takes no connection.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(
            "other", f"{host}: {error or type(error).__name__}."
        ) from error
    finally:
        if raw is not None:
            raw.close()
    return Answer(response.status, url, response.headers, body)


def _read(response: http.client.HTTPResponse, url: str, max_bytes: int) -> bytes:
    too_large = FetchError(
        "too-large", f"{url} sends more than {max_bytes} bytes.", response.status
    )
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise too_large
    # Read in part, http.client says nothing of an answer that breaks off.
    if response.length:
        raise FetchError("other", f"{url}: its answer broke off.")
    if response.headers.get("Content-Encoding", "").strip().lower() in (
        "gzip",
        "x-gzip",
    ):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            body = unpacking.decompress(body, max_bytes + 1)
        except zlib.error as error:
            raise FetchError("other", f"{url}: its gzip is broken.") from error
        if len(body) > max_bytes:
            raise too_large
        if body and not unpacking.eof:
            raise FetchError("other", f"{url}: its answer broke off.")
    return body


def _connect(host: str, port: int, deadline: float) -> socket.socket:
    """Connect to a checked address of a host. Raises OSError or FetchError."""
    failure: OSError = OSError(f"{host} has no address")
    for family, address in _addresses(host, port, deadline):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(_left(deadline))
            made.connect(address)
        except OSError as error:
            made.close()
            failure = error
        else:
            return made
    raise failure


def _addresses(host: str, port: int, deadline: float) -> list[tuple[int, Any]]:
    """Return [(family, socket address)] of a host, all of them allowed."""
    found = _resolve(host, port, _left(deadline))
    for _, address in found:
        if not is_public(str(address[0])) and not _is_allowed(host, port, address[0]):
            raise FetchError(
                "private-address", f"{host} is an address of a private network."
            )
    return found


def _is_allowed(host: str, port: int, address: str) -> bool:
    """Tell whether the operator opened a private address: by host, port or network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    for entry in settings.FETCH_PRIVATE_HOSTS:
        if entry in (host, f"{host}:{port}"):
            return True
        if "/" in entry and ip in ipaddress.ip_network(entry, strict=False):
            return True
    return False


def _resolve(host: str, port: int, seconds: float) -> list[tuple[int, Any]]:
    """Ask the resolver, in a thread since it knows no limit of time of its own."""
    found: list[tuple[int, Any]] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend((int(each[0]), each[4]) for each in answers)
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if failed or (not found and not asking.is_alive()):
        if failed and getattr(failed[0], "errno", None) in UNSURE:
            # That we are cut off ourselves says nothing of the name.
            raise FetchError("other", f"Nobody could be asked for the name {host}.")
        raise FetchError("dns", f"No host is called {host}.")
    if not found:
        raise FetchError("timeout", f"The name {host} was not found in time.")
    return found


def _left(deadline: float) -> float:
    """Return the seconds left. Raises TimeoutError if there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _BoundedSocket:
    """What http.client needs of a socket, with one limit of time for all of it.

    A plain timeout begins anew with each byte, so a slow sender could hold us for hours.
    """

    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._raw.settimeout(_left(self._deadline))
        self._raw.sendall(data)

    def makefile(self, mode: str, *args: Any) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._raw, self._deadline))

    def close(self) -> None:
        """Leave it open: the answer is still read after http.client is done with it."""


class _BoundedReader(io.RawIOBase):
    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._raw.settimeout(_left(self._deadline))
        return self._raw.recv_into(buffer)
