"""迟了的解读。

政策文件附着解读方案印发、上网；解读限三个工作日，国庆长假一过，已经迟了三个工作日。信息员一早看到，
监督员在“该解读的公文”里也看到。信息员图省事，把文件的原文抄进去：系统说出有几成相同，送不了审。
他用自己的话写，审核、签发、发布，公众从文件点得到解读，从解读点得到文件。
"""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.sources.interpretations.conftest import PARTS, walk
from tests.town import Town
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.interpretations.models import Interpretation
from yangguang.sources.interpretations.rules import percent

pytestmark = pytest.mark.browser
ISSUED = date(2020, 9, 25)
DUE = date(2020, 9, 29)
"""九月二十五日是星期五；二十七日星期天调休上班，算第一个工作日。"""
IN_TIME, LATE = date(2020, 9, 28), date(2020, 10, 10)
"""十月十日星期六调休上班；期限过后的工作日是九月三十日、十月九日、十月十日。"""
TOLD = "已过 3 个工作日"
TITLE = "物业收费看得见：新办法问与答"
RULES = (
    "第一条　物业服务企业应当在小区显著位置公示收费项目、收费标准、计费方式和投诉电话。",
    "第二条　拟提高收费标准的，应当书面征求全体业主意见，经专有部分面积占比过半数的业主同意。",
    "第三条　公共收益单独列账，每半年公布一次收支明细，接受业主查询，不得挪作他用。",
    "第四条　业主大会可以依法解聘物业服务企业，原企业应当在三十日内移交资料、退出小区。",
)
LABELS = {
    "background": "背景依据", "aims": "目的意义", "main": "主要内容", "scope": "适用范围",
    "benefits": "惠民举措",
}  # fmt: skip


def issued(town: Town) -> OfficialDocument:
    """印发、上网了的一份政策文件，附着解读方案。"""
    body = [{"type": "paragraph", "style": "plain", "text": rule} for rule in RULES]
    document = town.document(1, is_policy=True, written_on=ISSUED, issued_on=ISSUED, body=body)
    found: OfficialDocument = walk(
        town, town.planned(document), "submit", "pass", "approve", "publish"
    )
    return found


def test_it_is_late_by_the_exact_days_cannot_be_a_copy_and_at_last_links_to_the_document(
    live: Visitor, town: Town, settings: Any
) -> None:
    document = issued(town)
    assert document.interpretation_due == DUE

    settings.READING_DAY = IN_TIME
    drafter = comes(live, town.drafter, "马信息员")
    drafter.reads_in("快到期、已过期的", f"解读：{document}", "1 个工作日", DUE.isoformat())

    settings.READING_DAY = LATE
    drafter.today()
    drafter.reads_in("快到期、已过期的", f"解读：{document}", TOLD)
    drafter.goes_to("政策解读")
    drafter.follows("该解读的公文")
    drafter.reads("过了解读期限的 1 份", document.title, DUE.isoformat(), TOLD)

    supervisor = comes(
        live, actor("supervisor", town.organisation, subtree=True), "穆监督员", width=360
    )
    supervisor.goes_to("政策解读")
    supervisor.follows("该解读的公文")
    supervisor.reads(document.title, TOLD, "还没有起草")

    drafter.follows(f"起草解读：{document.title}")
    expect(drafter.field("解读哪份文件")).to_have_value(document.document_number)
    drafter.writes("标题", TITLE)
    drafter.chooses("形式", "文字")
    for code, label in LABELS.items():
        drafter.writes(label, "\n".join(RULES) if code == "main" else "见文件。")
    drafter.chooses("五公开类别", "决策公开")
    drafter.ticks(town.column.name)
    drafter.presses("保存")
    drafter.reads("与文件相同", "最多 75%", TOLD)
    refusal = drafter.page.locator("#why-submit")
    same = percent(Interpretation.objects.get().copied)
    expect(refusal).to_contain_text(f"解读的文字有 {same} 与文件相同，最多 75%")
    expect(drafter.button("送审")).to_be_disabled()

    supervisor.goes_to("政策解读")
    supervisor.follows("该解读的公文")
    supervisor.reads(TITLE, "起草", TOLD)

    drafter.follows("修改")
    for code, label in LABELS.items():
        drafter.writes(label, PARTS[code])
    drafter.presses("保存")
    drafter.presses("送审")
    drafter.reads("已送审。")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.reads_in("快到期、已过期的", TITLE, TOLD)
    reviewer.follows(TITLE)
    reviewer.presses("审核通过")
    reviewer.reads("已审核通过。")
    approver = comes(live, town.approver, "祁主任", width=360)
    approver.follows(TITLE)
    approver.presses("签发")
    approver.reads("已签发。")
    drafter.today()
    drafter.follows(TITLE)
    drafter.presses("发布")
    drafter.reads("已发布。")

    supervisor.goes_to("政策解读")
    supervisor.follows("该解读的公文")
    supervisor.does_not_read(document.title)

    drafter.sees_it_published()
    page = drafter.page
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("main").get_by_role("link", name=document.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(document.title)
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
