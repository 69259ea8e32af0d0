"""yangguang reindex [--check]：由资源库重建本机检索的索引，或只核对。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, ContractCommand
from yangguang.hub.publications.models import Publication
from yangguang.hub.search.indexer import faults, rebuild
from yangguang.hub.search.selectors import engine


class Command(ContractCommand):
    """重建或核对。"""

    help = "由资源库重建本机检索的索引；--check 只核对索引与资源库，不改任何东西"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--check``。"""
        parser.add_argument("--check", action="store_true", help="只核对，不改")

    def answer(self, **options: Any) -> Answer:
        """核对或重建的结果。"""
        if not options["check"]:
            count = rebuild()
            return Answer({"ok": True, "checked": count, "broken": []}, f"重建了 {count} 条。")
        broken = list(faults()) if engine().is_ready() else ["本机还没有检索的索引。"]
        checked = Publication.objects.filter(state=Publication.State.PUBLISHED).count()
        text = f"查了 {checked} 条，" + (
            "全部相符。" if not broken else "不符：\n" + "\n".join(broken)
        )
        data = {"ok": not broken, "checked": checked, "broken": broken}
        return Answer(data, text, holds=not broken)
