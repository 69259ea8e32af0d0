"""句与分句：在标点处断开，不断在括号、书名号和引号里。纯函数。"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_OPENERS = "（(〔[【［﹝《“‘"
_CLOSERS = "）)〕]】］﹞》”’"
_SENTENCE = "。！!？?；;\n"
_CLAUSE = "，,"
_LEADING = re.compile(r"^(?:同时|此外|其中|并且|另外|以及|并|且)[，,]?")
_COLLECTIVE = re.compile(
    r"^(?:各级|各类|各地|各|全[省市州县区盟旗国]|有关|相关|本级)[^，,。]{0,16}?"
    r"(?:部门|单位|机关|政府|机构|企业|网站|学校|乡镇|街道|负责人|[县市区旗镇乡])"
)
_DEMAND = re.compile(
    r"要|须|应当|必须|需|负责|完成|做好|到位|建成|实现|开展|推进|落实|制定|编制|公开|发布"
    r"|加强|组织|履行|确定|进行|明确|报送|纳入|出台|建立|整理|更新|迁移|办理|上线"
)
_BACKGROUND = re.compile(r"^(?:对|针对|根据|按照|依据|围绕|为|以|除|凡)")
_OPENING = re.compile(
    r"\s*(?:\d{1,3}[.．、]|[（(][^（）()]{1,3}[)）]|[①-⑳])?\s*"
    r"(?:并于|于|在|到|至|力争|确保|并|同时|（|\()*\s*"
)
_ONLY_DONE = re.compile(r"\s*(?:要|须|应|全面|全部|基本|按时)*(?:完成|办结|落实到位|到位)?[）)\s]*")


@dataclass(frozen=True)
class Span:
    """原文里的一截：``text[start:end]``。"""

    start: int
    end: int

    def of(self, text: str) -> str:
        """这一截的文字。"""
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """断句；不含句末标点，空句略去。"""
    return _cut(text, 0, len(text), _SENTENCE)


def clauses(text: str, sentence: Span) -> list[Span]:
    """一句里的分句。"""
    return _cut(text, sentence.start, sentence.end, _CLAUSE)


def split_outside_brackets(text: str, separators: str) -> list[str]:
    """在 ``separators`` 处断开，不断在括号里；空的略去，首尾空白去掉。"""
    return [span.of(text).strip() for span in _cut(text, 0, len(text), separators)]


def names_a_subject(clause: str, units: Iterable[str]) -> bool:
    """分句是否另起主语：开头就点到某个单位（或“各级机关”一类的合称）并对它提出要求。"""
    body = _LEADING.sub("", clause.strip())
    if not _DEMAND.search(body) and not body.endswith("后"):
        return False
    if _BACKGROUND.match(body):
        return False
    if _COLLECTIVE.match(body):
        return True
    return any(0 <= body.find(name) <= 6 for unit in units for name in spellings(unit))


def spellings(unit: str) -> tuple[str, ...]:
    """一个单位在正文里的几种写法：全名，及“人民政府”省作“政府”的写法。"""
    shorter = unit.replace("人民政府", "政府")
    return (unit,) if shorter == unit else (unit, shorter)


def governed(text: str, phrase: Span, others: Iterable[Span], units: Iterable[str]) -> str | None:
    """期限 ``phrase`` 所管的分句，原样；没有则为 ``None``。

    期限在分句之首：取其后的文字；在分句之中：取整个分句。向后延伸到句末，
    遇到另一个期限或另起主语的分句为止。
    """
    units = tuple(units)
    sentence = next((s for s in sentences(text) if s.start <= phrase.start < s.end), None)
    if sentence is None:
        return None
    parts = [c for c in clauses(text, sentence) if c.end > phrase.start]
    if not parts:
        return None
    taken = [o for o in others if o != phrase]
    if _OPENING.fullmatch(text[parts[0].start : phrase.start]):
        start = phrase.end
        if not text[start : parts[0].end].strip():
            parts = parts[1:]
            start = parts[0].start if parts else start
        elif _ONLY_DONE.fullmatch(text[start : parts[0].end]):
            return _preceding(text, sentence, parts[0].start, taken)
        if not parts:
            return _preceding(text, sentence, phrase.start, taken)
    else:
        start = parts[0].start
    end = parts[0].end
    for part in parts[1:]:
        inside = any(part.start <= o.start < part.end for o in taken)
        if inside or names_a_subject(part.of(text), units):
            break
        end = part.end
    return text[start:end].strip(" ，,、：:") or None


def _preceding(text: str, sentence: Span, end: int, taken: Iterable[Span]) -> str | None:
    """“……，6月底前完成”：期限管它前面的分句，上溯到句首或前一个期限。"""
    start = max([sentence.start, *(o.end for o in taken if sentence.start <= o.start < end)])
    return text[start:end].strip(" ，,、：:") or None


def _cut(text: str, start: int, end: int, separators: str) -> list[Span]:
    spans, depth, begun = [], 0, start
    closable = _closable(text, start, end)
    for position in range(start, end):
        character = text[position]
        if character == "\n":
            depth = 0
        elif position in closable:
            depth += closable[position]
        if depth == 0 and character in separators:
            spans.append(Span(begun, position))
            begun = position + 1
    spans.append(Span(begun, end))
    return [s for s in (_trim(text, span) for span in spans) if s.start < s.end]


def _closable(text: str, start: int, end: int) -> dict[int, int]:
    """成对的括号：位置 → +1 或 −1；不成对的不算，免得一个漏掉的括号吞掉后文。"""
    steps: dict[int, int] = {}
    open_at: list[int] = []
    for position in range(start, end):
        character = text[position]
        if character == "\n":
            open_at.clear()
        elif character in _OPENERS:
            open_at.append(position)
        elif character in _CLOSERS and open_at:
            steps[open_at.pop()] = 1
            steps[position] = -1
    return steps


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
