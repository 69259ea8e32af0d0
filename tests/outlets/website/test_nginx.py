"""``deploy/nginx.conf``：真的 nginx 照它供给烘好的树，应答与演示用的服务一样。"""

import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.outlets.website.conftest import Desk
from yangguang.hub.publications.models import PublicationFile
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.serving import HEADERS

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
missing = shutil.which("nginx") is None or not BROTLI.exists()
pytestmark = pytest.mark.skipif(
    missing, reason="没有 nginx：apt install nginx libnginx-mod-http-brotli-static"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Nginx:
    """跑着的 nginx，只听回环地址。"""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.port, self.upstream = free_port(), free_port()
        etc = folder / "etc"
        shutil.copytree(DEPLOY / "nginx", etc / "yangguang")
        prefix = desk.site.path_prefix.strip("/")
        for path in (DEPLOY / "nginx.conf", *(etc / "yangguang").iterdir()):
            text = path.read_text("utf-8")
            text = text.replace("/var/lib/yangguang/site/linxia", f"{desk.root}/{desk.site.code}")
            text = text.replace("/var/lib/yangguang/site/yongjing", f"{desk.root}/{desk.site.code}")
            text = text.replace("yongjing", prefix or "county")
            text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.upstream}")
            text = text.replace("/var/log/nginx", str(folder)).replace(
                "/run/nginx.pid", f"{folder}/pid"
            )
            text = text.replace("user www-data;", "user root;")
            text = re.sub(
                r"^include /etc/nginx/modules-enabled.*$",
                f"load_module {BROTLI};",
                text,
                flags=re.M,
            )
            text = re.sub(r"^\s*ssl_.*\n", "", text, flags=re.M)
            text = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{self.port};", text)
            text = re.sub(r"listen \[::\]:443 ssl http2;", f"listen [::1]:{self.port};", text)
            text = re.sub(r"listen 80 default_server;", f"listen 127.0.0.1:{free_port()};", text)
            text = re.sub(r"\s*listen \[::\]:80 default_server;", "", text)
            (etc / "nginx.conf" if path.parent == DEPLOY else path).write_text(text, "utf-8")
        self.process = subprocess.Popen(
            [
                "nginx",
                "-c",
                etc / "nginx.conf",
                "-p",
                etc,
                "-e",
                folder / "error",
                "-g",
                "daemon off;",
            ]
        )
        self.error = folder / "error"

    def ask(
        self, path: str, method: str = "GET", address: str = "127.0.0.1", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(address, self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": "www.linxia.gov.cn", **named})
        answer = connection.getresponse()
        told = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return told


@pytest.fixture
def nginx(desk: Desk, tmp_path: Path) -> Iterator[Nginx]:
    desk.publish("一份文件", files=(desk.store(b"a,b\n1,2\n", "表.csv"),))
    desk.follow()
    running = Nginx(desk, tmp_path / "nginx" if (tmp_path / "nginx").mkdir() is None else tmp_path)
    try:
        deadline = time.monotonic() + 10
        while True:
            assert running.process.poll() is None and time.monotonic() < deadline, (
                running.error.read_text() if running.error.exists() else ""
            )
            try:
                running.ask("/")
                break
            except OSError:
                time.sleep(0.05)
        yield running
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_a_page_is_sent_squeezed_guarded_and_only_when_changed(desk: Desk, nginx: Nginx) -> None:
    tree = desk.root / desk.site.code
    for accepted, suffix in (("br, gzip", ".br"), ("gzip", ".gz"), ("", "")):
        status, headers, body = nginx.ask("/", Accept_Encoding=accepted)
        assert status == 200 and body == (tree / f"index.html{suffix}").read_bytes()
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        for name, value in HEADERS:
            assert headers[name] == value
        again, _, nothing = nginx.ask("/", Accept_Encoding=accepted, If_None_Match=headers["ETag"])
        assert (again, nothing) == (304, b"")


def test_every_file_in_the_books_is_served_also_under_a_prefix_and_over_ipv6(
    desk: Desk, nginx: Nginx
) -> None:
    tree = desk.root / desk.site.code
    prefix = f"/{desk.site.path_prefix.strip('/') or 'county'}"
    addresses = list(PublicationFile.objects.values_list("path", flat=True))
    addresses += ["/", "/columns/notices/", "/feed.xml", "/sitemap.xml"]
    for path in addresses:
        if path.endswith((".br", ".gz")):
            assert nginx.ask(path)[0] == 404
            continue
        stored = tree / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        for begins in ("", prefix):
            for address in ("127.0.0.1", "::1"):
                status, _, body = nginx.ask(quote(begins + path), address=address)
                assert (status, body) == (200, stored.read_bytes()), begins + path


def test_what_is_not_public_is_not_found_with_the_sites_own_page(desk: Desk, nginx: Nginx) -> None:
    not_found = (desk.root / desk.site.code / "404.html").read_bytes()
    (desk.root / desk.site.code / "link.html").symlink_to("/etc/passwd")
    for path in ("/nothing.html", "/.lock", "/index.html.gz", "/%2e%2e/sites.json", "/link.html"):
        status, headers, body = nginx.ask(path)
        assert status in {400, 403, 404} and b"root:" not in body
        if path == "/nothing.html":
            assert body == not_found and headers["X-Frame-Options"] == "DENY"


def test_attachments_are_saved_assets_kept_and_a_missing_slash_sent_on(
    desk: Desk, nginx: Nginx
) -> None:
    attachment = PublicationFile.objects.get(role="attachment")
    assert nginx.ask(attachment.path)[1]["Content-Disposition"] == "attachment"
    page = path_of(attachment.publication)
    assert "Content-Disposition" not in nginx.ask(page)[1]
    asset = re.search(rb'href="(/assets/[^"]+)"', nginx.ask("/")[2])
    assert asset
    assert "immutable" in nginx.ask(asset[1].decode())[1]["Cache-Control"]
    status, headers, _ = nginx.ask("/columns/notices")
    assert (status, headers["Location"]) == (301, "/columns/notices/")
    assert nginx.ask("/", method="POST")[0] in {403, 405}


def test_without_the_application_its_part_says_so_and_the_pages_stay(
    desk: Desk, nginx: Nginx
) -> None:
    away = (desk.root / desk.site.code / "away.html").read_bytes()
    for path in ("/search/?q=a", "/workbench/", "/api/v1/sites"):
        status, _, body = nginx.ask(path)
        assert (status, body) == (503, away), path
    assert nginx.ask("/")[0] == 200


def test_the_moving_part_under_a_prefix_is_sent_on_and_names_its_site(
    desk: Desk, nginx: Nginx
) -> None:
    prefix = f"/{desk.site.path_prefix.strip('/') or 'county'}"
    code = prefix.lstrip("/")
    for asked, told in (
        ("/search/?q=a", f"/search/?site={code}&q=a"),
        ("/search/", f"/search/?site={code}"),
        ("/api/v1/sites", f"/api/v1/sites?site={code}"),
    ):
        status, headers, _ = nginx.ask(prefix + asked)
        assert (status, headers["Location"]) == (302, told)
    assert nginx.ask(f"{prefix}/search/%0d%0aSet-Cookie:a=b")[0] == 404
