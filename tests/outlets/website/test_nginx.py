"""``deploy/nginx.conf``：真的 nginx 照它供给烘好的树，应答与演示用的服务一样。"""

import http.client
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from scripts.nginx import COUNTY, INSTALL, arrange, is_installed

from tests.foundation.files.footage import mp4
from tests.outlets.website.conftest import Desk
from yangguang.foundation.files.captions import Cue, write_captions
from yangguang.hub.publications.models import PublicationFile
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.serving import HEADERS

pytestmark = pytest.mark.skipif(not is_installed(), reason=f"没有 nginx：{INSTALL}")


def prefix_of(desk: Desk) -> str:
    """配置里带路径前缀的站点，在这里就是同一棵树；没有前缀的，给它一个。"""
    return desk.site.path_prefix.strip("/") or "county"


class Nginx:
    """跑着的 nginx，只听回环地址。"""

    def __init__(self, desk: Desk, folder: Path) -> None:
        tree = desk.root / desk.site.code
        trees = dict.fromkeys(("linxia", COUNTY), tree)
        self.trial = arrange(folder, trees, county=prefix_of(desk))
        self.process = subprocess.Popen(self.trial.command)

    def ask(
        self, path: str, method: str = "GET", address: str = "127.0.0.1", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(address, self.trial.port, timeout=10)
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
    running = Nginx(desk, tmp_path / "nginx")
    try:
        deadline = time.monotonic() + 10
        while True:
            assert running.process.poll() is None and time.monotonic() < deadline, (
                running.trial.errors.read_text() if running.trial.errors.exists() else ""
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
    # Debian 12 的 brotli 模块有时打不开 .br（路径末尾没有收住），退到 gzip：两种都对
    for accepted, suffixes in (("br, gzip", (".br", ".gz")), ("gzip", (".gz",)), ("", ("",))):
        copies = {(tree / f"index.html{suffix}").read_bytes() for suffix in suffixes}
        status, headers, body = nginx.ask("/", Accept_Encoding=accepted)
        assert status == 200 and body in copies
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        for name, value in HEADERS:
            assert headers[name] == value
        again, _, nothing = nginx.ask("/", Accept_Encoding=accepted, If_None_Match=headers["ETag"])
        assert (again, nothing) == (304, b"") or (again, nothing) in {
            (200, each) for each in copies - {body}
        }


def test_every_file_in_the_books_is_served_also_under_a_prefix_and_over_ipv6(
    desk: Desk, nginx: Nginx
) -> None:
    tree = desk.root / desk.site.code
    prefix = f"/{prefix_of(desk)}"
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
    code = prefix_of(desk)
    prefix = f"/{code}"
    for asked, told in (
        ("/search/?q=a", f"/search/?site={code}&q=a"),
        ("/search/", f"/search/?site={code}"),
        ("/api/v1/sites", f"/api/v1/sites?site={code}"),
    ):
        status, headers, _ = nginx.ask(prefix + asked)
        assert (status, headers["Location"]) == (302, told)
    assert nginx.ask(f"{prefix}/search/%0d%0aSet-Cookie:a=b")[0] == 404


def test_a_part_of_a_video_is_sent_when_it_is_asked_for(desk: Desk, nginx: Nginx) -> None:
    video = mp4(600_000)
    publication = desk.publish("一段视频", files=(desk.store(video, "会议.mp4"),))
    desk.follow()
    path = PublicationFile.objects.get(role="attachment", publication=publication).path
    status, headers, body = nginx.ask(path, Range="bytes=300000-300099")
    assert (status, headers["Content-Range"], body) == (
        206, "bytes 300000-300099/600000", video[300_000:300_100],
    )  # fmt: skip
    assert headers["Content-Type"] == "video/mp4"
    assert nginx.ask(path, Range="bytes=600000-")[0] == 416


def test_captions_are_sent_as_captions_under_the_same_policy(desk: Desk, nginx: Nginx) -> None:
    captions = write_captions([Cue(1_000, 2_000, "今天研究防汛工作。")])
    publication = desk.publish("一段视频", files=(desk.store(captions, "会议.vtt"),))
    desk.follow()
    path = PublicationFile.objects.get(role="attachment", publication=publication).path
    status, headers, body = nginx.ask(path)
    assert (status, headers["Content-Type"], body) == (200, "text/vtt; charset=utf-8", captions)
    assert headers.items() >= dict(HEADERS).items()
