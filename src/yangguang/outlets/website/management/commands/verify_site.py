"""``verify_site``：静态树里的每个文件是否就是发布的那个。"""

from typing import Any

from yangguang.foundation.commands import Answer, ContractCommand
from yangguang.outlets.website.verification import verify_site


class Command(ContractCommand):
    """核对静态树。"""

    help = "核对静态树：文件与记录的摘要一致，副本就是页面，没有来历不明的文件"

    def answer(self, **options: Any) -> Answer:
        """有一处不符就是“否”。"""
        result = verify_site()
        data = {
            "ok": not result.broken,
            "checked": result.checked,
            "broken": list(result.broken),
        }
        verdict = "全部相符" if data["ok"] else f"{len(result.broken)} 处不符"
        lines = [f"核对 {result.checked} 个文件，{verdict}。", *result.broken]
        return Answer(data, "\n".join(lines), holds=not result.broken)
