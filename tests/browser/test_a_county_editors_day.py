"""县里的信息员和签发人的一天。

早上打开“今天要办”：昨天送审的一份公文退回来了，州里要一篇秋收的稿子，今天到期，还要求把一份文件转到
县的网站。信息员照退回的话改好再送，写了稿子应约送签；签发人把公文签发、稿子报送、文件转发。信息员把
公文发布。下班之前，两个人的“今天要办”都空了，报出去的稿子在“等别人办的”里，县的网站上两样都有了。
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.access.sharing import elsewhere
from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import bake, comes
from tests.sources.contributions.conftest import make_bureau
from tests.town import TEXT, Town
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.ordering import order_share
from yangguang.sources.contributions.models import Contribution
from yangguang.sources.documents.services import take_in

pytestmark = pytest.mark.browser


def test_a_county_editors_day(live: Visitor, town: Town, settings) -> None:
    settings.SECOND_STEP_REQUIRED = True
    county = make_bureau(town)
    site = Site.objects.create(
        code="county", name="县人民政府", short_name="本县", organisation=county.organisation,
        domain=town.site.domain, path_prefix="county", identification_code="6299000008",
    )  # fmt: skip
    column = Column.objects.add_root(
        instance=Column(
            site=site, code="above", name="上级文件", column_type="政策文件",
            description="文件", keywords="文件",
        )
    )  # fmt: skip
    reviewing = actor("reviewer", county.organisation)
    above = actor("supervisor", town.organisation, username="above", subtree=True)

    # 昨天：信息员送审的一份，审核人退回了；州里约了稿，要求转发
    document = take_in(
        TEXT.format(number=3), organisation=county.organisation, actor=county.drafter, key="mine",
        overrides={"stage": "execution"},
    )  # fmt: skip
    document.columns.set([column])
    perform(document, "submit", actor=county.drafter, key="sent")
    perform(document, "return", actor=reviewing, key="back", message="主题分类没有填。")
    perform(county.call(), "issue", actor=town.drafter, key="issue")
    wanted = elsewhere(town)
    order_share(wanted, [site], due_on=timezone.localdate(), note="放在显著位置", actor=above)

    # 早上
    drafter = comes(live, county.drafter, "县里的小马")
    groups = drafter.page.get_by_role("heading", level=2).all_inner_texts()
    assert groups.index("退回我的") < groups.index("快到期、已过期的")
    drafter.reads_in("退回我的", document.title, "“主题分类没有填。”")
    drafter.reads_in("快到期、已过期的", "秋收情况", "今天到期")

    # 改好退回的，再送；审核人通过
    drafter.follows(document.title)
    drafter.follows("修改")
    drafter.chooses("主题分类", "综合政务")
    drafter.presses("保存")
    drafter.presses("送审")
    drafter.reads("已送审。")
    drafter.today()
    drafter.does_not_read("退回我的")
    drafter.reads_in("等别人办的", document.title)
    reviewer = comes(live, reviewing, "白审核员", width=768)
    reviewer.follows(document.title)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")

    # 应约
    drafter.follows("秋收情况")
    drafter.writes("标题", "全县秋粮入库")
    drafter.types("正文", "全县秋粮已经入库。")
    drafter.presses("保存")
    drafter.presses("送签")
    drafter.reads("已送签。")

    # 签发人：签发、报送、转发
    approver = comes(live, county.approver, "祁县长", width=360)
    approver.follows(document.title)
    approver.presses("签发")
    approver.reads("已签发。")
    approver.today()
    approver.follows("全县秋粮入库")
    approver.presses("报送")
    approver.reads("已报送。")
    approver.today()
    approver.reads("要求转发到县人民政府。放在显著位置")
    approver.follows(wanted.title)
    approver.ticks("上级文件")
    approver.presses("转发")
    approver.today()
    approver.reads("没有等您办的事。")

    # 发布，下班
    drafter.today()
    drafter.follows(document.title)
    drafter.presses("发布")
    drafter.reads("已发布。")
    drafter.today()
    drafter.reads("没有等您办的事。")
    drafter.reads_in("等别人办的", "全县秋粮入库")
    assert Contribution.objects.get().state == "sent"
    published = Publication.objects.get(organisation=county.organisation)
    assert published.title == document.title

    # 公众在县的网站上看到自己的一份和转发的一份
    bake()
    drafter.page.goto(f"{live.address}/county/columns/above/")
    for title in (document.title, wanted.title):
        expect(drafter.page.get_by_role("main").get_by_role("link", name=title)).to_be_visible()
    drafter.look()
    drafter.follows(wanted.title)
    drafter.reads("邻州")
