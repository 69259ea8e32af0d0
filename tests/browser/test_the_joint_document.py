"""两个机关联合发文。

办公室起草，教育局会签：头一回不同意，说了为什么；改了再送，同意，也留下意见。主办的签发、编号、印发、
上网；解读由主办的负责。两家的签发人都看得到，公众看到的发文机关是两家，主办的在前。
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.actors import actor, organisation
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.town import Town
from yangguang.sources.documents.register import add_series
from yangguang.sources.documents.services import set_steps

pytestmark = pytest.mark.browser
TITLE = "关于做好农村义务教育学生营养改善工作的通知"
LEAD, OTHER = "测试州人民政府办公室", "测试州教育局"
DECLINED = "第一条没有写食堂供餐的标准，请补上。"
AGREED = "标准已写明，同意。"


def test_each_organ_signs_the_lead_issues_and_the_public_sees_both(
    live: Visitor, town: Town
) -> None:
    bureau = organisation("bureau", town.organisation, name=OTHER, short_name="州教育局")
    set_steps(town.organisation, ["review", "number", "issue"], actor=town.approver)
    add_series(town.organisation, "测州办发", used=0, actor=town.approver)

    drafter = comes(live, town.drafter, "马信息员")
    drafter.goes_to("公文")
    drafter.follows("起草")
    drafter.writes("标题", TITLE)
    drafter.page.get_by_role("radio", name="主动公开", exact=True).check()
    drafter.ticks("需要解读的政策")
    drafter.writes("联合发文的其他机关", "州教育局")
    drafter.chooses("五公开类别", "执行公开")
    drafter.ticks("政策文件")
    drafter.writes("正文", "一、改善学生营养。\n二、管好专项资金。")
    drafter.presses("保存")
    drafter.reads(f"{LEAD}、{OTHER}", "等会签")
    expect(drafter.page.locator("#why-submit")).to_contain_text("缺少解读方案")

    drafter.follows("写解读方案")
    drafter.writes("提纲", "为什么要改善；给谁；标准是多少。")
    drafter.ticks("文字")
    drafter.page.get_by_role("group", name="途径").get_by_role("checkbox").first.check()
    drafter.writes("解读人", "办公室副主任某某")
    drafter.writes("计划发布的日期", timezone.localdate().isoformat())
    drafter.presses("保存")
    drafter.reads("解读方案已存。", "解读机关")
    drafter.presses("送审")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.follows(TITLE)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")

    director = comes(live, actor("approver", bureau), "沙局长", width=360)
    director.follows(TITLE)
    director.is_at_step("会签")
    expect(director.page.locator("dt", has_text="解读机关").locator("+ dd")).to_have_text(LEAD)
    director.follows("会签不同意")
    director.writes("理由", DECLINED)
    director.presses("会签不同意")
    director.reads("已会签不同意。")

    drafter.today()
    drafter.reads(DECLINED)
    drafter.follows(TITLE)
    drafter.follows("核对、修改")
    text = drafter.page.get_by_role("textbox", name="正文")
    text.fill("一、改善学生营养，每生每天四元。\n二、管好专项资金。")
    drafter.presses("保存")
    drafter.presses("送审")
    drafter.reads("已送审。")
    reviewer.today()
    reviewer.follows(TITLE)
    reviewer.presses("审核通过")

    director.today()
    director.follows(TITLE)
    director.reads("每生每天四元")
    director.follows("会签同意")
    director.writes("意见", AGREED)
    director.presses("会签同意")
    director.reads("已会签同意。", AGREED)

    approver = comes(live, town.approver, "祁主任")
    approver.follows(TITLE)
    approver.reads(AGREED, "沙局长")
    approver.presses("签发")
    approver.reads("已签发。")

    drafter.today()
    drafter.follows(TITLE)
    drafter.follows("编号")
    drafter.presses("编号")
    number = f"测州办发〔{timezone.localdate().year}〕1号"
    drafter.reads("已编号。", number)
    drafter.follows("印发")
    drafter.presses("印发")
    drafter.reads("已印发。")
    drafter.presses("发布")
    drafter.reads("已发布。")

    director.goes_to("公文")
    director.follows(TITLE)
    director.reads(number, "已发布", AGREED)
    expect(director.button("撤回")).to_have_count(0)

    drafter.sees_it_published()
    expect(drafter.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(drafter.page.locator("body")).to_contain_text(f"{LEAD}、{OTHER}")
