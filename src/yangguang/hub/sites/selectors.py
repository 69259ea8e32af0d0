"""站点管理的读取。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from yangguang.foundation.audit.labels import VERBS, field_label
from yangguang.foundation.audit.models import AuditEvent

SHOWN = 50
"""经过最多列多少句，新的在前。"""


@dataclass(frozen=True)
class Happened:
    """没有流转的记录（栏目）经过里的一句：什么时候、谁、做了什么、改了哪些、写的说明。"""

    at: datetime
    who: str
    did: str
    about: str
    note: str


def happened(record: Model) -> Sequence[Happened]:
    """一个栏目的经过，由审计得出，新的在前。一次查询。"""
    label = record._meta.label_lower
    events = AuditEvent.objects.filter(target_type=label, target_id=str(record.pk)).order_by("-pk")
    return [
        Happened(
            event.at,
            event.user_name or "系统",
            VERBS.get(event.action.rpartition(".")[2], event.action),
            _about(label, event),
            event.note,
        )
        for event in events[:SHOWN]
    ]


def _about(label: str, event: AuditEvent) -> str:
    public: dict[str, Any] = event.public
    if "from" in public:
        return f"由“{public['from']}”改为“{public['name']}”"
    if public.get("into"):
        return f"信息移到“{public['into']}”"
    if "after" in public:
        return f"排在“{public['after']}”之后" if public["after"] else "排到最前"
    if event.action.endswith(".edit"):
        return "、".join(field_label(label, name) for name in event.fields)
    return ""
