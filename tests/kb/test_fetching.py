"""Fetching an address that somebody typed: bounded, polite, and never the private network."""

from __future__ import annotations

import contextlib
import gzip
import socket
from email.message import Message

import pytest

from kb import fetching
from kb.fetching import FetchError, fetch
from tests.serving import serving


@pytest.fixture
def server(settings):
    with serving() as found:
        settings.FETCH_PRIVATE_HOSTS = [found.host]
        yield found


def reason(url, **how):
    with pytest.raises(FetchError) as caught:
        fetch(url, **how)
    return caught.value.reason


def test_an_answer_has_status_headers_and_body(server):
    server.pages["/a"] = (200, {"Content-Type": "text/plain; charset=latin-1"}, b"\xe9")

    answer = fetch(server.url + "/a?b=c d")

    assert (answer.status, answer.body, answer.text) == (200, b"\xe9", "é")
    assert answer.url == server.url + "/a?b=c%20d"
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_missing_page_is_an_answer_too(server):
    assert fetch(server.url + "/none").status == 404


def test_we_say_who_we_are(server, settings):
    settings.SITE_URL, settings.CONTACT_EMAIL = (
        "https://kb.example.org",
        "me@example.org",
    )
    server.pages["/"] = (200, {}, b"")

    fetch(server.url)

    agent = server.asked[0][1]["User-Agent"]
    assert "https://kb.example.org" in agent
    assert "mailto:me@example.org" in agent


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://2130706433:1/",
        "http://0x7f.1:1/",
        "http://0.0.0.0:1/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.9.9/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(address):
    assert reason(address) == "private-address"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_known_as_such(address):
    assert fetching.is_public(address)


def test_a_host_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    assert reason("http://two.example/") == "private-address"


def test_a_name_is_looked_up_once_so_that_it_cannot_change_in_between(
    server, monkeypatch
):
    server.pages["/"] = (200, {}, b"here")
    asked = []

    def answer(host, port, **kwargs):
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(fetching, "is_public", lambda address: True)

    assert fetch(f"http://changing.example:{server.server_port}/").body == b"here"
    assert asked == ["changing.example"]


def test_a_redirect_is_followed(server):
    server.pages["/old"] = (301, {"Location": "/new"}, b"")
    server.pages["/new"] = (200, {}, b"new")

    answer = fetch(server.url + "/old")

    assert (answer.body, answer.url) == (b"new", server.url + "/new")


def test_a_redirect_into_the_private_network_is_refused(server):
    server.pages["/"] = (302, {"Location": "http://127.0.0.1:22/"}, b"")

    assert reason(server.url) == "private-address"


def test_a_redirect_to_a_file_is_refused(server):
    server.pages["/"] = (302, {"Location": "file:///etc/passwd"}, b"")

    assert reason(server.url) == "other"


def test_redirects_in_a_circle_end(server):
    server.pages["/"] = (302, {"Location": "/"}, b"")

    assert reason(server.url) == "too-many-redirects"
    assert len(server.asked) == 6


def test_a_redirect_can_be_looked_at_instead_of_followed(server):
    server.pages["/"] = (302, {"Location": "/new"}, b"")

    assert fetch(server.url, allow_redirects=0).status == 302


def test_secrets_do_not_travel_to_another_host(server):
    with serving() as other:
        fetching.settings.FETCH_PRIVATE_HOSTS.append(other.host)
        server.pages["/"] = (302, {"Location": other.url + "/"}, b"")
        other.pages["/"] = (200, {}, b"")

        fetch(server.url, headers={"Authorization": "secret"})

    assert server.asked[0][1]["Authorization"] == "secret"
    assert "Authorization" not in other.asked[0][1]


def test_secrets_do_not_travel_in_the_open_to_the_same_host(monkeypatch):
    sent = []

    def ask(where, method, headers, *_):
        sent.append((where.scheme, headers))
        moved = Message()
        if where.scheme == "https":
            moved["Location"] = "http://a.example/"
        return fetching.Answer(302 if moved else 200, "https://a.example/", moved, b"")

    monkeypatch.setattr(fetching, "_ask", ask)

    fetch("https://a.example/", headers={"Authorization": "secret"})

    assert [scheme for scheme, _ in sent] == ["https", "http"]
    assert ["Authorization" in headers for _, headers in sent] == [True, False]


def test_one_who_never_stops_is_left_once_it_is_too_much(server):
    def go_on(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 2000)
        handler.wfile.flush()
        handler.server.stopped.wait(20)

    server.pages["/"] = go_on

    assert reason(server.url, max_bytes=1000, timeout=3) == "too-large"


def test_too_many_bytes_are_not_read(server):
    server.pages["/"] = (200, {}, b"x" * 2000)

    assert reason(server.url, max_bytes=1000) == "too-large"


def test_a_small_package_that_unpacks_to_much_is_not_read(server):
    packed = gzip.compress(b"x" * 1_000_000)
    server.pages["/"] = (200, {"Content-Encoding": "gzip"}, packed)

    assert reason(server.url, max_bytes=10_000) == "too-large"


def test_gzip_is_unpacked(server):
    server.pages["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"yes"))

    assert fetch(server.url).body == b"yes"


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_half_an_answer_is_not_taken_for_the_whole(server, headers):
    body = gzip.compress(b"half of it " * 50)[:20] if headers else b"half of it"

    def break_off(handler):
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        # Packed, the server itself may have sent half of what it has.
        handler.send_header("Content-Length", str(len(body) + (0 if headers else 30)))
        handler.end_headers()
        handler.wfile.write(body)

    server.pages["/"] = break_off

    assert reason(server.url) == "other"


def test_one_who_says_nothing_is_not_waited_for(server):
    server.pages["/"] = lambda handler: handler.server.stopped.wait(20) and None

    assert reason(server.url, timeout=0.2) == "timeout"


def test_one_who_drips_bytes_is_not_waited_for(server):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not handler.server.stopped.wait(0.05):
                handler.wfile.write(b".")
                handler.wfile.flush()

    server.pages["/"] = drip

    assert reason(server.url, timeout=0.4) == "timeout"


def test_a_closed_port_is_told_as_refused(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    settings.FETCH_PRIVATE_HOSTS = [host]

    assert reason(f"http://{host}/") == "refused"


def test_a_server_without_tls_is_told_as_such(server):
    assert reason(server.url.replace("http:", "https:")) == "tls"


def test_an_unknown_host_is_told_as_such(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert reason("http://nowhere.invalid/") == "dns"


def test_that_we_are_cut_off_ourselves_does_not_say_that_a_host_is_gone(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert reason("http://somewhere.example/") == "other"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kratom",
        "ftp://a.example/",
        "http://",
        "http://me:pw@a.example/",
        "http://[/",
    ],
)
def test_what_is_no_web_address_is_refused(address):
    assert reason(address) == "other"


def test_a_network_can_be_opened_for_an_intranet(server, settings):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.0/8"]
    server.pages["/"] = (200, {}, b"")

    assert fetch(server.url).status == 200
