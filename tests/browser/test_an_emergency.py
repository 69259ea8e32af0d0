"""一次紧急发布。

山洪预警来不及走完步骤：签发人写明缘由，当即上网。审核人第二天一早看到等他补审，看了属实，补审通过。
监督员在“紧急发布”里看得到是谁、什么时候、为什么，补审了没有；没有补审的时候，也看得到还等着。
"""

import pytest
from playwright.sync_api import expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.browser.stories import comes
from tests.town import Town
from yangguang.sources.documents.models import EmergencyRelease

pytestmark = pytest.mark.browser
WHY = "山洪预警，须立即告知群众。"


def test_it_goes_online_at_once_and_is_reviewed_under_the_eyes_of_the_supervisor(
    live: Visitor, town: Town
) -> None:
    document = town.document()
    watch = actor("supervisor", town.organisation, subtree=True)
    approver = comes(live, town.approver, "祁主任", width=360)
    approver.goes_to("公文")
    approver.follows(document.title)
    approver.follows("紧急发布")
    approver.writes("为什么来不及走完步骤", WHY)
    approver.presses("紧急发布")
    approver.reads("已紧急发布。", WHY)
    approver.sees_it_published()
    expect(approver.page.get_by_role("heading", level=1)).to_have_text(document.title)

    supervisor = comes(live, watch, "穆监督员")
    supervisor.goes_to("紧急发布")
    supervisor.reads(document.title, WHY, "祁主任", "等补审")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.follows(document.title)
    reviewer.follows("补审通过")
    reviewer.writes("理由", "与气象台的预警核对过，内容属实。")
    reviewer.presses("补审通过")
    reviewer.reads("已补审通过。")

    supervisor.goes_to("紧急发布")
    supervisor.reads("补审通过", "白审核员")
    assert EmergencyRelease.objects.get().outcome == "sound"
