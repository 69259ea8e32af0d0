"""政策解读与文件三同步：政策文件没有解读方案的，从哪个入口都送不了审。

规则、表单、成批、接口、直接调用服务、直接写库，一样一样试；签发以后期限开始算。
"""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.actors import actor
from tests.api import Api
from tests.foundation.notify.conftest import messages
from tests.town import ON_REQUEST, PLAN, TEXT, Town
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified, Refused, perform, perform_all
from yangguang.foundation.notify.producers import remind_of_deadlines
from yangguang.sources.documents import due
from yangguang.sources.documents.interpreting import (
    Plan,
    Terms,
    interpreter,
    looks_like_policy,
    needs_interpretation,
    plan_faults,
    told_of,
)
from yangguang.sources.documents.models import InterpretationPlan, OfficialDocument
from yangguang.sources.documents.services import edit, plan_interpretation

pytestmark = pytest.mark.django_db
MISSING = "缺少解读方案：政策文件送审须附解读方案；确实不必解读的，写明理由。"
EXEMPTION = Plan(exemption="只调整内设机构的职责，不涉及群众办事。")


def still_a_draft(document: OfficialDocument) -> None:
    document.refresh_from_db()
    assert document.state == "draft"
    assert not TransitionRecord.objects.filter(object_id=document.pk).exclude(event="create")


# ---- 规则 ----


def test_what_is_not_made_public_and_what_is_no_policy_needs_no_interpretation() -> None:
    kinds = {"is_norm": False, "is_major_decision": False, "is_policy": False}
    assert not needs_interpretation(disclosure="proactive", **kinds)
    for kind in kinds:
        assert needs_interpretation(disclosure="proactive", **{**kinds, kind: True})
        assert needs_interpretation(disclosure="", **{**kinds, kind: True})
        assert not needs_interpretation(disclosure="withheld", **{**kinds, kind: True})


def test_a_plan_names_everything_it_lacks_at_once() -> None:
    assert plan_faults(None, is_major_decision=False) == [MISSING]
    faults = plan_faults(Plan(), is_major_decision=True)
    for label in ("提纲", "形式", "途径", "解读人", "计划发布的日期", "主要负责人"):
        assert sum(label in fault for fault in faults) == 1
    assert plan_faults(PLAN, is_major_decision=True) == []
    assert plan_faults(replace(PLAN, principal=" "), is_major_decision=False) == []
    (fault,) = plan_faults(replace(PLAN, forms=("opera",)), is_major_decision=False)
    assert "opera" in fault


def test_a_plan_and_a_reason_for_none_exclude_each_other() -> None:
    assert plan_faults(EXEMPTION, is_major_decision=True) == []
    (fault,) = plan_faults(replace(PLAN, exemption="不必"), is_major_decision=False)
    assert "只留一样" in fault
    assert plan_faults(Plan(exemption="  "), is_major_decision=False) != []


def test_who_drafted_interprets_and_of_several_the_lead() -> None:
    assert interpreter(["甲局", "乙局"], "丙办") == "甲局"
    assert interpreter([], "丙办") == "丙办"
    told = dict(told_of(PLAN, by="甲局"))
    assert told["解读机关"] == "甲局" and told["形式"] == "文字、图解"
    assert told_of(EXEMPTION, by="甲局") == [("不作解读的理由", EXEMPTION.exemption)]


@pytest.mark.parametrize(
    ("title", "is_policy"),
    [
        ("测试州物业服务管理办法", True),
        ("关于印发《测试州物业服务管理办法（试行）》的通知", True),
        ("关于支持小微企业发展的若干措施", True),
        ("关于召开全州政务公开工作会议的通知", False),
        ("关于印发第1号工作方案的通知", False),
    ],
)
def test_a_title_that_looks_like_a_policy(title: str, is_policy: bool) -> None:
    assert looks_like_policy(title) is is_policy


# ---- 各个入口 ----


@pytest.mark.parametrize("kind", ["is_norm", "is_major_decision", "is_policy"])
def test_without_a_plan_it_is_refused_by_every_service(town: Town, kind: str) -> None:
    document = town.document(1, **{kind: True})
    with pytest.raises(Refused, match=MISSING):
        perform(document, "submit", actor=town.drafter, key="one")
    with pytest.raises(Refused):
        perform_all([document], "submit", actor=town.drafter, key="all", messages={})
    someone = actor("approver", town.organisation, username="someone")
    with pytest.raises(Refused, match=MISSING):
        perform(document, "release", actor=someone, key="release", message="急")
    # 内存里的对象改成有，也没有用：以库里的为准
    document.interpretation = "planned"
    with pytest.raises(Refused, match=MISSING):
        perform(document, "submit", actor=town.drafter, key="two")
    still_a_draft(document)


def test_by_the_form(town: Town) -> None:
    document = town.document(1, is_policy=True)
    desk = sign_in(town.drafter)
    record = f"/workbench/documents/{document.pk}/"
    assert MISSING in desk.get(record).content.decode()
    desk.post(f"{record}do/submit/", {"key": "s"})
    still_a_draft(document)


def test_by_script(town: Town) -> None:
    """脚本直接写库的，数据库自己拒绝。"""
    document = town.document(1, is_policy=True)
    rows = OfficialDocument.objects.filter(pk=document.pk)
    for state in ("in_review", "approved", "published", "withdrawn"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)
    # 只写“有方案”、没有方案的，流转也不放
    rows.update(interpretation="planned")
    with pytest.raises(Refused, match=MISSING):
        perform(document, "submit", actor=town.drafter, key="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        InterpretationPlan.objects.create(document=document)


def test_by_api(town: Town, system: Api) -> None:
    answer = system.hand_in({"text": TEXT.format(number=1), "elements": {"is_policy": True}})
    assert answer.status_code == 201
    document = OfficialDocument.objects.get()
    assert document.is_policy and document.interpretation == ""
    with pytest.raises(Refused, match=MISSING):
        perform(document, "submit", actor=town.drafter, key="one")


def test_an_ordinary_notice_and_what_is_not_made_public_go_as_before(town: Town) -> None:
    perform(town.document(1), "submit", actor=town.drafter, key="one")
    perform(town.document(2, is_policy=True, **ON_REQUEST), "submit", actor=town.drafter, key="two")


def test_a_document_in_revision_does_not_become_a_policy_without_a_plan(town: Town) -> None:
    document = town.document(1)
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter), ("revise", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=event, message="更正")
    with pytest.raises(Refused, match=MISSING):
        edit(document, {"is_policy": True}, actor=town.drafter)
    plan_interpretation(document, PLAN, actor=town.drafter)
    edit(document, {"is_policy": True}, actor=town.drafter)
    document.refresh_from_db()
    assert document.is_policy


# ---- 写方案 ----


def test_the_plan_travels_with_the_document_and_is_seen_by_who_reviews(town: Town) -> None:
    document = town.document(1, is_policy=True)
    desk = sign_in(town.drafter)
    record = f"/workbench/documents/{document.pk}/"
    assert "写解读方案" in desk.get(record).content.decode()
    typed = {
        "outline": "为什么要定", "forms": ["text", "video"], "channels": ["website"],
        "persons": "甲局副局长某某\n甲局科长某某", "planned_on": "2020-09-28",
    }  # fmt: skip
    desk.fill(f"{record}interpretation/", **typed)
    document.refresh_from_db()
    assert document.interpretation == "planned"
    assert document.plan == Plan(
        outline="为什么要定", forms=("text", "video"), channels=("website",),
        persons=("甲局副局长某某", "甲局科长某某"), planned_on=date(2020, 9, 28),
    )  # fmt: skip
    event = AuditEvent.objects.get(action="documents.plan_interpretation")
    assert "为什么要定" not in str(event.__dict__)
    perform(document, "submit", actor=town.drafter, key="submit")
    shown = sign_in(town.reviewer).get(record).content.decode()
    assert "为什么要定" in shown and "甲局科长某某" in shown and "改解读方案" not in shown
    with pytest.raises(Refused):
        plan_interpretation(document, EXEMPTION, actor=town.drafter)


def test_a_bad_plan_loses_nothing_that_was_typed(town: Town) -> None:
    document = town.document(1, is_major_decision=True)
    desk = sign_in(town.drafter)
    address = f"/workbench/documents/{document.pk}/interpretation/"
    page = desk.fill(address, outline="只有提纲写了", persons="某某")
    told = page.content.decode()
    assert page.status_code == 422
    assert "只有提纲写了" in told and "缺少形式" in told and "主要负责人带头解读" in told
    document.refresh_from_db()
    assert document.interpretation == "" and not InterpretationPlan.objects.exists()


def test_no_plan_with_a_classification_mark_is_kept(town: Town) -> None:
    document = town.document(1, is_policy=True)
    with pytest.raises(Classified):
        plan_interpretation(document, replace(PLAN, outline="机密★一年"), actor=town.drafter)
    assert not InterpretationPlan.objects.exists()


def test_a_reason_takes_the_place_of_a_plan_and_sets_no_term(town: Town) -> None:
    document = plan_interpretation(town.document(1, is_norm=True), EXEMPTION, actor=town.drafter)
    assert (document.interpretation, document.plan) == ("exempt", EXEMPTION)
    approve(town, document)
    assert document.interpretation_due is None
    assert EXEMPTION.exemption in (
        sign_in(town.approver).get(f"/workbench/documents/{document.pk}/").content.decode()
    )


def test_a_major_decision_declared_after_the_plan_asks_for_the_principal(town: Town) -> None:
    document = town.document(1, is_policy=True)
    plan_interpretation(document, replace(PLAN, principal=""), actor=town.drafter)
    edit(document, {"is_major_decision": True}, actor=town.drafter)
    with pytest.raises(Refused, match="主要负责人带头解读"):
        perform(document, "submit", actor=town.drafter, key="one")


# ---- 期限 ----


def approve(town: Town, document: OfficialDocument) -> None:
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer),
        ("pass_legality", actor("legality_reviewer", town.organisation, username="law")),
        ("approve", town.approver),
    ):  # fmt: skip
        if event != "pass_legality" or document.state == "in_legality_review":
            perform(document, event, actor=who, key=event, message="同意")
    document.refresh_from_db()


def test_the_term_is_three_working_days_after_issue(town: Town) -> None:
    """2026 年 9 月 25 日至 27 日中秋放假：24 日印发，第三个工作日是 30 日。"""
    issued = date(2026, 9, 24)
    document = town.planned(town.document(1, is_policy=True, written_on=issued, issued_on=issued))
    approve(town, document)
    assert document.interpretation_due == date(2026, 9, 30)


def test_the_term_is_a_parameter(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "terms", lambda day: Terms(day, "某省的规定", 5, 0.75))
    issued = date(2026, 11, 2)
    document = town.planned(town.document(1, is_policy=True, written_on=issued, issued_on=issued))
    approve(town, document)
    assert document.interpretation_due == date(2026, 11, 9)


def test_the_drafter_is_reminded_of_the_term_apart_from_that_of_publication(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = date(2026, 11, 2)
    document = town.planned(town.document(1, is_policy=True, written_on=issued, issued_on=issued))
    approve(town, document)
    monkeypatch.setattr(
        "yangguang.foundation.notify.producers.reading_day", lambda: date(2026, 11, 4)
    )
    remind_of_deadlines()
    told = [each.why for each in messages(town.drafter) if "解读" in each.why]
    assert told == ["解读期限临近，1 个工作日以内（2026-11-05）"]
