"""静态服务：协商压缩、核对缓存、不越出树；数据库不在了，公开的地址照样应答。"""

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.foundation.files.footage import mp4
from tests.outlets.website.conftest import Desk
from yangguang.hub.publications.models import PublicationFile
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.rules import sha256
from yangguang.outlets.website.serving import SiteServer

Answer = tuple[str, dict[str, str], bytes]


def ask(
    server: SiteServer, path: str, method: str = "GET", query: str = "", **headers: str
) -> Answer:
    told: dict[str, Any] = {}

    def start(status: str, sent: list[tuple[str, str]]) -> None:
        told["status"], told["headers"] = status, dict(sent)

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1:8000",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    body = b"".join(server(environ, start))
    return told["status"][:3], told["headers"], body


@pytest.fixture
def served(desk: Desk) -> tuple[Desk, SiteServer]:
    desk.publish("一份文件", files=(desk.store(b"a,b\n1,2\n", "表.csv"),))
    desk.follow()
    return desk, SiteServer(desk.root)


def test_the_best_encoding_the_browser_takes_is_sent_and_it_is_the_page(
    served: tuple[Desk, SiteServer],
) -> None:
    desk, server = served
    page = desk.files()["index.html"]
    for accepted, encoding, expand in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ):
        status, headers, body = ask(server, "/", accept_encoding=accepted)
        assert status == "200" and headers.get("Content-Encoding") == encoding
        assert expand(body) == page and headers["Vary"] == "Accept-Encoding"
        assert int(headers["Content-Length"]) == len(body)


def test_an_unchanged_page_is_not_sent_again(served: tuple[Desk, SiteServer]) -> None:
    desk, server = served
    _, headers, _ = ask(server, "/")
    status, _, body = ask(server, "/", if_none_match=headers["ETag"])
    assert (status, body) == ("304", b"")
    desk.publish("又一份")
    desk.follow()
    assert ask(server, "/", if_none_match=headers["ETag"])[0] == "200"


def test_only_named_assets_may_be_kept_for_ever(served: tuple[Desk, SiteServer]) -> None:
    desk, server = served
    (css,) = re.findall(r'href="(/assets/[^"]+)"', desk.page("index.html"))
    assert "immutable" in ask(server, css)[1]["Cache-Control"]
    assert ask(server, "/")[1]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret", "/columns/../../secret", "/%2e%2e/secret", "//etc/passwd", "/.lock",
        "/columns/.hidden", "/index.html.gz", "/a\0b", "/..\\secret", "/link.html", "/nowhere/",
        "/" + "长" * 300,
    ],
)  # fmt: skip
def test_nothing_outside_or_behind_the_tree_is_shown(
    served: tuple[Desk, SiteServer], path: str
) -> None:
    desk, server = served
    (desk.root / "secret").write_text("机密")
    (desk.root / desk.site.code / "link.html").symlink_to(desk.root / "secret")
    status, headers, body = ask(server, path)
    assert status == "404" and "机密" not in body.decode()
    assert "没有找到这个页面" in body.decode()


def test_a_bad_encoding_in_the_address_is_not_found(served: tuple[Desk, SiteServer]) -> None:
    _, server = served
    told: list[str] = []
    list(
        server(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/\xff\xfe"},
            lambda status, headers: told.append(status),
        )
    )
    assert told == ["404 Not Found"]


def test_a_directory_without_its_slash_is_sent_on(served: tuple[Desk, SiteServer]) -> None:
    status, headers, _ = ask(served[1], "/map")
    assert (status, headers["Location"]) == ("301", "/map/")


def test_only_reading_is_possible_and_every_answer_carries_the_guards(
    served: tuple[Desk, SiteServer],
) -> None:
    _, server = served
    assert ask(server, "/", method="POST")[0] == "405"
    status, headers, body = ask(server, "/", method="HEAD")
    assert (status, body) == ("200", b"") and int(headers["Content-Length"]) > 1000
    for path in ("/", "/nowhere", "/map"):
        headers = ask(server, path)[1]
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "default-src 'none'" in policy


def test_attachments_are_saved_not_opened(served: tuple[Desk, SiteServer]) -> None:
    path = PublicationFile.objects.get(role="attachment").path
    headers = ask(served[1], path)[1]
    assert headers["Content-Disposition"] == "attachment"
    assert headers["Content-Type"].startswith("text/csv")


def test_the_dynamic_part_is_handed_over_and_nothing_else(desk: Desk) -> None:
    desk.follow()
    handed: list[str] = []

    def dynamic(environ: dict[str, Any], start: Any) -> list[bytes]:
        handed.append(environ["PATH_INFO"])
        start("200 OK", [])
        return [b""]

    server = SiteServer(desk.root, lambda: dynamic)
    for path in ("/workbench/", "/interact/x", "/api/", "/workbench", "/", "/workbenches/"):
        ask(server, path)
    assert handed == ["/workbench/", "/interact/x", "/api/", "/workbench"]


def test_before_the_first_bake_it_says_so(tmp_path: Path) -> None:
    status, _, body = ask(SiteServer(tmp_path), "/")
    assert status == "503" and "还没有烘焙好" in body.decode()


@pytest.fixture
def address(served: tuple[Desk, SiteServer]) -> Iterator[str]:
    """真的起一个服务：单独的进程，数据库指向一个不存在的地方。"""
    desk, _ = served
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "yangguang", "serve_site", "--port", str(port), "--root", str(desk.root)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
            "YANGGUANG_VAR": str(desk.root.parent / "nothing-here"),
            "YANGGUANG_DATABASE": "sqlite:////nowhere/gone.sqlite3",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    process.wait(10)


def _get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.status, answer.read()


def test_without_a_database_every_address_of_the_sitemap_and_every_attachment_answers(
    served: tuple[Desk, SiteServer], address: str
) -> None:
    desk, _ = served
    domain = f"https://{desk.site.domain}"
    index = _get(f"{address}/sitemap.xml")[1].decode()
    parts = re.findall(rf"<loc>{domain}([^<]+)</loc>", index)
    pages = [
        path
        for part in parts
        for path in re.findall(rf"<loc>{domain}([^<]+)</loc>", _get(address + part)[1].decode())
    ]
    publication = PublicationFile.objects.get(role="attachment").publication
    assert path_of(publication) in pages and len(pages) > 10
    for path in pages:
        assert _get(address + path)[0] == 200
    for recorded in PublicationFile.objects.filter(role__in=["page", "attachment"]):
        assert sha256(_get(address + recorded.path)[1]) == recorded.sha256


def test_away_is_said_in_words_of_its_own_even_before_its_page_is_baked(desk: Desk) -> None:
    desk.publish()
    desk.follow()
    server = SiteServer(desk.root)
    status, _, body = ask(server, "/search/")
    assert status == "503" and body == (desk.root / desk.site.code / "away.html").read_bytes()
    (desk.root / desk.site.code / "away.html").unlink()
    for twin in (".br", ".gz"):
        (desk.root / desk.site.code / f"away.html{twin}").unlink()
    status, _, body = ask(server, "/search/")
    assert status == "503" and "暂时不能用" in body.decode()


def test_a_part_of_a_video_is_sent_when_it_is_asked_for(desk: Desk) -> None:
    video = mp4(600_000)
    desk.publish("一段视频", files=(desk.store(video, "会议.mp4"),))
    desk.follow()
    path = PublicationFile.objects.get(role="attachment").path
    server = SiteServer(desk.root)
    status, headers, body = ask(server, path)
    assert (status, headers["Accept-Ranges"], body) == ("200", "bytes", video)
    etag = headers["ETag"]
    for asked, told, found in (
        ("bytes=0-0", "bytes 0-0/600000", video[:1]),
        ("bytes=300000-599999", "bytes 300000-599999/600000", video[300_000:]),
        ("bytes=599000-9999999", "bytes 599000-599999/600000", video[599_000:]),
        ("bytes=-1000", "bytes 599000-599999/600000", video[-1_000:]),
    ):
        status, headers, body = ask(server, path, range=asked)
        assert (status, headers["Content-Range"], body) == ("206", told, found)
        assert headers["Content-Length"] == str(len(found))
        assert headers["Content-Type"] == "video/mp4"
    status, headers, body = ask(server, path, range="bytes=600000-")
    assert (status, headers["Content-Range"], body) == ("416", "bytes */600000", b"")
    for unknown in ("bytes=", "bytes=5-1", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"):
        assert ask(server, path, range=unknown)[0] == "200"
    assert ask(server, path, range="bytes=0-9", if_range=etag)[0] == "206"
    assert ask(server, path, range="bytes=0-9", if_range='"other"')[2] == video
    assert ask(server, path, "HEAD", range="bytes=0-9")[2] == b""
    assert ask(server, "/", range="bytes=0-9", accept_encoding="br")[0] == "200"
