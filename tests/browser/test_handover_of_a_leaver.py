"""一位信息员调离。

她手上有一份起草的公文、一份退回来的、一篇稿件。管理员在手机上当天停用她的账号：她的下一次点击就要重新登录，
而且登不上。管理员列出清单交给同事，因为她已经离岗，代她签字，写明缘由。同事在“今天要办”里签收，三件事都
到了他手上：退回的话看得到，改好送审；起草人还是她，接手的人换成审核人的身份，也不能审自己接手的——审核人
审过，签发、发布，公众看到。
"""

import pytest
from playwright.sync_api import expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.sources.articles.conftest import written
from tests.staff import enrolled
from tests.town import Town
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.lifecycle.services import perform

pytestmark = pytest.mark.browser


def test_what_a_leaver_held_goes_on_in_other_hands(live: Visitor, town: Town) -> None:
    admin = actor("organisation_admin", town.organisation, username="guan.li")
    colleague = actor("drafter", town.organisation, username="jie.shou")
    for who in (admin, colleague, town.drafter):
        enrolled(who)
    drafted, returned, article = town.document(1), town.document(2), written(town)
    perform(returned, "submit", actor=town.drafter, key="sent")
    perform(returned, "return", actor=town.reviewer, key="back", message="主题分类没有填。")
    leaver = comes(live, town.drafter, "马信息员")
    office = comes(live, admin, "管理员老杨", width=360)
    successor = comes(live, colleague, "接手的小安")

    office.goes_to("人员和任职")
    office.follows("马信息员")
    office.reads("公文 2 件", "稿件 1 件")
    office.follows("停用")
    office.reads("所有会话当场结束")
    office.writes("理由", "调离")
    office.presses("停用")
    office.reads("已停用。")
    leaver.goes_to("公文")
    leaver.signs_in()
    leaver.is_refused("用户名或口令不对")

    # 清单；本人不在，代签
    office.today()
    office.reads("马信息员")
    office.follows("马信息员")
    office.follows("列交接清单")
    office.chooses("接收人", "接手的小安（jie.shou）")
    office.presses("列清单")
    office.reads(drafted.title, returned.title, article.title)
    successor.today()
    successor.does_not_read("签收")
    office.follows("代移交人签字")
    office.writes("理由", "本人已经调离，不能到场")
    office.presses("代移交人签字")
    office.is_at_step("待接收人签收")

    successor.today()
    successor.follows("签收：")
    successor.presses("签收")
    successor.reads("已签收。")
    assert all(
        keeper_of(each).pk == colleague.user_id for each in (drafted, returned, article)
    )  # fmt: skip

    successor.today()
    successor.reads(drafted.title, article.title)
    successor.reads_in("退回我的", "“主题分类没有填。”")
    successor.follows(returned.title)
    successor.reads("马信息员", "交接单第")  # 起草人不变
    successor.follows("修改")
    successor.chooses("主题分类", "综合政务")
    successor.presses("保存")
    successor.presses("送审")
    successor.reads("已送审。")
    actor("reviewer", town.organisation, username="jie.shou")
    successor.acts_as("审核人")
    successor.reads("没有等您办的事。")
    successor.goes_to("公文")
    successor.follows(returned.title)
    expect(successor.button("审核通过")).to_be_disabled()
    successor.reads("这是移交给您经办的，须由他人办理。")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.follows(returned.title)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")
    approver = comes(live, town.approver, "祁主任")
    approver.follows(returned.title)
    approver.presses("签发")
    approver.reads("已签发。")
    successor.acts_as("信息员")
    successor.follows(returned.title)
    successor.presses("发布")
    successor.reads("已发布。")
    successor.sees_it_published()
    expect(successor.page.get_by_role("heading", level=1)).to_have_text(returned.title)
    returned.refresh_from_db()
    assert returned.created_by_id == town.drafter.user_id
