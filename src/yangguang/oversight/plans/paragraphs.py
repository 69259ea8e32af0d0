"""把一份方案的文字读成段落：去掉排版痕迹，认出段首的编号。纯函数。"""

import re
import unicodedata
from dataclasses import dataclass

from .numerals import CHINESE_DIGITS, to_int

_NUMERAL = f"[{CHINESE_DIGITS}十百]{{1,4}}"
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第({_NUMERAL})(?:部分|章)[、：:\s]?|({_NUMERAL})[、．.]")),
    (2, re.compile(rf"[（(]\s*({_NUMERAL})\s*[)）][、．.]?")),
    (3, re.compile(r"(\d{1,3})\s*(?:[.．﹒](?=(?:19|20)\d\d年)|[.．﹒](?!\d)|、)")),
    (3, re.compile(rf"(?:任务|事项)(\d{{1,3}}|{_NUMERAL})[：:、.．]")),
    (4, re.compile(r"[（(]\s*(\d{1,2})\s*[)）]|(\d{1,2})[)）]")),
    (5, re.compile(r"([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])")),
)
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*\d{1,4}[-—–－·\s]*|第\s*\d+\s*页.*")
_ATTACHMENT_LIST = re.compile(r"附\s*件\s*[：:]\s*(?P<first>1\s*[.．、])?")
_BULLET = re.compile(r"^[•●◆■□▪◇]\s*")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\x00"))
_OPENERS, _CLOSERS = "（(〔[【［﹝", "）)〕]】］﹞"
_SENTENCE_END = "。；;！!？?：:"
_INLINE_MARK = re.compile(
    rf"(?<=[。；;！）)〕】\]\s])(?={_NUMERAL}、)"
    rf"|(?<![第款条])(?=[（(]{_NUMERAL}[)）](?![项款条目、和至及]))"
    r"|(?<=[\u4e00-\u9fff。；;！）)〕】\]\s])(?=\d{1,3}[.．、][\u4e00-\u9fff“‘《])"
)


@dataclass(frozen=True)
class Paragraph:
    """一段。``mark`` 是段首编号的原样，``level`` 是其层次（0 表示没有编号）。"""

    text: str
    mark: str = ""
    level: int = 0
    number: int = 0

    @property
    def written(self) -> str:
        """连同编号的原文。"""
        return self.mark + self.text


def read_lines(text: str) -> list[str]:
    """逐行：去首尾空白、不可见字符、项目符号和空行。"""
    lines = []
    for raw in re.split(r"[\n\r\x0b\x0c\x85\u2028\u2029]", text):
        line = raw.translate(_INVISIBLE).replace("\u00a0", " ").replace("\u3000", " ").strip()
        line = _BULLET.sub("", line)
        if line:
            lines.append(line)
    return lines


def read_paragraphs(lines: list[str]) -> list[Paragraph]:
    """把行合成段，并认出编号。

    整篇挤在一两行里的，在编号处断开；按纸面宽度硬换行的（PDF），接回成段；
    括号没有合上的，与后文相接。
    """
    lines = _break_crowded([line for line in lines if not _looks_like_page_number(line)])
    return [mark_of(line) for line in _rejoin(lines)]


def without_attachment_list(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """去掉附件说明里接着“附件：1.”往下排的各行：它们是附件名称，不是任务。"""
    kept: list[Paragraph] = []
    expected = 0
    for paragraph in paragraphs:
        if expected and paragraph.level == 3 and paragraph.number == expected:
            if not re.search(r"[。；;：:].", paragraph.text):
                expected += 1
                continue
        head = _ATTACHMENT_LIST.match(paragraph.text) if not paragraph.level else None
        expected = (2 if head["first"] else 1) if head else 0
        kept.append(paragraph)
    return kept


def mark_of(line: str) -> Paragraph:
    """认出一行开头的编号。"""
    for level, pattern in _MARKS:
        found = pattern.match(line)
        if not found:
            continue
        numeral = next(group for group in found.groups() if group)
        number = to_int(unicodedata.normalize("NFKC", numeral) if level == 5 else numeral)
        if number is not None:
            return Paragraph(line[found.end() :].strip(), found.group().strip(), level, number)
    return Paragraph(line)


def _looks_like_page_number(line: str) -> bool:
    dressed = any(c in line for c in "-—–－第·")
    return dressed and len(line) < 12 and bool(_PAGE_NUMBER.fullmatch(line))


def _break_crowded(lines: list[str]) -> list[str]:
    if len(lines) > 6 or sum(map(len, lines)) < 200:
        return lines
    broken: list[str] = []
    for line in lines:
        broken.extend(piece.strip() for piece in _INLINE_MARK.split(line) if piece.strip())
    return broken


def _rejoin(lines: list[str]) -> list[str]:
    width = _paper_width(lines)
    joined: list[str] = []
    for line in lines:
        if joined and _continues(joined[-1], line, width):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _paper_width(lines: list[str]) -> int:
    """硬换行的版心宽度（字数）；不是硬换行则为 0。"""
    longer = sorted(len(line) for line in lines if len(line) >= 15)
    if len(longer) < 8 or longer[-1] > 60:
        return 0
    width = longer[len(longer) * 9 // 10]
    cut = sum(1 for line in lines if len(line) >= width - 3 and line[-1] not in _SENTENCE_END)
    return width if cut * 3 >= len(longer) else 0


def _continues(before: str, line: str, width: int) -> bool:
    if mark_of(line).level:
        return False
    tail = before[-400:]
    if _depth(tail) > 0 and re.search(r"[（(〔\[【［][^）)〕\]】］]{0,12}[：:]", tail):
        return len(before) < 4000
    if not width:
        return False
    return len(before.rsplit("\n")[-1]) >= width - 3 and before[-1] not in "。；;！!？?：:"


def _depth(text: str) -> int:
    return sum(text.count(c) for c in _OPENERS) - sum(text.count(c) for c in _CLOSERS)
