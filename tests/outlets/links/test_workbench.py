"""工作台上打不开的站外链接：列表和导出，说明是哪一页、怎样打不开、从哪天起。"""

from io import BytesIO

import pytest
from django.utils import timezone
from lxml import html
from openpyxl import load_workbook

from tests.outlets.website.conftest import Desk
from tests.workbench import sign_in
from yangguang.outlets.links.models import ExternalLink
from yangguang.outlets.links.probing import Answer
from yangguang.outlets.links.services import begin_night, check_some, gather

from .conftest import Answers, Write

pytestmark = pytest.mark.django_db


def test_a_dead_link_is_listed_with_its_fault_its_day_and_its_page_and_exported(
    desk: Desk, write: Write, answers: Answers
) -> None:
    editor = sign_in(desk.actor)
    page = html.fromstring(editor.get("/workbench/dead-links/").content.decode())
    assert "还没有查过" in page.text_content() and "没有打不开的站外链接" in page.text_content()
    write("http://oa.example/", "https://b.example/gone", "https://b.example/")
    answers |= {
        "http://oa.example/": Answer("inner"), "https://b.example/gone": Answer("missing", 404),
    }  # fmt: skip
    for _ in range(2):
        now = timezone.now()
        gather(desk.site)
        begin_night(now)
        while check_some(now):
            pass
    page = html.fromstring(editor.get("/workbench/dead-links/?q=b.example").content.decode())
    (row,) = page.xpath("//tbody/tr")
    told = " ".join(row.text_content().split())
    assert "https://b.example/gone" in told and "页面不在了（404）" in told
    assert timezone.localdate().isoformat() in told
    assert row.xpath(".//a/@href") == ["https://b.example/gone", "/"]
    whole = " ".join(page.text_content().split())
    assert f"查了 {ExternalLink.objects.count()} 个地址" not in whole, "第二趟只查打不开的"
    assert "查了 2 个地址" in whole
    book = editor.get("/workbench/dead-links/workbook/?q=b.example")
    rows = list(load_workbook(BytesIO(book.content)).worksheets[0].values)
    assert [row[1:3] for row in rows] == [
        ("地址", "毛病"), ("https://b.example/gone", "页面不在了（404）"),
    ]  # fmt: skip
    assert rows[1][4] == "https://www.donghe.example/"
