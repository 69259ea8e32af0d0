"""任务台账导出成 xlsx：一份分解任务一行，另有任务汇总和单位汇总。"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook

from yangguang.foundation.workbench.workbooks import fill, saved

from .models import ActionPlan, DeliverableAssignment
from .rules import STANDINGS
from .selectors import Share, by_unit, figures, plan_shares, waiting_groups

SHARE_COLUMNS = (
    ("编号", 8),
    ("部分", 24),
    ("任务", 30),
    ("分解项", 50),
    ("期限的写法", 16),
    ("期限", 12),
    ("身份", 8),
    ("单位", 20),
    ("方案里的写法", 20),
    ("负责同志职务", 16),
    ("状况", 12),
    ("报送完成之日", 14),
    ("核实之日", 12),
    ("结项理由", 30),
)


def ledger(
    plan: ActionPlan, *, as_of: date, among: QuerySet[DeliverableAssignment] | None = None
) -> bytes:
    """方案截至 ``as_of`` 的任务台账；``among`` 是可见的分解任务，默认全部。六次查询。"""
    listed = plan_shares(plan, as_of=as_of, among=among)
    data = figures(plan, as_of=as_of, among=among)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "分解任务"
    fill(sheet, SHARE_COLUMNS, [_share_line(share) for share in listed])
    tasks = book.create_sheet("任务汇总")
    fill(
        tasks,
        (
            ("编号", 8),
            ("部分", 40),
            ("状况", 12),
            ("期限", 12),
            *((v, 12) for v in STANDINGS.values()),
        ),
        [
            [row["number"], row["part"], STANDINGS[row["standing"]], _day(row["due_on"])]
            + [row["counts"][key] for key in STANDINGS]
            for row in data["tasks"]
        ],
    )
    units = book.create_sheet("单位汇总")
    fill(
        units,
        (("单位", 24), *((v, 12) for v in STANDINGS.values()), ("合计", 8)),
        [[t.name, *(t.counts[key] for key in STANDINGS), t.total] for t in by_unit(listed)],
    )
    waiting = book.create_sheet("待指明的单位")
    fill(
        waiting,
        (("编号", 8), ("分解项", 50), ("身份", 8), ("方案里的写法", 30)),
        [
            [g.deliverable.task.number, g.deliverable.text, g.get_role_display(), g.phrase]
            for g in waiting_groups(plan)
        ],
    )
    notes = book.create_sheet("说明")
    notes.append([f"《{plan.title}》{plan.document_number}"])
    notes.append([f"截至 {as_of.isoformat()}。"])
    notes.append(["“已到期”是期限已过、还没有报送完成；是否按期以报送完成之日为准。"])
    notes.column_dimensions["A"].width = 80
    return saved(book)


def _share_line(share: Share) -> list[Any]:
    return [
        share.task_number,
        share.part,
        share.task_title,
        share.demand,
        share.phrase,
        share.due_on,
        share.role_label,
        share.unit,
        share.written_as,
        share.leader_post,
        share.standing_label,
        share.reported_on,
        share.confirmed_on,
        share.closing_reason,
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
