"""栏目的工作台：开设、改名、排次序、关闭；填错的留着，经过写明谁做了什么。"""

import pytest

from tests.hub.publications.test_sharing_workbench import text
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.hub.columns.models import Column

LIST = "/workbench/site-columns/"
NEW = {
    "name": "应急管理", "code": "yingji", "column_type": "政策文件", "description": "预案。",
    "keywords": "应急",
}  # fmt: skip


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.approver)


def test_an_editor_opens_renames_reorders_and_closes_a_column(town: Town, desk: Desk) -> None:
    answer = desk.fill(f"{LIST}new/", place=f"site:{town.site.pk}", **NEW)
    column = Column.objects.get(code="yingji")
    record = f"{LIST}{column.pk}/"
    assert "已开设“应急管理”" in text(answer)
    desk.fill(f"{record}edit/", name="应急")
    desk.fill(f"{record}reorder/", after="first")
    assert [c.code for c in Column.objects.order_by("path")] == ["yingji", "wenjian"]
    page = text(desk.get(record))
    assert "由“应急管理”改为“应急”" in page and "排到最前" in page
    assert "请选择" in text(desk.get(f"{record}close/"))
    answer = desk.fill(f"{record}close/", into=str(town.column.pk), reason="并栏")
    assert "信息正在移到“政策文件”" in text(answer) and "已关闭" in text(answer)
    assert "yingji" not in text(desk.get(f"{LIST}?closed=no"))
    assert "应急" in text(desk.get(f"{LIST}?closed=yes"))
    assert "已重新启用" in text(desk.post(f"{record}reopen/", {"key": "reopen"}))


def test_what_is_wrong_is_told_and_what_was_typed_stays(town: Town, desk: Desk) -> None:
    answer = desk.fill(f"{LIST}new/", place=f"column:{town.column.pk}", **NEW | {"code": "Ying_Ji"})
    assert answer.status_code == 422 and "小写字母、数字和短横" in text(answer)
    assert 'value="应急管理"' in answer.content.decode()
    answer = desk.fill(f"{LIST}{town.column.pk}/close/", into="", reason="")
    assert "关闭栏目须写明原因" in text(answer)
    assert not Column.objects.exclude(closed_on=None).exists()


def test_the_list_costs_a_fixed_number_of_queries(
    town: Town, desk: Desk, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        desk.fill(
            f"{LIST}new/", place=f"column:{town.column.pk}",
            **NEW | {"code": f"c-{number}", "name": f"第{number}栏"},
        )  # fmt: skip
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        desk.get(LIST)
