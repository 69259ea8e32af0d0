"""清理的四张清单，清单导入的对账。"""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.sources.norms.conftest import key, published, written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.services import Classified, Refused, perform
from yangguang.hub.publications.selectors import publication_of
from yangguang.sources.norms.cleaning import conclude, open_clean_up, to_amend
from yangguang.sources.norms.entering import reconciliation_of, take_in_inventory
from yangguang.sources.norms.inventory import (
    Known,
    Unrecognised,
    kept,
    read_rows,
    reconcile,
    restored,
    sheet_of,
)
from yangguang.sources.norms.models import CleanUp, Inventory, Norm
from yangguang.sources.norms.services import bring_up

DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)
HEAD = ("序号", "文件名称", "文号", "实施日期", "有效期至", "效力状态", "废止日期")


# ---- 读清单 ----


def rows_of(*lines: tuple[Any, ...]) -> list[Any]:
    return read_rows([HEAD, *lines], TODAY)


def test_each_way_of_writing_a_date_is_read_and_valid_until_ends_the_day_after() -> None:
    rows = rows_of(
        (1, "《甲办法》", "州政发[2020]1号", "二〇二〇年六月三日", "2027.6.2", "有效", ""),
        (2, "乙办法", "州政发〔2020〕2号", datetime(2020, 6, 3), "20270602", "现行有效", "—"),
        (3, "丙办法", "州政发〔2020〕3号", "2020年6月3日", "长期", "", None),
    )
    assert [row.faults for row in rows] == [(), (), ()]
    assert [row.values["effective_on"] for row in rows] == [date(2020, 6, 3)] * 3
    assert [row.values["ceases_on"] for row in rows] == [date(2027, 6, 3), date(2027, 6, 3), None]
    assert rows[0].values["title"] == "甲办法"
    assert rows[0].values["document_number"] == "州政发〔2020〕1号"


def test_what_cannot_be_read_is_told_by_line_and_cell() -> None:
    rows = rows_of(
        (1, "", "州政发〔2020〕1号", "2020-06-03", "", "", ""),
        (2, "乙", "", "2020-02-30", "", "", ""),
        (3, "丙", "", "2020-06-03", "2020-01-01", "", ""),
        (4, "丁", "", "2020-06-03", "", "废止", ""),
        (5, "戊", "", "2020-06-03", "", "还行", ""),
    )
    told = ["".join(row.faults) for row in rows]
    assert "没有标题" in told[0]
    assert "施行日期“2020-02-30”不是一个日期" in told[1]
    assert "一天也没有施行过" in told[2]
    assert "没有写从哪一天起" in told[3]
    assert "“还行”认不出" in told[4]
    assert [row.number for row in rows] == [2, 3, 4, 5, 6]


def test_a_number_used_twice_in_the_list_stops_both_lines() -> None:
    rows = rows_of(
        (1, "甲", "州政发〔2020〕1号", "", "", "", ""), (2, "乙", "州政发[2020]1号", "", "", "", "")
    )
    assert all("用了不止一次：第 2、3 行" in "".join(row.faults) for row in rows)


def test_a_state_that_the_dates_do_not_bear_out_is_remarked_upon() -> None:
    (row,) = rows_of((1, "甲", "", "2015-01-01", "2020-01-01", "有效", ""))
    assert row.faults == () and "照日期算已经失效" in row.remarks[0]


def test_without_a_title_column_it_is_refused() -> None:
    with pytest.raises(Unrecognised, match="没有找到“标题”"):
        read_rows([("甲", "乙"), ("1", "2")], TODAY)


def test_the_sheet_names_what_differs_and_what_is_missing() -> None:
    blank = {"register_number": "", "promulgated_on": None, "ceases_on": None, "ended_on": None}
    known = [
        Known(
            1,
            {"title": "甲", "document_number": "州〔2020〕1号", "effective_on": date(2020, 6, 3)}
            | blank,
        ),
        Known(2, {"title": "丁", "document_number": "", "effective_on": None} | blank),
    ]
    found = reconcile(
        rows_of(
            (1, "甲", "州〔2020〕1号", "2020-06-04", "", "", ""),
            (2, "乙", "州〔2020〕2号", "2020-06-04", "", "", ""),
        ),
        known,
    )
    assert [each.verdict for each in found.rows] == ["differs", "new"]
    assert found.rows[0].differences == ("施行日期：清单是“2020-06-04”，库里是“2020-06-03”",)
    assert [each.pk for each in found.missing] == [2]
    assert sum(found.counts.values()) == 2
    assert [line[6] for line in sheet_of(found).lines] == ["有出入", "新的", "清单上没有"]


cells = st.none() | st.text(max_size=12) | st.integers(-5, 10**9) | st.floats() | st.dates()


@given(st.lists(st.tuples(*[cells] * len(HEAD)), max_size=12))
def test_whatever_is_in_the_cells_every_line_is_accounted_for(lines: list[Any]) -> None:
    rows = rows_of(*lines)
    assert restored(kept(rows)) == rows
    assert sum(reconcile(rows, []).counts.values()) == len(rows)


# ---- 入库 ----


def workbook(*lines: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for line in (HEAD, *lines):
        book.worksheets[0].append(line)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.django_db
def test_a_list_is_reconciled_and_what_is_new_is_entered(town: Town) -> None:
    written(town, "甲办法", document_number="州〔2020〕1号")
    content = workbook(
        (1, "甲办法", "州〔2020〕1号", date(2020, 6, 3), "", "", ""),
        (2, "乙办法", "州〔2020〕2号", date(2020, 6, 3), "", "废止", date(2023, 1, 1)),
        (3, "丙办法", "州〔2020〕3号", "2020年13月1日", "", "", ""),
    )
    desk = sign_in(town.drafter)
    upload = BytesIO(content)
    upload.name = "原有清单.xlsx"
    answer = desk.post("/workbench/inventories/new/", {"key": "import-1", "file": upload})
    page = answer.content.decode()
    assert "新的 1" in page and "不能收 1" in page and "施行日期“2020年13月1日”不是一个日期" in page
    inventory = Inventory.objects.get()
    sheet = desk.get(f"/workbench/inventories/{inventory.pk}/sheet/")
    rows = list(load_workbook(BytesIO(sheet.content)).worksheets[0].values)
    assert len(rows) == 4
    perform(inventory, "enter", actor=town.drafter, key=key())
    entered = Norm.objects.get(document_number="州〔2020〕2号")
    assert (entered.ended_on, entered.ended_how, entered.state) == (
        date(2023, 1, 1), "repealed", "draft",
    )  # fmt: skip
    assert inventory.entered == 1 and Norm.objects.count() == 2
    assert [row.verdict for row in reconciliation_of(inventory).rows] == ["same", "same", "faulty"]
    assert entered.back_filled_from == "原有的规范性文件清单"


@pytest.mark.django_db
def test_what_is_no_list_is_refused_and_a_secret_mark_leaves_nothing(town: Town) -> None:
    given: dict[str, Any] = {"organisation": town.organisation, "actor": town.drafter}
    for content, name in ((b"\x00\x01", "a.xlsx"), (b"x", "a.doc"), ("甲,乙".encode(), "a.csv")):
        with pytest.raises(Refused):
            take_in_inventory(content, name, key=key(), **given)
    marked = "标题,文号\n机密★1年,1\n".encode("gb18030")
    with pytest.raises(Classified):
        take_in_inventory(marked, "a.csv", key=key(), **given)
    assert not Inventory.objects.exists()


# ---- 清理 ----


def cleaning(town: Town, **values: Any) -> CleanUp:
    given = {
        "title": "规范性文件清理结果", "basis": "依据州政府的部署。", "stage": "decision",
        "takes_effect_on": timezone.localdate(), **values,
    }  # fmt: skip
    return open_clean_up(
        given, organisation=town.organisation, actor=town.drafter, key=key(),
        columns=[town.column],
    )  # fmt: skip


@pytest.mark.django_db
def test_a_round_concludes_every_one_and_its_four_lists_add_up(town: Town) -> None:
    today = timezone.localdate()
    dates = {"promulgated_on": today - DAY, "effective_on": today - DAY}
    names = ("甲", "乙", "丙", "丁")
    norms = [published(town, n, ceases_on=today + 400 * DAY, **dates) for n in names]
    published(town, "早已失效的")
    clean_up = cleaning(town)
    perform(clean_up, "begin", actor=town.drafter, key=key())
    items = {item.norm.title: item for item in clean_up.items.select_related("norm")}
    assert sorted(items) == sorted(names)
    with pytest.raises(Refused, match="须写明理由"):
        conclude(clean_up, items["甲"], "repeal", actor=town.drafter, reason="")
    conclude(clean_up, items["甲"], "repeal", actor=town.drafter, reason="与上位法不符。")
    conclude(clean_up, items["乙"], "expire", actor=town.drafter, reason="任务已完成。")
    conclude(clean_up, items["丙"], "amend", actor=town.drafter, reason="机构改了。")
    with pytest.raises(Refused, match="还有 1 件没有结论"):
        perform(clean_up, "submit", actor=town.drafter, key=key())
    longer = today + 800 * DAY
    conclude(clean_up, items["丁"], "keep", actor=town.drafter, reason="", ceases_on=longer)
    perform(clean_up, "submit", actor=town.drafter, key=key())
    perform(clean_up, "approve", actor=town.approver, key=key())
    for norm in norms:
        bring_up(norm)
        norm.refresh_from_db()
    assert [norm.validity for norm in norms] == ["repealed", "expired", "effective", "effective"]
    assert norms[3].ceases_on == longer
    assert norms[0].ended_basis == "《规范性文件清理结果》"
    version = publication_of(clean_up, "clean_up").current_version
    assert version is not None
    headings = [b["text"] for b in version.payload["body"] if b["type"] == "heading"]
    assert headings == [
        "一、继续有效的目录（1 件）", "二、修订的目录（1 件）", "三、失效的目录（1 件）",
        "四、废止的目录（1 件）",
    ]  # fmt: skip
    waiting = to_amend(Norm.policy.scope(town.drafter))
    assert [item.norm for item in waiting] == [norms[2]]
    assert "清理列为修订" in sign_in(town.drafter).get("/workbench/").content.decode()


@pytest.mark.django_db
def test_the_rest_can_be_kept_at_once_and_nothing_to_clean_is_said(town: Town) -> None:
    clean_up = cleaning(town)
    with pytest.raises(Refused, match="不必清理"):
        perform(clean_up, "begin", actor=town.drafter, key=key())
    published(town, ceases_on=None, term_reason="长期")
    perform(clean_up, "begin", actor=town.drafter, key=key())
    perform(clean_up, "keep_rest", actor=town.drafter, key=key(), message="仍需执行。")
    assert clean_up.items.get().reason == "仍需执行。"
    desk = sign_in(town.drafter)
    page = desk.get(f"/workbench/clean-ups/{clean_up.pk}/").content.decode()
    assert "继续有效 1" in page and "还没有结论 0" in page
