"""各单位自己报数。

州里把一笔直达资金分给县、县再分给乡，信息员请两家在三天以内报数。县里的信息员在“今天要办”里看到，照实报了
拨付的数；头一回把支出写多了，当场退回，改了再报。乡里过了期限还没有报。州里看得到谁报了、差在哪里，采用了县
里的，各级的数随之重算。
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.sources.funds.conftest import below, opened
from tests.town import Town

pytestmark = pytest.mark.browser
FUND = "测试补助资金"


def test_each_reports_its_own_and_the_keeper_takes_it_in(
    live: Visitor, town: Town, settings: Any
) -> None:
    under = below(town)
    opened(town, under)
    today = timezone.localdate()
    keeper = comes(live, town.drafter, "马信息员")
    keeper.goes_to("资金公开")
    keeper.follows(FUND)
    keeper.follows("请各单位报数")
    keeper.writes("请在哪天以前报", (today + timedelta(days=3)).isoformat())
    keeper.presses("请")
    keeper.reads("0 笔报了，2 笔没有报")

    county = comes(live, actor("drafter", under.county), "唐信息员", width=360)
    county.reads(FUND, "请报本单位收到、拨付、支出的数")
    county.follows(FUND)
    county.reads("测试项目", "还没有报。")
    county.does_not_read("甲镇")
    county.follows("报数")
    county.writes("拨付（元）", "420")
    county.writes("支出（元）", "460")
    county.presses("报出")
    county.is_refused("支出 460 元，多于拨付的 420 元")
    county.writes("支出（元）", "260")
    county.presses("报出")
    county.reads("已报给", "唐信息员", "420")
    county.today()
    county.does_not_read(FUND)

    settings.READING_DAY = today + timedelta(days=24)
    township = comes(live, actor("drafter", under.township), "卢信息员", width=768)
    township.reads_in("快到期、已过期的", FUND, "已过")

    keeper.today()
    keeper.follows(f"各单位报数：{FUND}")
    keeper.reads("1 笔报了，1 笔没有报", "唐信息员", "不同", "还没有报")
    keeper.presses("采用新报的 1 笔")
    keeper.reads("已采用 1 笔")
    expect(keeper.page.get_by_role("row").filter(has_text="唐信息员")).to_contain_text("相同")
    keeper.today()
    keeper.does_not_read(f"各单位报数：{FUND}")
