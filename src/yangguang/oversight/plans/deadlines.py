"""从文字里读出期限和周期性要求。纯函数。

期限只认写明的：“底前”“前”“内完成”一类。年份没写的，承接同一任务里前一个期限的年份，
再没有就用方案的年份。“X月前”按字面是该月之前，即上月末。日历上没有的日子（2月30日）
``date`` 为空、``is_valid`` 为假，由人改正，不猜。

周期性要求须写明周期、次数或起算后的天数，或是“长期坚持”“持续推进”一类的长期要求；
“定期”“及时”没有写明周期，不算。“月通报制度”写明了周期，算。
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .clauses import Span
from .numerals import CHINESE_DIGITS, to_int

_D = CHINESE_DIGITS
_N = rf"(?:\d{{1,2}}|[{_D}十]{{1,3}})"
_YEAR = rf"(?:(?:19|20)\d{{2}}|[一二][{_D}OＯ0]{{3}})"
_WHEN = re.compile(
    rf"(?:(?P<year>{_YEAR})\s*年(?:度)?\s*|(?P<relative>今年|本年度?|当年|明年|次年|来年)\s*)?"
    r"(?:"
    rf"(?P<month>{_N})\s*月(?:份)?\s*(?:(?P<day>{_N})\s*[日号]|(?P<part>月?底|月?末|上旬|中旬|下旬))?"
    r"|第?\s*(?P<quarter>[一二三四1-4])\s*季度(?P<qend>底|末)?"
    r"|(?P<half>[上下])半年(?P<hend>底|末)?"
    r"|(?P<yearend>年?(?:底|末|终|内))"
    r"|(?P<monthend>(?:本月|月)底)"
    r"|(?P<bareyear>(?<=年)))"
    r"\s*(?P<suffix>之前|以前|前|之内|以内|内|止)?"
)
_ISO = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*[-./]\s*(?P<month>\d{1,2})(?:\s*[-./]\s*(?P<day>\d{1,2}))?(?!\d)"
    r"\s*(?P<suffix>之前|以前|前)?"
)
_DONE = re.compile(
    r"\s*(?:[，,]?\s*)?(?:要|须|应|全面|全部|基本|初步|力争|确保|内)*"
    r"(?:完成|办结|建成|实现|达到|出台|印发|上线|公布|公开|发布|到位|启用|制定|形成|建立|编制|报送)"
)
_NOT_A_DEADLINE = re.compile(r"(?:截至|截止|自|从|以来|每|各|近|历|往|去|上|是)$")
_AFTER_NOT = re.compile(r"\s*(?:起|以来|开始|至今|以后|后|，?同比|印发的|发布的|出台的|的)")
_CYCLE = r"(?:半年|两年|季度|季|年度|年|月|周|星期|旬|日|天)"
_COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,4})"
_TIMES = rf"{_COUNT}(?:至{_COUNT})?(?:次|场|期|轮|件|篇|条)"
_RECURRING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"每个?{_CYCLE}(?:{_N}月(?:{_N}[日号])?|{_N}[日号]|[底末])?(?:之前|以前|前)?"
        rf"(?:(?:不少于|不低于|至少)?[^，,。；;、]{{0,8}}?{_TIMES}(?:以上)?)?",
        rf"(?:全年|年内|一年内|本年度|年度内)(?:不少于|不低于|至少)[^，,。；;]{{0,8}}?{_TIMES}(?:以上)?",
        rf"{_COUNT}个?(?:工作日|自然日|日|天|小时|月)(?:之内|以内|内)",
        rf"[按逐]{_CYCLE}(?:通报|报送|公开|公布|发布|更新|调度|报告|上报|汇总|考核|检查)",
        r"(?<![今近本每当去明多往少个\d一二三四五六七八九十])(?:周|旬|月|季|季度|半年|年|年度)"
        r"[^，,。；;、“”（）]{0,6}?(?:通报|报送|调度|例会|会商|总结|报告|巡查|检查|考核|评估)"
        r"[^，,。；;、“”（）]{0,4}?制度",
    )
)
_CONTINUING = (
    r"(?:持续推进|长期坚持|常年坚持|常态化推进|常态化开展|长期推进|持续开展|持续实施|全年推进"
    r"|长期实施|长期任务|持续落实|并长期坚持|并持续推进)"
)
_CONTINUING_PROSE = re.compile(rf"(?:^|(?<=[，,。；;\n（(]))({_CONTINUING})(?=[。；;\n）)]|$)")
_CONTINUING_CELL = re.compile(rf"{_CONTINUING}|长期|常年|全年|持续|常态化|每{_CYCLE}|按{_CYCLE}")
_RANGE = re.compile(r"(?:[-—–~～至到]|——)\s*$")


@dataclass(frozen=True)
class Found:
    """文中的一个期限。``span`` 是 ``phrase`` 在原文里的位置。"""

    date: date | None
    phrase: str
    span: Span
    is_valid: bool = True


@dataclass(frozen=True)
class FoundRecurring:
    """文中的一项周期性要求。"""

    phrase: str
    span: Span


def find_deadlines(text: str, year: int | None, month: int | None = None) -> list[Found]:
    """正文里的期限，先后为序。``year``、``month`` 是方案的年、月，用来补足没写的。"""
    taken = [r.span for r in find_recurring(text)]
    found: list[Found] = []
    for match in _matches(text):
        if any(s.start < match.end() and match.start() < s.end for s in taken):
            continue
        if not _is_deadline(text, match):
            continue
        deadline, used = _resolve(match, year, month)
        if used is not None:
            year = used
        found.append(deadline)
    return found


def find_recurring(text: str) -> list[FoundRecurring]:
    """正文里的周期性要求，先后为序，互不重叠。"""
    spans = [Span(m.start(), m.end()) for pattern in _RECURRING for m in pattern.finditer(text)] + [
        Span(m.start(1), m.end(1)) for m in _CONTINUING_PROSE.finditer(text)
    ]
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return [FoundRecurring(s.of(text), s) for s in kept]


def read_cell(
    text: str, year: int | None, month: int | None = None
) -> tuple[list[Found], list[FoundRecurring]]:
    """“完成时限”一栏：单写“2020年10月”“10月”“第三季度”也是期限，到该期间的最后一天。"""
    recurring = find_recurring(text)
    if not recurring:
        recurring = [
            FoundRecurring(m.group(), Span(m.start(), m.end()))
            for m in _CONTINUING_CELL.finditer(text)
        ]
    found: list[Found] = []
    begun: int | None = None
    for match in _matches(text):
        if any(r.span.start < match.end() and match.start() < r.span.end for r in recurring):
            continue
        if text[match.end() :].lstrip().startswith("起"):
            continue
        deadline, used = _resolve(match, year, month)
        year = used or year
        if found and begun is not None and _RANGE.search(text[: match.start()]):
            span = Span(begun, match.end())
            found[-1] = Found(deadline.date, span.of(text), span, deadline.is_valid)
            continue
        begun = match.start()
        found.append(deadline)
    return found, recurring


def _matches(text: str) -> list[re.Match[str]]:
    spans: list[re.Match[str]] = []
    for match in _WHEN.finditer(text):
        named = match.groupdict()
        if named["yearend"] and not (named["year"] or named["relative"]):
            if not named["yearend"].startswith("年") or text[: match.start()].endswith(
                ("去", "历")
            ):
                continue
        if named["bareyear"] is not None and not (named["year"] and named["suffix"]):
            continue
        if match.group().strip():
            spans.append(match)
    for match in _ISO.finditer(text):
        if not any(s.start() < match.end() and match.start() < s.end() for s in spans):
            spans.append(match)
    return sorted(spans, key=lambda m: m.start())


def _is_deadline(text: str, match: re.Match[str]) -> bool:
    """正文里的一个时间是不是期限。"""
    named = match.groupdict()
    before, after = text[max(0, match.start() - 4) : match.start()], text[match.end() :]
    if _NOT_A_DEADLINE.search(before) or _AFTER_NOT.match(after):
        return False
    if named.get("suffix") in ("前", "之前", "以前", "止"):
        return True
    ends = any(named.get(k) for k in ("part", "qend", "hend", "yearend", "monthend"))
    led = before.endswith(("于", "到", "至", "在"))
    if ends or named.get("suffix"):
        return bool(led or _DONE.match(after) or after[:1] in "，," and after)
    if named.get("quarter") or named.get("half"):
        return bool(_DONE.match(after))
    return bool(re.match(r"\s*(?:完成|办结|上线|到位)", after))


def _resolve(match: re.Match[str], year: int | None, month: int | None) -> tuple[Found, int | None]:
    """算出日期；第二个值是用到的年份（供后文承接）。"""
    named = match.groupdict()
    span = Span(match.start(), match.end())
    phrase = match.group().strip()
    span = Span(span.start, span.start + len(match.group().rstrip()))
    if named.get("year"):
        year = to_int(named["year"].replace("Ｏ", "〇").replace("O", "〇"))
    elif named.get("relative") in ("明年", "次年", "来年") and year is not None:
        year += 1
    if year is None:
        return Found(None, phrase, span), None
    day: date | None
    if named.get("month"):
        day = _month_date(year, named)
    elif named.get("quarter"):
        quarter = to_int(named["quarter"]) or 0
        day = _last_day(year, quarter * 3)
    elif named.get("half"):
        day = date(year, 6, 30) if named["half"] == "上" else date(year, 12, 31)
    elif named.get("monthend"):
        if month is None:
            return Found(None, phrase, span), year
        day = _last_day(year, month)
    elif named.get("bareyear") is not None:
        day = date(year - 1, 12, 31) if year > 1 else None
    else:
        day = date(year, 12, 31)
    return Found(day, phrase, span, is_valid=day is not None), year


def _month_date(year: int, named: dict[str, str | None]) -> date | None:
    month = to_int(named["month"] or "") or 0
    if named.get("day"):
        number = to_int(named["day"] or "") or 0
        try:
            return date(year, month, number)
        except ValueError:
            return None
    part = named.get("part") or ""
    if part == "上旬":
        return _day(year, month, 10)
    if part == "中旬":
        return _day(year, month, 20)
    if not part and named.get("suffix") in ("前", "之前", "以前"):
        return _last_day(year - 1, 12) if month == 1 else _last_day(year, month - 1)
    return _last_day(year, month)


def _day(year: int, month: int, number: int) -> date | None:
    return date(year, month, number) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def _last_day(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])
