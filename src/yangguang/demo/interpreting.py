"""工作方案的解读：解读方案随文件送审，三种形式的解读材料照实起草、审核、签发、发布。

数据在 ``data/linxia/interpretations.json``。图解的图由方案的任务数画成，不带文字：文字在正文里。
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PIL import Image, ImageDraw

from yangguang.foundation.library.services import add
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.oversight.plans.rules import parse_plan
from yangguang.sources.documents.interpreting import Plan
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.interpretations.services import attach, draft

from .circulating import Circulation
from .people import Staff
from .plan import NAME, OFFICE
from .samples import BEIJING

STEPS = (
    ("submit", "drafter"), ("pass", "reviewer"), ("approve", "approver"), ("publish", "drafter"),
)  # fmt: skip
WIDTH, BAR, GAP, UNIT = 960, 44, 20, 100
"""图宽，每条横柱的高、间隔，一项任务的长短，像素。"""
INK, GROUND = "#A61B1B", "#F5F3EF"


def planned_interpretation(raw: Mapping[str, Any]) -> Plan:
    """解读方案。"""
    return Plan(**{**raw, "planned_on": date.fromisoformat(raw["planned_on"])})


def interpret_plan(data: Mapping[str, Any], text: str, circulation: Circulation) -> int:
    """发布方案的几份解读，返回新发布了几份。发布过的不再发布。``text`` 是方案原文。"""
    created = TransitionRecord.objects.get(idempotency_key=f"demo:{NAME}:create")
    document = OfficialDocument.objects.get(pk=created.object_id)
    waiting = [
        raw
        for raw in data["interpretations"]
        if not circulation.done(f"demo:interpretation-{raw['key']}:create")
    ]
    for raw in waiting:
        _interpret(raw, data, text, document, circulation.staff)
    return len(waiting)


def _interpret(
    raw: Mapping[str, Any],
    data: Mapping[str, Any],
    text: str,
    document: OfficialDocument,
    staff: Staff,
) -> None:
    key, drafter = f"demo:interpretation-{raw['key']}", staff.at(OFFICE, "drafter")
    at = datetime.fromisoformat(data["published"]).replace(tzinfo=BEIJING)
    site = site_for(document.organisation)
    record = draft(
        {
            "title": data["mark"] + raw["title"], "document": document, "form": raw["form"],
            "parts": raw["parts"], "interpreters": document.organisation.name, "stage": "decision",
        },
        organisation=document.organisation, actor=drafter, key=f"{key}:create",
        columns=list(Column.objects.filter(site=site, code=data["column"])),
        back_filled=(at, data["source"]), is_demonstration=True,
    )  # fmt: skip
    if raw["form"] == "picture":
        counts = tasks_of(text)
        told = f"横柱图：各个方面的任务依次是 {'、'.join(map(str, counts))} 项"
        picture = add(
            drawn(counts), "任务分布图.png", actor=drafter, key=f"{key}:picture", alternative=told
        )
        attach(record, [], picture, actor=drafter)
    for event, role in STEPS:
        perform(record, event, actor=staff.at(OFFICE, role), key=f"{key}:{event}")


def tasks_of(text: str) -> list[int]:
    """方案的各个方面各几项，按原文的次序，保障措施在最后。"""
    return list(Counter(task.part for task in parse_plan(text).tasks).values())


def drawn(counts: Sequence[int]) -> bytes:
    """一条横柱一个方面，长短是项数。"""
    image = Image.new("RGB", (WIDTH, GAP + len(counts) * (BAR + GAP)), GROUND)
    pen = ImageDraw.Draw(image)
    for number, count in enumerate(counts):
        top = GAP + number * (BAR + GAP)
        for unit in range(count):
            left = GAP + unit * UNIT
            pen.rectangle((left, top, left + UNIT - 8, top + BAR), fill=INK)
    saved = io.BytesIO()
    image.save(saved, "PNG")
    return saved.getvalue()
