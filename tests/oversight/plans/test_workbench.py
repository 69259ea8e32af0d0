"""方案落实的工作台：越权即 404，填错的说清楚、填的都还在，查询次数不随条数增长。"""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.services import withdraw
from yangguang.oversight.plans.models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    UnitGroup,
)
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import (
    LEDGER_COLUMN,
    publish_ledger,
    report,
    take_in_plan,
)

from .conftest import SMALL_PLAN

Act = Callable[..., Actor]
NEW = "/workbench/plans/new/"
TODAY = timezone.localdate


@pytest.fixture
def desk(supervisor: Actor) -> Desk:
    return sign_in(supervisor)


@pytest.fixture
def ledger(plan: ActionPlan, directory: dict[str, Organisation], supervisor: Actor) -> Publication:
    """公开了的任务台账：州政府发布的一条信息，也可以当佐证。"""
    site = Site.objects.create(
        code="donghe", name="东河州人民政府网", short_name="东河州",
        organisation=directory["州政府"], domain="www.donghe.gov.cn",
        identification_code="6299000001",
    )  # fmt: skip
    Column.objects.add_root(
        instance=Column(
            site=site, code=LEDGER_COLUMN, name="任务落实", column_type="信息公开目录",
            description="方案的任务落实情况", keywords="任务,落实",
        )
    )  # fmt: skip
    return publish_ledger(plan, actor=supervisor, key="ledger").publication


def _share(unit: str) -> DeliverableAssignment:
    return DeliverableAssignment.objects.get(
        organisation__short_name=unit, deliverable__phrase="6月底前", deliverable__due_basis="own"
    )


def _page(response: Any) -> str:
    text: str = response.content.decode()
    return text


def _shown(response: Any) -> dict[str, Any]:
    """退回来的表单现在的值，照样交回去。"""
    form = response.context["form"]
    return {n: form[n].value() or "" for n in form.fields if n != "file"}


# ---- 收方案 ----


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SMALL_PLAN.replace("6月底前", "6月31日前"), "不是日历上有的日期，请核对原文。（第 4 行"),
        (SMALL_PLAN.replace("\n2.", "\n1."), "编号重复"),
        ("通知\n各单位：请报名参加会议。", "没有读到任务"),
    ],
)
def test_the_faults_of_a_plan_are_shown_with_its_text_kept(
    text: str, told: str, desk: Desk, directory: dict[str, Organisation]
) -> None:
    looked = desk.fill(NEW, text=text, title="我改的题名")
    assert told in _page(looked)
    assert _shown(looked)["text"].split() == text.split()
    assert _shown(looked)["title"] == "我改的题名"
    insisted = desk.post(NEW, _shown(looked))
    assert insisted.status_code == 422
    assert "我改的题名" in _page(insisted)
    assert not ActionPlan.objects.exists()


def test_what_is_changed_after_the_check_is_checked_again(
    desk: Desk, directory: dict[str, Organisation]
) -> None:
    looked = desk.fill(NEW, text=SMALL_PLAN)
    changed = _shown(looked) | {"text": SMALL_PLAN.replace("6月底前", "7月底前")}
    again = desk.post(NEW, changed)
    assert again.status_code == 200 and "核对读出的任务" in _page(again)
    assert not ActionPlan.objects.exists()
    desk.post(NEW, _shown(again))
    desk.post(NEW, _shown(again))
    plan = ActionPlan.objects.get()
    assert Deliverable.objects.filter(task__plan=plan, due_on=date(2022, 7, 31)).exists()
    assert plan.title == "东河州2022年政务公开工作实施方案"


def test_a_file_is_read_for_the_check(desk: Desk, directory: dict[str, Organisation]) -> None:
    upload = SimpleUploadedFile("方案.txt", SMALL_PLAN.encode("gb18030"))
    looked = desk.fill(NEW, file=upload)
    assert "读出 <b>2</b> 项任务" in _page(looked)
    assert "名录里认不出" in _page(looked)
    desk.post(NEW, _shown(looked))
    assert ActionPlan.objects.get().tasks.count() == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "请选一个文件，或者在下面贴上全文。"),
        ({"text": SMALL_PLAN, "file": b"x"}, "上传文件和贴文字只要一样"),
        ({"file": b"\x89PNG\r\n\x1a\n\x00"}, "这是图片"),
        ({"text": SMALL_PLAN, "source": "没有这一份"}, "没有发布过标题或文号是“没有这一份”的信息"),
        ({"text": SMALL_PLAN, "issued_on": "2020-02-30"}, "2020-02-30"),
    ],
)
def test_what_is_filled_wrong_is_said_at_its_field(
    given: dict[str, Any], told: str, desk: Desk, directory: dict[str, Organisation]
) -> None:
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("方案.txt", given["file"])}
    refused = desk.fill(NEW, **given)
    assert refused.status_code == 422 and told in _page(refused)
    assert given.get("text", "") in _page(refused).replace("&quot;", '"').replace("\r\n", "\n")
    assert not ActionPlan.objects.exists()


@pytest.mark.parametrize("where", ["text", "file", "name", "title"])
def test_a_classified_plan_leaves_nothing_behind(
    where: str, desk: Desk, directory: dict[str, Organisation]
) -> None:
    marked = "机密★5年\n" + SMALL_PLAN + "绝不能留下的一句"
    given: dict[str, Any] = {
        "text": {"text": marked},
        "file": {"file": SimpleUploadedFile("方案.txt", marked.encode())},
        "name": {"file": SimpleUploadedFile("机密★5年.txt", SMALL_PLAN.encode())},
        "title": {"text": SMALL_PLAN, "title": "机密★5年"},
    }[where]
    page = desk.fill(NEW, **given)
    assert page.status_code == 422
    assert "涉密文件不得在本系统存储" in _page(page)
    assert "绝不能留下的一句" not in _page(page) and "★" not in _page(page)
    assert not ActionPlan.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="plans").exists()


def test_a_plan_is_tied_to_the_document_it_was_published_as(
    desk: Desk, ledger: Publication
) -> None:
    looked = desk.fill(NEW, text=SMALL_PLAN, source=ledger.index_number)
    assert _shown(looked)["source"] == ledger.index_number
    desk.post(NEW, _shown(looked))
    assert ActionPlan.objects.latest("pk").source == ledger


def test_only_a_supervisor_takes_a_plan_in(plan: ActionPlan, act: Act) -> None:
    desk = sign_in(act("approver", "州甲局"))
    assert desk.get(NEW).status_code == 404
    assert desk.post(NEW, {"text": SMALL_PLAN, "key": "x"}).status_code == 404
    assert "收方案" not in _page(desk.get("/workbench/plans/"))


# ---- 看方案 ----


def test_the_page_shows_the_day_that_is_asked_for(plan: ActionPlan, desk: Desk) -> None:
    home = f"/workbench/plans/{plan.pk}/"
    june, july = (desk.get(f"{home}?as_of=2022-{day}").context for day in ("06-15", "07-01"))
    assert (june["late_count"], june["soon_count"]) == (1, 12)
    assert (july["late_count"], july["soon_count"]) == (13, 0)
    assert june["task_count"] == july["task_count"] == 2
    wrong = desk.get(f"{home}?as_of=2020-02-30")
    assert "“2020-02-30”不是日期" in _page(wrong)
    assert wrong.context["as_of"] == TODAY()


def test_a_unit_looks_at_what_it_owes(plan: ActionPlan, desk: Desk, act: Act) -> None:
    home = f"/workbench/plans/{plan.pk}/?as_of=2022-07-01"
    narrowed = desk.get(f"{home}&unit=county-0").context
    assert narrowed["unit_name"] == "金县"
    assert (narrowed["share_count"], narrowed["late_count"]) == (1, 1)
    assert [t["number"] for p in narrowed["parts"] for t in p["tasks"]] == ["1"]
    assert "没有承担这个方案的任务" in _page(desk.get(f"{home}&unit=nobody\x00"))

    own = sign_in(act("drafter", "金县")).get(home)
    assert own.context["share_count"] == 1
    assert f"unit={'county-0'}" in _page(own)
    labels = [t["label"] for p in own.context["parts"] for t in p["tasks"]]
    assert labels == ["已到期", ""]
    assert "没有您看得到的分工" in _page(own)
    assert "指明</a>" not in _page(own) and "核定期限" not in _page(own)


def test_a_plan_without_a_share_of_his_is_not_there(
    plan: ActionPlan, directory: dict[str, Organisation], act: Act
) -> None:
    DeliverableAssignment.objects.filter(organisation=directory["铅县"]).delete()
    desk = sign_in(act("approver", "铅县"))
    for tail in ("", "workbook/", "do/close/"):
        assert desk.get(f"/workbench/plans/{plan.pk}/{tail}").status_code == 404
    assert desk.get("/workbench/plans/").context["total"] == 0


def test_a_control_character_someone_typed_does_not_spoil_the_workbook(
    plan: ActionPlan, desk: Desk
) -> None:
    DeliverableAssignment.objects.update(leader_post="分管\x01副局长")
    book = load_workbook(BytesIO(desk.get(f"/workbench/plans/{plan.pk}/workbook/").content))
    assert "分管副局长" in {cell.value for row in book["分解任务"] for cell in row}


def test_the_workbook_holds_only_what_he_sees(plan: ActionPlan, desk: Desk, act: Act) -> None:
    address = f"/workbench/plans/{plan.pk}/workbook/?as_of=2022-07-01"

    def rows(at: Desk) -> list[tuple[Any, ...]]:
        book = load_workbook(BytesIO(at.get(address).content))
        assert book["说明"]["A2"].value == "截至 2022-07-01。"
        return list(book["分解任务"].iter_rows(min_row=2, values_only=True))

    assert len(rows(desk)) == DeliverableAssignment.objects.count()
    (mine,) = rows(sign_in(act("approver", "金县")))
    assert "金县" in mine and "已到期" in mine


# ---- 监督员校正 ----


def _places(plan: ActionPlan) -> dict[str, str]:
    dated = Deliverable.objects.get(task__plan=plan, phrase="6月底前", due_basis="own")
    group = UnitGroup.objects.get(phrase="州政府有关部门")
    home = f"/workbench/plans/{plan.pk}"
    return {
        "split": f"{home}/deliverables/{dated.pk}/split/",
        "redate": f"{home}/deliverables/{dated.pk}/date/",
        "units": f"{home}/deliverables/{dated.pk}/units/",
        "merge": f"{home}/tasks/{dated.task_id}/merge/",
        "group": f"{home}/groups/{group.pk}/",
    }


@pytest.mark.parametrize("place", ["split", "redate", "units", "merge", "group"])
def test_only_the_supervisor_of_the_plan_finds_the_tools(
    place: str, plan: ActionPlan, act: Act, directory: dict[str, Organisation]
) -> None:
    address = _places(plan)[place]
    before = TransitionRecord.objects.count()
    strangers = [act("approver", "州甲局"), act("drafter", "州政府"), act("supervisor", "金县")]
    for stranger in strangers:
        desk = sign_in(stranger)
        assert desk.get(address).status_code == 404
        assert desk.post(address, {"key": "x", "reason": "试一试"}).status_code == 404
    assert TransitionRecord.objects.count() == before


@pytest.mark.parametrize(
    ("place", "given", "told"),
    [
        ("split", {"text1": "只有一项", "reason": "分开督办"}, "至少两项"),
        ("split", {"text1": "甲项", "text2": "乙项", "reason": " "}, "理由"),
        ("redate", {"due_on": "2022-06-31", "reason": "会商核定"}, "期限"),
        ("units", {"reason": "漏读了"}, "请选定单位。"),
        ("merge", {"text": "并成一项", "reason": "一并督办"}, "请选定要合并的分解项。"),
        ("group", {"reason": ""}, "请选定单位；确实不再指明的，请写明理由。"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    place: str, given: dict[str, str], told: str, plan: ActionPlan, desk: Desk
) -> None:
    before = TransitionRecord.objects.count()
    page = desk.fill(_places(plan)[place], **given)
    assert page.status_code == 422 and told in _page(page)
    for typed in given.values():
        assert typed in _page(page)
    assert TransitionRecord.objects.count() == before


def test_an_action_that_needs_a_place_has_no_address_without_one(
    plan: ActionPlan, desk: Desk
) -> None:
    for event in ("split", "merge", "redate", "add_units", "settle_group"):
        address = f"/workbench/plans/{plan.pk}/do/{event}/"
        assert desk.get(address).status_code == 404
        assert desk.post(address, {"key": event, "message": "试"}).status_code == 404


def test_the_supervisor_corrects_the_plan_on_its_pages(
    plan: ActionPlan, desk: Desk, directory: dict[str, Organisation]
) -> None:
    at = _places(plan)
    jia, yi = (str(directory[name].pk) for name in ("州甲局", "州乙局"))
    twice = desk.form(at["group"]) | {"more": [], "units": [], "reason": ""}
    twice |= {"more": [jia, yi]}
    for _ in range(2):
        assert desk.post(at["group"], twice).status_code == 200
    assert UnitGroup.objects.get(phrase="州政府有关部门").settled_at
    assert TransitionRecord.objects.filter(event="settle_group").count() == 1

    desk.fill(at["redate"], due_on="2022-08-31", reason="会商核定。")
    dated = Deliverable.objects.get(due_on=date(2022, 8, 31))
    assert dated.due_basis == "supervisor"
    desk.fill(at["units"], units=[yi], role="implementing", reason="由该局承建。")
    assert dated.assignments.filter(organisation=directory["州乙局"]).exists()
    desk.fill(
        at["split"], text1="州甲局网站建成", due1="2022-08-31", units1=[jia],
        text2="各县市网站建成", due2="2022-09-30", reason="进度不同。",
    )  # fmt: skip
    first = Deliverable.objects.get(text="州甲局网站建成")
    second = Deliverable.objects.get(text="各县市网站建成")
    assert {s.organisation.short_name for s in first.assignments.all()} == {
        "州政府办公室", "州甲局",
    }  # fmt: skip
    assert second.due_on == date(2022, 9, 30)
    desk.fill(
        at["merge"], deliverables=[str(first.pk), str(second.pk)], text="各网站建成",
        due_on="2022-09-30", reason="一并督办。",
    )  # fmt: skip
    assert Deliverable.objects.filter(text="各网站建成", retired_at=None).count() == 1
    history = _page(desk.get(f"/workbench/plans/{plan.pk}/"))
    for label in ("指明单位", "核定期限", "补充单位", "拆分分解项", "合并分解项"):
        assert f"<b>{label}</b>" in history


# ---- 分解任务 ----


def test_another_units_share_is_not_there(plan: ActionPlan, act: Act) -> None:
    share = _share("金县")
    desk = sign_in(act("approver", "银县"))
    for tail in ("", "edit/", "do/progress/", "do/report/"):
        address = f"/workbench/shares/{share.pk}/{tail}"
        assert desk.get(address).status_code == 404
        assert desk.post(address, {"key": tail or "k", "text": "代报"}).status_code in (404, 405)
    assert not share.reports.exists()
    assert sign_in(act("counter_officer", "金县")).get("/workbench/shares/").status_code == 404


def test_the_list_opens_on_ones_own_and_narrows(plan: ActionPlan, act: Act) -> None:
    office = sign_in(act("approver", "州政府办公室"))
    here = "/workbench/shares/"
    own = DeliverableAssignment.objects.filter(organisation__short_name="州政府办公室").count()
    total = DeliverableAssignment.objects.count()

    def found(query: str) -> int:
        count: int = office.get(here + query).context["found"]
        return count

    assert found("") == own
    assert found("?whose=all") == total
    assert found("?whose=led") == total - own
    assert found("?whose=all&standing=due_passed") == 13
    assert found("?whose=all&due=none") == 1
    assert found("?whose=all&due=late") == 13
    assert found("?whose=all&due=30") == 0
    assert found("?whose=all&organisation=county-1") == 1
    assert found("?whose=all&q=金县") == 1
    assert found("?whose=all&standing=reported") == 0
    assert "看全部" in _page(office.get(here))


def test_one_narrows_by_the_units_whose_shares_he_sees(plan: ActionPlan, act: Act) -> None:
    for actor in (act("supervisor"), act("approver", "州政府办公室"), act("drafter", "金县")):
        form = sign_in(actor).get("/workbench/shares/?whose=all").context["filterset"].form
        offered = {unit.code for unit in form.fields["organisation"].queryset}
        seen = DeliverableAssignment.policy.visible(actor).select_related("organisation")
        assert offered == {share.organisation.code for share in seen} != set()


def test_evidence_is_named_line_by_line(
    plan: ActionPlan, ledger: Publication, supervisor: Actor, act: Act
) -> None:
    share = DeliverableAssignment.objects.filter(organisation__short_name="州甲局").first()
    assert share is not None
    share = DeliverableAssignment.objects.get(pk=share.pk)
    address = f"/workbench/shares/{share.pk}/do/report/"
    desk = sign_in(act("approver", "州甲局"))
    lines = ["没有这条信息", "11000000000000000X/2020-00001", ledger.index_number, ""]
    page = desk.fill(address, text="已建成。", evidence="\r\n".join(lines))
    assert page.status_code == 422
    for told in (
        "第1行：本单位没有发布过标题或文号是“没有这条信息”的信息",
        "第2行：“11000000000000000X/2020-00001”在平台上没有",
        f"第3行：“{ledger.title}”是州政府发布的，请用本单位发布的。",
    ):
        assert told in _page(page)
    assert "没有这条信息\r\n11000000000000000X/2020-00001" in _page(page).replace("&#13;", "\r")
    assert not share.reports.exists()
    many = desk.fill(address, text="已建成。", evidence="\n".join(["甲"] * 21))
    assert "一次最多写 20 条佐证。" in _page(many)


@pytest.mark.parametrize("how", ["index", "address", "title", "ticked"])
def test_evidence_is_found_however_it_is_written(
    how: str, plan: ActionPlan, ledger: Publication, supervisor: Actor, act: Act
) -> None:
    share = DeliverableAssignment.objects.filter(organisation__short_name="州甲局").first()
    assert share is not None
    DeliverableAssignment.objects.filter(pk=share.pk).update(organisation=ledger.organisation_id)
    address = f"/workbench/shares/{share.pk}/do/report/"
    path = path_of(ledger)
    given: dict[str, Any] = {
        "index": {"evidence": ledger.index_number.lower()},
        "address": {"evidence": f"https://www.donghe.gov.cn{path}?x=1"},
        "title": {"evidence": "任务落实台账"},
        "ticked": {"recent": [str(ledger.pk)], "evidence": ledger.index_number},
    }[how]
    sign_in(act("approver", "州政府")).fill(address, text="已建成。", **given)
    (written,) = share.reports.all()
    assert [e.publication for e in written.evidence.all()] == [ledger]


def test_withdrawn_evidence_is_refused(
    plan: ActionPlan, ledger: Publication, supervisor: Actor, act: Act
) -> None:
    withdraw(ledger, actor=supervisor, reason="有误")
    share = _share("州甲局")
    page = sign_in(act("approver", "州甲局")).fill(
        f"/workbench/shares/{share.pk}/do/report/", text="已建成。", evidence=ledger.index_number
    )
    assert f"“{ledger.index_number}”已经撤回，公众看不到，请换一条。" in _page(page)
    assert ledger.title not in _page(page)


def test_a_report_says_what_was_done_and_holds_no_secret(plan: ActionPlan, act: Act) -> None:
    share = _share("州甲局")
    desk = sign_in(act("approver", "州甲局"))
    address = f"/workbench/shares/{share.pk}/do/progress/"
    assert "请写明做了什么。" in _page(desk.fill(address, text="  "))
    marked = desk.fill(address, text="机密★5年\n绝不能留下的一句")
    assert marked.status_code == 422 and "涉密文件不得在本系统存储" in _page(marked)
    assert "绝不能留下的一句" not in _page(marked)
    assert not share.reports.exists()
    twice = desk.form(address) | {"text": "正在建设。"}
    desk.post(address, twice)
    desk.post(address, twice)
    assert share.reports.get().text == "正在建设。"


def test_a_unit_names_its_leader_and_a_lead_does_not_do_it_for_others(
    plan: ActionPlan, act: Act
) -> None:
    share = _share("州甲局")
    address = f"/workbench/shares/{share.pk}/edit/"
    own = sign_in(act("drafter", "州甲局"))
    own.fill(address, leader_post="分管副局长", contact="0930-0000000")
    share.refresh_from_db()
    assert (share.leader_post, share.contact) == ("分管副局长", "0930-0000000")
    own.fill(address)
    assert AuditEvent.objects.filter(action="plans.share.contact").count() == 1
    told = sign_in(act("drafter", "州政府办公室")).client.get(address, follow=True)
    assert "只能填报本单位的负责同志和联系电话。" in _page(told)


def test_the_supervisor_gives_a_share_to_another_unit_and_takes_it_up_again(
    plan: ActionPlan, desk: Desk, directory: dict[str, Organisation]
) -> None:
    share = _share("州甲局")
    home = f"/workbench/shares/{share.pk}/"
    nobody = desk.fill(f"{home}do/reassign/", message="职责划转")
    assert nobody.status_code == 422 and "职责划转" in _page(nobody)
    desk.fill(f"{home}do/reassign/", organisation=str(directory["州乙局"].pk), message="职责划转")
    share.refresh_from_db()
    assert share.organisation == directory["州乙局"]
    desk.fill(f"{home}do/close/", message="并入其他工作。")
    share.refresh_from_db()
    assert (share.state, share.closing_reason) == ("closed", "并入其他工作。")
    desk.fill(f"{home}do/reopen/", message="仍须办理。")
    share.refresh_from_db()
    assert share.state == "in_progress"


# ---- 待办 ----


def test_everyone_sees_what_waits_for_him(plan: ActionPlan, act: Act, desk: Desk) -> None:
    share = _share("金县")
    page = _page(sign_in(act("approver", "金县")).get("/workbench/"))
    assert f"/workbench/shares/{share.pk}/" in page and "方案写“6月底前”。" in page
    assert "请先备好情况和佐证" not in page
    assert "由本单位签发人报送，请先备好情况和佐证。" in _page(
        sign_in(act("drafter", "金县")).get("/workbench/")
    )
    assert "没有等您办的事。" in _page(sign_in(act("reviewer", "金县")).get("/workbench/"))
    supervised = _page(desk.get("/workbench/"))
    assert "2 处单位没有指明" in supervised and "个单位 13 份任务已到期" in supervised
    report(
        share, actor=act("approver", "金县"), key="r", text="建成。", is_completion=True,
        no_evidence="内部系统。",
    )  # fmt: skip
    assert "第1项 金县：报送完成" in _page(desk.get("/workbench/"))
    assert "没有等您办的事。" in _page(sign_in(act("approver", "金县")).get("/workbench/"))
    stranger = _page(sign_in(act("supervisor", "银县")).get("/workbench/"))
    assert "没有等您办的事。" in stranger


# ---- 查询次数 ----


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/workbench/plans/", 10),
        ("/workbench/plans/{plan}/", 18),
        ("/workbench/shares/", 12),
        ("/workbench/shares/{share}/", 13),
        ("/workbench/", 14),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_plan(
    address: str,
    queries: int,
    plan: ActionPlan,
    desk: Desk,
    supervisor: Actor,
    directory: dict[str, Organisation],
    django_assert_num_queries: Callable,
) -> None:
    larger = SMALL_PLAN + "".join(
        f"{n}.推进工作{n}。2022年{n}月底前完成{n}。（牵头单位：州政府办公室，实施单位：州甲局、各县市人民政府）\n"
        for n in range(3, 9)
    )
    bigger = take_in_plan(
        parse_plan(larger), organisation=directory["州政府"], actor=supervisor, key="larger"
    )
    for each in (plan, bigger):
        share = DeliverableAssignment.objects.filter(deliverable__task__plan=each).first()
        assert share is not None
        path = address.format(plan=each.pk, share=share.pk)
        desk.get(path)
        with django_assert_num_queries(queries):
            assert desk.get(path).status_code == 200
