"""一份真实的工作方案在工作台上走一遍。

监督员贴上《临夏州政务公开工作实施方案》全文，看过读出的 43 项任务，收下；公开任务台账。永靖县签发人
报送一项完成，附上县里已发布的信息；监督员嫌不够，退回一次，说明要补什么；县里补了再报，监督员核实，
公开的台账成一个新版本。最后结项：没有收口的逐条列出，说明理由才结得了。
"""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.actors import actor
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.services import load_organisations
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.services import load_site
from yangguang.hub.publications.models import Publication
from yangguang.oversight.plans.models import ActionPlan, DeliverableAssignment, UnitGroup
from yangguang.sources.documents.services import set_steps, take_in

pytestmark = pytest.mark.django_db

LINXIA = Path(settings.DATA_ROOT) / "linxia"
COUNTY_NOTICE = """永政办发〔2020〕31号

永靖县人民政府办公室关于政府网站集约化迁移情况的通知

各乡镇人民政府：
县政府网站已经迁移到集约化平台。

永靖县人民政府办公室
2020年9月20日
（此件公开发布）
"""


@pytest.fixture
def text() -> str:
    return (LINXIA / "linxia-2020-81.txt").read_text(encoding="utf-8")


@pytest.fixture
def prefecture(db: None) -> Organisation:
    load_organisations(LINXIA)
    load_site(LINXIA / "site.json")
    return Organisation.objects.get(code="linxia")


@pytest.fixture
def supervisor(prefecture: Organisation) -> Desk:
    return sign_in(actor("supervisor", prefecture, subtree=True))


@pytest.fixture
def county(prefecture: Organisation) -> dict[str, Actor]:
    yongjing = Organisation.objects.get(code="yongjing")
    return {role: actor(role, yongjing) for role in ("drafter", "reviewer", "approver")}


def _published_notice(county: dict[str, Actor]) -> Publication:
    """县里发布过的一条信息，走完起草、审核、签发、发布。"""
    from yangguang.foundation.lifecycle.services import perform

    unit = Organisation.objects.get(pk=county["drafter"].organisation_id)
    set_steps(unit, ["review"], actor=county["approver"])
    document = take_in(
        COUNTY_NOTICE,
        organisation=unit,
        actor=county["drafter"],
        key="notice",
        overrides={"stage": "execution"},
    )
    document.uncertain = []
    document.save()
    document.columns.set([Column.objects.get(code="tongzhi-gonggao")])
    for event, role in (
        ("submit", "drafter"), ("pass", "reviewer"), ("approve", "approver"), ("publish", "drafter"),
    ):  # fmt: skip
        perform(document, event, actor=county[role], key=f"notice:{event}")
    return Publication.objects.get(kind="document")


def test_a_plan_travels_from_its_text_to_its_close(
    supervisor: Desk, county: dict[str, Actor], text: str
) -> None:
    notice = _published_notice(county)

    looked = supervisor.fill("/workbench/plans/new/", text=text, key="taking-in")
    page = looked.content.decode()
    assert looked.status_code == 200 and "核对读出的任务" in page
    assert "读出 <b>43</b> 项任务" in page and "各县市人民政府" in page
    assert not ActionPlan.objects.exists()

    shown = looked.context["form"]
    supervisor.post(
        "/workbench/plans/new/",
        {name: shown[name].value() or "" for name in shown.fields if name != "file"},
    )
    plan = ActionPlan.objects.get()
    assert (plan.document_number, plan.issued_on) == ("临州办发〔2020〕81号", date(2020, 9, 25))
    assert plan.tasks.count() == 43

    home = f"/workbench/plans/{plan.pk}/"
    before = supervisor.get(f"{home}?as_of=2020-09-30").content.decode()
    assert "30 天内到期" in before and "永靖县" in before
    supervisor.fill(f"{home}do/publish_ledger/")
    ledger = plan.ledger()
    assert ledger is not None and ledger.versions.count() == 1

    share = DeliverableAssignment.objects.get(
        organisation__code="yongjing", deliverable__phrase="9月底前", deliverable__due_basis="own"
    )
    at_share = f"/workbench/shares/{share.pk}/"
    approver, drafter = sign_in(county["approver"]), sign_in(county["drafter"])
    assert f'href="{at_share}"' in approver.get("/workbench/").content.decode()
    prepared = drafter.get("/workbench/").content.decode()
    assert "由本单位签发人报送，请先备好情况和佐证。" in prepared
    assert drafter.get(f"{at_share}do/report/").status_code == 404

    bare = approver.fill(f"{at_share}do/report/", text="县政府网站已经迁移。")
    assert bare.status_code == 422
    assert "报送完成须附佐证" in bare.content.decode()
    assert "县政府网站已经迁移。" in bare.content.decode()
    approver.fill(f"{at_share}do/report/", text="县政府网站已经迁移。", recent=[str(notice.pk)])
    share.refresh_from_db()
    assert share.state == "reported"

    assert f"{share}：报送完成" in supervisor.get("/workbench/").content.decode()
    supervisor.fill(f"{at_share}do/return/", message="请写明迁移完成的日期。")
    returned = approver.get("/workbench/").content.decode()
    assert "退回我的" in returned and "请写明迁移完成的日期。" in returned

    approver.fill(
        f"{at_share}do/report/",
        text="县政府网站 9 月 18 日完成迁移。",
        evidence=f"永政办发〔2020〕31号\r\n{notice.index_number}",
    )
    supervisor.fill(f"{at_share}do/confirm/")
    share.refresh_from_db()
    assert share.state == "completed"
    (reported,) = Publication.objects.get(pk=ledger.pk).current_version.payload["reports"]
    assert reported["text"] == "县政府网站 9 月 18 日完成迁移。"
    assert [e["index_number"] for e in reported["evidence"]] == [notice.index_number]
    assert ledger.versions.count() == 2

    closing = f"{home}do/close/"
    open_shares = DeliverableAssignment.objects.filter(state="in_progress").count()
    waiting = UnitGroup.objects.waiting().count()
    refused = supervisor.fill(closing)
    assert refused.status_code == 422
    assert len(refused.context["refusals"]) == open_shares + waiting
    plan.refresh_from_db()
    assert plan.state == "active"

    first = DeliverableAssignment.objects.filter(state="in_progress").first()
    assert first is not None
    supervisor.fill(f"/workbench/shares/{first.pk}/do/close/", message="单位撤并，不再办理。")
    supervisor.fill(closing, rest="转入日常工作。")
    plan.refresh_from_db()
    first.refresh_from_db()
    share.refresh_from_db()
    assert (plan.state, plan.closed_on) == ("closed", timezone.localdate())
    assert share.state == "completed"
    assert first.closing_reason == "单位撤并，不再办理。"
    others = DeliverableAssignment.objects.filter(state="closed").exclude(pk=first.pk)
    assert others.count() == open_shares - 1
    assert set(others.values_list("closing_reason", flat=True)) == {"转入日常工作。"}
    assert not DeliverableAssignment.objects.filter(state="in_progress").exists()
    assert not UnitGroup.objects.waiting().exists()
