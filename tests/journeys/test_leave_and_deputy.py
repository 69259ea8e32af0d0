"""请假和代理。

县里只有一位签发人。她休假一周，临走请审核人代理。她不在的时候，一份公文送到了签发：审核人换到代理的
身份签发，经过和审计里都是“审核人代签发人”。他自己起草的，代理的身份也签不了。她提前两天回来，
结束了代理；审核人再点一下，系统说这个任职已经失效，他换回自己的身份接着办。
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.staff import enrolled
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.personnel.models import Deputyship

pytestmark = pytest.mark.django_db


def test_a_week_of_leave(town: Town) -> None:
    for who in (town.approver, town.reviewer):
        enrolled(who)
    approver, reviewer = sign_in(town.approver), sign_in(town.reviewer)
    document = town.document()
    home = f"/workbench/documents/{document.pk}/"

    until = (timezone.localdate() + timedelta(days=6)).isoformat()
    asked = approver.fill(
        "/workbench/deputies/new/", deputy=town.reviewer.user_id, valid_until=until, reason="年休假"
    )
    assert "代理中" in asked.content.decode()

    perform(document, "submit", actor=town.drafter, key="submit")
    reviewer.fill(f"{home}do/pass/")
    today = reviewer.get("/workbench/").content.decode()
    assert "您正代测试approver" in today
    assert reviewer.get(f"{home}do/approve/").status_code == 404

    post = RoleAssignment.objects.get(on_behalf_of=town.approver.assignment_id)
    chosen = reviewer.post("/workbench/identity/", {"assignment": post.pk})
    assert "（代测试approver" in chosen.content.decode()
    reviewer.fill(f"{home}do/approve/")
    document.refresh_from_db()
    assert document.state == "approved"
    told = approver.get(home).content.decode()
    assert f"{town.reviewer.display_name}（代{town.approver.display_name}）<b>签发</b>" in told
    event = AuditEvent.objects.get(action="documents.approve")
    assert event.user_id == town.reviewer.user_id
    assert event.user_name == f"{town.reviewer.display_name}（代{town.approver.display_name}）"
    assert event.assignment == post

    # 签发人自己起草的，请人代理也签不了
    own = town.document(2)
    type(own).objects.filter(pk=own.pk).update(created_by=town.approver.user_id)
    for event_name, who in (("submit", town.drafter), ("pass", town.reviewer)):
        perform(own, event_name, actor=who, key=f"own-{event_name}")
    refused = reviewer.fill(f"/workbench/documents/{own.pk}/do/approve/")
    assert refused.status_code == 422 and "须由他人办理" in refused.content.decode()

    deputyship = Deputyship.objects.get()
    approver.fill(f"/workbench/deputies/{deputyship.pk}/do/end/")
    late = reviewer.client.post(f"{home}do/publish/", {"key": "late"})
    assert late.status_code == 401 and "这个任职已经失效" in late.content.decode()
    reviewer.post("/workbench/identity/", {"assignment": town.reviewer.assignment_id})
    assert "（代" not in reviewer.get("/workbench/").content.decode()
