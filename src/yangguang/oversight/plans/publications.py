"""任务台账：方案的任务页，是一条公开的信息。

任务、分解项、单位和核实过的报送在载荷里，变了就成新版本；各单位做到哪一步是算出来的数据，
键为 ``plan:方案号``，变了只重烘页面，不成版本。
"""

from collections.abc import Mapping
from typing import Any

from yangguang.hub.indicators.selectors import DATA as INDICATORS
from yangguang.hub.publications.kinds import PublicationKind, Reading
from yangguang.hub.publications.selectors import path_of

from .models import LEDGER, ActionPlan, Deliverable, Evidence, ProgressReport, Role, Task
from .page import page_of


class TaskLedger(PublicationKind):
    """任务台账。"""

    code = LEDGER
    label = "任务台账"
    schema_version = 1
    template = "plans/task_ledger.html"
    teaser = "plans/teaser.html"
    unit_teaser = "plans/unit_teaser.html"
    unit_block = "plans/unit_block.html"
    model = ActionPlan

    def payload(self, record: ActionPlan) -> dict[str, Any]:
        """方案的全部任务、分解项、单位和核实过的报送。八次查询，与任务多少无关。"""
        tasks = _tasks(record)
        return {
            "title": f"{record.title}任务落实台账",
            "document_number": "",
            "disclosure": "proactive",
            "form": "任务台账",
            "subject": "",
            "written_on": record.issued_on.isoformat() if record.issued_on else None,
            "issued_on": None,
            "validity": None,
            "stage": "execution",
            "body": [
                {
                    "type": "paragraph",
                    "style": "plain",
                    "text": _summary(record, len(tasks)),
                }
            ],
            "plan": {
                "id": record.pk,
                "title": record.title,
                "document_number": record.document_number,
                "issued_on": record.issued_on.isoformat() if record.issued_on else None,
                "source": record.source.index_number if record.source else None,
            },
            "tasks": tasks,
            "reports": _reports(record),
        }

    def data_keys(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """落实数据的键；写了文号的，还有为它登记的指标的。"""
        plan = payload["plan"]
        keys = (f"plan:{plan['id']}",)
        return (*keys, _indicators(payload)) if plan["document_number"] else keys

    def page_context(self, payload: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        """任务按部分分组，附上落实数据、指标。"""
        figures = reading.data[f"plan:{payload['plan']['id']}"]
        return page_of(payload, figures, reading.data.get(_indicators(payload), {}))

    def unit_key(self, payload: Mapping[str, Any], organisation: str) -> str:
        """一个机构承担的各份分工的数据的键。"""
        return f"plan-unit:{payload['plan']['id']}:{organisation}"


def _indicators(payload: Mapping[str, Any]) -> str:
    return f"{INDICATORS}:{payload['plan']['document_number']}"


def _summary(plan: ActionPlan, count: int) -> str:
    number = f"（{plan.document_number}）" if plan.document_number else ""
    return f"《{plan.title}》{number}共 {count} 项任务，逐项列出要求、期限、单位和落实情况。"


def _tasks(plan: ActionPlan) -> list[dict[str, Any]]:
    rows = (
        Task.objects.filter(plan=plan)
        .prefetch_related(
            "recurrences",
            "deliverables__assignments__organisation",
            "deliverables__groups",
        )
        .order_by("position")
    )
    return [
        {
            "number": task.number,
            "part": task.part,
            "title": task.title,
            "text": task.text,
            "recurring": [r.phrase for r in task.recurrences.all()],
            "deliverables": [
                _deliverable(item) for item in task.deliverables.all() if item.retired_at is None
            ],
        }
        for task in rows
    ]


def _deliverable(item: Deliverable) -> dict[str, Any]:
    units: dict[str, list[dict[str, str]]] = {Role.LEAD.value: [], Role.IMPLEMENTING.value: []}
    for share in sorted(item.assignments.all(), key=lambda s: s.pk):
        units[share.role].append(
            {
                "code": share.organisation.code,
                "name": share.organisation.short_name,
                "written_as": share.phrase,
            }
        )
    return {
        "id": item.pk,
        "text": item.text,
        "due_on": item.due_on.isoformat() if item.due_on else None,
        "due_basis": item.get_due_basis_display() if item.due_on else "",
        "phrase": item.phrase,
        "precedes_plan": item.precedes_plan,
        "lead": units["lead"],
        "implementing": units["implementing"],
        "waiting": [group.phrase for group in item.groups.all() if group.settled_at is None],
    }


def _reports(plan: ActionPlan) -> list[dict[str, Any]]:
    """核实过的报送，先后为序，附佐证的索引号和标题。"""
    evidence: dict[int, list[dict[str, str]]] = {}
    for link in (
        Evidence.objects.filter(report__assignment__deliverable__task__plan=plan)
        .select_related("publication__current_version")
        .order_by("pk")
    ):
        evidence.setdefault(link.report_id, []).append(
            {
                "index_number": link.publication.index_number,
                "title": link.publication.title,
                "path": path_of(link.publication),
            }
        )
    reports = (
        ProgressReport.objects.filter(assignment__deliverable__task__plan=plan, is_confirmed=True)
        .select_related("assignment__organisation", "assignment__deliverable__task")
        .order_by("reported_on", "pk")
    )
    return [
        {
            "task": report.assignment.deliverable.task.number,
            "deliverable": report.assignment.deliverable_id,
            "unit": {
                "code": report.assignment.organisation.code,
                "name": report.assignment.organisation.short_name,
            },
            "reported_on": report.reported_on.isoformat(),
            "text": report.text,
            "no_evidence": report.no_evidence,
            "evidence": evidence.get(report.pk, []),
        }
        for report in reports
    ]
