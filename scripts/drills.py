"""``docs/drills.md``：演练打印了什么，就记下什么。每种演练一节，只留最近一次，旧的看提交历史。"""

import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

RECORD = Path(__file__).resolve().parents[1] / "docs" / "drills.md"
HEAD = """# 演练记录

长时演练最近一次打印的结果，由命令自己写在这里，不手改。`make drill` 跑全部演练，
`make test-postgres` 在 PostgreSQL 上跑全套测试。
"""


def keep(title: str, command: str, lines: Sequence[str]) -> None:
    """写下 ``title`` 这一节，换掉上一次的；``command`` 是怎样再跑一次。"""
    text = RECORD.read_text(encoding="utf-8") if RECORD.exists() else HEAD
    section = f"## {title}\n\n`{command}`\n\n" + "\n".join(lines).strip() + "\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(text):
        text = pattern.sub(lambda _: section + "\n", text)
    else:
        text = text.rstrip("\n") + "\n\n" + section
    RECORD.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def machine() -> str:
    """日期和机器：2020年10月20日，2 核。"""
    today = date.today()
    cores = len(os.sched_getaffinity(0))
    return f"{today.year}年{today.month}月{today.day}日，{cores} 核"
