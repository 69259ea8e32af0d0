"""附件说明：“附件：1.……　2.……”。纯函数。"""

import re
from dataclasses import dataclass

from .dates import only_date
from .marks import is_mark
from .organs import split_signature, tighten

_CN = "一二三四五六七八九十"
_HEAD = re.compile(
    rf"^[（(【\[]?附[ \t\u3000]*(?:件|表|录)?[ \t\u3000]*(?P<number>[\d０-９]{{1,2}}|[{_CN}]{{1,3}})?[】\])）]?[ \t\u3000]*(?P<mark>[：:.．、]|$|[ \t\u3000])[ \t\u3000]*(?P<rest>.*)$"
)
_ITEM = re.compile(
    rf"^(?:[（(]?(?:[\d０-９]{{1,2}}|[{_CN}]{{1,3}})[)）]?[.．、:：]|[（(](?:[\d０-９]{{1,2}}|[{_CN}]{{1,3}})[)）]|[①-⑳])[ \t\u3000]*(?=\D|(?:19|20)\d\d)"
)
_INLINE = re.compile(
    r"(?:(?<=[\s\u3000；;。》）)])|^)(?:附件)?[\d０-９]{1,2}[ \t]*[.．、:：][ \t\u3000]*(?=[^\d\s]|(?:19|20)\d\d)"
)
_END = "；;。.，, \t\u3000"
_TITLE_END = re.compile(
    r"(?:附件|图|表|单|案|法|定|则|录|书|南|引|要|点|划|件|案|准|范|格|函|册|序|项|卷|明|告|报|组|工|本)$"
)
_FILE = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wps|et|rar|zip|jpe?g|png|ofd|pptx?|ceb)(?:\s*[（(\[].*)?$", re.IGNORECASE
)
_BODY = re.compile(r"。.|^第[一二三四五六七八九十]+[条章]|^[一二三四五六七八九十]{1,3}、|^抄送")
_MAX_NAME = 120


@dataclass(frozen=True)
class Attachments:
    """附件名称和它们占的行（起、止）；``sure`` 为假表示没有附件说明，是按附件的首页认的。"""

    names: tuple[str, ...]
    start: int
    end: int
    sure: bool = True


def find_attachments(lines: list[str], start: int) -> Attachments:
    """附件说明；没有的为空。"""
    position = start
    while position < len(lines):
        match = _HEAD.match(lines[position])
        if match and _is_list_head(match, lines, position):
            names, end = _collect(lines, position, match)
            if names:
                return Attachments(tuple(names), position, end)
        position += 1
    return Attachments((), len(lines), len(lines))


def is_attachment_page(line: str) -> bool:
    """附件首页左上角的“附件”“附件2”。"""
    return bool(
        re.match(
            rf"^附[ \t\u3000]*件[ \t\u3000]*(?:[\d０-９]{{1,2}}|[{_CN}]{{1,3}})?[：:]?$",
            line.strip(),
        )
    )


def _is_list_head(match: re.Match[str], lines: list[str], position: int) -> bool:
    rest = match["rest"].strip()
    if match["mark"] not in ("：", ":", ".", "．", "、"):
        # “附件 1.甲 2.乙”“附件1 甲”也有人写；“附件2”独占一行是附件首页
        return bool(rest) and len(rest) <= _MAX_NAME and not _BODY.search(rest)
    if rest:
        return len(rest) <= 600 and not re.search(r"。[^。]{15,}", rest)
    following = lines[position + 1] if position + 1 < len(lines) else ""
    return bool(_ITEM.match(following)) and not _BODY.search(_ITEM.sub("", following))


def _collect(lines: list[str], position: int, head: re.Match[str]) -> tuple[list[str], int]:
    numbered = bool(head["number"])
    names = _split(head["rest"])
    position += 1
    while position < len(lines):
        line = lines[position].strip()
        again = _HEAD.match(line)
        if again and numbered and again["number"] and again["rest"].strip():
            names += _split(again["rest"])
        elif _ITEM.match(line) and (not names or _numbered_list(head, names, lines, position)):
            if _BODY.search(_ITEM.sub("", line)) or len(line) > _MAX_NAME * 3:
                break
            names += _split(line)
        elif names and _wraps(names[-1], line, lines, position):
            names[-1] += line
        else:
            break
        position += 1
    cleaned = [clean_name(name) for name in names]
    return [name for name in cleaned if name], position


def _numbered_list(head: re.Match[str], names: list[str], lines: list[str], position: int) -> bool:
    """第一个名称带编号（或附件后另起一行编号）时，后面的编号行才是名称。"""
    return bool(not head["rest"].strip() or _ITEM.match(head["rest"]) or head["number"])


def _wraps(name: str, line: str, lines: list[str], position: int) -> bool:
    """名称折成两行：后一行既不是署名、日期、标注，也不是新的一段。"""
    if name.endswith(tuple("。；;")) or len(name) < 12 or len(line) > 40:
        return False
    if only_date(line) or is_mark(line) or split_signature(line) or is_attachment_page(line):
        return False
    if _BODY.search(line) or line.endswith(("：", ":", "。")) or _FILE.search(name):
        return False
    after = lines[position + 1] if position + 1 < len(lines) else ""
    unfinished = not _TITLE_END.search(name) or line[:1] in "的）)》表案单"
    return unfinished and not split_signature(line + after)


def _split(text: str) -> list[str]:
    """一行里的几个名称。"""
    text = text.strip()
    cuts = list(_INLINE.finditer(text))
    if len(cuts) > 1 or (cuts and cuts[0].start() == 0):
        ends = [*[m.start() for m in cuts[1:]], len(text)]
        return [text[m.end() : end] for m, end in zip(cuts, ends, strict=True)]
    return [_ITEM.sub("", text)] if text else []


def clean_name(name: str) -> str:
    """附件名称：去掉编号、末尾标点、外面整个的书名号和撑开的空格。"""
    name = _ITEM.sub("", name.strip()).strip(_END)
    name = re.sub(r"(?<=[^\x00-\x7f])[ \t\u3000]+(?=[^\x00-\x7f])", "", name)
    if name.startswith("《") and name.endswith("》") and name.count("《") == 1:
        name = name[1:-1]
    return name if len(tighten(name)) > 1 else ""
