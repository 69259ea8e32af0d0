"""任务台账的公开：公开一次；以后监督员的决定、核实的报送写进去，各成一个新版本。"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import KeyTaken, perform
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.models import PublicationVersion
from yangguang.hub.publications.refreshing import refresh
from yangguang.hub.publications.services import correct, publish

from .models import LEDGER, ActionPlan

LEDGER_COLUMN = "renwu-luoshi"
"""任务台账放在站点的哪个栏目（栏目代码）。"""


def publish_ledger(
    plan: ActionPlan,
    *,
    actor: Actor,
    key: str,
    published_at: datetime | None = None,
    published_at_source: str = "",
) -> PublicationVersion:
    """公开方案的任务台账，返回版本。同一 ``key`` 只做一次。

    ``published_at`` 只用于补录，须注明来源。已经公开、不是监督员、没有栏目、内容不宜公开的，
    抛出 ``Refused``，带上全部理由。
    """
    with transaction.atomic():
        site = site_for(plan.organisation)
        columns = list(Column.objects.filter(site=site, code=LEDGER_COLUMN)) if site else []
        faults = []
        if site is None:
            faults.append(f"{plan.organisation}没有可以发布的站点，请先建站点。")
        elif not columns:
            faults.append(f"“{site}”没有代码为 {LEDGER_COLUMN} 的栏目，请先建“任务落实”栏目。")
        perform(plan, "publish_ledger", actor=actor, key=key, inputs={"faults": faults})
        return publish(
            plan,
            LEDGER,
            organisation=plan.organisation,
            columns=columns,
            actor=actor,
            key=f"{key}:ledger",
            published_at=published_at,
            published_at_source=published_at_source,
        )


def decide(
    plan: ActionPlan,
    event: str,
    *,
    actor: Actor,
    key: str,
    subject: str,
    change: str = "",
    reason: str,
    faults: Iterable[str],
) -> bool:
    """监督员对方案做一个决定，留下一行流转。同一人对同一处用同一 ``key`` 做过的返回假，不再做。

    ``subject`` 是办的哪一处，``change`` 是怎样改的，连同 ``reason`` 记入经过；``faults`` 是查出的不对之处。
    须在改动所在的事务里调用。不能做时抛出 ``OutOfScope`` 或 ``Refused``。
    """
    earlier = TransitionRecord.objects.filter(idempotency_key=key).first()
    told = f"{subject}，{change}" if change else subject
    message = f"{told}：{reason.strip()}" if reason.strip() else ""
    done = perform(
        plan, event, actor=actor, key=key, message=message, inputs={"faults": list(faults)}
    )
    if earlier and not done.message.startswith((f"{subject}，", f"{subject}：")):
        raise KeyTaken
    return earlier is None


def renew_ledger(plan: ActionPlan, *, actor: Actor, reason: str, key: str) -> None:
    """方案的内容变了：落实数据随之更新，已公开的任务台账成一个新版本。"""
    if ledger := plan.ledger():
        correct(ledger, plan, actor=actor, reason=reason[:300], key=f"{key}:ledger")
    refresh(plan.data_key)


def is_done(key: str) -> bool:
    """这个幂等键已经用过。"""
    return TransitionRecord.objects.filter(idempotency_key=key).exists()
