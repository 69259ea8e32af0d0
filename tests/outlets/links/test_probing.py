"""去问站外的地址：真的服务器，真的拖延、转址和坏证书；内部网络一次也不连。"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from yangguang.foundation.fetching import pinned
from yangguang.outlets.links import probing
from yangguang.outlets.links.probing import Answer, probe

AGENT = "Yangguang-links/1 (+https://www.donghe.example/)"


class Handler(BaseHTTPRequestHandler):
    """对方的网站。"""

    asked: list[tuple[str, str, str]] = []

    def do_HEAD(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        if self.path == "/drip":
            for _ in range(100):
                self.wfile.write(b"H")
                time.sleep(0.05)
            return
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        elif self.path == "/no-head":
            self.send_response(405 if self.command == "HEAD" else 200)
        elif self.path == "/broken":
            self.close_connection = True
            return
        else:
            self.send_response(int(self.path.strip("/") or 200))
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, format: str, *arguments: Any) -> None:
        """不写记录。"""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """一个网站，在本机的一个端口上；测试里就当这一个端口在公网上。"""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    number = int(server.server_address[1])
    monkeypatch.setattr(
        "yangguang.foundation.fetching.addresses.OTHER_PORTS", frozenset({80, 443, number})
    )
    monkeypatch.setattr(pinned, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(probing, "TIME_LIMIT", 1.0)
    Handler.asked.clear()
    yield number
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", Answer("", 200)), ("/404", Answer("missing", 404)), ("/403", Answer("", 403)),
        ("/502", Answer("server", 502)), ("/no-head", Answer("", 200)),
        ("/to//to//404", Answer("missing", 404)), ("/broken", Answer("unreachable")),
        ("/to/ftp://a.example/", Answer("odd")), ("/to/https://[::1", Answer("odd")), ("/to/http://[::1", Answer("odd")),
    ],
)  # fmt: skip
def test_what_the_other_site_answers_is_told(path: str, answer: Answer, port: int) -> None:
    assert probe(f"http://127.0.0.1:{port}{path}", AGENT) == answer
    assert {agent for *_, agent in Handler.asked} == {AGENT}


def test_going_round_in_circles_ends(port: int) -> None:
    start = f"http://127.0.0.1:{port}/to/"
    assert probe(f"{start}{'/to/' * 9}/", AGENT) == Answer("loop")
    assert len(Handler.asked) == probing.HOPS + 1


def test_a_site_that_answers_byte_by_byte_is_cut_off_in_time(port: int) -> None:
    began = time.monotonic()
    assert probe(f"http://127.0.0.1:{port}/drip", AGENT) == Answer("slow")
    assert time.monotonic() - began < 3 * probing.TIME_LIMIT


def test_a_certificate_nobody_vouches_for_is_a_fault(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    number = int(server.server_address[1])
    monkeypatch.setattr("yangguang.foundation.fetching.addresses.OTHER_PORTS", frozenset({number}))
    assert probe(f"https://127.0.0.1:{number}/", AGENT) == Answer("certificate")
    server.shutdown()
    server.server_close()


def self_signed(folder: Path) -> Path:
    """一张自己签的证书，连同私钥。"""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "pair.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """连过哪些地址。"""
    tried: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda address, *rest: tried.append(address))
    return tried


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
     "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_the_inner_network_is_never_connected_to_however_it_is_written(
    url: str, connected: list[Any]
) -> None:
    assert probe(url, AGENT) == Answer("inner")
    assert connected == []


def test_a_name_that_also_resolves_to_the_inner_network_is_not_asked(
    connected: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(0, 0, 0, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: found)
    assert probe("http://a.example/", AGENT) == Answer("inner")
    assert connected == []


def test_the_address_that_was_examined_is_the_one_connected_to(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """解析第二次给出另一个地址（DNS 重绑定）也没有用：只解析一次。"""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    asked: list[Any] = []

    def resolve(host: str, number: int, **named: Any) -> Any:
        asked.append(host)
        return [(0, 0, 0, "", (next(answers), number))]

    monkeypatch.setattr(probing.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(probing.socket, "create_connection", direct)
    assert probe(f"http://a.example:{port}/", AGENT) == Answer("", 200)
    assert asked == ["a.example"]


def direct(address: tuple[str, int], timeout: float) -> socket.socket:
    """照数字的地址连，不经解析。"""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.settimeout(timeout)
    made.connect(address)
    return made


def test_a_redirection_into_the_inner_network_is_not_followed(port: int) -> None:
    assert probe(f"http://127.0.0.1:{port}/to/http://10.0.0.1/", AGENT) == Answer("inner")


def test_a_name_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*given: Any, **named: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert probe("http://nowhere.example/", AGENT) == Answer("unknown_host")
