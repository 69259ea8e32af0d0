"""各单位报数：持有资金的机构请接收单位报自己收到、拨付、支出的数，核对以后采用。

报的数先不动记着的：采用了才写进各笔分配，随资金的审签、更正公开。
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import KeyTaken, OutOfScope, Refused
from yangguang.foundation.notify.audiences import Recipient, held_now
from yangguang.foundation.notify.rules import WAITING
from yangguang.foundation.notify.telling import Notice, tell
from yangguang.foundation.workbench.versions import keeping

from .circulation import DRAFTER
from .models import Allocation, FlowReport, Fund
from .rules import FIGURES, Spending, own_faults
from .selectors import account, newest, received_by, standings
from .services import after_saving, editable

RECEIPT = "workbench:receipts-record"


@transaction.atomic
def ask_units(fund: Fund, report_by: date, *, actor: Actor, key: str) -> None:
    """请各接收单位在 ``report_by`` 以前报数，告诉它们的信息员；同一 ``key`` 只请一次。

    再请一次，从前报的不再算数。没有分配的、撤回了的、期限已过的抛出 ``Refused``。
    """
    current = Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
    if not (current.policy.may_create(actor) and current.policy.visible(actor).filter(pk=fund.pk)):
        raise OutOfScope
    if current.asked_key == key:
        return
    units = dict(current.allocations.values_list("receiver", "pk").order_by("-position"))
    reasons = [] if units else ["还没有填分配，没有单位可以报数。"]
    if current.state == "withdrawn":
        reasons.append("已经撤回的资金不必再报数。")
    if report_by < timezone.localdate():
        reasons.append(f"报数期限 {report_by} 已经过了，请改一个。")
    if reasons:
        raise Refused(reasons)
    current.asked_at, current.asked_key, current.report_by = timezone.now(), key, report_by
    current.save(update_fields=["asked_at", "asked_key", "report_by", "updated_at"])
    record_event(
        "funds.ask_units", actor=actor, target=current, fields=("report_by",),
        public={"until": report_by.isoformat(), "count": len(units)},
    )  # fmt: skip
    drafters = held_now().filter(role__in=DRAFTER, organisation__in=units)
    tell(
        [
            Notice(
                Recipient(each.user_id, each.pk), WAITING, Fund._meta.label_lower, current.name,
                reverse(RECEIPT, args=[units[each.organisation_id]]), f"ask:{current.pk}:{key}",
                f"请在 {report_by.isoformat()} 以前报本单位收到、拨付、支出的数", report_by,
            )
            for each in drafters
        ]
    )  # fmt: skip
    fund.refresh_from_db()


@transaction.atomic
def report(
    allocation: Allocation, values: Mapping[str, Any], *, actor: Actor, key: str
) -> FlowReport:
    """接收单位的信息员报自己的数；同一 ``key`` 只报一次，做过别的事的 ``key`` 抛出 ``KeyTaken``。

    不是本单位收到的、没有请它报的抛出 ``OutOfScope``；数、日期自己不成立的抛出 ``Refused``。
    """
    if actor.role not in DRAFTER or not received_by(actor).filter(pk=allocation.pk).exists():
        raise OutOfScope
    earlier = FlowReport.objects.filter(idempotency_key=key).first()
    if earlier is not None:
        if (earlier.allocation_id, earlier.by_id) != (allocation.pk, actor.assignment_id):
            raise KeyTaken
        return earlier
    fund = Fund.objects.select_for_update(of=("self",)).select_related("organisation")
    current = fund.get(pk=allocation.fund_id)
    row = current.allocations.select_related("giver", "receiver").get(pk=allocation.pk)
    now = timezone.now()
    made = FlowReport(
        allocation=row, by_id=actor.assignment_id, at=now, idempotency_key=key,
        **{name: values[name] for name in FIGURES},
    )  # fmt: skip
    (flow,) = account(current, [row]).flows
    told = replace(
        flow, received=made.received, received_on=made.received_on,
        spending=Spending(made.paid, made.paid_on, made.used, made.used_on),
    )  # fmt: skip
    if faults := own_faults(told, timezone.localdate()):
        raise Refused(faults)
    made.settled_at = now if made.figures == row.figures else None
    row.reports.filter(settled_at=None).update(settled_at=now)
    made.save()
    record_event(
        "funds.report", actor=actor, target=current, fields=("reports",),
        public={"units": [row.receiver.name]},
    )  # fmt: skip
    return made


@transaction.atomic
def take_reports(fund: Fund, upto: int, *, actor: Actor) -> int:
    """采用各单位新报的数，写进各笔分配，返回几笔。

    ``upto`` 是核对时看到的最近一次（``selectors.newest``）：那以后又报的没有核对过，不采用，抛出 ``Refused``。
    不能改的也抛出 ``Refused``；没有新报的什么也不做。
    """
    current = editable(fund, actor)
    found = standings(current)
    fresh = [each for each in found if each.is_new]
    if not fresh:
        return 0
    if newest(found) > upto:
        raise Refused(["这期间有单位又报了新的数，请核对以后再采用。"])
    with keeping(current, actor=actor):
        for each in fresh:
            assert each.report is not None  # noqa: S101  新报的总有报的数
            for name in FIGURES:
                setattr(each.allocation, name, getattr(each.report, name))
            each.allocation.save(update_fields=FIGURES)
            each.report.settled_at = timezone.now()
            each.report.save(update_fields=["settled_at"])
        current.save(update_fields=["updated_at"])
        record_event(
            "funds.take_reports", actor=actor, target=current, fields=("allocations",),
            public={"units": [each.allocation.receiver.name for each in fresh]},
        )  # fmt: skip
        after_saving(current)
    return len(fresh)
