"""紧急提示的动作：发、改。撤下走流转。"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, start
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.publications.gate import text_faults
from yangguang.hub.publications.refreshing import refresh

from .fields import address_fault
from .models import Alert, alerts_key
from .rules import LEVELS, MOST_ALERTS
from .selectors import alerts_on

EDITABLE = ("level", "text", "href", "valid_until")


@transaction.atomic
def show_alert(
    site: Site, values: Mapping[str, Any], *, actor: Actor, key: str, today: date
) -> Alert:
    """发一条紧急提示，随即显示。同一 ``key`` 只发一次。

    不在范围内抛出 ``OutOfScope``，不合规矩抛出 ``Refused``。
    """
    if not sites_edited_by(actor).filter(pk=site.pk).exists():
        raise OutOfScope
    alert = Alert(site=site, organisation=site.organisation, **values)
    if not TransitionRecord.objects.filter(idempotency_key=key).exists():
        _check(alert, today)
        if len(alerts_on(site, today)) >= MOST_ALERTS:
            raise Refused([f"同时最多 {MOST_ALERTS} 条，请先撤下一条。"])
    start(alert, actor=actor, key=key)
    refresh(alerts_key(site))
    return alert


@transaction.atomic
def edit_alert(alert: Alert, values: Mapping[str, Any], *, actor: Actor, today: date) -> None:
    """改一条显示中的提示。"""
    rows = Alert.objects.select_for_update(of=("self",)).select_related("site")
    current = rows.get(pk=alert.pk)
    if not Alert.policy.may_edit(actor, current):
        raise OutOfScope
    if current.state != "shown":
        raise Refused(["已经撤下的不能改，请另发一条。"])
    changed = [name for name in EDITABLE if getattr(current, name) != values[name]]
    for name in changed:
        setattr(current, name, values[name])
    _check(current, today)
    if changed:
        current.save()
        public = {name: str(getattr(current, name)) for name in changed}
        record_event("alerts.edit", actor=actor, target=current, public=public)
        refresh(alerts_key(current.site))
    alert.refresh_from_db()


def _check(alert: Alert, today: date) -> None:
    if secret_mark(alert.text):
        raise Classified
    faults = text_faults(alert.text, "")
    if not alert.text.strip():
        faults.append("提示必填。")
    if alert.level not in LEVELS:
        faults.append("级别只有紧急和提示两种。")
    if alert.href and (fault := address_fault(alert.href)):
        faults.append(f"详情的地址：{fault}")
    if alert.valid_until < today:
        faults.append("有效到的日期已经过去了。")
    if faults:
        raise Refused(faults)
