"""主送机关、署名和成文日期。纯函数。"""

import re
from dataclasses import dataclass, field
from datetime import date

from .attachments import is_attachment_page
from .dates import FoundDate, find_dates, is_unfinished, only_date
from .marks import is_mark
from .numbers import line_number
from .organs import is_organ, is_person_line, split_list, split_signature, tighten
from .titles import document_type

_PEOPLE = re.compile(
    r"(?:同志|同志们|先生|女士|小姐|公民|居民|群众|市民|朋友|用户|人员|教师|家长|同学|代表|委员|纳税人|申请人|业主|商户|经营户|经营者|农户|投资者|供应商|投标人|[Xx×Ｘ某*]{1,3})$"
)
_NOT_ADDRESSEE = re.compile(
    r"[。！？?]|如下|下列|以下|公告|通告|事项|内容|时间|地点|要求|原则|目标|任务|附件|电话|主题|关于|标题|文号|索引|来源|日期|方式|地址|邮箱|网址|办法|签发|抄送|主送$|依据|说明"
)
_LEAD = re.compile(r"^主[ \u3000]*送[：:][ \u3000]*")
_IMPRINT = re.compile(
    r"印发[。]?$|^(?:抄送|抄报|印发|主题词|分送|发送|校对|打字|共印|印制|联系人|承办)"
)
_MAX_ADDRESSEE = 900
_REACH = 12


@dataclass(frozen=True)
class Addressees:
    """主送机关和它占的行（起、止）；``rest`` 是同一行里冒号之后的正文。"""

    names: tuple[str, ...]
    start: int
    end: int
    rest: str = ""


@dataclass(frozen=True)
class Signoff:
    """署名和成文日期。``lines`` 是它们占的行，``dated_at`` 是日期那一行；

    ``flawed`` 表示写了日期但不成立或没写全。
    """

    issuers: tuple[str, ...] = ()
    written_on: date | None = None
    lines: tuple[int, ...] = ()
    flawed: bool = False
    found: bool = False
    dated_at: int | None = None


def find_addressees(lines: list[str], start: int) -> Addressees | None:
    """标题后面以冒号收尾的一段，折行的接起来。"""
    for first in range(start, min(start + _REACH, len(lines))):
        joined = ""
        for position in range(first, min(first + 8, len(lines))):
            line = _LEAD.sub("", lines[position])
            if not _may_continue(joined, line):
                break
            joined += line
            cut = re.search(r"[：:]", joined)
            if not cut:
                continue
            rest = joined[cut.end() :].strip()
            # “某地：关于……的通知”是转载站给标题加的地名
            names = [] if document_type(rest) else addressees_in(joined[: cut.start()])
            if names:
                return Addressees(tuple(names), first, position + 1, rest)
            break
    return None


def _may_continue(joined: str, line: str) -> bool:
    """能否接成主送机关的一段：文号、日期、句子不行；接续的前一行要以顿号、逗号收尾或够长。"""
    before = re.split(r"[：:]", line)[0]
    if re.search(r"[。！？]", before) or only_date(line) or line_number(line) or is_mark(line):
        return False
    if not joined:
        return True
    broken = joined[-1] in "、，,；;" or line[0] in "、，,；;" or len(joined) >= 15
    return broken and len(joined) + len(line) <= _MAX_ADDRESSEE


def addressees_in(text: str) -> list[str]:
    """冒号之前的文字是不是主送机关；不是则为空。"""
    text = text.strip()
    if not text or _NOT_ADDRESSEE.search(tighten(text)):
        return []
    names = split_list(text)
    like = [name for name in names if is_organ(name) or _PEOPLE.search(name)]
    if not names or any(len(name) > 60 for name in names):
        return []
    return names if len(like) * 2 > len(names) else []


@dataclass
class _Candidate:
    at: int
    value: date | None
    issuers: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def find_signoff(lines: list[str], start: int) -> Signoff:
    """正文末尾的署名和日期。先要有署名的，再要紧挨标注、附件或文末的日期。"""
    candidates = [c for at in range(start, len(lines)) if (c := _candidate(lines, at, start))]
    signed = next((c for c in candidates if c.issuers), None)
    if signed:
        return _signoff(signed)
    for candidate in candidates:
        after = lines[candidate.at + 1] if candidate.at + 1 < len(lines) else ""
        before = lines[candidate.at - 1] if candidate.at else ""
        closing = not after or is_mark(after) or is_attachment_page(after) or _IMPRINT.search(after)
        if closing or is_person_line(before):
            return _signoff(candidate)
    if candidates:
        return _signoff(candidates[0])
    return _undated(lines, start)


def head_date(lines: list[str], start: int, end: int) -> tuple[int, FoundDate] | None:
    """标题附近独占一行的日期：“（二〇〇六年三月一日）”；“2024-03-18”是网页的发布日期，不算。"""
    for position in range(start, min(end, len(lines))):
        found = only_date(lines[position])
        if found and "年" in lines[position]:
            return position, found
    return None


def is_imprint(line: str) -> bool:
    """版记：抄送、印发机关和印发日期、主题词。"""
    return bool(_IMPRINT.search(line.strip()))


def _signoff(chosen: _Candidate) -> Signoff:
    return Signoff(
        tuple(dict.fromkeys(chosen.issuers)),
        chosen.value,
        tuple(sorted(chosen.lines)),
        chosen.value is None,
        True,
        chosen.at,
    )


def _candidate(lines: list[str], at: int, start: int) -> _Candidate | None:
    line = lines[at].strip()
    if _IMPRINT.search(line):
        return None
    whole = only_date(line)
    if whole or is_unfinished(line):
        made = _Candidate(at, whole.value if whole else None, lines=[at])
        _walk_up(lines, at - 1, start, made)
        if not made.issuers and at + 1 < len(lines) and not _has_date(lines, at + 2):
            below = split_signature(lines[at + 1])
            if below and at + 1 == len(lines) - 1:
                made.issuers, made.lines = below, [*made.lines, at + 1]
        return made
    dates = find_dates(line) if len(line) <= 160 else []
    if not dates or dates[-1].end != len(line.rstrip("。 ")):
        return None
    signature = line[: dates[-1].start].strip(" \u3000，,")
    issuers = split_signature(signature)
    if not issuers:
        return None
    made = _Candidate(at, dates[-1].value, issuers, [at])
    _walk_up(lines, at - 1, start, made)
    return made


def _has_date(lines: list[str], at: int) -> bool:
    return at < len(lines) and only_date(lines[at]) is not None


def _walk_up(lines: list[str], at: int, start: int, made: _Candidate) -> None:
    """从日期往上收署名；一个机关折成两行的接起来，签署人和标注跳过。"""
    while at >= start:
        line = lines[at].strip()
        if is_mark(line) or is_person_line(line):
            made.lines.append(at)
            at -= 1
            continue
        names = split_signature(line)
        if not names:
            break
        made.issuers[:0] = names
        made.lines.append(at)
        at -= 1


def _undated(lines: list[str], start: int) -> Signoff:
    """没写日期：正文最后几行里的署名。"""
    end = next((i for i in range(start, len(lines)) if is_attachment_page(lines[i])), len(lines))
    tail = [i for i in range(max(start, end - 4), end) if not is_imprint(lines[i])]
    for position in reversed(tail):
        if is_mark(lines[position]):
            continue
        issuers = split_signature(lines[position])
        if issuers:
            made = _Candidate(position, None, [], [])
            _walk_up(lines, position, start, made)
            return Signoff(tuple(dict.fromkeys(made.issuers)), None, tuple(made.lines), False, True)
        break
    return Signoff()
