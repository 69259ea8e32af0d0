"""请假和代理。

县里只有一位签发人。她休假一周，临走请审核人代理。她不在的时候，一份公文送到了签发：审核人换到代理的
身份签发，经过和审计里都是“审核人代签发人”。她自己起草的，代理的身份也签不了。她提前两天回来，
结束了代理；审核人再点一下，系统说这个任职已经结束，他换回自己的身份接着办。公文发布，公众看到。
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.staff import enrolled
from tests.town import Town
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import perform

pytestmark = pytest.mark.browser


def test_a_week_of_leave(live: Visitor, town: Town, settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    for who in (town.approver, town.reviewer):
        enrolled(who)
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="submit")
    # 签发人自己起草的，别人替她送的
    own = town.document(2)
    type(own).objects.filter(pk=own.pk).update(created_by=town.approver.user_id)
    for event, who in (("submit", town.drafter), ("pass", town.reviewer)):
        perform(own, event, actor=who, key=f"own-{event}")
    approver = comes(live, town.approver, "祁主任")
    reviewer = comes(live, town.reviewer, "白审核员", width=360, coded=True)

    # 临走请人代理
    approver.goes_to("请假代理")
    approver.follows("请人代理")
    approver.chooses("代理人", "白审核员（reviewer-test-prefecture）")
    approver.writes("止", (timezone.localdate() + timedelta(days=6)).isoformat())
    approver.writes("事由", "年休假")
    approver.presses("安排")
    approver.reads("代理中")

    # 审核人先以自己的身份审，再换到代理的身份签
    reviewer.today()
    reviewer.reads("您正代祁主任")
    reviewer.follows(document.title)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")
    expect(reviewer.button("签发")).to_have_count(0)
    reviewer.acts_as("代祁主任")
    expect(reviewer.page.get_by_role("banner")).to_contain_text("代祁主任")
    reviewer.follows(document.title)
    reviewer.presses("签发")
    reviewer.reads("已签发。", "白审核员（代祁主任）")
    reviewer.goes_to("公文")
    reviewer.follows(own.title)
    expect(reviewer.button("签发")).to_be_disabled()
    reviewer.reads("须由他人办理")

    event = AuditEvent.objects.get(action="documents.approve")
    assert event.user_id == town.reviewer.user_id
    assert event.user_name == "白审核员（代祁主任）"
    assert event.assignment == RoleAssignment.objects.get(on_behalf_of=town.approver.assignment_id)

    # 提前回来，结束代理；正用着的当即失效
    approver.presses("提前结束")
    approver.reads("已提前结束。")
    reviewer.goes_to("公文")
    reviewer.reads("您刚才用的任职到期了，或者已经结束。")
    reviewer.chooses_identity("审核人", at="公文")  # 回到刚才要去的那一页
    expect(reviewer.page.get_by_role("banner")).not_to_contain_text("代祁主任")
    approver.goes_to("公文")
    approver.follows(document.title)
    approver.reads("白审核员（代祁主任）")

    drafter = comes(live, town.drafter, "马信息员", width=768)
    drafter.follows(document.title)
    drafter.presses("发布")
    drafter.reads("已发布。")
    drafter.sees_it_published()
    expect(drafter.page.get_by_role("heading", level=1)).to_have_text(document.title)
    expect(drafter.page.locator("body")).not_to_contain_text("白审核员")
