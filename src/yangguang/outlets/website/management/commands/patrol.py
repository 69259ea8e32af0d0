"""``patrol``：巡查一轮，被动过的文件当场恢复。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, ContractCommand
from yangguang.outlets.website.patrol import patrol


class Command(ContractCommand):
    """巡查。"""

    help = "巡查网站的文件一轮：被改、被添、被删的当场恢复；--full 每个文件都算一遍摘要"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--full``。"""
        parser.add_argument("--full", action="store_true", help="每个文件都算一遍摘要")

    def answer(self, **options: Any) -> Answer:
        """发现了就是“否”，恢复了也是。"""
        rounds = patrol(full=options["full"])
        found = [(each.site, row) for each in rounds for row in each.found]
        data = {
            "ok": not found,
            "checked": sum(each.files for each in rounds),
            "hashed": sum(each.hashed for each in rounds),
            "seconds": round(sum(each.seconds for each in rounds), 3),
            "found": [
                {
                    "site": site, "path": f"/{row.path}", "fault": row.fault,
                    "restored": row.restored_at is not None, "kept": row.kept or None,
                }
                for site, row in found
            ],
        }  # fmt: skip
        told = [
            f"{site}：{row}，{'已恢复' if row.restored_at else '还没有恢复'}。"
            for site, row in found
        ]
        if not rounds:
            return Answer(data, "已有别的进程在巡查。")
        first = (
            f"看了 {data['checked']} 个文件，其中 {data['hashed']} 个算了摘要，"
            f"用了 {data['seconds']} 秒，{f'{len(found)} 个被动过' if found else '没有被动过的'}。"
        )
        return Answer(data, "\n".join([first, *told]), holds=not found)
