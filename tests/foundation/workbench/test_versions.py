"""记录的各版：每次保存与那次改动一起留下，删不掉、改不了；看得见记录的才看得见，恢复就是填表再存。"""

import json
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.access.table import ROWS, Row
from tests.access.test_every_route import everyone
from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.lifecycle.services import Refused, hand_over
from yangguang.foundation.workbench import versions
from yangguang.foundation.workbench.models import OpenForm, RecordVersion
from yangguang.foundation.workbench.registry import all_viewsets
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import attach_uploads, detach, edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


def at(document: OfficialDocument, tail: str = "") -> str:
    return f"/workbench/documents/{document.pk}/{tail}"


def text(response: Any) -> str:
    return str(response.content.decode())


def kept(document: OfficialDocument) -> list[RecordVersion]:
    return list(RecordVersion.objects.filter(object_id=document.pk))


def value(version: RecordVersion, name: str) -> list[str]:
    (found,) = [each["values"] for each in version.content if each["name"] == name]
    return list(found)


# ---- 留下 ----


def test_the_first_save_keeps_what_was_there_before_and_what_is_there_now(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="综合政务")
    before, after = kept(document)
    assert (before.number, before.how, before.user_id) == (1, "first", town.drafter.user_id)
    assert before.at == document.created_at and before.changed == []
    assert (after.number, after.how, after.user_id) == (2, "saved", town.drafter.user_id)
    assert after.assignment_id == town.drafter.assignment_id and after.changed == ["转发的原文字号"]
    assert value(before, "original_number") == [] and value(after, "original_number") == [
        "综合政务"
    ]


def test_a_save_that_changes_nothing_keeps_nothing(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"))
    assert kept(document) == []
    desk.fill(at(document, "edit/"), original_number="一")
    desk.fill(at(document, "edit/"), original_number="二")
    assert [each.number for each in kept(document)] == [1, 2, 3]


def test_columns_and_choices_are_kept_by_number_and_told_by_name(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), columns=[], stage="decision")
    before, after = kept(document)
    told = {each["name"]: each["told"] for each in before.content}
    assert (told["columns"], told["stage"]) == ("政策文件", "执行公开")
    assert after.changed == ["五公开类别", "发布到哪些栏目"]
    assert value(before, "columns") == [str(town.column.pk)] and value(after, "columns") == []


def test_what_was_changed_elsewhere_is_kept_with_the_next_save_and_blamed_on_no_one(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="一")
    edit(document, {"original_number": "别处改的"}, actor=town.drafter)
    desk.fill(at(document, "edit/"), document_number="测州办发〔2020〕9号")
    found = kept(document)[2:]
    assert [each.how for each in found] == ["found", "saved"] and found[0].user is None
    assert found[0].changed == ["转发的原文字号"] and found[1].changed == ["发文字号"]
    assert "不在修改表里改的" in text(desk.get(at(document, "versions/")))


def test_attachments_and_masking_leave_versions_too(town: Town, desk: Desk) -> None:
    document = town.document()
    attach_uploads(document, [("表.txt", "内容".encode())], actor=town.drafter)
    attach_uploads(document, [("图.txt", "别的".encode())], actor=town.drafter)
    detach(document, document.document_attachments.all()[0].pk, actor=town.drafter)
    assert [each.changed for each in kept(document)] == [[], ["附件"], ["附件"], ["附件"]]
    desk.fill(at(document, "edit/"), body="联系人电话 13812345678。")
    desk.post(f"/workbench/gates/document/{document.pk}/mask/", {})
    document.refresh_from_db()
    assert "13812345678" not in str(document.body)
    assert "13812345678" not in json.dumps([each.content for each in kept(document)])


def test_a_personal_number_is_masked_before_it_is_kept(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), body="申请人 11010519491231002X，电话 13812345678。")
    assert "11010519491231002X" in str(OfficialDocument.objects.get().body)
    content = json.dumps(kept(document)[-1].content, ensure_ascii=False)
    assert "11010519491231002X" not in content and "13812345678" not in content
    assert "110*" in content and "138******78" in content


def test_the_version_goes_when_the_save_goes(town: Town) -> None:
    document = town.document()
    with (
        pytest.raises(Refused),
        transaction.atomic(),
        versions.keeping(document, actor=town.drafter),
    ):
        edit(document, {"original_number": "一"}, actor=town.drafter)
        raise Refused(["不办了。"])
    assert kept(document) == []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with versions.keeping(document, actor=town.drafter):
            edit(document, {"original_number": "一"}, actor=town.drafter)
        assert len(kept(document)) == 2
        raise ZeroDivisionError
    assert kept(document) == [] and OfficialDocument.objects.get().original_number == ""


def test_a_version_can_neither_be_changed_nor_removed(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="一")
    for attempt in (
        lambda: RecordVersion.objects.update(changed=[]),
        lambda: RecordVersion.objects.all()._raw_delete(RecordVersion.objects.db),
    ):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
            attempt()


EDITS = [
    row
    for row in ROWS
    if row.method == "POST"
    for viewset in all_viewsets()
    if viewset.edit_form is not None and row.route == f"workbench:{viewset.slug}-edit"
]


@pytest.mark.parametrize("row", EDITS, ids=lambda row: row.route)
def test_every_edit_form_keeps_versions_and_that_of_a_person_keeps_none(
    row: Row, town: Town
) -> None:
    path = row.path(town)
    who = everyone(town)[min(row.roles)]
    assert sign_in(who).client.post(path, row.data(town, who)).status_code == 302
    is_personal = "people" in row.route
    assert [each.how for each in RecordVersion.objects.all()] == (
        [] if is_personal else ["first", "saved"]
    )


# ---- 看 ----


def test_two_versions_are_compared_side_by_side_with_the_changes_marked(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    assert "建立以后还没有改过" in text(desk.get(at(document, "versions/")))
    desk.fill(at(document, "edit/"), body="甲段。\n由州教育局牵头。")
    desk.fill(at(document, "edit/"), body="甲段。\n由州民政局牵头。", original_number="综合政务")
    page = text(desk.get(at(document, "versions/")))
    assert "第 2 版与第 3 版" in page and "改了 2 项" in page
    assert "由州<del>教育</del>局牵头" in page and "由州<ins>民政</ins>局牵头" in page
    older = text(desk.get(at(document, "versions/?old=1&new=2")))
    assert "第 1 版与第 2 版" in older and "<del>" in older and "民政局" not in older
    assert "第 1 版与第 2 版" in text(desk.get(at(document, "versions/?old=2&new=1")))
    assert "左右是同一版" in text(desk.get(at(document, "versions/?old=2&new=2")))
    for query in ("old=0&new=2", "old=1&new=9", "new=99999999999999999999"):
        status = desk.get(at(document, f"versions/?{query}")).status_code
        assert status == (200 if "9999" in query else 404)


def test_the_list_says_who_saved_what_and_what_was_done_meanwhile(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="综合政务")
    desk.fill(at(document, "do/submit/"))
    page = text(sign_in(town.reviewer).get(at(document, "versions/")))
    assert "测试州信息员" in page and "转发的原文字号" in page and "这一版期间：送审" in page
    assert "填进修改表" not in page


def test_no_version_leaks_to_an_editor_of_another_county(town: Town, desk: Desk) -> None:
    document, other = town.document(1), town.document(2)
    desk.fill(at(document, "edit/"), original_number="只有自己人看得见")
    stranger = sign_in(actor("drafter", organisation("elsewhere")))
    for tail in ("versions/", "versions/?old=1&new=2", "edit/?version=1", "print/"):
        answer = stranger.get(at(document, tail))
        assert answer.status_code == 404 and "只有自己人看得见" not in text(answer)
    # 别的记录的版次，在自己的地址上也取不到
    assert desk.get(at(other, "edit/?version=1")).status_code == 404
    assert desk.get(at(other, "versions/?old=1&new=2")).status_code == 404


def test_the_versions_cost_the_same_however_many_there_are(
    town: Town, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    document = town.document()
    for number in range(12):
        desk.fill(at(document, "edit/"), original_number=f"第{number}次")
    with django_assert_max_num_queries(5 + 5):
        assert text(desk.get(at(document, "versions/"))).count("填进修改表</a>") == 12


def test_saving_costs_a_handful_more(
    town: Town, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    document = town.document()
    for number in range(3):
        desk.fill(at(document, "edit/"), original_number=f"第{number}次")
    form = desk.form(at(document, "edit/")) | {"original_number": "最后"}
    with django_assert_max_num_queries(60):
        assert desk.client.post(at(document, "edit/"), form).status_code == 302


# ---- 恢复 ----


def test_restoring_is_the_edit_form_filled_with_it_and_saved_as_usual(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="改坏了", columns=[], body="只剩一句。")
    page = text(desk.get(at(document, "edit/?version=1")))
    assert "表里填的是第 1 版" in page and "还没有保存" in page and 'id="refusals"' not in page
    assert "现将《第1号工作方案》印发给你们" in page
    assert OfficialDocument.objects.get().original_number == "改坏了"  # 只是打开，没有存
    saved = desk.fill(at(document, "edit/?version=1"))
    assert "已保存。" in text(saved)
    now = OfficialDocument.objects.get()
    assert (now.original_number, list(now.columns.all()), now.body) == (
        "",
        [town.column],
        document.body,
    )
    third = kept(document)[-1]
    assert (third.number, third.how) == (3, "saved")
    assert third.changed == ["转发的原文字号", "发布到哪些栏目", "正文"]
    assert not OpenForm.objects.exists()


def test_restoring_over_someone_elses_change_shows_both(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="第二版")
    form = desk.form(at(document, "edit/?version=1"))
    edit(document, {"original_number": "别人刚改的"}, actor=town.drafter)
    met = desk.post(at(document, "edit/?version=1"), form)
    assert met.status_code == 422 and "您打开之后有人改过这条记录" in text(met)
    assert OfficialDocument.objects.get().original_number == "别人刚改的"


def test_a_version_that_is_not_there_or_may_not_be_edited_is_not_offered(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    desk.fill(at(document, "edit/"), original_number="一")
    for asked in ("9", "x", "0", "-1", "9" * 30):
        assert desk.get(at(document, f"edit/?version={asked}")).status_code == 404
    desk.fill(at(document, "do/submit/"))
    back = desk.get(at(document, "edit/?version=1"))
    assert back.status_code == 302 and back.headers["Location"] == at(document)
    assert "填进修改表" not in text(desk.get(at(document, "versions/")))


# ---- 打印 ----


def test_the_printed_sheet_has_the_record_its_steps_and_its_history_in_sentences(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    attach_uploads(document, [("表.txt", BytesIO("内容".encode()).getvalue())], actor=town.drafter)
    desk.fill(at(document, "do/submit/"))
    hand_over(document, to=document.created_by, actor=town.drafter, key="h", message="出差")
    page = text(desk.get(at(document, "print/")))
    assert "测州办发〔2020〕1号" in page and "表.txt" in page
    assert 'aria-current="step">审核</li>' in page
    assert page.index("<b>新建</b>") < page.index("<b>送审</b>") < page.index("<b>移交</b>")
    assert "转为“审核”" in page and "出差" in page and "打印。" in page
    assert "现将《第1号工作方案》印发给你们" in page
    assert "<form" not in page and "现在可以办" not in page
