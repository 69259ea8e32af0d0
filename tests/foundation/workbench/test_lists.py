"""列表替各人记着的，导出的，成批办的。"""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.workbench import listing
from yangguang.foundation.workbench.models import BulkRun, ChosenColumns, SavedList
from yangguang.foundation.workbench.registry import all_viewsets
from yangguang.foundation.workbench.screens import lists
from yangguang.sources.articles.models import Article
from yangguang.sources.contributions.models import Contribution
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db
LIST = "/workbench/documents/"


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


def exported(desk: Desk, query: str = "", kind: str = "csv") -> list[list[Any]]:
    answer = desk.get(f"{LIST}export.{kind}{query}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def save(desk: Desk, name: str, query: str, **more: str) -> str:
    answer = desk.post(f"{LIST}saved/", {"name": name, "query": query, **more})
    return str(answer.content.decode())


# ---- 常用筛选 ----


def test_a_saved_list_opens_by_itself_and_the_whole_can_still_be_seen(
    town: Town, desk: Desk
) -> None:
    town.document(1)
    page = save(desk, " 没有 标题的 ", "q=没有这个&page=3&state=", is_default="1")
    assert "已存为常用筛选“没有 标题的”" in page
    saved = SavedList.objects.get()
    assert saved.query == "q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA"  # 页码和空的不存
    opened = desk.client.get(LIST)
    assert opened.status_code == 302 and opened.headers["Location"] == f"{LIST}?{saved.query}"
    page = desk.client.get(LIST, follow=True).content.decode()
    assert 'href="/workbench/documents/?all=1"' in page and "第1号工作方案" not in page
    assert "第1号工作方案" in desk.get(f"{LIST}?all=1").content.decode()
    desk.post(f"{LIST}saved/{saved.pk}/", {"do": "undo"})
    assert desk.get(LIST).status_code == 200
    desk.post(f"{LIST}saved/{saved.pk}/", {"do": "delete"})
    assert not SavedList.objects.exists()


def test_the_same_name_is_replaced_and_only_one_is_the_default(desk: Desk) -> None:
    save(desk, "甲", "q=1", is_default="1")
    save(desk, "乙", "q=2", is_default="1")
    save(desk, "甲", "q=3")
    assert list(SavedList.objects.values_list("name", "query", "is_default")) == [
        ("甲", "q=3", False), ("乙", "q=2", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("甲", "", "没有可存的"),
        ("", "q=1", "起个名字"),
        ("长" * 41, "q=1", "最多 40 个字"),
        ("甲", "q=" + "长" * 900, "太长"),
        ("机密★1年", "q=1", "密级标志"),
        ("甲", "q=机密★1年", "密级标志"),
    ],
)
def test_what_cannot_be_saved_says_why(desk: Desk, name: str, query: str, told: str) -> None:
    assert told in save(desk, name, query)
    assert not SavedList.objects.exists()


def test_saved_lists_and_columns_are_each_ones_own(town: Town, desk: Desk) -> None:
    save(desk, "甲", "q=1", is_default="1")
    desk.post(f"{LIST}columns/", {"column": ["state"]})
    other = sign_in(town.reviewer)
    assert other.get(LIST).status_code == 200
    saved = SavedList.objects.get()
    assert other.client.post(f"{LIST}saved/{saved.pk}/", {"do": "delete"}).status_code == 404
    assert SavedList.objects.filter(pk=saved.pk).exists()


# ---- 列 ----


def test_columns_are_chosen_once_and_kept(town: Town, desk: Desk) -> None:
    town.document(1)
    assert exported(desk)[0] == ["标题", "发文字号", "公开属性", "状态", "上网期限"]
    page = desk.get(f"{LIST}columns/?query=q%3D1").content.decode()
    assert page.count("checked") == 4 and f'href="{LIST}?q=1"' in page
    desk.post(f"{LIST}columns/", {"column": ["state", "document_type", "organisation", "x"]})
    # 标题总在；只管一个机构的看不到机构列，也选不出来
    assert exported(desk) == [
        ["标题", "状态", "文种"],
        ["测试州人民政府办公室关于印发第1号工作方案的通知", "起草", "通知"],
    ]
    # 默认的次序靠的列藏起来了，次序不变
    assert "第1号工作方案" in desk.get(f"{LIST}?sort=-publish_due").content.decode()
    desk.post(f"{LIST}columns/", {"usual": "1"})
    assert not ChosenColumns.objects.exists() and len(exported(desk)[0]) == 5


# ---- 导出 ----


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_what_the_list_shows_on_all_its_pages(
    town: Town, desk: Desk, kind: str
) -> None:
    for number in range(1, 34):
        town.document(number)
    OfficialDocument.objects.filter(document_number__contains="〕2号").update(title="=1+1")
    rows = exported(desk, "?sort=-document_number&page=2", kind)
    assert len(rows) == 34 and rows[1][1] == "测州办发〔2020〕9号"
    assert rows[-1][4] in ("", None)
    assert exported(desk, "?q=第17号", kind)[1:] == [
        ["测试州人民政府办公室关于印发第17号工作方案的通知", "测州办发〔2020〕17号", "主动公开", "起草", rows[-1][4]]
    ]  # fmt: skip
    safe = "'=1+1" if kind == "csv" else "=1+1"
    assert exported(desk, "?q=〕2号", kind)[1][0] == safe


def test_an_export_is_audited_without_the_words_looked_for(town: Town, desk: Desk) -> None:
    town.document(1)
    exported(desk, "?q=张三&state=draft")
    event = AuditEvent.objects.get(action="workbench.export")
    assert event.public["count"] == 0 and event.public["narrowed_by"] == ["q", "state"]
    assert event.public["format"] == "csv" and "张三" not in str(vars(event))
    assert desk.get(f"{LIST}export.pdf").status_code == 404
    assert desk.get("/workbench/nothing/export.csv").status_code == 404


@pytest.mark.parametrize("query", ["", "?sort=-document_number", "?sort=state"])
def test_an_export_taken_in_chunks_misses_and_repeats_nothing(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    for number in range(1, 8):
        town.document(number)
    whole = exported(desk, query)
    monkeypatch.setattr(lists, "CHUNK", 3)
    assert exported(desk, query) == whole and len(whole) == 8


def test_an_export_costs_the_same_however_long(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    desk = sign_in(actor("supervisor", town.organisation, subtree=True))
    for number in range(1, 12):
        town.document(number)
    with django_assert_max_num_queries(12):
        assert len(exported(desk)) == 12


# ---- 长的列表 ----


def test_a_long_list_is_counted_and_paged_up_to_a_limit(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 38):
        town.document(number)
    monkeypatch.setattr(listing, "MOST", 35)
    page = desk.get(f"{LIST}?page=2").content.decode()
    assert "共 35 条以上" in page and "第 2 页，共 2 页以上" in page and "只翻到这里" in page
    assert "符合条件的 1 条，共 35 条以上" in desk.get(f"{LIST}?q=第3号").content.decode()
    assert len(exported(desk)) == 38  # 导出的是全部
    event = AuditEvent.objects.filter(action="workbench.export").latest("pk")
    assert event.public["count"] == "35 条以上"


def test_a_list_too_long_to_sort_says_by_which_columns_it_still_can(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 8):
        town.document(number, written_on=date(2020, 9, 30 - number))
    monkeypatch.setattr(listing, "MOST", 5)

    def shown(query: str) -> list[str]:
        rows = desk.get(f"{LIST}?{query}").context["table"].page.object_list
        return [row.record.document_number for row in rows]

    page = desk.get(LIST).content.decode()
    assert "只能按“上网期限”排" in page and "缩小到一万条以内" in page
    assert "?sort=publish_due" in page and "?sort=title" not in page
    assert shown("sort=document_number") == shown("")  # 不能排的照平常的次序
    desk.post(f"{LIST}columns/", {"column": ["document_number", "written_on"]})
    assert shown("sort=written_on") == [f"测州办发〔2020〕{n}号" for n in (7, 6, 5, 4, 3)]
    # 收窄到上限以内，各列都能排
    narrow = desk.get(f"{LIST}?q=第3号").content.decode()
    assert "sort=title" in narrow and "缩小到一万条以内" not in narrow


def test_every_column_that_sorts_at_any_size_runs_on_an_index() -> None:
    found = 0
    for viewset in all_viewsets():
        fields = {index.fields[0].lstrip("-") for index in viewset.model._meta.indexes}
        fields |= {f.name for f in viewset.model._meta.concrete_fields if f.db_index}
        # 信息都是公开着的：索引的第一项是状态，接着就是发布的时间
        fields |= {index.fields[1].lstrip("-") for index in viewset.model._meta.indexes
                   if index.fields[0] == "state"}  # fmt: skip
        for name in viewset.sorted_at_any_size:
            column = viewset.table.base_columns[name]
            order_by = column.order_by or (column.accessor or name,)
            assert str(order_by[0]) in fields, (viewset.slug, name)
            found += 1
    assert found > 4


@pytest.mark.parametrize("query", ["", "page=2", "sort=-publish_due&page=2", "q=工作方案&page=2"])
def test_only_the_records_of_the_page_are_read(town: Town, desk: Desk, query: str) -> None:
    for number in range(1, 38):
        town.document(number)
    with CaptureQueriesContext(connection) as queries:
        table = desk.get(f"{LIST}?{query}").context["table"]
    assert len(table.page.object_list) == (7 if "page" in query else 30)
    # 排序、略过前面各条时只取编号；连同正文取的，只有写明编号的那几条
    reading = [
        each["sql"] for each in queries if '"documents_officialdocument"."body"' in each["sql"]
    ]
    assert len(reading) == 1 and "OFFSET" not in reading[0] and " IN (" in reading[0]


def test_the_queries_of_a_list_do_not_depend_on_how_it_is_narrowed(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    desk = sign_in(actor("supervisor", town.organisation, subtree=True))
    for number in range(1, 38):
        town.document(number)
    for query in ("", "q=工作方案", "q=工作 方案 通知&state=draft&sort=-publish_due&page=2"):
        with django_assert_max_num_queries(14):
            assert desk.get(f"{LIST}?{query}").status_code == 200


def test_letters_are_found_in_either_case_and_other_marks_as_they_are(
    town: Town, desk: Desk
) -> None:
    town.document(1, title="关于5G基站_一号的通知")
    town.document(2, title="关于电子5g基站%二号的通知")
    for query, count in (("5g基站", 2), ("5G", 2), ("%", 1), ("_", 1), ("基站 二号", 1), ("\\", 0)):
        page = desk.client.get(LIST, {"q": query}).context["table"].page if count else None
        assert count == (len(page.object_list) if page else 0), query


@pytest.mark.skipif(connection.vendor != "sqlite", reason="表是空的，PostgreSQL 用哪个索引都一样")
@pytest.mark.parametrize(
    ("model", "narrow", "index"),
    [
        (OfficialDocument, {"title__contains": "没有"}, "document_listed"),
        (OfficialDocument, {"disclosure": "withheld"}, "document_by_disclosure"),
        (OfficialDocument, {"state": "draft"}, "document_by_state"),
        (Article, {"title__contains": "没有"}, "article_listed"),
        (Article, {"state": "draft"}, "article_by_state"),
        (Article, {"article_type": "video"}, "article_by_type"),
        (Contribution, {"title__contains": "没有"}, "contribution_listed"),
    ],
)
def test_one_units_records_are_found_in_the_index_without_turning_to_the_text(
    db: None, model: Any, narrow: dict[str, str], index: str
) -> None:
    plan = planned(model.objects.filter(organisation=1, **narrow).order_by().values("pk"))
    assert f"COVERING INDEX {index}" in plan, plan


@pytest.mark.parametrize(
    ("model", "order", "index"),
    [
        (OfficialDocument, "publish_due", "document_by_due"),
        (OfficialDocument, "written_on", "document_by_date"),
        (Article, "updated_at", "article_by_update"),
    ],
)
def test_all_the_records_in_order_are_walked_along_the_index(
    db: None, model: Any, order: str, index: str
) -> None:
    for way in ("", "-"):
        plan = planned(model.objects.order_by(f"{way}{order}", f"{way}pk").values("pk")[:30])
        assert index in plan and "TEMP B-TREE" not in plan and "Sort" not in plan, plan


def planned(records: QuerySet[Any]) -> str:
    """数据库打算怎样查。表是空的，PostgreSQL 觉得扫一遍最省：先不许它扫。"""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return records.explain()


def test_the_organisations_offered_are_those_with_something_to_see(town: Town) -> None:
    county, empty = (
        organisation(code, town.organisation, short_name=code) for code in ("county", "empty")
    )
    town.document(1)
    OfficialDocument.objects.bulk_create([
        OfficialDocument(
            organisation=county, title="县里的", state="draft", created_by_id=town.drafter.user_id,
            created_at=timezone.now(),
        )
    ])  # fmt: skip
    whole = sign_in(actor("supervisor", town.organisation, subtree=True)).get(LIST)
    offered = whole.context["filterset"].form.fields["organisation"].queryset
    assert [each.code for each in offered] == ["test-prefecture", "county"]
    assert empty.code not in whole.content.decode()


def test_records_that_sort_alike_are_neither_repeated_nor_missed(town: Town, desk: Desk) -> None:
    for number in range(1, 62):
        town.document(number)
    pages = [desk.get(f"{LIST}?sort=state&page={n}").context["table"].page for n in (1, 2, 3)]
    found = [row.record.pk for page in pages for row in page.object_list]
    assert len(found) == len(set(found)) == 61


# ---- 成批 ----


def bulk(desk: Desk, event: str, *documents: OfficialDocument, **more: str) -> str:
    picked = "&".join(f"pk={each.pk}" for each in documents)
    form = desk.form(f"{LIST}bulk/?event={event}&{picked}") | more
    return str(desk.post(f"{LIST}bulk/", form).content.decode())


def test_each_record_of_a_bulk_is_judged_on_its_own(town: Town, desk: Desk) -> None:
    ready, unready = town.document(1), town.document(2, stage="")
    asked = desk.get(f"{LIST}bulk/?event=submit&pk={ready.pk}&pk={unready.pk}").content.decode()
    assert "现在不能办的" in asked and "缺少五公开类别。" in asked
    # 不照页面来，两条都交：能办的办成，不能办的说明缘由
    form = desk.form(f"{LIST}bulk/?event=submit&pk={ready.pk}&pk={unready.pk}")
    form["pk"] = [ready.pk, unready.pk, 999]
    page = desk.post(f"{LIST}bulk/", form).content.decode()
    assert "送审：办成 1 条，2 条没有办成" in page and "缺少五公开类别。" in page
    assert "现在看不见这一条了" in page
    states = dict(OfficialDocument.objects.values_list("pk", "state"))
    assert states == {ready.pk: "in_review", unready.pk: "draft"}
    event = AuditEvent.objects.get(action="workbench.bulk")
    assert event.public == {"list": "documents", "event": "submit", "done": 1, "not_done": 2}


def test_a_bulk_sent_twice_is_done_once_and_one_cut_short_goes_on(town: Town, desk: Desk) -> None:
    first, second = town.document(1), town.document(2)
    form = desk.form(f"{LIST}bulk/?event=submit&pk={first.pk}&pk={second.pk}")
    assert "办成 2 条" in desk.post(f"{LIST}bulk/", form).content.decode()
    assert "办成 2 条" in desk.post(f"{LIST}bulk/", form).content.decode()
    assert AuditEvent.objects.filter(action="documents.submit").count() == 2
    assert AuditEvent.objects.filter(action="workbench.bulk").count() == 1
    BulkRun.objects.update(finished_at=None, outcomes=[])
    run = BulkRun.objects.get()
    assert "没有办完" in desk.get(f"{LIST}bulk/{run.pk}/").content.decode()
    assert "办成 2 条" in desk.post(f"{LIST}bulk/", form).content.decode()
    assert AuditEvent.objects.filter(action="documents.submit").count() == 2
    # 同一把键不能改做别的
    form["event"] = ["publish"]
    assert "凭据已用于另一项操作" in desk.post(f"{LIST}bulk/", form).content.decode()


def test_only_what_the_table_allows_is_done_in_bulk(town: Town, desk: Desk) -> None:
    document = town.document(1)
    assert "送审" in desk.get(LIST).context["bulk"][0].label
    for event in ("revise", "pass", "x"):
        assert desk.get(f"{LIST}bulk/?event={event}&pk={document.pk}").status_code == 404
    reviewer = sign_in(town.reviewer)
    assert reviewer.get(LIST).context["bulk"] == []
    assert reviewer.get(f"{LIST}bulk/?event=submit&pk={document.pk}").status_code == 404
    assert "请先勾选" in desk.client.get(f"{LIST}bulk/?event=submit", follow=True).content.decode()
