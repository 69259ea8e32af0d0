"""列表、记录和首页：查几次库，找得到什么，说什么话。"""

import re
from typing import Any

import pytest
from django.utils import timezone
from lxml import html

from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.workbench.registry import all_viewsets, register
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db
LIST = "/workbench/documents/"
HOUSEHOLD = 5
"""会话、账号、任职、身份的写法，每页都要的几次；加上保存点之类留一点余地。"""


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


def test_a_list_costs_the_same_whether_it_has_three_rows_or_thirty(
    town: Town, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 4):
        town.document(number)
    with django_assert_max_num_queries(HOUSEHOLD + 5):
        desk.get(LIST)
    for number in range(4, 31):
        town.document(number)
    with django_assert_max_num_queries(HOUSEHOLD + 5):
        assert desk.get(LIST).content.decode().count("号工作方案的通知</a>") == 30


def test_a_record_and_the_first_page_cost_a_handful_of_queries(
    town: Town, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    documents = [town.document(number) for number in range(1, 11)]
    desk.get(f"{LIST}{documents[0].pk}/")
    with django_assert_max_num_queries(HOUSEHOLD + 16):
        desk.get(f"{LIST}{documents[0].pk}/")
    desk.get("/workbench/")
    # 公文、规范性文件、清理、政策解读（手上的、该解读的、等别人办的）、稿件、投稿、约稿、台账、公报、资金（要办的、等别人办的、各单位新报的、本单位要报的）、汇编（要办的、等别人办的）、补定、退回的、任务、代理、交接、日历、等别人办的各一两次，与有多少件无关
    with django_assert_max_num_queries(HOUSEHOLD + 30):
        desk.get("/workbench/")


def test_what_leads_on_stands_first_and_red_and_what_goes_back_is_quiet(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="sent")

    def buttons(of: Desk) -> dict[str, str]:
        page = html.fromstring(of.get(f"{LIST}{document.pk}/").content)
        found = page.xpath("//aside[contains(@class, 'record-do')]//*[contains(@class, 'btn')]")
        return {each.text_content().strip(): each.get("class") for each in found}

    mine, theirs = buttons(desk), buttons(sign_in(town.reviewer))
    assert mine["收回"] == mine["催办"] == "btn quiet"
    assert next(iter(theirs.items())) == ("审核通过", "btn")
    assert theirs["退回"] == "btn quiet"


def parts(desk: Desk) -> dict[str, str]:
    """首页各组：标题到这一组的文字。"""
    page = html.fromstring(desk.get("/workbench/").content)
    return {
        section.findtext("h2") or "": " ".join(section.text_content().split())
        for section in page.xpath("//main//section[h2]")
    }


def test_the_first_page_says_what_came_back_what_is_due_and_what_waits_for_others(
    town: Town, desk: Desk
) -> None:
    drafted, sent, back, due = (town.document(number) for number in range(1, 5))
    for each, events in (
        (sent, ("submit",)), (back, ("submit", "return")), (due, ("submit", "pass", "approve")),
    ):  # fmt: skip
        for event in events:
            who = {"submit": town.drafter, "approve": town.approver}.get(event, town.reviewer)
            perform(each, event, actor=who, key=f"{each.pk}-{event}", message="写明依据。")
    due.refresh_from_db()
    OfficialDocument.objects.filter(pk=due.pk).update(publish_due=timezone.localdate())
    found = parts(desk)
    assert list(found) == [
        "退回我的", "快到期、已过期的", "其余的", "等别人办的", "最近有变动的",
    ]  # fmt: skip
    assert "第4号" in found["快到期、已过期的"] and "今天到期" in found["快到期、已过期的"]
    assert "第3号" in found["退回我的"] and "“写明依据。”" in found["退回我的"]
    assert "第1号" in found["其余的"] and drafted.title in found["其余的"]
    assert "第2号" in found["等别人办的"] and "送审" in found["等别人办的"]
    assert "第4号" in found["最近有变动的"] and "测试approver" in found["最近有变动的"]
    # 别人起草的不归他跟着看；审核人没有这两组
    assert list(parts(sign_in(town.reviewer))) == ["其余的"]
    colleague = sign_in(actor("drafter", town.organisation, username="colleague"))
    assert "等别人办的" not in parts(colleague)


def counts(desk: Desk) -> dict[str, str]:
    """随页面取来的件数：哪一项到几件。"""
    page = html.fromstring(desk.get("/workbench/").content)
    (address,) = page.xpath("//nav/@data-hx-get")
    found = html.fragments_fromstring(desk.get(address).content.decode())
    return {each.get("id").removeprefix("todos-"): each.text for each in found}


def test_the_menu_counts_what_the_first_page_lists_and_counts_again_after_each_step(
    town: Town, desk: Desk
) -> None:
    first, _ = town.document(1), town.document(2)
    nav = html.fromstring(desk.get("/workbench/").content).xpath("//nav")[0]
    assert counts(desk) == {"documents": "2", "home": "2"}
    perform(first, "submit", actor=town.drafter, key="sent")
    again = html.fromstring(desk.get("/workbench/").content).xpath("//nav")[0]
    assert again.get("data-hx-get") != nav.get("data-hx-get")
    assert counts(desk) == {"documents": "1", "home": "1"}
    assert counts(sign_in(town.reviewer)) == {"documents": "1", "home": "1"}
    kept = desk.get("/workbench/counts/")["Cache-Control"]
    assert kept == "private, max-age=60"


def test_a_list_is_searched_filtered_sorted_and_paged_by_its_address(
    town: Town, desk: Desk
) -> None:
    for number in range(1, 33):
        town.document(number)
    assert "共 32 条" in desk.get(LIST).content.decode()
    assert "第 2 页，共 2 页" in desk.get(f"{LIST}?page=2").content.decode()
    found = desk.get(f"{LIST}?q=第17号 工作方案").content.decode()
    assert "符合条件的 1 条，共 32 条" in found and "〔2020〕17号" in found
    assert "没有符合条件的记录" in desk.get(f"{LIST}?state=published").content.decode()
    numbers = re.findall(
        r"〔2020〕(\d+号)", desk.get(f"{LIST}?sort=document_number").content.decode()
    )
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("query", ["per_page=100000", "per_page=0", "per_page=-1", "page=x"])
def test_the_address_does_not_decide_how_long_a_page_is(town: Town, desk: Desk, query: str) -> None:
    for number in range(1, 33):
        town.document(number)
    page = desk.get(f"{LIST}?{query}")
    assert page.status_code == 200 and page.content.decode().count("号工作方案的通知</a>") == 30
    assert "第 2 页，共 2 页" in desk.get(f"{LIST}?page=99").content.decode()


def test_a_form_cannot_hand_in_a_key_of_the_system(town: Town, desk: Desk) -> None:
    refused = desk.fill(f"{LIST}new/", text="正文", key="plans.share:1:2")
    assert refused.status_code == 422


def test_with_htmx_only_the_records_come_back(town: Town, desk: Desk) -> None:
    town.document()
    part = desk.client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "第1号工作方案" in part


def test_what_is_not_yours_is_simply_not_there_and_the_page_stays_in_the_workbench(
    town: Town,
) -> None:
    document = town.document()
    stranger = sign_in(actor("drafter", organisation("elsewhere")))
    page = stranger.get(f"{LIST}{document.pk}/")
    assert page.status_code == 404
    text = page.content.decode()
    assert "不在您现在这个身份的范围之内" in text and document.title not in text
    assert stranger.get(f"{LIST}999999999999999999999999/").status_code == 404


def test_a_button_that_does_not_work_now_says_why(town: Town) -> None:
    document = town.document(stage="")
    page = sign_in(town.drafter).get(f"{LIST}{document.pk}/").content.decode()
    assert re.search(r"<button[^>]*disabled[^>]*>送审</button>", page)
    assert "缺少五公开类别。" in page


def test_workbench_pages_are_not_kept_by_the_browser(town: Town, desk: Desk) -> None:
    assert desk.get(LIST).headers["Cache-Control"] == "no-store"


def test_one_kind_of_record_is_declared_once() -> None:
    with pytest.raises(ValueError, match="已登记"):
        register(all_viewsets()[0])
