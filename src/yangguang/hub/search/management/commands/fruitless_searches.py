"""yangguang fruitless_searches：公众查了而没有查到的词，供办公室补充公开、改进写法。"""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from yangguang.foundation.commands import Answer, ContractCommand, Once, whole_number
from yangguang.hub.search.selectors import LEAST, fruitless


class Command(ContractCommand):
    """列出没有结果的查询。"""

    help = f"近来公众查了而没有查到的词和次数；不到 {LEAST} 次的不列，也不记是谁查的"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--days``。"""
        parser.add_argument(
            "--days",
            type=whole_number,
            action=Once,
            default=30,
            metavar="天数",
            help="最近几天，默认 30",
        )

    def answer(self, **options: Any) -> Answer:
        """词和次数，多的在前。"""
        found = fruitless(timezone.localdate() - timedelta(days=min(options["days"], 3650)))
        data = [{"words": words, "count": count} for words, count in found]
        text = "\n".join(f"{count:>6}  {words}" for words, count in found)
        return Answer(data, text or "没有。")
