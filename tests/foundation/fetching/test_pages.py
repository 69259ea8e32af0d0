"""取网页：真的服务器，转址、拖延、过大都有；内部网络不连，除非写明准许；自己的网站去写明的地方取。"""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yangguang.foundation.fetching import pages
from yangguang.foundation.fetching.addresses import target_of
from yangguang.foundation.fetching.pages import Fetcher

BODY = "正文".encode()


class Handler(BaseHTTPRequestHandler):
    """对方的网站。"""

    protocol_version = "HTTP/1.1"
    hosts: list[str] = []
    connections: set[int] = set()

    def do_GET(self) -> None:
        Handler.hosts.append(self.headers["Host"])
        Handler.connections.add(self.client_address[1])
        if self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
            return
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"x" * 300 if self.path == "/large" else BODY
        self.send_response(404 if self.path == "/404" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """不写记录。"""


@pytest.fixture
def place() -> Iterator[str]:
    """一个网站的 ``host:port``。"""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.hosts.clear()
    Handler.connections.clear()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(place: str) -> Iterator[Fetcher]:
    found = Fetcher("test", also=frozenset({place}))
    yield found
    found.close()


def test_a_page_is_fetched_and_the_connection_used_again(fetcher: Fetcher, place: str) -> None:
    for _ in range(3):
        found = fetcher.get(f"http://{place}/1.html")
        assert (found.is_ok, found.content, found.told) == (True, BODY, "")
        assert found.media_type == "text/html; charset=utf-8"
    assert len(Handler.connections) == 1


def test_redirections_are_followed_to_the_end_and_circles_are_left(
    fetcher: Fetcher, place: str
) -> None:
    assert fetcher.get(f"http://{place}/to//to//1.html").url == f"http://{place}/1.html"
    assert fetcher.get(f"http://{place}{'/to/' * 9}/").fault == "loop"
    assert fetcher.get(f"http://{place}/404").told == "网站答复 404"


def test_the_inner_network_is_not_connected_to_even_by_a_redirection(
    fetcher: Fetcher, place: str
) -> None:
    assert fetcher.get(f"http://{place}/to/http://127.0.0.1/").fault == "inner"
    assert fetcher.get("http://localhost/").fault == "inner"
    assert fetcher.get("http://169.254.169.254/latest/meta-data/").fault == "inner"
    assert Fetcher("test").get(f"http://{place}/").fault == "odd"
    assert fetcher.get("file:///etc/passwd").fault == "odd"


def test_our_own_sites_are_fetched_where_they_are_served_under_their_own_name(place: str) -> None:
    found = Fetcher("test", own=frozenset({"www.own.example"}), served_at=place)
    assert found.get("https://www.own.example/1.html").content == BODY
    assert Handler.hosts == ["www.own.example"]
    found.close()


def test_a_site_that_answers_byte_by_byte_is_cut_off(
    fetcher: Fetcher, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "TIME_LIMIT", 0.6)
    began = time.monotonic()
    assert fetcher.get(f"http://{place}/drip").fault == "slow"
    assert time.monotonic() - began < 3


def test_what_is_too_large_is_not_taken(
    fetcher: Fetcher, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 200)
    assert fetcher.get(f"http://{place}/large").fault == "large"
    assert fetcher.get(f"http://{place}/1.html").is_ok


def test_nobody_listening_is_told(fetcher: Fetcher) -> None:
    also = frozenset({"127.0.0.1:9"})
    assert Fetcher("test", also=also).get("http://127.0.0.1:9/").fault == "unreachable"


def test_an_unusual_port_is_allowed_only_where_it_is_named() -> None:
    assert target_of("http://a.example:9080/") is None
    assert target_of("http://a.example:9080/", frozenset({"a.example:9080"})) is not None
