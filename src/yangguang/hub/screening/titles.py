"""职务：姓名前后连写的是什么职务，与在任的相不相符。纯规则，不碰数据库、时钟和配置。

文字都是折叠过的（见 ``folding``）。
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORDS = (
    "总书记", "书记", "国家主席", "主席", "总理", "国务委员", "委员长", "部长", "省长", "州长", "市长",
    "县长", "区长", "乡长", "镇长", "主任", "局长", "厅长", "处长", "科长", "站长", "所长", "院长",
    "校长", "检察长", "秘书长", "组长", "会长", "常委", "专员", "巡视员", "调研员", "督察长",
)  # fmt: skip
_TITLE = re.compile(f"(?:常务副|党组副|党组|副|代理|代)?(?:{'|'.join(_WORDS)})")
_JOINTS = "、,兼和及"
_FORMER = re.compile(r"(?:原|前|时任|曾任|拟任|原任|历任)[^、,]*$")
_REGION = re.compile(r"[一-龥]{1,12}?(?:自治县|自治州|自治区|省|州|市|县|区|乡|镇)")
_REACH = 24
"""一个职务前面的机构名，最多看这么多字。"""


@dataclass(frozen=True)
class Said:
    """文中与姓名连写的一个职务。``body`` 是职务前面的字；位置是折叠文字里的。"""

    title: str
    body: str
    start: int
    end: int


def title_of(post: str) -> str:
    """职务全称末尾的职务名：“永靖县人民政府副县长”是“副县长”；认不出的是全称。"""
    found = [m for m in _TITLE.finditer(post) if m.end() == len(post)]
    return found[0].group() if found else post


def said_with(text: str, start: int, end: int) -> list[Said]:
    """``text[start:end]`` 是姓名：与它连写的职务。说的是从前的（原、时任）不算。"""
    found = list(_before(text, start))
    after = _TITLE.match(text, end)
    if after:
        found.append(Said(after.group(), "", end, after.end()))
    return found


def _before(text: str, at: int) -> Iterator[Said]:
    while True:
        window = text[max(0, at - 8) : at]
        titles = [m for m in _TITLE.finditer(window) if m.end() == len(window)]
        if not titles:
            return
        start = at - len(titles[0].group())
        segment = text[max(0, start - _REACH) : start].rsplit("\n", 1)[-1]
        joint = max(segment.rfind(mark) for mark in _JOINTS)
        body = segment[joint + 1 :]
        if _FORMER.search(segment) or _FORMER.search(body):
            return
        yield Said(titles[0].group(), body, start, at)
        if joint < 0:
            return
        at = start - len(segment) + joint


def agrees(said: Said, posts: Sequence[str]) -> bool:
    """文中的职务是不是 ``posts``（折叠过的全称）里的一个：职务名相同，写了地名的地名也相同。"""
    place = _region(said.body)
    for post in posts:
        if title_of(post) != said.title:
            continue
        own = _region(post.removesuffix(said.title))
        if not place or not own or _alike(place, own):
            return True
    return False


def _alike(said: str, own: str) -> bool:
    """“临夏州”与“临夏回族自治州”是一处：级别相同，头两个字相同；前面可能粘着别的字。"""
    return said[-1] == own[-1] and own[:2] in said


def _region(text: str) -> str:
    found = _REGION.findall(text.removeprefix("中共"))
    return found[-1] if found else ""
