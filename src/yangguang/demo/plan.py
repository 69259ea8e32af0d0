"""真实的工作方案走一遍：收文、审签、发布，分解成任务台账，再报送几笔进展。"""

from collections.abc import Mapping
from datetime import date, datetime, time

from yangguang.foundation.calendar.rules import WorkingCalendar
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.codes import subject_code
from yangguang.hub.publications.models import Publication
from yangguang.oversight.plans.models import ActionPlan, DeliverableAssignment
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import (
    LEDGER,
    confirm,
    publish_ledger,
    report,
    send_back,
    take_in_plan,
)
from yangguang.sources.documents.interpreting import Plan
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import plan_interpretation, publication_of

from .circulating import Circulation, back_filled
from .people import Staff
from .samples import BEIJING, PlanReport

OFFICE = "linxia-office"
SUPERVISOR = "office.supervisor"
NAME = "plan"
COLUMNS = ["zhengce-wenjian", "tongzhi-gonggao"]
PUBLISHED_AFTER = 2
"""方案印发后第几个工作日上网。原文只有成文日期，上网日期是演示设定的。"""

REPORT_SOURCE = "演示补录：样例设定的报送日期"


def share_of(report_sample: PlanReport, plan: ActionPlan) -> DeliverableAssignment:
    """报的是哪一份；方案里没有这一份抛出 ``DoesNotExist``。"""
    raw = report_sample.raw
    return DeliverableAssignment.objects.current().get(
        deliverable__task__plan=plan,
        deliverable__task__number=raw["task"],
        deliverable__text__contains=raw["contains"],
        organisation__code=raw["unit"],
    )


def publish_plan(
    text: str, interpretation: Plan, circulation: Circulation, calendar: WorkingCalendar
) -> Publication:
    """方案原文附上解读方案，走完收文、送审、审核、签发、发布，返回发布成的信息。"""
    office = Organisation.objects.get(code=OFFICE)
    drafter = circulation.staff.at(OFFICE, "drafter")
    if not circulation.done(f"demo:{NAME}:publish"):
        written_on = parse_plan(text).issued_on
        overrides = {}
        if written_on:
            day = calendar.add(written_on, PUBLISHED_AFTER).date
            overrides = back_filled(
                datetime.combine(day, time(9, 30), BEIJING),
                f"演示补录：按印发后第 {PUBLISHED_AFTER} 个工作日设定",
            )
        document = circulation.take_in(text, office, NAME, **overrides)
        if not circulation.done(f"demo:{NAME}:submit"):
            settled = {
                "stage": "decision",
                "subject": subject_code("综合政务\\政务公开"),
                "is_policy": True,
            }
            circulation.settle(document, COLUMNS, settled)
            plan_interpretation(document, interpretation, actor=drafter)
        for event in ("submit", "pass", "approve", "publish"):
            circulation.step(document, event, NAME)
    record = TransitionRecord.objects.get(idempotency_key=f"demo:{NAME}:create")
    return publication_of(OfficialDocument.objects.get(pk=record.object_id))


def open_ledger(text: str, source: Publication, staff: Staff) -> tuple[ActionPlan, Publication]:
    """方案分解成任务，任务台账公开；已经做过的不再做。返回方案和台账。"""
    office = Organisation.objects.get(code=OFFICE)
    supervisor = staff.named(SUPERVISOR)
    plan = ActionPlan.objects.filter(idempotency_key="demo:ledger").first() or take_in_plan(
        parse_plan(text), organisation=office, actor=supervisor, key="demo:ledger", source=source
    )
    ledger = Publication.objects.filter(kind=LEDGER, source_id=plan.pk).first()
    if ledger is None:
        version = publish_ledger(
            plan,
            actor=supervisor,
            key="demo:ledger:publish",
            published_at=source.published_at,
            published_at_source="演示补录：与方案原文同时",
        )
        ledger = version.publication
    return plan, ledger


def file_reports(
    reports: list[PlanReport], plan: ActionPlan, staff: Staff, publications: Mapping[str, int]
) -> int:
    """各单位报送、监督员核实或退回；返回新做了几笔。``publications`` 由文号到信息。"""
    done = set(
        TransitionRecord.objects.filter(idempotency_key__startswith="demo:r").values_list(
            "idempotency_key", flat=True
        )
    )
    supervisor = staff.named(SUPERVISOR)
    count = 0
    for each in reports:
        raw = each.raw
        closing = "confirmed_on" in raw or "returned" in raw
        last = f"{each.key}:answer" if closing else each.key
        if last in done:
            continue
        share = share_of(each, plan)
        evidence = [publications[number] for number in raw.get("evidence", ())]
        report(
            share,
            actor=staff.at(raw["unit"], "approver"),
            key=each.key,
            text=raw["text"],
            is_completion=raw["is_completion"],
            evidence=list(Publication.objects.filter(pk__in=evidence)),
            reported_on=date.fromisoformat(raw["reported_on"]),
            source=REPORT_SOURCE,
        )
        if "confirmed_on" in raw:
            day = date.fromisoformat(raw["confirmed_on"])
            confirm(share, actor=supervisor, key=last, confirmed_on=day)
        elif "returned" in raw:
            send_back(share, actor=supervisor, key=last, message=raw["returned"])
        count += 1
    return count
