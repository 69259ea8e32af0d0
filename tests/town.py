"""一个有站点、有栏目、有人手的小州。"""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.actors import actor, organisation
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.sources.documents.interpreting import Plan
from yangguang.sources.documents.models import CirculationRoute, OfficialDocument
from yangguang.sources.documents.services import plan_interpretation, take_in

TEXT = """测州办发〔2020〕{number}号

测试州人民政府办公室关于印发
第{number}号工作方案的通知

各县市人民政府：
现将《第{number}号工作方案》印发给你们，请认真贯彻执行。

测试州人民政府办公室
2020年9月25日
（此件公开发布）
"""

PLAN = Plan(
    outline="为什么要定；对谁适用；怎样办；什么时候起。",
    forms=("text", "picture"),
    channels=("website",),
    persons=("甲局副局长某某",),
    principal="甲局局长某某",
    planned_on=date(2020, 9, 28),
)
"""政策文件送审要附的解读方案。"""

ON_REQUEST = {
    "disclosure": "on_request",
    "disclosure_ground": "request-subject",
    "disclosure_reason": "仅涉及特定对象",
}
"""依申请公开的公文要写的。"""


@dataclass
class Town:
    """测试用的一套机构、站点、栏目和身份。"""

    organisation: Organisation
    site: Site
    column: Column
    drafter: Actor
    reviewer: Actor
    approver: Actor

    def document(self, number: int = 1, **overrides: object) -> OfficialDocument:
        """起草一份要素齐备的公文。"""
        document = take_in(
            TEXT.format(number=number),
            organisation=self.organisation,
            actor=self.drafter,
            key=f"take-in-{number}",
            overrides={"stage": "execution", **overrides},
        )
        document.columns.set([self.column])
        return document

    def planned(self, document: OfficialDocument) -> OfficialDocument:
        """给一份起草中的公文写好解读方案。"""
        return plan_interpretation(document, PLAN, actor=self.drafter)


@pytest.fixture
def town(db: None) -> Town:
    """一个小州，测试完了就没有了。"""
    return founded()


def founded() -> Town:
    """建起一个小州。"""
    office = organisation("test-prefecture", name="测试州人民政府办公室", short_name="测试州")
    site = Site.objects.create(
        code="test",
        name="测试州人民政府",
        short_name="测试州",
        organisation=office,
        domain="www.example.gov.cn",
        identification_code="6299000001",
    )
    column = Column.objects.add_root(
        instance=Column(
            site=site,
            code="wenjian",
            name="政策文件",
            column_type="政策文件",
            description="文件",
            keywords="文件",
        )
    )
    CirculationRoute.objects.create(organisation=office, steps=["review"])
    return Town(
        office,
        site,
        column,
        actor("drafter", office),
        actor("reviewer", office),
        actor("approver", office),
    )
