"""网上的文字与印发的文字是不是一样：印发的各段须在网页上依次出现，中间不多不少。纯函数。

空白、全角半角、引号的写法不算差别：各网站排版不同。网页在正文前后另有的（导航、字段表）不管。
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yangguang.sources.documents.elements import body_blocks
from yangguang.sources.documents.marks import is_mark
from yangguang.sources.documents.signoff import is_imprint

MOST_TOLD = 5
"""最多说几处差别。"""
SHOWN = 40
"""一处差别最多引多少字。"""
HEAD = 12
"""红头、文号、标题、主送机关都在头这么多行里。"""
LONG = 12
"""这么多字的一段，不会碰巧在别处出现。"""
_IGNORED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xad\u3000]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "﹒": "."})


@dataclass(frozen=True)
class Issued:
    """印发的一份：标题、文号、各段。空的不比。

    ``left_out`` 是不比的（红头、标题、标注、版记）：网页上夹在各段中间也不算多出来的。
    """

    title: str
    number: str
    passages: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def issued(
    title: str, number: str, blocks: Sequence[dict[str, Any]], *, whole: bool = False
) -> Issued:
    """由公文正文的块得来。版记、公开方式标注各网站去留不一，平常不比；``whole`` 为真的一段也不漏。"""
    passages: list[str] = []
    for block in blocks:
        if block["type"] == "table":
            passages += [cell for row in block["rows"] for cell in row]
        else:
            passages.append(str(block.get("text", "")))
    kept = tuple(each for each in passages if folded(each) and (whole or _is_compared(each)))
    return Issued(title, number, kept, tuple(each for each in passages if each not in kept))


def issued_from_text(title: str, number: str, text: str) -> Issued:
    """由全文得来：红头、标题照公文的规矩认出来，不进各段。它们都在头几行，往后的一行一段。"""
    lines = [line for line in text.splitlines() if line.strip()]
    found = issued(title, number, body_blocks("\n".join(lines[:HEAD])))
    rest = [cell for line in lines[HEAD:] for cell in line.split(" | ")]
    passages = (*found.passages, *(each for each in rest if _is_compared(each)))
    kept = set(passages)
    return Issued(title, number, passages, (*found.left_out, *(x for x in lines if x not in kept)))


def _is_compared(passage: str) -> bool:
    return not is_mark(passage) and not is_imprint(passage)


def folded(text: str) -> str:
    """去掉不算差别的：空白、全角半角、引号的写法。"""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


def differences(wanted: Issued, page: str, body: str = "") -> list[str]:
    """网页的文字与印发的不同在哪里，每处一句，最多 ``MOST_TOLD`` 处；没有不同为空。

    ``body`` 是网页里单划出来的正文：有它，正文前后多出来的也看得出。
    """
    shown = folded(page)
    told = []
    if wanted.title and folded(wanted.title) not in shown:
        told.append(f"网页上没有标题“{_cut(wanted.title)}”。")
    if wanted.number and folded(wanted.number) not in shown:
        told.append(f"网页上没有发文字号“{wanted.number}”。")
    within = folded(body) or shown
    return (told + _passages(wanted, within, is_bounded=bool(body)))[:MOST_TOLD]


def _passages(issued: Issued, shown: str, *, is_bounded: bool) -> list[str]:
    """各段依次去找；找不到的说没有，两段中间多出来的说多了。"""
    told: list[str] = []
    wanting = [folded(each) for each in issued.passages]
    at = 0 if is_bounded else _start(wanting, shown)
    is_joined = is_bounded
    for passage, wanted in zip(issued.passages, wanting, strict=True):
        place = shown.find(wanted, at)
        if place < 0:
            told.append(_missing(passage, wanted, shown, at))
            is_joined = False
        else:
            if is_joined and place > at and not _is_left_out(shown[at:place], issued):
                told.append(f"网页上多出“{_cut(shown[at:place])}”，在“{_cut(passage)}”之前。")
            at, is_joined = place + len(wanted), True
        if len(told) >= MOST_TOLD:
            return told
    if is_bounded and is_joined and shown[at:]:
        told.append(f"网页上多出“{_cut(shown[at:])}”，在末尾。")
    return told


def _start(passages: Sequence[str], shown: str) -> int:
    """正文从网页的哪里起：头几段连着出现的地方；不连着的，从头一个长段往前找。

    字段表里的文号、摘要里的头一句不算正文。
    """
    together = shown.find("".join(passages[:3]))
    if together >= 0:
        return together
    anchors = (
        (number, place)
        for number, each in enumerate(passages)
        if len(each) >= LONG and (place := shown.find(each)) >= 0
    )
    number, place = next(anchors, (0, 0))
    for each in reversed(passages[:number]):
        before = shown.rfind(each, 0, place)
        place = before if before >= 0 else place
    return place


def _missing(passage: str, wanted: str, shown: str, at: int) -> str:
    """找不到的一段：开头相同的，说从哪里起不同。"""
    for length in range(min(len(wanted) - 1, 200), 5, -1):
        place = shown.find(wanted[:length], at)
        if place >= 0:
            mine = wanted[length : length + SHOWN]
            other = shown[place + length : place + length + len(mine) + 2]
            return f"“{_cut(wanted[max(length - 12, 0) : length])}”之后，印发的是“{_cut(mine)}”，网上是“{_cut(other)}”。"
    return f"网页上没有“{_cut(passage)}”。"


def _is_left_out(gap: str, issued: Issued) -> bool:
    """夹在中间的只是不比的几样。"""
    for each in sorted(map(folded, (*issued.left_out, issued.title)), key=len, reverse=True):
        gap = gap.replace(each, "") if each else gap
    return not gap


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


# ---- 附件 ----


@dataclass(frozen=True)
class Linked:
    """网页上的一个链接：地址，和链接上的字、下载时的名称。"""

    href: str
    names: tuple[str, ...]


def paired(wanted: Sequence[str], links: Sequence[Linked]) -> list[Linked | None]:
    """各附件（按名称）对应网页上的哪个链接；没有对应的为 ``None``。一个链接只对应一个附件。"""
    left = list(links)
    found: list[Linked | None] = []
    for name in wanted:
        stem = _stem(name)
        match = next((each for each in left if stem in map(_stem, each.names)), None)
        if match is None:
            match = next(
                (each for each in left if any(stem in folded(text) for text in each.names)), None
            )
        if match is not None:
            left.remove(match)
        found.append(match)
    return found


def _stem(name: str) -> str:
    bare = re.sub(r"\.[0-9A-Za-z]{2,5}$", "", folded(name))
    return re.sub(r"^附件\d*[:.、]?", "", bare)
