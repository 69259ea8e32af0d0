"""公文里的日期：阿拉伯数字、汉字数字、撑开的空格。纯函数。"""

import re
from dataclasses import dataclass
from datetime import date

_ZERO = "〇○◯零Ｏ０OoО0〝"
_CN = "一二三四五六七八九"
_GAP = r"[ \t\u3000]*"
_ARABIC = "0-9０-９"
_YEAR = rf"(?P<year>(?:[{_ARABIC}]{_GAP}){{4}}|[一二](?:{_GAP}[{_CN}{_ZERO}]){{3}})"
_MONTH = rf"(?P<month>[{_ARABIC}](?:{_GAP}[{_ARABIC}])?|元|[{_CN}十{_ZERO}](?:{_GAP}[{_CN}十])?)"
_DAY = rf"(?P<day>[{_ARABIC}](?:{_GAP}[{_ARABIC}])?|[{_CN}十廿卅{_ZERO}](?:{_GAP}[{_CN}十]){{0,2}})"
_WRITTEN = re.compile(
    rf"(?<![{_ARABIC}]){_YEAR}{_GAP}年{_GAP}{_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}[日号]"
)
_PUNCTUATED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-./／])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"
)
_HAS_PUNCTUATED = re.compile(r"\d[-./／]\d")
_UNFINISHED = re.compile(
    rf"^{_YEAR}{_GAP}年{_GAP}(?:[{_ARABIC}{_CN}十]{{0,3}}{_GAP}月)?{_GAP}[日]?$"
)
_DIGITS = {**dict.fromkeys(_ZERO, 0), **{c: n for n, c in enumerate(_CN, 1)}}
_DIGITS |= {chr(ord("０") + n): n for n in range(10)} | {str(n): n for n in range(10)}


@dataclass(frozen=True)
class FoundDate:
    """文中的一个日期。``value`` 为空表示历法上没有这一天（2020年2月30日）。"""

    value: date | None
    start: int
    end: int


def find_dates(text: str) -> list[FoundDate]:
    """文中写全年月日的日期，按出现次序。"""
    if "年" not in text and not _HAS_PUNCTUATED.search(text):
        return []
    found = [*_WRITTEN.finditer(text), *_PUNCTUATED.finditer(text)]
    return sorted((_found(m) for m in found), key=lambda item: item.start)


def only_date(line: str) -> FoundDate | None:
    """整行只是一个日期（可带括号）时的那个日期。"""
    bare = line.strip().strip("（()）〔〕[] \u3000")
    dates = find_dates(bare) if len(bare) <= 40 else []
    if dates and dates[0].start == 0 and dates[0].end == len(bare):
        return dates[0]
    return None


def is_unfinished(line: str) -> bool:
    """只写了年、月，或月日留空的日期。"""
    return bool(_UNFINISHED.match(line.strip()))


def _found(match: re.Match[str]) -> FoundDate:
    numbers = [_number(match[name]) for name in ("year", "month", "day")]
    value = None
    if all(number is not None for number in numbers):
        year, month, day = (number or 0 for number in numbers)
        if 1900 <= year <= 2199:
            try:
                value = date(year, month, day)
            except ValueError:
                value = None
    return FoundDate(value, match.start(), match.end())


def _number(text: str) -> int | None:
    text = re.sub(r"\s", "", text)
    if text == "元":
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        if any(c not in _DIGITS for c in text):
            return None
        return int("".join(str(_DIGITS[c]) for c in text))
    tens, _, ones = text.partition("十")
    if any(c not in _DIGITS for c in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
