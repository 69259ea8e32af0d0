"""命令行共用的几样：选日历、把规则的错误说成指明参数的一句话、排成 JSON 与文字。"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError

from yangguang.foundation.commands import BadInput, Once

from .deadlines import Deadline
from .rules import NATIONAL, CalendarError, Counted, MarkedDay, WorkingCalendar, spoken
from .tables import packaged_calendar

OPTIONS = {
    "start": "--from",
    "days": "--days",
    "region": "--region",
    "received": "--received",
    "channel": "--channel",
    "confirmed": "--confirmed",
    "clarified": "--clarified",
    "paid": "--paid",
    "pauses": "--pause",
    "extended_days": "--extended-days",
}
"""规则里的输入项 → 命令行的选项。"""


def add_calendar_options(parser: CommandParser) -> None:
    """--region 与 --database。"""
    parser.add_argument(
        "--region", action=Once, default=NATIONAL, metavar="地区", help="地区代码，如 linxia"
    )
    parser.add_argument(
        "--database", action="store_true", help="用数据库里维护的日历，而不是随产品发布的"
    )


def chosen_calendar(options: dict[str, Any]) -> WorkingCalendar:
    """按 --region 与 --database 选出的日历。"""
    if not options["database"]:
        return packaged_calendar(options["region"])
    from .selectors import database_calendar

    try:
        return database_calendar(options["region"])
    except DatabaseError:
        raise BadInput(
            "参数 --database：数据库里还没有工作日历的表，请先执行 yangguang migrate。"
        ) from None


@contextmanager
def bad_input_named() -> Iterator[None]:
    """规则抛出的 ``CalendarError`` 变成 ``BadInput``，句首指明是哪个参数。"""
    try:
        yield
    except CalendarError as error:
        option = OPTIONS.get(error.field)
        raise BadInput(f"参数 {option}：{error}" if option else str(error)) from error


def counted_json(counted: Counted) -> dict[str, Any]:
    """``workdays`` 的 JSON。"""
    return {
        "date": counted.date.isoformat(),
        "provisional": counted.provisional,
        "skipped": _marked(counted.skipped),
        "worked_weekends": _marked(counted.worked_weekends),
    }


def counted_text(counted: Counted) -> str:
    """``workdays`` 的文字。"""
    lines = [spoken(counted.date) + ("（暂定）" if counted.provisional else "")]
    for title, days in (("不计入：", counted.skipped), ("调休上班：", counted.worked_weekends)):
        if days:
            lines.append(title)
            lines += [f"  {day.date} {day.reason}" for day in days]
    return "\n".join([*lines, *(f"提示：{note}" for note in counted.notes)])


def deadline_json(deadline: Deadline) -> dict[str, Any]:
    """``deadline`` 的 JSON。"""
    return {
        "due": deadline.due.isoformat(),
        "provisional": deadline.provisional,
        "steps": [
            {
                "rule": step.rule,
                "text": step.text,
                "date": step.date.isoformat() if step.date else None,
            }
            for step in deadline.steps
        ],
    }


def deadline_text(deadline: Deadline) -> str:
    """``deadline`` 的文字。"""
    mark = "（暂定）" if deadline.provisional else ""
    return "\n".join(
        [
            f"截止：{spoken(deadline.due)}{mark}",
            *(f"  {number}. {s.rule}：{s.text}" for number, s in enumerate(deadline.steps, 1)),
        ]
    )


def _marked(days: tuple[MarkedDay, ...]) -> list[dict[str, str]]:
    return [{"date": day.date.isoformat(), "reason": day.reason} for day in days]
