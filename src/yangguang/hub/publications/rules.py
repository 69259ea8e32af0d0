"""信息资源库：纯规则，不碰数据库、时钟和配置。"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yangguang.foundation.audit.rules import canonical_json

STAGES = {
    "decision": "决策公开",
    "execution": "执行公开",
    "management": "管理公开",
    "service": "服务公开",
    "result": "结果公开",
}
"""五公开。"""

VALIDITIES = {
    "effective": "有效",
    "pending": "尚未生效",
    "amended": "已修改",
    "expired": "失效",
    "repealed": "废止",
}
"""有效性。"""

REQUIRED = ("title", "form", "body", "disclosure")
"""每一种信息的载荷都必须有的字段。"""


def digest(payload: Mapping[str, Any]) -> str:
    """载荷规范写法的 SHA-256，64 位十六进制。"""
    return hashlib.sha256(canonical_json(dict(payload))).hexdigest()


def payload_faults(payload: Mapping[str, Any]) -> list[str]:
    """载荷不能发布的缘由，每条一句；可以发布则为空。"""
    faults = [f"缺少“{_LABELS[field]}”。" for field in REQUIRED if not payload.get(field)]
    if payload.get("disclosure") and payload["disclosure"] != "proactive":
        faults.append("只有公开属性为“主动公开”的信息才能发布（条例第十九条至第二十一条）。")
    if payload.get("stage") not in STAGES:
        faults.append("须注明属于决策、执行、管理、服务、结果五公开的哪一类。")
    if payload.get("validity") not in {*VALIDITIES, None}:
        faults.append("有效性的取值不在规定范围内。")
    return faults


_LABELS = {"title": "标题", "form": "体裁", "body": "正文", "disclosure": "公开属性"}


def site_key(code: str) -> str:
    """转发、停止转发的变更记在哪个键下：站点的代码。"""
    return f"{SITE}{code}"


def relocation_key(before: str, after: str) -> str:
    """迁移的变更记在哪个键下：原来的站点、现在的站点的代码。"""
    return f"{SITE}{before}>{after}"


def relocated(sites: str) -> tuple[str, str]:
    """迁移的键去掉前缀以后：从哪个站点到哪个站点（代码）。"""
    before, _, after = sites.partition(">")
    return before, after


SITE = "site:"
"""转发、停止转发、迁移的变更的键的前缀，后面是站点的代码。"""


@dataclass(frozen=True)
class Standing:
    """一条信息在变更日志某处的样子：公开着没有，在哪些站点（代码）的哪些栏目（代码）。

    撤回的也记着栏目：重新发布时，还在转发的接着转发。
    """

    is_published: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def after(self, action: str, site: str, columns: Sequence[str]) -> "Standing":
        """再过一笔变更以后。``site``：发布的是原件的站点，转发、停止转发的是那个站点，迁移的见 ``relocated``。"""
        match action:
            case "publish":
                return Standing(True, {**self.columns, site: tuple(columns)})
            case "move":
                return Standing(self.is_published, {**self.columns, site: tuple(columns)})
            case "withdraw":
                return Standing(False, self.columns)
            case "share":
                return Standing(self.is_published, {**self.columns, site: tuple(columns)})
            case "relocate":
                before, after = relocated(site)
                left = {code: kept for code, kept in self.columns.items() if code != before}
                return Standing(self.is_published, {**left, after: tuple(columns)})
            case "unshare":
                left = {code: kept for code, kept in self.columns.items() if code != site}
                return Standing(self.is_published, left)
        return self

    @property
    def shown(self) -> Mapping[str, tuple[str, ...]]:
        """公众此刻在哪些站点的哪些栏目看得到。"""
        return self.columns if self.is_published else {}


def readable_text(payload: Mapping[str, Any]) -> str:
    """载荷里公众能读到的全部文字，一段一行，供检测和检索。"""
    lines: list[str] = []
    _collect(payload, lines)
    return "\n".join(lines)


NOT_PROSE = frozenset(
    {
        "marks", "href", "article_type", "sha256", "code", "type", "style", "media_type",
        "index_number", "path", "disclosure", "stage", "validity",
    }
)  # fmt: skip
"""载荷里不是给人读的字段：值是代号、摘要、地址。"""


def _collect(value: Any, lines: list[str]) -> None:
    if isinstance(value, str):
        lines.append(value)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            if key not in NOT_PROSE:
                _collect(value[key], lines)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, lines)


SHELF = 100
"""一个目录里最多放多少样编了号的东西，也最多有多少个下级目录。"""


def shelf(number: int) -> str:
    """编号为 ``number`` 的放在哪个目录：去掉末两位，余下的从右往左两位一层。

    62 在 ``0``，1234 在 ``12``，1234567 在 ``1/23/45``。只由编号决定，看着编号就写得出来；
    不论编到多大，一个目录里的东西和下级目录都各不超过 ``SHELF``。
    """
    rest, last = divmod(number // SHELF, SHELF)
    return f"{shelf(rest * SHELF)}/{last:02d}" if rest else str(last)


ATTACHMENT_SUFFIXES = frozenset(
    {
        "pdf", "doc", "docx", "xls", "xlsx", "wps", "et", "ofd", "txt", "csv", "zip", "png", "jpg",
        "jpeg", "mp4", "vtt",
    }
)  # fmt: skip


def attachment_path(publication_id: int, sha256: str, name: str) -> str:
    """附件的站内路径：名字是内容的摘要，不含任何人起的文件名；内容变了地址就变。"""
    suffix = name.rpartition(".")[2].lower()
    tail = f".{suffix}" if suffix in ATTACHMENT_SUFFIXES else ""
    return f"/files/{shelf(publication_id)}/{publication_id}/{sha256}{tail}"


def picture_path(publication_id: int, name: str) -> str:
    """文中图片的一种大小的站内路径。每条信息各有自己的一份，撤回时不牵动别的信息。"""
    return f"/files/{shelf(publication_id)}/{publication_id}/pictures/{name}"
