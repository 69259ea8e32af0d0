"""fee：信息处理费。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.dialogue.requests.fees import MEASURES, by_pages, by_requests
from yangguang.foundation.commands import Answer, BadInput, ContractCommand, Once, whole_number

MOST = 1_000_000


class Command(ContractCommand):
    """算一次信息处理费，逐段写出算式。"""

    help = f"信息处理费（{MEASURES}）：按件，或者按量，两种只能选一种。"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            "--requests-in-month", type=whole_number, action=Once, metavar="件数",
            help="按件：同一申请人一个自然月内累计几件",
        )  # fmt: skip
        way.add_argument(
            "--pages", type=whole_number, action=Once, metavar="页数",
            help="按量：单件申请提供几页，A4 及以下幅面单面为 1 页",
        )  # fmt: skip

    def answer(self, **options: Any) -> Answer:
        requests, pages = options["requests_in_month"], options["pages"]
        option, number = (
            ("--pages", pages) if requests is None else ("--requests-in-month", requests)
        )
        if number > MOST:
            raise BadInput(f"参数 {option}：{number} 太大，最多 {MOST:,}。")
        charge = by_pages(number) if requests is None else by_requests(number)
        steps = [
            {
                "rule": charge.basis, "text": step.text, "from": step.first, "to": step.last,
                "price": step.price, "yuan": step.yuan,
            }
            for step in charge.steps
        ]  # fmt: skip
        text = "\n".join([f"应收 {charge.yuan} 元", *(f"  {step.text}" for step in charge.steps)])
        return Answer({"yuan": charge.yuan, "steps": steps}, text)
