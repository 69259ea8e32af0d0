"""一笔资金这一种信息：载荷、流向图、供下载的表格。"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yangguang.foundation.workbench.sheets import FORMATS
from yangguang.hub.publications.kinds import PublicationKind, Reading

from .chart import chart
from .models import Fund
from .money import yuan
from .rules import KINDS, LEVELS, STAGE, SUBJECT, Account, Flow, Spending, level_totals
from .selectors import account_of, tables_of


@dataclass
class Made:
    """做好的表格，作为信息的附件。"""

    name: str
    sha256: str
    size: int
    media_type: str


class FundKind(PublicationKind):
    """资金公开：各级的合计、各笔分配、流向图，附供下载的表格。载荷里以 ``_fen`` 结尾的是分。"""

    code = "fund"
    label = "资金公开"
    schema_version = 1
    template = "website/fund.html"
    model = Fund

    def payload(self, record: Fund) -> dict[str, Any]:
        """公众将看到的内容。"""
        account = account_of(record)
        return {
            "title": record.name,
            "form": "其他",
            "document_number": record.document_number,
            "subject": SUBJECT,
            "stage": STAGE,
            "validity": None,
            "disclosure": "proactive",
            "fund_kind": KINDS[record.kind],
            "year": record.year,
            "given_by": record.given_by,
            "purpose": record.purpose,
            "holder": {"name": account.holder.name, "level": LEVELS[account.holder.level]},
            "amount_fen": account.amount,
            "received_on": _day(account.received_on),
            **_spent(account.spending),
            "levels": [
                {
                    "level": LEVELS[level],
                    "units": total.units,
                    "announced_fen": total.announced,
                    "received_fen": total.received,
                    "allocated_fen": total.allocated,
                    "paid_fen": total.paid,
                    "used_fen": total.used,
                    "left_fen": total.left,
                }
                for level, total in level_totals(account).items()
            ],
            "flows": [_flow(flow) for flow in account.flows],
            "is_demonstration": record.is_demonstration,
            "body": _body(record, account),
        }

    def attachments(self, record: Fund) -> Sequence[Made]:
        """供下载的表格：xlsx、csv。"""
        made = tables_of(record)
        if made is None:
            return []
        return [
            Made(f"{record.name}.xlsx", made.xlsx, made.xlsx_size, FORMATS["xlsx"].media_type),
            Made(f"{record.name}.csv", made.csv, made.csv_size, "text/csv"),
        ]

    def is_being_revised(self, record: Fund) -> bool:
        """更新中。"""
        return record.state == "revising"

    def page_context(self, payload: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        """流向图，和把分写成元的办法。"""
        return {"chart": asdict(chart(payload)), "yuan": _yuan}


def _yuan(amount: int | None) -> str:
    return "" if amount is None else yuan(amount)


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _spent(spending: Spending) -> dict[str, Any]:
    return {
        "paid_fen": spending.paid,
        "paid_on": _day(spending.paid_on),
        "used_fen": spending.used,
        "used_on": _day(spending.used_on),
    }


def _flow(flow: Flow) -> dict[str, Any]:
    return {
        "number": flow.number,
        "giver": flow.giver.name,
        "giver_level": LEVELS[flow.giver.level],
        "receiver": flow.receiver.name,
        "receiver_level": LEVELS[flow.receiver.level],
        "project": flow.project,
        "document_number": flow.document_number,
        "amount_fen": flow.amount,
        "allocated_on": _day(flow.allocated_on),
        "received_fen": flow.received,
        "received_on": _day(flow.received_on),
        **_spent(flow.spending),
    }


def _body(record: Fund, account: Account) -> list[dict[str, Any]]:
    """供检索、转发的文字：一段话，一张表。"""
    said = (
        f"{account.holder.name}收到{record.given_by}下达的{record.year}年{KINDS[record.kind]}"
        f"“{record.name}” {yuan(account.amount)} 元。"
    )
    blocks: list[dict[str, Any]] = [{"type": "paragraph", "style": "plain", "text": said}]
    if record.purpose:
        blocks.append({"type": "paragraph", "style": "plain", "text": f"用途：{record.purpose}"})
    if account.flows:
        rows = [["分配单位", "接收单位", "项目", "分配（元）", "拨付（元）", "支出（元）"]]
        rows += [
            [
                flow.giver.name, flow.receiver.name, flow.project, yuan(flow.amount),
                _yuan(flow.spending.paid), _yuan(flow.spending.used),
            ]
            for flow in account.flows
        ]  # fmt: skip
        blocks.append({"type": "table", "rows": rows})
    return blocks
