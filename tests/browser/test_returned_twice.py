"""退回两次的一份公文。

审核人第一次退回，要写明依据；信息员改了再送。第二次还是退回：依据的文号写错了。他改好，审核人把各版
左右一对，看清改了什么，才通过。签发、发布，公众看到的是改好的。两次退回的话都在经过里，一字不少。
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.town import Town
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.notify.models import Message

pytestmark = pytest.mark.browser
FIRST, SECOND = "第二段请写明依据。", "依据的文号不对，是〔2020〕81号。"
WRONG, RIGHT = "依据临州办发〔2020〕18号。", "依据临州办发〔2020〕81号。"


def test_the_reviewer_returns_it_twice_and_then_passes_it(live: Visitor, town: Town) -> None:
    document = town.document()
    drafter = comes(live, town.drafter, "马信息员")
    reviewer = comes(live, town.reviewer, "白审核员", width=768)

    drafter.goes_to("公文")
    drafter.follows(document.title)
    for told, basis in ((FIRST, WRONG), (SECOND, RIGHT)):
        drafter.presses("送审")
        drafter.reads("已送审。")

        reviewer.today()
        reviewer.follows(document.title)
        reviewer.does_not_read("修改")  # 他不能替人改
        reviewer.follows("退回")
        reviewer.writes("理由", told)
        reviewer.presses("退回")
        reviewer.reads("已退回。", told)
        reviewer.today()
        reviewer.does_not_read(document.title)

        drafter.today()
        drafter.reads_in("退回我的", document.title, f"“{told}”")
        drafter.follows(document.title)
        drafter.follows("修改")
        drafter.writes("不主动公开的理由", basis)
        drafter.presses("保存")
        drafter.reads("已保存。")
    drafter.presses("送审")
    drafter.reads("已送审。")

    reviewer.today()
    reviewer.follows(document.title)
    reviewer.follows("存过的各版、对照")
    expect(reviewer.page.locator("del")).to_have_text("18")
    expect(reviewer.page.locator("ins")).to_have_text("81")
    reviewer.follows("返回")
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。", FIRST, SECOND)

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
    expect(drafter.page.locator("body")).not_to_contain_text(re.compile("依据临州办发|请写明依据"))

    steps = TransitionRecord.objects.filter(object_id=document.pk).order_by("pk")
    assert list(steps.values_list("event", flat=True)) == [
        "create", "submit", "return", "submit", "return", "submit", "pass", "approve", "publish",
    ]  # fmt: skip
    told = Message.objects.filter(user=town.drafter.user_id, kind="returned").order_by("pk")
    assert [message.why for message in told] == [f"“{FIRST}”", f"“{SECOND}”"]
    assert all(message.settled_at for message in told)
