"""一页的编排：哪些块、怎样摆、哪里不合规矩。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition
from yangguang.hub.columns.rules import EDITORS

MOST = 30
"""一页最多几块。"""


class Limits(Protocol):
    """一种块的限度。"""

    label: ClassVar[str]
    places: ClassVar[frozenset[str]]
    most: ClassVar[int]
    may_stand_beside: ClassVar[bool]


@dataclass(frozen=True)
class Block:
    """页上的一块。``id`` 在一页之内不重复，挪动、修改都不变；``beside`` 是宽屏上摆在上一块右边。"""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    beside: bool = False

    def as_json(self) -> dict[str, Any]:
        """存下的样子。"""
        return {
            "id": self.id,
            "kind": self.kind,
            "beside": self.beside,
            "values": dict(self.values),
        }

    @property
    def label(self) -> str:
        """没有小标题时的称呼。"""
        return str(self.values.get("heading") or self.values.get("title") or "")


Blocks = tuple[Block, ...]


def blocks_of(stored: Iterable[Mapping[str, Any]]) -> Blocks:
    """``as_json`` 的逆。"""
    return tuple(Block(b["kind"], b["values"], b["id"], b["beside"]) for b in stored)


def numbered(blocks: Iterable[Block]) -> Blocks:
    """给没有编号的块编号，按次序：同样的编排编出来总一样。"""
    return tuple(
        block if block.id else replace(block, id=f"b{number}")
        for number, block in enumerate(blocks, 1)
    )


def moved(blocks: Blocks, id: str, step: int) -> Blocks:
    """把一块往上（-1）或往下（1）挪一位；到头了的不动。"""
    found = [block.id for block in blocks].index(id)
    target = min(max(found + step, 0), len(blocks) - 1)
    rest = [block for block in blocks if block.id != id]
    rest.insert(target, blocks[found])
    return tuple(rest)


def without(blocks: Blocks, id: str) -> Blocks:
    """去掉一块。"""
    return tuple(block for block in blocks if block.id != id)


def with_block(blocks: Blocks, block: Block) -> Blocks:
    """换上改过的一块；没有这一块的，加在最后。"""
    if any(each.id == block.id for each in blocks):
        return tuple(block if each.id == block.id else each for each in blocks)
    return (*blocks, block)


def rows(blocks: Sequence[Block]) -> list[list[Block]]:
    """一排一排：并排的与上一块在一排，一排最多两块。"""
    found: list[list[Block]] = []
    for block in blocks:
        if block.beside and found and len(found[-1]) == 1:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def page_faults(blocks: Blocks, kinds: Mapping[str, Limits], place: str) -> list[str]:
    """一页摆得不合规矩之处，每条一句；可以发布的为空。"""
    faults = []
    if not blocks:
        faults.append("一块也没有，先加一块。")
    if len(blocks) > MOST:
        faults.append(f"一页最多 {MOST} 块，现在有 {len(blocks)} 块。")
    counts: dict[str, int] = {}
    for number, block in enumerate(blocks, 1):
        kind = kinds[block.kind]
        counts[block.kind] = counts.get(block.kind, 0) + 1
        if place not in kind.places:
            faults.append(f"第 {number} 块“{kind.label}”不能放在这种页上。")
        if block.kind == "opening" and number > 1:
            faults.append(f"“{kind.label}”要放在最前面，现在是第 {number} 块。")
        if block.beside:
            faults += _beside_faults(blocks, number, kinds)
    faults += [
        f"“{kinds[code].label}”一页最多 {kinds[code].most} 块，现在有 {count} 块。"
        for code, count in counts.items()
        if count > kinds[code].most
    ]
    return faults


def _beside_faults(blocks: Blocks, number: int, kinds: Mapping[str, Limits]) -> list[str]:
    block = blocks[number - 1]
    if number == 1:
        return ["第 1 块上面没有别的块，不能并排。"]
    above = blocks[number - 2]
    if above.beside:
        return [f"第 {number} 块不能并排：一排最多两块。"]
    return [
        f"“{kinds[each.kind].label}”要占一整排，第 {number} 块不能与它并排。"
        for each in (above, block)
        if not kinds[each.kind].may_stand_beside
    ]


def is_sound(context: GuardContext) -> list[str]:
    """草稿合规矩，链接有去处，才能发布。"""
    return list(context.facts["faults"])


def is_seen(context: GuardContext) -> list[str]:
    """发布的是看到的那一稿：看过之后别人又改过的，再看一遍。"""
    seen = context.inputs.get("revision")
    if seen is None or int(seen) == context.facts["revision"]:
        return []
    return ["您看过之后草稿又有改动，请再看一遍预览，然后发布。"]


LAYOUT = Lifecycle(
    name="blocks",
    label="页面编排",
    initial="draft",
    states={"draft": "还没有发布", "published": "已发布", "changed": "有改动未发布"},
    transitions=(
        Transition(
            "publish", "发布", frozenset({"draft", "changed"}), "published", EDITORS,
            guards=(is_sound,), input_guards=(is_seen,),
        ),
        Transition("change", "改动", frozenset({"published"}), "changed", EDITORS),
        Transition("discard", "放弃改动", frozenset({"changed"}), "published", EDITORS),
    ),
    progress=("draft", "published"),
)  # fmt: skip
"""一页的编排：草稿、发布、改动。"""

LEVELS = {"danger": "紧急", "notice": "提示"}
"""紧急提示的级别，紧急的在前（按代码排序正好如此）。"""

MOST_ALERTS = 3
"""一个站点同时最多几条紧急提示。"""

ALERT_LIFE = Lifecycle(
    name="alerts",
    label="紧急提示",
    initial="shown",
    states={"shown": "显示中", "ended": "已撤下"},
    transitions=(Transition("end", "撤下", frozenset({"shown"}), "ended", EDITORS, in_bulk=True),),
    progress=("shown", "ended"),
)
"""紧急提示：建了就显示，过了有效日期自己消失，也可以提前撤下。"""
