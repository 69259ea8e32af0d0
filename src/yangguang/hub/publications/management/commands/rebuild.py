"""yangguang rebuild [--check]：由版本重建信息资源库，或只核对。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, ContractCommand
from yangguang.hub.publications.rebuilding import check, rebuild


class Command(ContractCommand):
    """重建或核对。"""

    help = "由版本和变更重建条目；--check 只核对版本、条目、来源和公开树，不改任何东西"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--check``。"""
        parser.add_argument("--check", action="store_true", help="只核对，不改")

    def answer(self, **options: Any) -> Answer:
        """核对或重建的结果。"""
        result = check() if options["check"] else rebuild()
        data = {"ok": not result.broken, "checked": result.checked, "broken": list(result.broken)}
        text = f"查了 {result.checked} 条，" + (
            "全部相符。" if data["ok"] else "不符：\n" + "\n".join(result.broken)
        )
        return Answer(data, text, holds=not result.broken)
