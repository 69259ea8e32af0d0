"""一位信息员调离。

她手上有一份起草的公文、一份退回来的、一篇稿件。管理员当天停用她的账号：她的下一次点击就要重新登录，而且
登不上。管理员列出清单交给同事，因为她已经离岗，代她签字，写明缘由。同事在“今天要办”里签收，三件事都到了
他手上：退回的话看得到，改好送审；起草人还是她，所以同事也不能自己审——审核人审过，签发、发布。
"""

import pytest

from tests.actors import actor
from tests.sources.articles.conftest import written
from tests.staff import enrolled
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import User
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.personnel.models import Handover
from yangguang.hub.publications.models import Publication

pytestmark = pytest.mark.django_db


def test_what_a_leaver_held_goes_on_in_other_hands(town: Town) -> None:
    admin = actor("organisation_admin", town.organisation)
    colleague = actor("drafter", town.organisation, username="jie.shou")
    for who in (admin, colleague):
        enrolled(who)
    leaver = enrolled(town.drafter)
    drafted, returned, article = town.document(1), town.document(2), written(town)
    perform(returned, "submit", actor=town.drafter, key="sent")
    perform(returned, "return", actor=town.reviewer, key="back", message="主题分类没有填。")

    hers, office = sign_in(town.drafter), sign_in(admin)
    person = f"/workbench/people/{leaver.pk}/"
    assert "公文 2 件" in office.get(person).content.decode()
    office.fill(f"{person}do/leave/", message="调离")
    assert hers.client.get("/workbench/").status_code == 302
    form = {"username": leaver.user.username, "password": "Sunshine-2020"}
    assert "今天要办" not in hers.post("/workbench/sign-in/", form).content.decode()
    assert leaver.user.display_name in office.get("/workbench/").content.decode()

    office.fill(f"/workbench/handovers/new/?member={leaver.pk}", receiver=colleague.user_id)
    handover = Handover.objects.get()
    listed = f"/workbench/handovers/{handover.pk}/"
    shown = office.get(listed).content.decode()
    assert all(each.title in shown for each in (drafted, returned, article))
    desk = sign_in(colleague)
    assert "签收" not in desk.get("/workbench/").content.decode()
    office.fill(f"{listed}do/hand_for/", message="本人已经调离，不能到场")
    assert "签收：" in desk.get("/workbench/").content.decode()
    desk.fill(f"{listed}do/receive/")
    assert all(
        keeper_of(each).pk == colleague.user_id for each in (drafted, returned, article)
    )  # fmt: skip

    home = f"/workbench/documents/{returned.pk}/"
    assert "“主题分类没有填。”" in desk.get("/workbench/").content.decode()
    desk.fill(f"{home}edit/", subject="综合政务")
    desk.fill(f"{home}do/submit/")
    assert "等别人办的" in desk.get("/workbench/").content.decode()
    # 接手的人换成审核人的身份，也不能审自己接手的
    as_reviewer = actor("reviewer", town.organisation, username="jie.shou")
    desk.post("/workbench/identity/", {"assignment": as_reviewer.assignment_id})
    refused = desk.fill(f"{home}do/pass/")
    assert refused.status_code == 422 and "须由他人办理" in refused.content.decode()
    sign_in(town.reviewer).fill(f"{home}do/pass/")
    sign_in(town.approver).fill(f"{home}do/approve/")
    desk.post("/workbench/identity/", {"assignment": colleague.assignment_id})
    desk.fill(f"{home}do/publish/")
    assert Publication.objects.get().title == returned.title
    returned.refresh_from_db()
    assert returned.created_by == User.objects.get(pk=town.drafter.user_id)
