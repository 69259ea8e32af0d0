"""``yangguang health``：体检，有要人处理的事就退出码 1。"""

from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError
from django.utils import timezone

from yangguang.foundation.commands import Answer, BadInput, ContractCommand, Once, iso_date
from yangguang.foundation.health.registry import examine, measure


class Command(ContractCommand):
    """逐项检查，列出警告。"""

    help = "体检：列出要人处理的事，例如明年的放假安排还没有录入；有警告时退出码为 1"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", type=iso_date, action=Once, metavar="日期", help="按哪一天检查，默认今天"
        )

    def answer(self, **options: Any) -> Answer:
        try:
            warnings = examine(options["as_of"] or timezone.localdate())
            metrics = measure()
        except DatabaseError:
            raise BadInput("读不了数据库，或表还没有建，请先执行 yangguang migrate。") from None
        data = {
            "ok": not warnings,
            "warnings": [{"check": one.check, "text": one.text} for one in warnings],
            "metrics": metrics,
        }
        text = "\n".join(f"警告：{one.text}" for one in warnings) or "没有要处理的事。"
        return Answer(data, text, holds=not warnings)
