"""浏览器测试的夹具：每个测试进程起一个 Chromium；每次打开的页面都不许报错、不许找外面要东西。

公开页面用 ``visit``（静态服务，演示内容）；要登录的页面用 ``live`` 和 ``sign_in``（完整的应用，测试数据库）。
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from scripts.chromium import launch

from tests.demo_tree import (  # noqa: F401  各处合用的夹具
    demo_address,
    demo_pages,
    demo_tree,
    demo_var,
    whole_address,
)
from yangguang.foundation.accounts.models import User
from yangguang.outlets.website.serving import SiteServer

HEIGHT = 900
PATIENCE = 20_000
"""页面上该出现的，最多等这么多毫秒：机器忙的时候慢，不算错。"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright 的同步接口在主线程里留着一个事件循环，Django 会以为是在异步里；测试里没有异步。"""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as running:
            expect.set_options(timeout=PATIENCE)
            yield running
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """一个 Chromium；没有装就失败（``ALLOW_SKIP=chromium`` 时整条测试跳过）。"""
    browser = launch(playwright)
    yield browser
    browser.close()


@dataclass
class Visitor:
    """一位访客：每次 ``open`` 一个新的浏览器窗口，互不相干；出的岔子都记下。"""

    browser: Browser
    address: str
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, *, width: int = 1440, **options: Any) -> Page:
        """打开一页。``options`` 是 Playwright 的 ``new_context`` 的参数。"""
        cookies = options.pop("cookies", ())
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.add_cookies(list(cookies))
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"脚本出错：{error}"))
        page.on("request", self._on_request)
        page.goto(self.address + path)
        return page

    def close(self) -> None:
        """关掉全部窗口。"""
        for context in self.contexts:
            context.close()

    def _on_console(self, message: Any) -> None:
        expected = "404 (Not Found)" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.troubles.append(f"控制台：{message.text}")

    def _on_request(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"向外请求：{request.url}")


@pytest.fixture
def visit(chromium: Browser, demo_address: str) -> Iterator[Visitor]:  # noqa: F811
    """看公开页面的访客。"""
    visitor = Visitor(chromium, demo_address)
    yield visitor
    visitor.close()
    assert visitor.troubles == []


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """不往测试的输出里写访问记录。"""


class Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def live(transactional_db: None, chromium: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """完整的网站：静态树加 Django，用测试数据库。测试里写的要真正提交，所以是 ``transactional_db``。"""
    site = SiteServer(Path(settings.SITE_ROOT), get_wsgi_application)
    server = make_server("127.0.0.1", 0, site, server_class=Threading, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    visitor = Visitor(chromium, f"http://127.0.0.1:{server.server_port}")
    yield visitor
    visitor.close()
    server.shutdown()
    server.server_close()
    assert visitor.troubles == []


@pytest.fixture
def sign_in(live: Visitor) -> Callable[..., Page]:
    """以某个账号登录后打开一页：``sign_in(user, "/workbench/", width=360)``。"""

    def opened(user: User, path: str, **options: Any) -> Page:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live.address}
        return live.open(path, cookies=[cookie], **options)

    return opened
