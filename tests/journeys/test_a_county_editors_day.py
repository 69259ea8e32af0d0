"""县里的信息员和签发人的一天。

早上打开“今天要办”：昨天送审的一份公文退回来了，州里要一篇秋收的稿子，今天到期，还要求把一份文件转到
县的网站。信息员照退回的话改好再送，写了稿子应约送签；签发人把公文签发、稿子报送、文件转发。信息员把
公文发布。下班之前，两个人的“今天要办”都空了，报出去的稿子在“等别人办的”里。
"""

import pytest
from django.utils import timezone

from tests.access.sharing import elsewhere
from tests.actors import actor
from tests.sources.contributions.conftest import make_bureau
from tests.town import TEXT, Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.ordering import order_share
from yangguang.sources.contributions.models import Call, Contribution
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import take_in

pytestmark = pytest.mark.django_db
TODAY = "/workbench/"


def page(desk: Desk, path: str = TODAY) -> str:
    return str(desk.get(path).content.decode())


def test_a_county_editors_day(town: Town) -> None:
    county = make_bureau(town)
    site = Site.objects.create(
        code="county", name="县人民政府", short_name="本县", organisation=county.organisation,
        domain="www.county.example", identification_code="6299000008",
    )  # fmt: skip
    column = Column.objects.add_root(
        instance=Column(
            site=site, code="above", name="上级文件", column_type="政策文件",
            description="文件", keywords="文件",
        )
    )  # fmt: skip
    reviewer = actor("reviewer", county.organisation)
    above = actor("supervisor", town.organisation, username="above", subtree=True)

    # 昨天：信息员送审的一份，审核人退回了；州里约了稿，要求转发
    document = take_in(
        TEXT.format(number=3), organisation=county.organisation, actor=county.drafter, key="mine",
        overrides={"stage": "execution"},
    )  # fmt: skip
    document.columns.set([column])
    perform(document, "submit", actor=county.drafter, key="sent")
    perform(document, "return", actor=reviewer, key="back", message="主题分类没有填。")
    perform(county.call(), "issue", actor=town.drafter, key="issue")
    wanted = elsewhere(town)
    order_share(wanted, [site], due_on=timezone.localdate(), note="放在显著位置", actor=above)

    drafter, approver = sign_in(county.drafter), sign_in(county.approver)
    morning = page(drafter)
    assert morning.index("退回我的") < morning.index("快到期、已过期的")
    assert "“主题分类没有填。”" in morning and "秋收情况" in morning and "今天到期" in morning
    ordered = page(approver)
    assert wanted.title in ordered and "要求转发到县人民政府。放在显著位置" in ordered

    # 改好退回的，再送；审核人通过
    home = f"/workbench/documents/{document.pk}/"
    drafter.fill(f"{home}edit/", subject="综合政务")
    drafter.fill(f"{home}do/submit/")
    assert "退回我的" not in page(drafter) and "等别人办的" in page(drafter)
    sign_in(reviewer).fill(f"{home}do/pass/")

    # 应约
    call = Call.objects.get()
    drafter.fill(
        f"/workbench/contributions/new/?call={call.pk}", title="全县秋粮入库", body="正文一段。"
    )
    sent = f"/workbench/contributions/{Contribution.objects.get().pk}/"
    drafter.fill(f"{sent}do/submit/")

    # 签发人：签发、报送、转发
    approver.fill(f"{home}do/approve/")
    approver.fill(f"{sent}do/send/")
    approver.fill(f"/workbench/sharing/{wanted.pk}/county/", columns=[str(column.pk)])
    assert "没有等您办的事。" in page(approver)

    assert document.title in page(drafter)  # 签发了，等发布
    drafter.fill(f"{home}do/publish/")
    evening = page(drafter)
    assert "没有等您办的事。" in evening
    assert "全县秋粮入库" in evening.partition("等别人办的")[2]
    published = Publication.objects.filter(organisation=county.organisation)
    assert published.get().title == OfficialDocument.objects.get(pk=document.pk).title
    assert wanted.shares.filter(ended_at=None, site=site).exists()
