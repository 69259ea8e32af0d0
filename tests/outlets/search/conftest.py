"""检索页的测试材料：网站测试的那个小州，索引跟到末尾。"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.hub.search.conftest import follow
from tests.outlets.website.conftest import Desk, desk, kinds_registered, moment  # noqa: F401


@pytest.fixture
def ask(client: Client) -> Callable[..., str]:
    """查，返回页面；每次都应是一页 200。"""

    def asking(words: str = "", **given: Any) -> str:
        response = client.get("/search/", {"q": words, **given})
        assert response.status_code == 200
        return response.content.decode()

    return asking


def found(html: str) -> list[str]:
    """结果里的题名，先后为序。"""
    names = re.findall(r'<a class="name phrase" href="[^"]*">(.*?)</a>', html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", name)).strip() for name in names]


def links(html: str, label: str) -> list[str]:
    """文字里有 ``label`` 的链接的地址。"""
    pairs = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return [unescape(href) for href, text in pairs if label in re.sub(r"<[^>]+>|\s", "", text)]


__all__ = ["Desk", "follow", "found", "links"]
