"""一笔资金供下载的表格：一行一笔分配，钱数以元写。纯函数，不碰数据库、时钟和配置。"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.foundation.workbench.sheets import FORMATS, Row

from .money import plain_yuan
from .rules import LEVELS, Account, Flow

HEADER = (
    "序号", "分配单位", "分配单位层级", "接收单位", "接收单位层级", "项目", "分配文件文号", "分配（元）", "分配日期",
    "收到（元）", "收到日期", "拨付（元）", "拨付日期", "支出（元）", "支出日期",
)  # fmt: skip


@dataclass(frozen=True)
class Fund:
    """要写成表格的一笔资金。"""

    name: str
    document_number: str
    given_by: str
    account: Account


def rows(fund: Fund) -> list[Row]:
    """各行：先是收到的这一笔，再是各笔分配。"""
    account = fund.account
    spending = account.spending
    first = (
        0, fund.given_by, "", account.holder.name, LEVELS[account.holder.level], fund.name,
        fund.document_number, _yuan(account.amount), "", _yuan(account.amount),
        _day(account.received_on), _yuan(spending.paid), _day(spending.paid_on),
        _yuan(spending.used), _day(spending.used_on),
    )  # fmt: skip
    return [first, *(_row(flow) for flow in account.flows)]


def content_digest(fund: Fund) -> str:
    """内容的摘要：内容相同的不必再做。"""
    written = json.dumps([fund.name, HEADER, rows(fund)], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def written(fund: Fund, form: str) -> bytes:
    """写成 ``form``（xlsx、csv）。"""
    return b"".join(FORMATS[form].write(fund.name, HEADER, rows(fund)))


def _row(flow: Flow) -> Sequence[str | int]:
    spending = flow.spending
    return (
        flow.number, flow.giver.name, LEVELS[flow.giver.level], flow.receiver.name,
        LEVELS[flow.receiver.level], flow.project, flow.document_number, _yuan(flow.amount),
        _day(flow.allocated_on), _yuan(flow.received), _day(flow.received_on),
        _yuan(spending.paid), _day(spending.paid_on), _yuan(spending.used), _day(spending.used_on),
    )  # fmt: skip


def _yuan(amount: int | None) -> str:
    return "" if amount is None else plain_yuan(amount)


def _day(day: object) -> str:
    return str(day) if day else ""
