"""记录页上的把关一块：三关各由谁把的，查出什么，能办什么。各种来源的记录页都用它。"""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor

from .selectors import Examination, kind_of
from .services import SIGNERS, can_mask

TONES = {"passed": "good", "refused": "bad"}
"""结论的轻重。"""


def title_of(record: Model) -> str:
    """记录怎么称呼；没有标题的也要点得开。"""
    return str(record) or "（没有标题）"


def record_href(record: Model) -> str:
    """一条记录的三关在哪里看。"""
    return reverse("workbench:gates-record", args=[kind_of(record).code, record.pk])


def panel_context(
    record: Any, actor: Actor, examination: Examination, *, may_edit: bool | None = None
) -> dict[str, Any]:
    """三关一块要的值。``may_edit`` 是此人改不改得了内容，记录页上问过；没有问过为空。"""
    at = [kind_of(record).code, record.pk]
    is_theirs = actor.covers(record.organisation_id, record.organisation.path)
    signs = is_theirs and actor.role in SIGNERS and record.created_by_id != actor.user_id
    if may_edit is None:
        may_edit = record.policy.may_edit(actor, record)
    masks = can_mask(record) and may_edit
    return {
        "subject": record,
        "examination": examination,
        "gates": [
            {
                "gate": gate,
                "tone": TONES[gate.verdict.verdict] if gate.verdict else "",
                "sign_href": reverse("workbench:gates-sign", args=[*at, gate.code])
                if signs
                else "",
                "rows": [
                    {
                        "found": found,
                        "overrule_href": (
                            reverse("workbench:gates-overrule", args=[*at, found.fingerprint])
                            if signs and found.may_be_overruled
                            else ""
                        ),
                    }
                    for found in gate.found
                ],
            }
            for gate in examination.gates
        ],
        "gates_href": record_href(record),
        "mask_href": reverse("workbench:gates-mask", args=at) if masks else "",
        "masked": examination.maskable,
    }
