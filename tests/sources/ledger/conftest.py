"""台账的测试材料：一个小州和它的网站（真的静态服务），别处的一个网站（真的 HTTP 服务），几份公文。"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.actors import actor, organisation
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.organisations.models import Organisation
from yangguang.outlets.website.projector import catch_up
from yangguang.outlets.website.serving import SiteServer
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.ledger.checking import start_check
from yangguang.sources.ledger.models import LedgerCheck

READ_ON = date(2020, 11, 20)
"""看的是哪一天。"""


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """不写记录。"""


@dataclass
class Elsewhere:
    """别处的一个网站：哪个路径答什么。"""

    port: int = 0
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, body: str, status: int = 200, kind: str = "text/html") -> str:
        """放一页，返回网址。"""
        self.pages[path] = (status, f"{kind}; charset=utf-8", body.encode())
        return self.address(path)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[Elsewhere]:
    """别处的网站，在本机的一个端口上，写明准许去取。"""
    site = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, kind, body = site.pages.get(self.path, (404, "text/html", b"<p>404</p>"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """不写记录。"""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.port = int(server.server_address[1])
    settings.FETCH_ALSO = (f"127.0.0.1:{site.port}",)
    yield site
    server.shutdown()
    server.server_close()


@dataclass
class Own:
    """本平台的网站。"""

    root: Path

    def bake(self) -> None:
        """把公开的都烘好。"""
        seal_all()
        catch_up(READ_ON)

    def file(self, name: str) -> Path:
        """树里名称以此结尾的那一个文件。"""
        (found,) = [each for each in self.root.rglob("*") if str(each).endswith(name)]
        return found

    def change(self, name: str, old: str, new: str) -> None:
        """有人改了服务器上的一页（连同压缩的副本都去掉）。"""
        page = self.file(name)
        text = page.read_text()
        assert old in text
        page.write_text(text.replace(old, new))


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Iterator[Own]:
    """本平台的网站：一棵树，真的静态服务。"""
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    settings.READING_DAY = READ_ON
    (tmp_path / "site").mkdir()
    server = make_server("127.0.0.1", 0, SiteServer(tmp_path / "site"), handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SITES_SERVED_AT = f"127.0.0.1:{server.server_port}"
    yield Own(tmp_path / "site")
    server.shutdown()
    server.server_close()


def online(town: Town, number: int, day: date, **given: Any) -> OfficialDocument:
    """一份 ``day`` 那天上网的公文。"""
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return publish(town, number, back_filled_at=at, back_filled_from="旧站", **given)


@pytest.fixture
def supervisor(town: Town) -> Actor:
    """管得到下级的监督员。"""
    return actor("supervisor", town.organisation, subtree=True)


@pytest.fixture
def bureau(town: Town) -> Organisation:
    """下级的一个局，公文在别的系统里。"""
    return organisation("bureau", town.organisation, short_name="某局", name="测试州某局")


@pytest.fixture
def clerk(bureau: Organisation) -> Actor:
    """局里的信息员。"""
    return actor("drafter", bureau)


def checked(who: Actor, key: str = "check") -> LedgerCheck:
    """发起一次核对，由作业做完。"""
    check = start_check(actor=who, key=key)
    run_due()
    check.refresh_from_db()
    assert check.finished_at is not None
    return check


def faults(check: LedgerCheck) -> dict[str, list[str]]:
    """查出的问题：代码到各份的标题。"""
    found: dict[str, list[str]] = {}
    for each in check.findings.order_by("pk"):
        found.setdefault(each.code, []).append(each.title)
    return found
