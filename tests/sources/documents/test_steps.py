"""各机构的步骤：走哪几步、谁办、退回、收回、转请、催办、会签、编号、印发、紧急发布。"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.town import ON_REQUEST, Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import actions, history
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.numbering.models import Counter
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.documents.fairness import sheet_faults
from yangguang.sources.documents.joint import forwarding_fault, joint_issuers
from yangguang.sources.documents.models import (
    CirculationRoute,
    Countersignature,
    NumberEntry,
    NumberSeries,
    OfficialDocument,
)
from yangguang.sources.documents.register import add_series
from yangguang.sources.documents.routes import FULL_ROUTE, after, path_of, route_faults
from yangguang.sources.documents.selectors import emergencies, rounds, steps_of, waiting_for
from yangguang.sources.documents.services import draft, edit, set_steps

pytestmark = pytest.mark.django_db

SHEET = {
    "sector": "物业服务", "nature": "norm", "reviewed_by": "测试州市场监管局",
    "opinions": "9月1日至7日书面征求12家企业和行业协会意见，采纳2条。",
    "standards": [], "conclusion": "fits",
}  # fmt: skip


# ---- 规则 ----


def path(steps: tuple[str, ...] = FULL_ROUTE, **flags: bool) -> tuple[str, ...]:
    usual = {
        "needs_legality": False, "needs_fairness": False, "is_countersigned": False,
        "is_numbered_elsewhere": False, "is_proactive": True,
    }  # fmt: skip
    return path_of(steps, **{**usual, **flags})


def test_the_full_route_in_order() -> None:
    assert path(needs_legality=True, needs_fairness=True, is_countersigned=True) == (
        "draft", "in_review", "in_disclosure_review", "in_secrecy_review", "in_legality_review",
        "in_fairness_review", "in_countersign", "in_approval", "approved", "numbered", "issued",
        "published",
    )  # fmt: skip


def test_what_the_law_requires_is_not_left_out_by_a_short_route() -> None:
    short = path(("review",), needs_legality=True, needs_fairness=True)
    assert short[1:5] == ("in_review", "in_legality_review", "in_fairness_review", "in_approval")


def test_a_number_given_elsewhere_is_not_given_again_and_only_the_proactive_goes_online() -> None:
    assert "numbered" not in path(is_numbered_elsewhere=True)
    assert path(is_proactive=False)[-1] == "issued"


def test_a_step_taken_out_midway_goes_on_to_the_next_there_is() -> None:
    assert after(path(("review",)), "in_secrecy_review") == "in_approval"
    assert after(path(), "published") == ""


def test_some_review_before_publication_stays() -> None:
    assert route_faults(["disclosure", "number"]) and route_faults(["签字"])
    assert route_faults(["secrecy"]) == route_faults(["review"]) == []


def test_the_fairness_sheet_says_everything_that_is_missing() -> None:
    assert sheet_faults(SHEET) == []
    assert len(sheet_faults({})) == 5
    assert "不得出台" in sheet_faults({**SHEET, "conclusion": "unfit"})[0]
    assert "结论就不能是“符合”" in sheet_faults({**SHEET, "standards": ["9"]})[0]
    exception = {**SHEET, "conclusion": "exception", "standards": ["9"]}
    assert len(sheet_faults(exception)) == 3
    full = {"exception": "12-3", "alternatives": "无", "term": "至2027年底"}
    assert sheet_faults({**exception, **full}) == []


def test_the_lead_organ_comes_first_and_what_is_forwarded_keeps_its_attribute() -> None:
    assert joint_issuers("甲局", ["乙局", "甲局", "丙局"]) == ["甲局", "乙局", "丙局"]
    assert forwarding_fault("proactive", "proactive", "") == ""
    assert "“省发〔2020〕1号”是“依申请公开”" in forwarding_fault(
        "proactive", "on_request", "省发〔2020〕1号"
    )


# ---- 全部步骤 ----


@pytest.fixture
def full(town: Town) -> Town:
    """走全部步骤的小州。"""
    CirculationRoute.objects.all().delete()
    return town


def drafted(town: Town, **values: object) -> OfficialDocument:
    document = draft(
        {
            "title": "测试州物业服务管理办法", "document_type": "8-8", "stage": "decision",
            "disclosure": "proactive",
            "body": [{"type": "paragraph", "text": "现将办法印发给你们。", "style": "plain"}],
            **values,
        },
        organisation=town.organisation, actor=town.drafter, key=f"draft-{len(values)}",
        columns=[town.column],
    )  # fmt: skip
    return document


def does(
    document: OfficialDocument, event: str, who: Actor, message: str = "同意", **inputs: object
) -> OfficialDocument:
    count = TransitionRecord.objects.filter(object_id=document.pk).count()
    perform(
        document, event, actor=who, key=f"{document.pk}-{event}-{count}", message=message,
        inputs=inputs,
    )  # fmt: skip
    return document


def test_a_norm_that_touches_operators_goes_through_every_step(full: Town) -> None:
    secrecy = actor("secrecy_reviewer", full.organisation)
    legality = actor("legality_reviewer", full.organisation)
    series = add_series(full.organisation, "测州府发", used=6, actor=full.approver)
    document = full.planned(drafted(full, is_norm=True, touches_operators=True))
    seen = [document.state]
    for event, who, inputs in (
        ("submit", full.drafter, {}), ("pass", full.reviewer, {}),
        ("pass_disclosure", full.reviewer, {}), ("pass_secrecy", secrecy, {}),
        ("pass_legality", legality, {}), ("pass_fairness", legality, {"sheet": SHEET}),
        ("approve", full.approver, {}), ("number", full.drafter, {"series": series}),
        ("issue", full.drafter, {"issued_on": timezone.localdate()}),
        ("publish", full.drafter, {}),
    ):  # fmt: skip
        does(document, event, who, **inputs)
        seen.append(document.state)
    assert seen == [state for state in document.lifecycle.progress if state != "in_countersign"]
    year = timezone.localdate().year
    assert document.document_number == f"测州府发〔{year}〕7号"
    assert document.written_on == document.issued_on == timezone.localdate()
    assert document.publish_due is not None
    row = TransitionRecord.objects.get(object_id=document.pk, event="pass_legality")
    assert (row.user_id, row.message) == (legality.user_id, "同意")
    assert document.fairness_sheets.get().content["sector"] == "物业服务"


def test_nothing_goes_online_before_it_is_numbered_and_issued(full: Town) -> None:
    document = drafted(full)
    for event, who in (
        ("submit", full.drafter), ("pass", full.reviewer), ("pass_disclosure", full.reviewer),
        ("pass_secrecy", actor("secrecy_reviewer", full.organisation)), ("approve", full.approver),
    ):  # fmt: skip
        does(document, event, who)
    with pytest.raises(Refused, match="先编号、印发，再上网"):
        does(document, "publish", full.drafter)
    with pytest.raises(Refused, match="先编号，再印发"):
        does(document, "issue", full.drafter, issued_on=timezone.localdate())
    with pytest.raises(Refused, match="选定机关代字"):
        does(document, "number", full.drafter)
    series = add_series(full.organisation, "测州府发", used=0, actor=full.approver)
    does(document, "number", full.drafter, series=series)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="不能晚于今天"):
        does(document, "issue", full.drafter, issued_on=tomorrow)
    with pytest.raises(Refused, match="不能早于成文日期"):
        does(document, "issue", full.drafter, issued_on=date(2020, 1, 1))


def test_a_fairness_review_is_not_passed_without_its_form(full: Town) -> None:
    set_steps(full.organisation, ["review"], actor=full.approver)
    legality = actor("legality_reviewer", full.organisation)
    document = drafted(full, touches_operators=True)
    does(document, "submit", full.drafter)
    does(document, "pass", full.reviewer)
    assert document.state == "in_fairness_review"
    with pytest.raises(Refused, match="缺少涉及行业领域"):
        does(document, "pass_fairness", legality)
    desk = sign_in(legality)
    page = desk.fill(
        f"/workbench/documents/{document.pk}/do/pass_fairness/",
        **{**SHEET, "standards": ["9"], "conclusion": "fits"},
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "结论就不能是“符合”" in text and "物业服务" in text
    desk.fill(f"/workbench/documents/{document.pk}/do/pass_fairness/", **SHEET)
    document.refresh_from_db()
    assert document.state == "in_approval"
    assert "公平竞争审查表" in desk.get(f"/workbench/documents/{document.pk}/").content.decode()


def test_each_step_is_only_for_those_it_belongs_to(full: Town) -> None:
    secrecy = actor("secrecy_reviewer", full.organisation)
    document = drafted(full)
    does(document, "submit", full.drafter)
    assert {each.transition.event for each in actions(document, secrecy)} == set()
    assert {each.transition.event for each in actions(document, full.reviewer)} == {
        "pass", "return", "delegate",
    }  # fmt: skip
    with pytest.raises(Refused):
        does(document, "return", secrecy, "不行")


def test_routes_are_inherited_until_an_organisation_sets_its_own(full: Town) -> None:
    below = organisation("bureau", full.organisation)
    assert steps_of(below) == FULL_ROUTE
    full.organisation.refresh_from_db()
    set_steps(full.organisation, ["issue", "review"], actor=full.approver)
    assert steps_of(below) == ("review", "issue")
    set_steps(below, ["secrecy"], actor=actor("approver", below))
    assert steps_of(below) == ("secrecy",)
    with pytest.raises(Refused, match="由本机构的签发人定"):
        set_steps(below, ["review"], actor=full.approver)


# ---- 退回、收回、转请、催办 ----


def test_the_drafter_takes_it_back_and_nobody_else_does(town: Town) -> None:
    document = town.document()
    does(document, "submit", town.drafter)
    other = actor("drafter", town.organisation, username="another")
    with pytest.raises(Refused, match="由起草人或者接手经办的人"):
        does(document, "take_back", other)
    does(document, "take_back", town.drafter, "")
    assert document.state == "draft"


def test_a_step_handed_to_a_colleague_waits_for_him_alone(town: Town) -> None:
    document = town.document()
    does(document, "submit", town.drafter)
    colleague = actor("reviewer", town.organisation, username="colleague")
    with pytest.raises(Refused, match="不能办这一步"):
        does(document, "delegate", town.reviewer, person=str(town.approver.user_id))
    does(document, "delegate", town.reviewer, "他熟悉", person=str(colleague.user_id))
    assert document.state == "in_review"
    assert list(waiting_for(colleague)) == [document] and not waiting_for(town.reviewer)
    assert Message.objects.filter(user=colleague.user_id, why__contains="他熟悉").exists()
    with pytest.raises(Refused, match="已转请"):
        does(document, "pass", town.reviewer)
    does(document, "pass", colleague)
    assert document.assigned_to is None and list(waiting_for(town.approver)) == [document]


def test_urging_tells_those_who_hold_it_once_a_day(town: Town) -> None:
    document = town.document()
    does(document, "submit", town.drafter)
    before = Message.objects.filter(user=town.reviewer.user_id).count()
    does(document, "urge", town.drafter, "明天要用")
    told = Message.objects.filter(user=town.reviewer.user_id)
    assert told.count() == before + 1 and "明天要用" in told.latest("pk").why
    with pytest.raises(Refused, match="今天已经催过一次"):
        does(document, "urge", town.drafter)
    assert document.state == "in_review"


def test_two_rounds_of_submission_can_be_compared(town: Town) -> None:
    document = town.document()
    desk, home = sign_in(town.drafter), f"/workbench/documents/{document.pk}/"
    desk.fill(f"{home}edit/", original_number="一")
    does(document, "submit", town.drafter)
    assert rounds(document, history(document)) is None
    does(document, "return", town.reviewer, "改主题")
    desk.fill(f"{home}edit/", original_number="二")
    does(document, "submit", town.drafter)
    assert rounds(document, history(document)) == (2, 3)
    page = sign_in(town.reviewer).get(home).content.decode()
    assert "与上次送审的对照" in page and "?old=2&amp;new=3" in page


# ---- 联合发文 ----


@pytest.fixture
def bureau(town: Town) -> Organisation:
    """另一个机关。"""
    return organisation("bureau", town.organisation, name="测试州教育局", short_name="州教育局")


def joint(town: Town, bureau: Organisation, number: int = 1) -> OfficialDocument:
    document = town.document(number)
    edit(document, {}, actor=town.drafter, signatories={"joint": [bureau], "consulted": []})
    return document


def test_a_joint_document_is_signed_by_each_organ_before_the_lead_signs(
    town: Town, bureau: Organisation
) -> None:
    document = joint(town, bureau)
    signer = actor("approver", bureau)
    assert document.issuers == ["测试州人民政府办公室", "测试州教育局"]
    with pytest.raises(OutOfScope):
        does(document, "countersign", signer)
    does(document, "submit", town.drafter)
    does(document, "pass", town.reviewer)
    assert document.state == "in_countersign"
    assert list(waiting_for(signer)) == [document]
    assert {a.transition.event for a in actions(document, signer)} == {"countersign", "decline"}
    assert {a.transition.event for a in actions(document, town.approver)} == {
        "return", "release",
    }  # fmt: skip
    does(document, "countersign", signer, "同意联合印发")
    assert document.state == "in_approval"
    row = document.countersignatures.get()
    assert (row.standing, row.opinion, row.by_id) == ("agreed", "同意联合印发", signer.user_id)
    # 会签过的看得到，别的都办不了
    assert OfficialDocument.policy.visible(signer).get() == document
    assert actions(document, signer) == []
    for event in ("approve", "return"):
        with pytest.raises(Refused):
            does(document, event, signer, "越权")
    does(document, "approve", town.approver)


def test_what_a_signatory_declines_goes_back_and_all_sign_anew(
    town: Town, bureau: Organisation
) -> None:
    health = organisation("health", town.organisation, name="测试州卫健委", short_name="州卫健委")
    document = town.document()
    edit(document, {}, actor=town.drafter, signatories={"joint": [bureau], "consulted": [health]})
    assert document.issuers == ["测试州人民政府办公室", "测试州教育局"]
    does(document, "submit", town.drafter)
    does(document, "pass", town.reviewer)
    does(document, "countersign", actor("approver", bureau))
    assert document.state == "in_countersign"
    does(document, "decline", actor("approver", health), "第三条与现行规定不一致")
    assert document.state == "draft"
    does(document, "submit", town.drafter)
    standings = document.countersignatures.values_list("standing", flat=True)
    assert set(standings) == {Countersignature.Standing.WAITING}


def test_another_organs_people_do_not_edit_what_they_countersign(
    town: Town, bureau: Organisation
) -> None:
    document = joint(town, bureau)
    does(document, "submit", town.drafter)
    does(document, "pass", town.reviewer)
    does(document, "decline", actor("approver", bureau), "不妥")
    with pytest.raises(Refused, match="不能修改"):
        edit(document, {"title": "改"}, actor=actor("drafter", bureau))
    with pytest.raises(Refused, match="主办机关"):
        edit(
            document, {}, actor=town.drafter,
            signatories={"joint": [town.organisation], "consulted": []},
        )  # fmt: skip


def test_an_unknown_organ_is_named_by_its_line_and_what_was_typed_stays(
    town: Town, bureau: Organisation
) -> None:
    document = town.document()
    page = sign_in(town.drafter).fill(
        f"/workbench/documents/{document.pk}/edit/", joint="州教育局\n州民族事务局"
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "第 2 行“州民族事务局”：没有叫这个名称的机构。" in text and "州教育局" in text


def test_forwarding_keeps_the_originals_attribute(town: Town) -> None:
    document = town.document(
        1, original_number="省发〔2020〕1号", original_disclosure="on_request"
    )  # fmt: skip
    with pytest.raises(Refused, match="须与原文一致"):
        does(document, "submit", town.drafter)
    edit(document, dict(ON_REQUEST), actor=town.drafter)
    does(document, "submit", town.drafter)


# ---- 字号 ----


def numbered(town: Town, series: NumberSeries, key: str) -> OfficialDocument:
    document = draft(
        {
            "title": key, "stage": "decision", "disclosure": "proactive",
            "body": [{"type": "paragraph", "text": "正文。", "style": "plain"}],
        },
        organisation=town.organisation, actor=town.drafter, key=key,
    )  # fmt: skip
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
    ):  # fmt: skip
        does(document, event, who)
    return does(document, "number", town.drafter, series=series)


def test_numbers_have_no_gap_and_voided_ones_are_kept(town: Town) -> None:
    set_steps(town.organisation, ["review", "number"], actor=town.approver)
    series = add_series(town.organisation, "测州办发", used=0, actor=town.approver)
    year = timezone.localdate().year
    # 2 号在别处编了、已经收文
    town.document(1, document_number=f"测州办发〔{year}〕2号")
    first, second = numbered(town, series, "甲"), numbered(town, series, "乙")
    assert second.document_number == f"测州办发〔{year}〕3号"
    does(first, "void_number", town.approver, "标题写错，重新编号")
    assert first.state == "approved" and first.document_number == ""
    does(first, "number", town.drafter, series=series)
    assert first.document_number == f"测州办发〔{year}〕4号"
    entries = list(NumberEntry.objects.all())
    assert [each.serial for each in entries] == [1, 2, 3, 4]
    assert [bool(each.voided_at) for each in entries] == [True, False, False, False]
    page = sign_in(town.approver).get("/workbench/documents/numbers/").content.decode()
    assert "标题写错，重新编号" in page and f"测州办发〔{year}〕1号" in page


def test_a_code_belongs_to_one_organ_and_looks_like_one(town: Town, bureau: Organisation) -> None:
    add_series(town.organisation, "测州办发", used=0, actor=town.approver)
    with pytest.raises(Refused, match="已经登记过了"):
        add_series(bureau, "测州办发", used=0, actor=actor("approver", bureau))
    for bad in ("", "发", "测州办发〔2020〕", "123"):
        with pytest.raises(Refused, match="不像机关代字"):
            add_series(town.organisation, bad, used=0, actor=town.approver)
    assert not Counter.objects.filter(series__startswith="document:").exists()


def test_a_number_used_twice_is_refused_where_it_is_typed(town: Town) -> None:
    town.document(1)
    page = sign_in(town.drafter).fill(
        f"/workbench/documents/{town.document(2).pk}/edit/",
        document_number="测州办发〔2020〕1号",
    )
    assert page.status_code == 422
    assert "发文字号“测州办发〔2020〕1号”的公文已经有了" in page.content.decode()


# ---- 紧急发布 ----


def test_an_emergency_goes_online_at_once_and_a_second_pair_of_eyes_follows(full: Town) -> None:
    document = drafted(full)
    with pytest.raises(Refused, match="须写明理由"):
        does(document, "release", full.approver, "")
    does(document, "release", full.approver, "山洪预警，须立即告知群众")
    assert document.state == "published" and document.publish_due is not None
    release = document.releases.get()
    assert release.skipped == [
        "审核", "公开属性审查", "保密审查", "签发", "编号", "印发",
    ]  # fmt: skip
    assert list(waiting_for(full.reviewer)) == [document] and not waiting_for(full.approver)
    with pytest.raises(Refused, match="紧急发布是您办的"):
        does(document, "endorse", full.approver)
    does(document, "endorse", full.reviewer, "内容属实")
    release.refresh_from_db()
    assert (release.outcome, release.opinion) == ("sound", "内容属实")
    today = timezone.localdate()
    everywhere = Organisation.objects.all()
    assert emergencies(everywhere, today, today) == {"pending": 0, "sound": 1, "faulty": 0}
    with pytest.raises(Refused, match="没有“补审通过”这一步"):
        does(document, "endorse", full.reviewer)


def test_an_emergency_found_faulty_goes_to_revision(full: Town) -> None:
    document = drafted(full)
    does(document, "release", full.approver, "疫情通告")
    does(document, "object", full.reviewer, "数字有误")
    assert document.state == "revising"
    assert document.releases.get().outcome == "faulty"


def test_an_emergency_does_not_go_round_the_attribute(full: Town) -> None:
    for values in ({"disclosure": ""}, ON_REQUEST):
        document = drafted(full, **values)
        with pytest.raises(Refused):
            does(document, "release", full.approver, "急")
        assert document.state == "draft"
