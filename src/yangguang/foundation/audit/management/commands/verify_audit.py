"""yangguang verify_audit：核验审计与变更日志的封印。"""

from typing import Any

from yangguang.foundation.audit.sealing import all_chains, verify
from yangguang.foundation.commands import Answer, ContractCommand


class Command(ContractCommand):
    """核验每一条链。"""

    help = "逐行重算审计与变更日志的摘要链，并与数据库之外签过名的链头对照"

    def answer(self, **options: Any) -> Answer:
        """核验的结果。"""
        checked = 0
        broken: list[str] = []
        for chain in all_chains():
            result = verify(chain)
            checked += result.checked
            broken.extend(result.broken)
        data = {"ok": not broken, "checked": checked, "broken": broken}
        text = f"查了 {checked} 行，" + (
            "链条完整。" if not broken else "不符：\n" + "\n".join(broken)
        )
        waiting = sum(chain.unsealed(sweep=True).count() for chain in all_chains())
        if waiting:
            text += f"\n另有 {waiting} 行刚写入，尚待封印。"
        return Answer(data, text, holds=not broken)
