"""规范性文件的界面：查询次数不随多少变，填错了留得住，某一天的文本，待办。"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.sources.norms.conftest import body, changing, published, walk, written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.sources.norms.models import Norm

pytestmark = pytest.mark.django_db
LIST = "/workbench/norms/"
HOUSEHOLD = 5


def test_the_queries_do_not_grow_with_the_norms(
    town: Town, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    desk = sign_in(town.drafter)
    norms = [written(town, f"第{number}份") for number in range(8)]
    for path, more in ((LIST, 6), (f"{LIST}{norms[0].pk}/", 32), (f"{LIST}new/", 8)):
        desk.get(path)
        with django_assert_max_num_queries(HOUSEHOLD + more):
            assert desk.get(path).status_code == 200


def test_what_was_typed_is_kept_when_the_dates_do_not_hold(town: Town) -> None:
    desk = sign_in(town.drafter)
    answer = desk.fill(
        f"{LIST}new/", title="一份办法", effective_on="2021-01-01", ceases_on="2020-01-01",
        body="第一条　甲。",
    )  # fmt: skip
    page = answer.content.decode()
    assert "一天也没有施行过" in page and "一份办法" in page and "第一条　甲。" in page
    assert not Norm.objects.exists()
    desk.fill(f"{LIST}new/", ceases_on="2025-01-01")
    assert Norm.objects.get().body == body("第一条　甲。")


def test_the_record_shows_the_text_of_the_day_asked(town: Town) -> None:
    norm = published(town, ceases_on=None, term_reason="长期", body=body("原来的。"))
    changing(town, "amends", norm, date(2022, 1, 1), "修改的决定", ["改过的。"])
    desk = sign_in(town.drafter)

    def shown(day: str) -> str:
        page = desk.get(f"{LIST}{norm.pk}/?on={day}").content.decode()
        return page.partition('id="text"')[2].partition("</section>")[0]

    assert "原来的。" in shown("2021-12-31") and "改过的。" not in shown("2021-12-31")
    assert "改过的。" in shown("2022-01-01")
    assert "没有该用的文本" in shown("2020-01-01")
    assert "改过的。" in shown("2022-13-45")


def test_the_list_answers_what_was_in_force_on_a_day(town: Town) -> None:
    published(town)
    desk = sign_in(town.drafter)
    assert "管理办法" in desk.get(f"{LIST}?in_force=2025-06-02").content.decode()
    assert "管理办法" not in desk.get(f"{LIST}?in_force=2025-06-03").content.decode()


def test_today_lists_what_is_to_be_filed_and_reviewed(town: Town) -> None:
    today = date.today()
    norm = published(
        town, promulgated_on=today, effective_on=today, ceases_on=today + timedelta(days=90)
    )
    page = sign_in(town.drafter).get("/workbench/").content.decode()
    assert "待备案" in page and "快到期" in page and "15 日内报送备案" in page
    walk(town, norm, "file", filed_with="测试省人民政府", filed_on=today)
    assert "待备案" not in sign_in(town.drafter).get("/workbench/").content.decode()
