"""在各页的字里找要遮的：身份证号、手机号、银行卡号，和查找的词。纯函数，不碰数据库、时钟和配置。

折成几行的号码接起来再看：窄格子里的号码，上一行的尾和下一行的头在版面上一上一下，中间可以隔着别的格。
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yangguang.foundation.screening.rules import Finding, masked, screen

from .boxes import WORD, Box, around

MOST_WORD = 60
"""一个查找的词最多多少个字。"""
MOST_WORDS = 20
"""一次最多找几个词。"""
_JOINED_LINES = 4
_TAIL = re.compile(r"[0-9０-９+＋][0-9０-９ \-－—]*$")
_HEAD_RUN = re.compile(r"^[0-9０-９XxＸｘ \-－—]*")
_HEAD = re.compile(r"^[0-9０-９ \-－—]*[0-9０-９XxＸｘ]")
_ONE = re.compile(r"[0-9０-９XxＸｘ](?: ?[0-9０-９XxＸｘ])?")
_CELL = 6
"""一格一位的，两格之间最多空出几个字宽。"""
_EDGE_LINES = 3
_LONGEST = 21
"""最长的号码多少位：银行卡号 19 位，手机号前可以有 +86。"""

Place = tuple[float, float, float, float]
"""左、上、右、下，都是占整页的几分之几。"""


@dataclass(frozen=True)
class Character:
    """页上的一个字和它的位置；排版补出的空格、换行没有位置。"""

    text: str
    place: Place | None


@dataclass(frozen=True)
class Found:
    """找到的一处：``shown`` 是给人看的（号码已遮去中间），``boxes`` 是要遮的框，折行的有几个。"""

    kind: str
    shown: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Line:
    """一页上连着的一串字；隔得远的（另一格、另一栏）另算一串。"""

    page: int
    characters: tuple[Character, ...]

    @cached_property
    def text(self) -> str:
        """一串字，一个位置一个字。"""
        return "".join(character.text for character in self.characters)

    @cached_property
    def place(self) -> Place:
        """整串在哪里。"""
        lefts, tops, rights, bottoms = zip(*_places(self.characters), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def identifiers(pages: Sequence[Sequence[Character]]) -> list[Found]:
    """各页里的号码，同一处只说一次。``pages`` 依次是各页的字。"""
    found: dict[tuple[Box, ...], Found] = {}
    covered: set[Box] = set()
    lines = [list(_lines(number, page)) for number, page in enumerate(pages, 1)]
    for page in lines:
        for line in (*page, *_gridded(page)):
            for each in _screened((line,)):
                found.setdefault(each.boxes, each)
                covered.update(each.boxes)
    for chain in _chains(lines):
        for each in _screened(chain):
            if not covered.issuperset(each.boxes):
                found.setdefault(each.boxes, each)
                covered.update(each.boxes)
    return sorted(found.values(), key=lambda each: each.boxes)


def words(pages: Sequence[Sequence[Character]], wanted: Sequence[str]) -> list[Found]:
    """各页里 ``wanted`` 的各个词，折行、折页的也找得到；全角半角、大小写、空格不计较。"""
    flat = [
        (plain, number, character)
        for number, page in enumerate(pages, 1)
        for character in page
        if character.place
        for plain in _folded(character.text)
    ]
    text = "".join(plain for plain, _, _ in flat)
    found: dict[tuple[Box, ...], Found] = {}
    for word in wanted:
        sought = _folded(word)
        at = text.find(sought) if sought else -1
        while at >= 0:
            hit = flat[at : at + len(sought)]
            boxes = _boxes([(number, character) for _, number, character in hit], WORD)
            found.setdefault(boxes, Found(WORD, word.strip(), boxes))
            at = text.find(sought, at + 1)
    return sorted(found.values(), key=lambda each: each.boxes)


def word_faults(wanted: Sequence[str]) -> list[str]:
    """查找的词不成立之处。"""
    found = []
    if len(wanted) > MOST_WORDS:
        found.append(f"一次最多找 {MOST_WORDS} 个词。")
    if any(len(word) > MOST_WORD for word in wanted):
        found.append(f"查找的词一个最多 {MOST_WORD} 个字，一行写一个词。")
    return found


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _places(characters: Sequence[Character]) -> list[Place]:
    return [each.place for each in characters if each.place]


# ---- 分成一串一串 ----


def _lines(number: int, page: Sequence[Character]) -> Iterator[Line]:
    current: list[Character] = []
    for character in page:
        if character.text in "\r\n" or (character.place and _is_apart(current, character.place)):
            yield from _line(number, current)
            current = []
        if character.text not in "\r\n":
            current.append(character)
    yield from _line(number, current)


def _line(number: int, characters: list[Character]) -> Iterator[Line]:
    """去掉两头没有位置的空白。"""
    seen = [at for at, each in enumerate(characters) if each.place and each.text.strip()]
    if seen:
        yield Line(number, tuple(characters[seen[0] : seen[-1] + 1]))


def _is_apart(before: Sequence[Character], place: Place) -> bool:
    """与前一个字不在一行，或者隔了两个多字宽。"""
    last = next((each.place for each in reversed(before) if each.place), None)
    if last is None:
        return False
    height = min(last[3] - last[1], place[3] - place[1])
    overlap = min(last[3], place[3]) - max(last[1], place[1])
    width = max(last[2] - last[0], place[2] - place[0])
    if overlap < height * 0.3:
        # 竖着排的：一个字在另一个字的正下方或正上方
        beside = min(last[2], place[2]) - max(last[0], place[0])
        gap = max(place[1] - last[3], last[1] - place[3])
        return beside < min(last[2] - last[0], place[2] - place[0]) * 0.5 or gap > height * 0.6
    return max(place[0] - last[2], last[0] - place[2]) > width * 1.5


def _gridded(page: Sequence[Line]) -> Iterator[Line]:
    """一格一位填的号码：同一行上隔得开、差不多一样远的单个数字，连成一串。"""
    current: list[Line] = []
    for line in page:
        is_one = _ONE.fullmatch(line.text) is not None
        if current and not (is_one and _is_next_cell(current, line)):
            yield from _joined(current)
            current = []
        if is_one:
            current.append(line)
    yield from _joined(current)


def _joined(cells: Sequence[Line]) -> Iterator[Line]:
    if len(cells) > 1:
        yield Line(cells[0].page, tuple(each for cell in cells for each in cell.characters))


def _is_next_cell(before: Sequence[Line], line: Line) -> bool:
    last, place = before[-1].place, line.place
    overlap = min(last[3], place[3]) - max(last[1], place[1])
    height, width = place[3] - place[1], place[2] - place[0]
    return overlap > height * 0.5 and 0 < place[0] - last[2] < width * _CELL


# ---- 接起来看 ----


@dataclass(frozen=True)
class _Heads:
    """一页上以数字开头的各串：在页里排第几，按上边排着，好找正下方的。"""

    lines: tuple[tuple[int, Line], ...]
    by_order: dict[int, Line]
    tops: tuple[float, ...]
    tallest: float

    @classmethod
    def of(cls, page: Sequence[Line]) -> "_Heads":
        """挑出来排好。"""
        found = [(at, line) for at, line in enumerate(page) if _HEAD.search(line.text)]
        found.sort(key=lambda each: (each[1].place[1], each[0]))
        places = [line.place for _, line in found]
        tallest = max((place[3] - place[1] for place in places), default=0.0)
        return cls(tuple(found), dict(found), tuple(place[1] for place in places), tallest)

    def after(self, at: int, line: Line) -> Iterator[tuple[int, Line]]:
        """能接在 ``line``（排第 ``at``）后面的：读的次序的下一串，正下方的一串。"""
        _, top, _, bottom = line.place
        reach = 1.2 * max(self.tallest, bottom - top)
        low, high = bisect_left(self.tops, top), bisect_right(self.tops, bottom + reach)
        following = self.by_order.get(at + 1)
        if following is not None:
            yield at + 1, following
        for place, other in self.lines[low:high]:
            if place not in (at, at + 1) and _is_below(line.place, other.place):
                yield place, other

    def first(self) -> list[Line]:
        """页头上的几串。"""
        return [line for at, line in self.lines if at < _EDGE_LINES]


def _chains(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[Line, ...]]:
    """首尾都是数字、可以接起来读的两串到四串。"""
    heads = [_Heads.of(page) for page in pages]
    for number, page in enumerate(pages):
        overleaf = heads[number + 1].first() if number + 1 < len(pages) else []
        last = len(page) - _EDGE_LINES
        for at, line in enumerate(page):
            tail = _TAIL.search(line.text)
            if tail and (digits := _digits(tail.group())) < _LONGEST:
                yield from _followed((line,), at, digits, heads[number])
                if at >= last:
                    yield from ((line, other) for other in overleaf)


def _followed(
    chain: tuple[Line, ...], at: int, digits: int, heads: _Heads
) -> Iterator[tuple[Line, ...]]:
    """``digits`` 是接到现在有几位数字：比最长的号码还长的不再接。"""
    if len(chain) == _JOINED_LINES:
        return
    for place, line in heads.after(at, chain[-1]):
        more = digits + _digits(_run(line.text))
        if more > _LONGEST or any(line is each for each in chain):
            continue
        longer = (*chain, line)
        yield longer
        if _TAIL.fullmatch(line.text):
            yield from _followed(longer, place, more, heads)


def _run(text: str) -> str:
    """打头的一串数字。"""
    found = _HEAD_RUN.search(text)
    return found.group() if found else ""


def _digits(text: str) -> int:
    return sum(map(str.isalnum, text))


def _is_below(upper: Place, lower: Place) -> bool:
    height = max(upper[3] - upper[1], lower[3] - lower[1])
    near = -0.5 * height <= lower[1] - upper[3] <= 1.2 * height and lower[1] > upper[1]
    return near and min(upper[2], lower[2]) > max(upper[0], lower[0])


def _screened(chain: Sequence[Line]) -> Iterator[Found]:
    """接起来的一串里的号码；接了几串的，只要跨过接头的。"""
    text = "".join(line.text for line in chain)
    located = [(line.page, character) for line in chain for character in line.characters]
    joints: list[int] = []
    for line in chain[:-1]:
        joints.append((joints[-1] if joints else 0) + len(line.text))
    if len(text) != len(located):
        return
    for finding in screen(text):
        if finding.kind == "secret_mark" or not _crosses(finding, joints):
            continue
        # 手机号没有校验位：折成三行的多半是几个不相干的数
        if finding.kind == "mobile" and len(joints) > 1:
            continue
        boxes = _boxes(located[finding.start : finding.end], finding.kind)
        if boxes:
            yield Found(finding.kind, masked(finding.kind, finding.text), boxes)


def _crosses(finding: Finding, joints: Sequence[int]) -> bool:
    return all(finding.start < joint < finding.end for joint in joints)


def _boxes(located: Sequence[tuple[int, Character]], kind: str) -> tuple[Box, ...]:
    """围住这些字的框：一行一个。"""
    boxes: list[Box] = []
    current: list[Character] = []
    page = 0
    for number, character in located:
        if not character.place:
            continue
        if current and (number != page or _is_apart(current, character.place)):
            boxes.append(around(page, _places(current), kind))
            current = []
        page = number
        current.append(character)
    if current:
        boxes.append(around(page, _places(current), kind))
    return tuple(boxes)
