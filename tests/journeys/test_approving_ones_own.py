"""起草的人想自己签发。

单位人手紧，他既是信息员又是签发人。他以信息员的身份起草、送审，审核人通过之后，换成签发人的身份想签：
按钮是灰的，写着须由他人办理；不走按钮直接提交，也被拒，什么也没有变。他请审核人代理自己签——代理的
还是他的名义，一样不行。最后由另一位签发人签发，他看着在公众面前出现。
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.actors import actor
from tests.staff import enrolled
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.hub.publications.models import Publication

pytestmark = pytest.mark.django_db


def test_whoever_drafted_it_cannot_approve_it_in_any_capacity(town: Town) -> None:
    both = User.objects.get(pk=town.drafter.user_id).username
    signing = actor("approver", town.organisation, username=both)
    for who in (signing, town.reviewer):
        enrolled(who)
    document = town.document()
    home = f"/workbench/documents/{document.pk}/"
    desk, reviewer = sign_in(town.drafter), sign_in(town.reviewer)
    desk.fill(f"{home}do/submit/")
    reviewer.fill(f"{home}do/pass/")

    desk.post("/workbench/identity/", {"assignment": signing.assignment_id})
    assert document.title not in desk.get("/workbench/").content.decode()  # 不是等他办的
    shown = desk.get(home).content.decode()
    assert "disabled" in shown and "须由他人办理" in shown
    before = TransitionRecord.objects.count(), AuditEvent.objects.count()
    refused = desk.post(f"{home}do/approve/", {"key": "by-hand"})
    assert refused.status_code == 422 and "须由他人办理" in refused.content.decode()
    assert (TransitionRecord.objects.count(), AuditEvent.objects.count()) == before

    until = (timezone.localdate() + timedelta(days=1)).isoformat()
    desk.fill(
        "/workbench/deputies/new/", principal=signing.assignment_id,
        deputy=town.reviewer.user_id, valid_until=until, reason="出差",
    )  # fmt: skip
    post = RoleAssignment.objects.get(on_behalf_of=signing.assignment_id)
    reviewer.post("/workbench/identity/", {"assignment": post.pk})
    refused = reviewer.fill(f"{home}do/approve/")
    assert refused.status_code == 422 and "须由他人办理" in refused.content.decode()
    document.refresh_from_db()
    assert document.state == "in_approval"

    sign_in(town.approver).fill(f"{home}do/approve/")
    desk.post("/workbench/identity/", {"assignment": town.drafter.assignment_id})
    desk.fill(f"{home}do/publish/")
    assert Publication.objects.get().title == document.title
