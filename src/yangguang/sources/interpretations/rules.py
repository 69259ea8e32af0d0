"""政策解读：要写哪几部分、是不是照抄文件。纯规则，不碰数据库、时钟和配置。

照抄原文不是解读：解读的文字有多少与文件相同，算得出来；超过参数定的份额就不能送审。
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

PARTS = {
    "background": "背景依据",
    "aims": "目的意义",
    "main": "主要内容",
    "scope": "适用范围",
    "standards": "执行标准和期限",
    "terms": "关键词解释",
    "changes": "新旧差异",
    "benefits": "惠民举措",
}
"""解读的文字分几部分，按公布的次序。"""

WRITTEN = frozenset({"text", "qa"})
"""以文字为主的形式：各部分都要写；别的形式以作品为主，写主要内容。"""

FEWEST_CARDS = 3
"""在平台上做的 H5 至少几张卡片。"""
AROUND = 8
"""连着这么多个字相同的才算相同：机关、文件的名称和数目，谁写都一样。"""
_PLAIN = re.compile(r"[\W_]+")


def required_parts(form: str, *, is_norm: bool, is_for_people: bool) -> tuple[str, ...]:
    """一定要写的部分。

    文字、问答写背景依据、目的意义、主要内容、适用范围；规范性文件还要写执行标准和期限、新旧差异，
    重大决策、声明的政策文件还要写惠民举措。别的形式写主要内容：听不到、看不了的人读得到。
    """
    if form not in WRITTEN:
        return ("main",)
    wanted = ["background", "aims", "main", "scope"]
    wanted += ["standards", "changes"] if is_norm else []
    wanted += ["benefits"] if is_for_people else []
    return tuple(wanted)


def part_faults(parts: Mapping[str, str], required: Sequence[str]) -> list[str]:
    """缺了哪几部分，每部分一句。"""
    return [
        f"缺少“{PARTS[code]}”。" + HINTS.get(code, "")
        for code in required
        if not parts.get(code, "").strip()
    ]


HINTS = {
    "changes": "首次制定的，写明“首次制定”。",
    "benefits": "没有直接惠及群众、企业的举措的，写明“不涉及”。",
}
"""缺了的怎样补。"""


def material_faults(form: str, *, has_material: bool, written: int) -> list[str]:
    """不以文字为主的，要有作品：附件，或者直播、发布会、网页作品的地址。

    H5 可以就在这里做：写了 ``FEWEST_CARDS`` 部分以上，一部分一张卡片；``written`` 是写了几部分。
    """
    if form in WRITTEN or has_material:
        return []
    if form == "h5":
        if written >= FEWEST_CARDS:
            return []
        return [
            f"还没有作品：请写 {FEWEST_CARDS} 部分以上（一部分一张卡片），或者加图片，或者填作品的地址。"
        ]
    return ["还没有作品：请把图片、视频、音频加为附件，或者填作品的地址。"]


def picture_faults(nameless: Sequence[str]) -> list[str]:
    """每张图片都要有自己的替代文字；``nameless`` 是没有的图片的名称。"""
    return [
        f"图片“{name}”没有替代文字：请去掉它，再从资料库选；资料库里没有的，选的时候可以当场上传。"
        for name in nameless
    ]


def copied_share(text: str, original: str) -> float:
    """解读的文字有多大份额与文件相同，0 至 1。只看文字，标点、空白不算。

    连着 ``AROUND`` 个字在文件里也有的，这几个字算相同。太短、比不出的算 0。
    """
    ours, theirs = _PLAIN.sub("", text), _PLAIN.sub("", original)
    if len(ours) < AROUND:
        return 0.0
    known = {theirs[at : at + AROUND] for at in range(len(theirs) - AROUND + 1)}
    same = [False] * len(ours)
    for at in range(len(ours) - AROUND + 1):
        if ours[at : at + AROUND] in known:
            same[at : at + AROUND] = [True] * AROUND
    return sum(same) / len(ours)


def copy_faults(share: float, most: float) -> list[str]:
    """照抄的不能送审；``most`` 是最多可以相同的份额（参数）。"""
    if share <= most:
        return []
    return [
        f"解读的文字有 {percent(share)} 与文件相同，最多 {percent(most)}。"
        "照抄原文不是解读：请用群众听得懂的话，讲清为什么、是什么、怎么办。"
    ]


def percent(share: float) -> str:
    """份额写成百分数，取整。"""
    return f"{round(share * 100)}%"


def text_of(parts: Mapping[str, str]) -> str:
    """各部分的文字，按次序。"""
    return "\n".join(parts[code] for code in PARTS if parts.get(code, "").strip())


def laid_out(
    form: str, text: Sequence[dict[str, Any]], pictures: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """公布的正文：图解先看图再看文字，别的形式图在文字后面。"""
    return [*pictures, *text] if form == "picture" else [*text, *pictures]


def blocks_of(parts: Mapping[str, str]) -> list[dict[str, Any]]:
    """文字的块：各部分一个标题，一行一段；没有写的不列。"""
    blocks: list[dict[str, Any]] = []
    for code, label in PARTS.items():
        lines = [line.strip() for line in parts.get(code, "").splitlines() if line.strip()]
        if lines:
            blocks.append({"type": "heading", "level": 2, "text": label})
            blocks += [{"type": "paragraph", "style": "plain", "text": line} for line in lines]
    return blocks
