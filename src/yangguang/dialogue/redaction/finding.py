"""在各页的字里找要遮的：身份证号、手机号、银行卡号，和查找的词。纯函数，不碰数据库、时钟和配置。

折成几行的号码接起来再看：窄格子里的号码，上一行的尾和下一行的头在版面上一上一下，中间可以隔着别的格。
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yangguang.foundation.screening.rules import Finding, masked, screen

from .boxes import WORD, Box, around

MOST_WORD = 60
"""一个查找的词最多多少个字。"""
MOST_WORDS = 20
"""一次最多找几个词。"""
_JOINED_LINES = 4
_TAIL = re.compile(r"[0-9０-９+＋][0-9０-９ \-－—]*$")
_HEAD = re.compile(r"^[0-9０-９ \-－—]*[0-9０-９XxＸｘ]")
_EDGE_LINES = 3

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

    @property
    def text(self) -> str:
        """一串字，一个位置一个字。"""
        return "".join(character.text for character in self.characters)

    @property
    def place(self) -> Place:
        """整串在哪里。"""
        lefts, tops, rights, bottoms = zip(*_places(self.characters), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def identifiers(pages: Sequence[Sequence[Character]]) -> list[Found]:
    """各页里的号码，同一处只说一次。``pages`` 依次是各页的字。"""
    found: dict[tuple[Box, ...], Found] = {}
    lines = [list(_lines(number, page)) for number, page in enumerate(pages, 1)]
    for page in lines:
        for line in page:
            for each in _screened((line,)):
                found.setdefault(each.boxes, each)
    for chain in _chains(lines):
        for each in _screened(chain):
            covered = {box for known in found for box in known}
            if not set(each.boxes) <= covered:
                found.setdefault(each.boxes, each)
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
    found = {}
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


# ---- 接起来看 ----


def _chains(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[Line, ...]]:
    """首尾都是数字、可以接起来读的两串到四串。"""
    for number, page in enumerate(pages):
        after = pages[number + 1] if number + 1 < len(pages) else ()
        for at, line in enumerate(page):
            if _TAIL.search(line.text):
                yield from _followed((line,), page, at, after)


def _followed(
    chain: tuple[Line, ...], page: Sequence[Line], at: int, after: Sequence[Line]
) -> Iterator[tuple[Line, ...]]:
    if len(chain) == _JOINED_LINES:
        return
    for place, following in _onward(chain[-1], page, at, after):
        if following in chain or not _HEAD.search(following.text):
            continue
        longer = (*chain, following)
        yield longer
        if _TAIL.fullmatch(following.text) and following.page == chain[-1].page:
            yield from _followed(longer, page, place, after)


def _onward(
    line: Line, page: Sequence[Line], at: int, after: Sequence[Line]
) -> Iterator[tuple[int, Line]]:
    """接在后面的可能是：读的次序的下一串，正下方的一串，下一页头上的几串。"""
    for place, other in enumerate(page):
        if place == at + 1 or (place != at and _is_below(line.place, other.place)):
            yield place, other
    if at >= len(page) - _EDGE_LINES:
        yield from enumerate(after[:_EDGE_LINES])


def _is_below(upper: Place, lower: Place) -> bool:
    height = max(upper[3] - upper[1], lower[3] - lower[1])
    near = -0.5 * height <= lower[1] - upper[3] <= 1.2 * height and lower[1] > upper[1]
    return near and min(upper[2], lower[2]) > max(upper[0], lower[0])


def _screened(chain: Sequence[Line]) -> Iterator[Found]:
    """接起来的一串里的号码；接了几串的，只要跨过接头的。"""
    text = "".join(line.text for line in chain)
    located = [(line.page, character) for line in chain for character in line.characters]
    joints = []
    for line in chain[:-1]:
        joints.append((joints[-1] if joints else 0) + len(line.text))
    if len(text) != len(located):
        return
    for finding in screen(text):
        if finding.kind == "secret_mark" or not _crosses(finding, joints):
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
