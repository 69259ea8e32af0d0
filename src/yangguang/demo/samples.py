"""演示用的样例公文：数据在 ``data/linxia/samples.json``，这里读出来、排成公文的样子。

样例都注明“演示数据”，不写任何真实的人和事。
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TITLE_MARK = "演示数据："
PUBLISHED_SOURCE = "演示补录：样例设定的发布时间"
ISSUED_AT = time(9, 30)
BEIJING = ZoneInfo("Asia/Shanghai")

_MARKS = {
    "proactive": "（此件公开发布）",
    "on_request": "（此件依申请公开）",
    "withheld": "（此件不予公开）",
}


STEPS = {
    "draft": (),
    "in_review": ("submit",),
    "in_approval": ("submit", "pass"),
    "approved": ("submit", "pass", "approve"),
    "published": ("submit", "pass", "approve", "publish"),
    "withdrawn": ("submit", "pass", "approve", "publish", "withdraw"),
}
"""走到每一步要办哪些事。"""


@dataclass(frozen=True)
class Sample:
    """一份样例。``fate`` 是它要走到的一步；``raw`` 是数据文件里的一条。"""

    key: str
    raw: dict[str, Any]
    mark: str

    @property
    def organisation(self) -> str:
        """制发机构的代码。"""
        return str(self.raw["organisation"])

    @property
    def fate(self) -> str:
        """走到哪一步：起草、审核、签发、已签发、已发布、已撤回。"""
        if "withdrawal" in self.raw:
            return "withdrawn"
        return str(self.raw.get("fate", "published"))

    @cached_property
    def published_at(self) -> datetime | None:
        """补录的发布时间；还没有发布的为 ``None``。"""
        day = self.raw.get("published_on")
        return datetime.combine(date.fromisoformat(day), ISSUED_AT, BEIJING) if day else None

    def written_on(self, today: date) -> date | None:
        """成文日期。已签发、待发布的取装入之日，这样上网期限看得出还剩几天。"""
        if "written_on" in self.raw:
            return date.fromisoformat(self.raw["written_on"])
        return today if self.fate == "approved" else None

    def title(self, issuer: str) -> str:
        """标题，以“演示数据：”开头。"""
        return f"{TITLE_MARK}{issuer}{self.raw['about']}"

    def document_number(self, today: date) -> str:
        """发文字号。样例自有编号；已签发而没有编号的取当年的一个。"""
        if "number" in self.raw:
            return str(self.raw["number"])
        return f"演示〔{today.year}〕{self.raw['serial']}号" if "serial" in self.raw else ""

    def text(self, issuer: str, today: date) -> str:
        """排成公文：字号、标题、主送、正文、附件说明、署名、日期、附注。"""
        lines = [self.document_number(today), "", self.title(issuer), ""]
        if "to" in self.raw:
            lines.append(self.raw["to"] + "：")
        lines += [self.mark, *self.raw["body"]]
        if "attachment" in self.raw:
            name = str(self.raw["attachment"]["title"])
            lines += ["", f"附件：{name}"]
        lines += ["", issuer]
        if written_on := self.written_on(today):
            lines.append(f"{written_on.year}年{written_on.month}月{written_on.day}日")
        if "disclosure" in self.raw or self.fate in ("published", "withdrawn"):
            lines.append(_MARKS[self.disclosure])
        return "\n".join(lines).strip() + "\n"

    @property
    def disclosure(self) -> str:
        """公开属性。起草中的还没有定。"""
        if self.fate in ("published", "withdrawn"):
            return "proactive"
        return str(self.raw.get("disclosure", ""))


def read_samples(path: Path) -> list[Sample]:
    """读出全部样例：先发布的在前，没有发布的在后。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    samples = [
        Sample(_key(position, raw), raw, data["mark"])
        for position, raw in enumerate(data["documents"], start=1)
    ]
    return sorted(samples, key=lambda s: (s.published_at is None, str(s.published_at)))


@dataclass(frozen=True)
class PlanReport:
    """样例里的一笔报送：哪个单位、第几项、哪一句、哪天、做到哪一步。"""

    key: str
    raw: dict[str, Any]


def read_reports(path: Path) -> list[PlanReport]:
    """读出样例里的全部报送。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [PlanReport(f"demo:r{n}", raw) for n, raw in enumerate(data["reports"], start=1)]


def _key(position: int, raw: dict[str, Any]) -> str:
    number = str(raw.get("number", ""))
    return (
        "".join(c for c in number.replace("〕", "-") if c.isdigit() or c == "-") or f"w{position}"
    )


def corrected(blocks: Sequence[dict[str, Any]], old: str, new: str) -> list[dict[str, Any]]:
    """把正文里的 ``old`` 改成 ``new``；正文里没有 ``old`` 抛出 ``ValueError``。"""
    changed = [
        {**block, "text": block["text"].replace(old, new)} if "text" in block else dict(block)
        for block in blocks
    ]
    if changed == [dict(block) for block in blocks]:
        raise ValueError(f"正文里没有要更正的文字：{old}")
    return changed
