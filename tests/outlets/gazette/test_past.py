"""往期公报：收入 PDF，列目录，签发、公布，与别的各期列在一起；有文字层的检索得到，没有的标明。"""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.api import publish
from tests.foundation.files.hostile import pdf as blank_pdf
from tests.outlets.gazette.test_gazette import article, begun, go, hub, issue_of, paragraph
from tests.outlets.gazette.test_page import follow, href, issued, place, shown, ways  # noqa: F401
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.hub.publications.models import Publication
from yangguang.hub.search.engine import Filters
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import find
from yangguang.outlets.gazette import services
from yangguang.outlets.gazette.models import GazetteIssue, GazetteScan
from yangguang.outlets.gazette.past import Contents, contents_in, written
from yangguang.outlets.gazette.services import edit_issue, take_entry, take_past
from yangguang.outlets.gazette.typesetting import typeset

RARE = "甘棠遗爱坊今已不存"
LISTED: Contents = [{"title": "关于保护古树的通知", "page": 3}]


@pytest.fixture(scope="module")
def old() -> bytes:
    """一份有文字层的 PDF。"""
    return typeset(issue_of(article(1, paragraph(f"{RARE}，请各地查清。")))).content


def past(
    town: Town, content: bytes, running: int = 1, contents: Contents = LISTED, **values: Any
) -> GazetteIssue:
    given = {
        "name": "测试州公报", "year": 1998, "number": running, "running": running,
        "dated_on": date(1998, 5, 1), **values,
    }  # fmt: skip
    return take_past(
        given, ("旧公报.pdf", content), contents, organisation=town.organisation,
        actor=town.drafter, key=f"past-{running}", columns=[town.column],
    )  # fmt: skip


def test_the_contents_are_one_article_a_line_with_its_page() -> None:
    found, faults = contents_in("关于甲的通知　3\n\n 关于1998年预算的报告 …… 12 \n")
    assert faults == []
    assert found == [
        {"title": "关于甲的通知", "page": 3},
        {"title": "关于1998年预算的报告", "page": 12},
    ]
    assert contents_in(written(found)) == (found, [])
    assert contents_in("关于甲的通知\n关于乙的通知　0\n" + "长" * 301 + "　5")[1] == [
        "第 1 行末尾没有页码，请写成“题名　页码”。",
        "第 2 行末尾没有页码，请写成“题名　页码”。",
        "第 3 行的题名太长，最多 300 字。",
    ]


def test_what_is_no_pdf_or_lists_pages_it_has_not_is_refused_and_nothing_is_kept(
    town: Town, old: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="不是 PDF"):
        past(town, "不是".encode())
    with pytest.raises(Refused, match="第 9 页，PDF 只有 3 页"):
        past(town, old, contents=[{"title": "甲", "page": 9}])
    with pytest.raises(Classified):
        past(town, old, contents=[{"title": "机密★10年", "page": 1}])
    with pytest.raises(FileRefused):
        past(town, typeset(issue_of(article(1, paragraph("机密★10年")))).content)
    assert not GazetteIssue.objects.exists()
    with monkeypatch.context() as patched:
        patched.setattr(services, "MAX_PAGES", 2)
        with pytest.raises(Refused, match="3 页，超过 2 页"):
            past(town, old, contents=[])
    begun(town, 1, 1)
    with pytest.raises(Refused, match="总第 1 期已经有了"):
        past(town, old)


def test_sent_twice_it_is_taken_in_once(town: Town, old: bytes) -> None:
    first = past(town, old)
    first.columns.clear()
    assert past(town, old) == first
    assert GazetteScan.objects.count() == 1
    assert not first.columns.exists(), "再来一次不能动送签以后的栏目"


def test_the_pdf_is_read_before_the_database_is_held(
    town: Town, old: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []

    def reading(content: bytes) -> bool:
        held.append(len(connection.savepoint_ids))
        return True

    monkeypatch.setattr(services, "has_text", reading)
    past(town, old)
    assert held == [0]


def test_it_is_signed_published_as_of_its_day_and_found_by_the_words_of_its_text(
    town: Town,
    place: None,  # noqa: F811
    old: bytes,
) -> None:
    issue = past(town, old)
    with pytest.raises(Refused, match="不再选文件"):
        take_entry(issue, hub(publish(town, 1)), actor=town.drafter)
    go(town, issue, "submit", "approve", "publish")
    assert not issue.prints.exists()
    later = issued(town, 2, publish(town, 2))
    follow()

    publication = Publication.objects.get(kind="gazette_issue", source_id=issue.pk)
    assert publication.published_at_source == "往期的纸质公报"
    page = shown(town, href(issue))
    (link,) = ways(page, "关于保护古树的通知")
    assert link.endswith(".pdf#page=3") and "无文字层" not in page.text_content()
    assert ways(page, "下一期") == [href(later)]
    index = shown(town, "/gazette/")
    assert [each.text for each in index.xpath("//main//h2")] == ["2026 年", "1998 年"]
    hits = find(parse(RARE), Filters(printed="gazette")).hits
    assert [hit.entry.path for hit in hits] == [href(issue)]


def test_a_scan_without_a_text_layer_is_kept_and_marked(
    town: Town,
    place: None,  # noqa: F811
) -> None:
    issue = past(town, blank_pdf(), contents=[{"title": "关于保护古树的通知", "page": 1}])
    assert (
        "这是扫描件"
        in sign_in(town.drafter).get(f"/workbench/gazette/{issue.pk}/").content.decode()
    )
    go(town, issue, "submit", "approve", "publish")
    follow()
    assert "无文字层" in shown(town, href(issue)).text_content()
    assert "无文字层" in shown(town, "/gazette/").text_content()
    hits = find(parse("保护古树"), Filters(printed="gazette")).hits
    assert [hit.entry.path for hit in hits] == [href(issue)]


def test_an_identity_number_in_its_text_is_told_before_it_is_signed(town: Town) -> None:
    person = typeset(issue_of(article(1, paragraph("户主身份证号62290119900307451X。")))).content
    issue = past(town, person)
    with pytest.raises(Refused, match="身份证号"):
        go(town, issue, "submit")


def test_the_form_takes_it_in_and_its_contents_are_edited(town: Town, old: bytes) -> None:
    desk = sign_in(town.drafter)
    given = {
        "key": "typed", "name": "测试州公报", "year": "1998", "number": "4", "running": "44",
        "dated_on": "1998-05-01", "columns": [town.column.pk], "contents": "关于保护古树的通知 3",
    }  # fmt: skip
    path = "/workbench/gazette/past/"
    lacking = desk.post(path, given).content.decode()
    assert "请选这一期的 PDF。" in lacking and "关于保护古树的通知 3" in lacking
    file = SimpleUploadedFile("1998年第4期.pdf", old, "application/pdf")
    page = desk.post(path, {**given, "pdf": file}).content.decode()
    assert "已建立：测试州公报1998年第4期" in page and "关于保护古树的通知" in page
    assert "候选" not in page and "送签" in page

    issue = GazetteIssue.objects.get()
    record = f"/workbench/gazette/{issue.pk}/"
    assert b"%PDF" == b"".join(desk.get(f"{record}pdf/").streaming_content)[:4]
    told = desk.fill(f"{record}edit/", contents="关于甲的通知　2").content.decode()
    assert "关于甲的通知" in told and "关于保护古树的通知" not in told
    with pytest.raises(Refused, match="PDF 只有 3 页"):
        edit_issue(
            issue, {}, actor=town.drafter, columns=[town.column],
            contents=[{"title": "甲", "page": 4}],
        )  # fmt: skip
