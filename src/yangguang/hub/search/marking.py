"""标亮：查到的词在一行里的哪里，一篇里摘哪一段。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterator
from typing import NamedTuple

from .rules import Query, number_form, places, squeeze

SCANNED = 50_000
"""摘出一段时，最多整理这么多字来找。"""


class Piece(NamedTuple):
    """一小段文字；``is_hit`` 为真是查到的词。"""

    text: str
    is_hit: bool


def spans(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """各词在一行原文里的起止，互不重叠，先后为序。"""
    squeezed = squeeze(text)
    present = [word for word in words if word in squeezed]
    if not present:
        return []
    origin = places(text)
    found: list[tuple[int, int]] = []
    for word in present:
        start = squeezed.find(word)
        while start >= 0:
            end = start + len(word)
            found.append((origin[start], origin[end - 1] + 1))
            start = squeezed.find(word, end)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, words: tuple[str, ...]) -> list[Piece]:
    """一行原文切成段，查到的词各成一段；连起来就是原文。"""
    return list(_pieces(text, spans(text, words), 0, len(text)))


def marked_number(number: str, query: Query) -> list[Piece]:
    """文号的标亮：正是查的那个文号，写法不同也整个标亮。"""
    form = number_form(number) if query.number else None
    if form and query.number and form.key == query.number.key:
        return [Piece(number, True)]
    return marked(number, query.marks)


def snippet(text: str, words: tuple[str, ...], *, title: str = "", width: int = 110) -> list[Piece]:
    """正文里最能说明查到了什么的一段，约 ``width`` 字：各词先后出现的第一行起；都没有就取开头。

    正文里重写的标题（``title``）不取。
    """
    heading = squeeze(title)
    lines = [line for line in text.split("\n") if line.strip()]
    line = _telling(lines, words, heading)
    found = spans(line, words)
    if not found:
        whole = _beginning(lines, heading, width + 1)
        return [Piece(whole[:width] + ("…" if len(whole) > width else ""), False)] if whole else []
    start = max(0, found[0][0] - width // 4)
    end = min(len(line), start + width)
    start = max(0, end - width)
    inside = [(max(s, start), min(e, end)) for s, e in found if s < end and e > start]
    pieces = list(_pieces(line, inside, start, end))
    if start:
        pieces.insert(0, Piece("…", False))
    if end < len(line):
        pieces.append(Piece("…", False))
    return pieces


def _telling(lines: list[str], words: tuple[str, ...], heading: str) -> str:
    """含查的词最多的第一行；都不含为空串。

    先照原样找：整理文字比找文字慢得多。照原样一个也找不到（词里夹着标点、写的是繁体），
    才逐行整理了找，找过 ``SCANNED`` 字为止。
    """
    best, found = 0, ""
    for line in lines:
        held = sum(word in line for word in words)
        if held > best and squeeze(line) != heading:
            best, found = held, line
            if held == len(words):
                break
    if best or not words:
        return found
    scanned = 0
    for line in lines:
        here = squeeze(line)
        held = sum(word in here for word in words)
        if held > best and here != heading:
            best, found = held, line
        scanned += len(line)
        if best == len(words) or scanned > SCANNED:
            break
    return found


def _beginning(lines: list[str], heading: str, length: int) -> str:
    """开头的 ``length`` 字，不算重写的标题。"""
    whole = ""
    for line in lines:
        if squeeze(line) != heading:
            whole += f" {line}" if whole else line
            if len(whole) >= length:
                break
    return whole[:length]


def _pieces(text: str, found: list[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for first, last in found:
        if first > at:
            yield Piece(text[at:first], False)
        yield Piece(text[first:last], True)
        at = last
    if at < end:
        yield Piece(text[at:end], False)
