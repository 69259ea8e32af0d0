"""演示用的规范性文件：数据在 ``data/linxia/norms.json``，登记、审核、编号、公布，修改和废止都照实走一遍。"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.sources.norms.models import Norm, UpperText
from yangguang.sources.norms.services import bring_up, draft, relate
from yangguang.sources.norms.uppers import enter_upper

from .people import Staff

UNIT, COLUMN = "linxia-office", "zhengce-wenjian"
STEPS = (
    ("submit", "drafter"), ("pass", "reviewer"), ("register", "approver"), ("publish", "drafter"),
)  # fmt: skip
DATES = ("promulgated", "effective", "ceases")


def enter_norms(path: Path, staff: Staff) -> int:
    """登记、公布 ``path`` 里的规范性文件，返回新的几份。登记过的不再登记。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    unit = Organisation.objects.get(code=UNIT)
    upper = _upper(data["upper"], unit, staff)
    made: dict[str, Norm] = {}
    fresh = 0
    for raw in data["norms"]:
        key = f"demo:norm-{raw['key']}"
        done = TransitionRecord.objects.filter(idempotency_key=f"{key}:create").first()
        if done is not None:
            made[raw["key"]] = Norm.objects.get(pk=done.object_id)
            continue
        made[raw["key"]] = _enter(raw, data["mark"], unit, staff, upper, made)
        fresh += 1
    return fresh


def _upper(raw: dict[str, Any], unit: Organisation, staff: Staff) -> UpperText:
    held = UpperText.objects.filter(title=raw["title"]).first()
    if held is not None:
        return held
    values = raw | {"effective_on": date.fromisoformat(raw["effective_on"])}
    drafter = staff.at(UNIT, "drafter")
    return enter_upper(
        values, organisation=unit, actor=drafter, key=f"demo:upper-{raw['key']}:create"
    )


def _enter(
    raw: dict[str, Any],
    mark: str,
    unit: Organisation,
    staff: Staff,
    upper: UpperText,
    made: dict[str, Norm],
) -> Norm:
    drafter, key = staff.at(UNIT, "drafter"), f"demo:norm-{raw['key']}"
    values = {
        "kind": "document", "title": mark + raw["title"], "issuers": [unit.name],
        "body": raw["body"], "stage": "decision", "term_reason": raw.get("term_reason", ""),
    }  # fmt: skip
    norm = draft(
        values | _dates(raw), organisation=unit, actor=drafter, key=f"{key}:create",
        columns=list(Column.objects.filter(site=site_for(unit), code=COLUMN)),
        back_filled_from="演示补录：照公布日期", is_demonstration=True,
    )  # fmt: skip
    for relation in raw["relations"]:
        relate(
            norm, relation["kind"], actor=drafter,
            target=made[relation["target"]] if "target" in relation else None,
            upper=upper if relation.get("upper") else None,
            target_articles=relation.get("articles", ""), body=relation.get("body", ()),
        )  # fmt: skip
    for event, role in STEPS:
        perform(norm, event, actor=staff.at(UNIT, role), key=f"{key}:{event}")
        bring_up(norm)
        norm.refresh_from_db()
    for relation in norm.relations.select_related("target"):
        if relation.target is not None:
            bring_up(relation.target)
    return norm


def _dates(raw: dict[str, Any]) -> dict[str, date | None]:
    """写明的日期，或者从今天起算的天数。"""
    today = timezone.localdate()
    return {
        f"{name}_on": (
            date.fromisoformat(raw[f"{name}_on"])
            if f"{name}_on" in raw
            else today + timedelta(days=raw[f"{name}_in"])
            if f"{name}_in" in raw
            else None
        )
        for name in DATES
    }
