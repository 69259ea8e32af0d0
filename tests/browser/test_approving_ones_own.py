"""起草的人想自己签发。

单位人手紧，他既是信息员又是签发人。他以信息员的身份起草、送审，审核人通过之后，换成签发人的身份想签：
按钮是灰的，写着须由他人办理；不走按钮，照地址打开那一页去签，也被拒，什么也没有变。他请审核人代理自己签——
代理的还是他的名义，一样不行。最后由另一位签发人签发，他发布，公众看到。
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.staff import enrolled
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.hub.publications.models import Publication

pytestmark = pytest.mark.browser
ANOTHER = "须由他人办理"


def test_whoever_drafted_it_cannot_approve_it_in_any_capacity(live: Visitor, town: Town) -> None:
    username = User.objects.get(pk=town.drafter.user_id).username
    actor("approver", town.organisation, username=username)
    for who in (town.drafter, town.reviewer):
        enrolled(who)
    document = town.document()
    signing = f"{live.address}/workbench/documents/{document.pk}/do/approve/"
    both = comes(live, town.drafter, "马建设", at="以哪个身份办事")
    both.chooses_identity("信息员")
    reviewer = comes(live, town.reviewer, "白审核员", width=360)

    both.follows(document.title)
    both.presses("送审")
    both.reads("已送审。")
    reviewer.today()
    reviewer.follows(document.title)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")

    # 换成签发人：不是等他办的；按钮是灰的；照地址去签，也被拒
    both.acts_as("签发人")
    both.does_not_read(document.title)
    both.goes_to("公文")
    both.follows(document.title)
    expect(both.button("签发")).to_be_disabled()
    both.reads(ANOTHER)
    before = TransitionRecord.objects.count(), AuditEvent.objects.count()
    both.page.goto(signing)
    both.presses("签发")
    both.is_refused(ANOTHER)
    assert (TransitionRecord.objects.count(), AuditEvent.objects.count()) == before

    # 请审核人代理自己，还是他的名义
    both.goes_to("请假代理")
    both.follows("请人代理")
    both.chooses("代哪一任职", "马建设：测试州 签发人")
    both.chooses("代理人", "白审核员（reviewer-test-prefecture）")
    both.writes("止", (timezone.localdate() + timedelta(days=1)).isoformat())
    both.writes("事由", "出差")
    both.presses("安排")
    both.reads("代理中")
    reviewer.today()
    reviewer.acts_as("签发人")
    reviewer.goes_to("公文")
    reviewer.follows(document.title)
    expect(reviewer.button("签发")).to_be_disabled()
    reviewer.page.goto(signing)
    reviewer.presses("签发")
    reviewer.is_refused(ANOTHER)
    document.refresh_from_db()
    assert document.state == "in_approval"

    another = comes(live, town.approver, "祁主任")
    another.follows(document.title)
    another.presses("签发")
    another.reads("已签发。")
    both.acts_as("信息员")
    both.follows(document.title)
    both.presses("发布")
    both.reads("已发布。")
    both.sees_it_published()
    expect(both.page.get_by_role("heading", level=1)).to_have_text(document.title)
    assert Publication.objects.get().title == document.title
