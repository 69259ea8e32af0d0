"""忘了定公开属性的信息员。

公文收下了，公开属性没有选。送审送不出去，页面上说缺什么；他选了主动公开，送审、审核、签发、发布，
公众看得到。没有属性的那一会儿，谁手上也没有这份公文。
"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.town import Town

pytestmark = pytest.mark.browser


def test_without_the_attribute_nothing_goes_on_and_with_it_the_document_goes_online(
    live: Visitor, town: Town
) -> None:
    document = town.document(disclosure="", disclosure_mark="")
    drafter = comes(live, town.drafter, "马信息员")
    drafter.goes_to("公文")
    drafter.reads("未确定")
    drafter.follows(document.title)
    drafter.reads("公开属性")
    expect(drafter.button("送审")).to_be_disabled()
    expect(drafter.page.locator("#why-submit")).to_contain_text("公开属性")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.does_not_read(document.title)

    drafter.follows("修改")
    drafter.page.get_by_role("radio", name="主动公开", exact=True).check()
    drafter.presses("保存")
    drafter.reads("已保存。")
    drafter.presses("送审")
    drafter.reads("已送审。")

    reviewer.today()
    reviewer.follows(document.title)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")
    approver = comes(live, town.approver, "祁主任", width=360)
    approver.follows(document.title)
    approver.presses("签发")
    approver.reads("已签发。")
    drafter.today()
    drafter.follows(document.title)
    drafter.presses("发布")
    drafter.reads("已发布。")
    drafter.sees_it_published()
    expect(drafter.page.get_by_role("heading", level=1)).to_have_text(document.title)
