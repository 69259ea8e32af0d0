"""网站的应用和作业都停了，数据库文件挪走了：站点地图上的每个地址、每个附件照样应答，摘要一致。"""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.drilling import tell
from tests.drills.office import Office
from tests.processes import process_environment
from tests.web import free_port, kill_group
from yangguang.hub.publications.models import PublicationFile
from yangguang.outlets.website.models import BakedPage
from yangguang.outlets.website.rules import sha256

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="挪走的是 SQLite 的文件"),
]
TAILS = ("", "-wal", "-shm")


@pytest.fixture
def moved_away(office: Office) -> Iterator[None]:
    """数据库文件挪到别处，结束时挪回来。"""
    database = Path(str(connection.settings_dict["NAME"]))
    aside = database.with_name("moved-away")
    aside.mkdir()
    yield
    for tail in TAILS:
        if (aside / (database.name + tail)).exists():
            (aside / (database.name + tail)).rename(database.with_name(database.name + tail))
    aside.rmdir()


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def test_every_address_and_attachment_answers_with_its_recorded_hash(
    office: Office, moved_away: None
) -> None:
    office.open()
    while list(office.states.values()).count("published") < 6:
        office.submit(office.prepare())
    office.check()
    office.close()
    domain = f"https://{office.town.site.domain}"
    pages = dict(BakedPage.objects.exclude(sha256="").values_list("path", "sha256"))
    attachments = dict(
        PublicationFile.objects.filter(role="attachment").values_list("path", "sha256")
    )
    assert len(attachments) >= 6
    database = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for tail in TAILS:
        path = database.with_name(database.name + tail)
        if path.exists():
            path.rename(database.with_name("moved-away") / path.name)
    assert not database.exists()

    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "yangguang", "serve_site", "--static-only",
         "--port", str(port), "--root", str(settings.SITE_ROOT)],
        env=process_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _until_answering(f"{address}/robots.txt")
        index = _get(f"{address}/sitemap.xml").decode()
        addresses = [
            path
            for part in re.findall(rf"<loc>{domain}([^<]+)</loc>", index)
            for path in re.findall(rf"<loc>{domain}([^<]+)</loc>", _get(address + part).decode())
        ]
        assert len(addresses) >= 6
        for path in addresses:
            assert sha256(_get(address + path)) == pages[path], path
        for path, digest in attachments.items():
            assert sha256(_get(address + path)) == digest, path
        assert not database.exists(), "静态服务不该去建数据库"
    finally:
        kill_group(server.pid)
        server.wait()
    tell("nothing_behind", addresses=len(addresses), attachments=len(attachments))


def _until_answering(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            _get(address)
            return
        except OSError:
            assert time.monotonic() < deadline, "静态服务没有起来"
            time.sleep(0.1)
