"""演练怎样留话：一行一个 JSON，写进 ``YANGGUANG_DRILL_LOG`` 指的文件，由 ``scripts/drill.py`` 汇总。"""

import json
import os
import re
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src" / "yangguang"


def count(name: str, default: int) -> int:
    """演练的次数：环境变量 ``YANGGUANG_<name>``，没有给就取默认。"""
    return int(os.environ.get(f"YANGGUANG_{name}", default))


def tell(drill: str, **figures: Any) -> None:
    """记下一笔。没有在演练就什么也不做。"""
    if path := os.environ.get("YANGGUANG_DRILL_LOG"):
        line = json.dumps({"drill": drill, **figures}, ensure_ascii=False)
        # 一次写完一行，几个进程同时追加也不会交错
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")


def boundaries(*rooms: str) -> set[str]:
    """代码里写着的全部边界；``rooms`` 是名称的前一半，不给就是全部。"""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found |= set(re.findall(r'reach(?:\(|, )"([a-z_.]+)"', path.read_text(encoding="utf-8")))
    return {
        name
        for name in found
        if not name.endswith(".at_rest") and (not rooms or name.split(".")[0] in rooms)
    }
