"""给程序看的说明：与页面上写的一样，内容里的尖括号跳不出标签，撤回了就没有。"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.outlets.website.conftest import Desk
from yangguang.hub.publications.selectors import path_of

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def told(html: str) -> dict[str, dict[str, Any]]:
    """页面上的说明，按类型。"""
    (block,) = BLOCK.findall(html)
    return {each["@type"]: each for each in json.loads(block)["@graph"]}


def test_it_says_what_the_page_says(desk: Desk, moment: Callable[..., datetime]) -> None:
    publication = desk.publish(
        "关于测试的通知", on=moment(2020, 9, 28), document_number="东办发〔2020〕1号"
    )
    desk.follow()
    article = told(desk.page(path_of(publication)))["Article"]
    address = f"https://www.donghe.example{path_of(publication)}"
    assert article["@id"] == article["url"] == address
    assert article["name"] == article["headline"] == "关于测试的通知"
    assert article["datePublished"] == "2020-09-28T09:00:00+08:00" and "dateModified" not in article
    assert [(each["propertyID"], each["value"]) for each in article["identifier"]] == [
        ("索引号", publication.index_number), ("文号", "东办发〔2020〕1号"),
    ]  # fmt: skip
    assert article["publisher"]["name"] == "东河州人民政府"
    assert article["isPartOf"]["url"] == "https://www.donghe.example/"
    desk.correct(publication, "更正过。")
    desk.follow()
    assert "dateModified" in told(desk.page(path_of(publication)))["Article"]


def test_the_breadcrumbs_are_those_of_the_page_and_lead_somewhere(desk: Desk) -> None:
    publication = desk.publish("通知")
    desk.follow()
    steps = told(desk.page(path_of(publication)))["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["首页", "政府信息公开", "文件", "通知"]
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    for step in steps:
        path = step["item"].removeprefix("https://www.donghe.example/")
        assert (path + "index.html" if path.endswith("/") or not path else path) in desk.files()


def test_nothing_written_can_leave_the_block(desk: Desk) -> None:
    title = '</script><script>alert("1")</script><!-- &amp; \u2028'
    publication = desk.publish(title)
    desk.follow()
    html = desk.page(path_of(publication))
    (block,) = BLOCK.findall(html)
    assert not set("<>&\u2028") & set(block)
    assert told(html)["Article"]["name"] == title


def test_what_is_withdrawn_is_not_described(desk: Desk) -> None:
    publication = desk.publish("通知")
    desk.follow()
    desk.withdraw(publication)
    desk.follow()
    assert "application/ld+json" not in desk.page(path_of(publication))
