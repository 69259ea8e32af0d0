"""方案的题名、文号、成文日期和所属年份。纯函数。"""

import re
from dataclasses import dataclass
from datetime import date

from .numerals import CHINESE_DIGITS, to_int

_NUMBER = re.compile(
    r"[\u4e00-\u9fff（）()]{2,20}\s*[〔\[（(﹝［【]\s*((?:19|20)\d\d)\s*年?\s*[〕\])）﹞］】]\s*第?\s*\d+\s*号"
)
_D = CHINESE_DIGITS
_DATE = re.compile(
    rf"((?:19|20)\d\d|[一二][{_D}OＯ0]{{3}})\s*年\s*(\d{{1,2}}|[{_D}十]{{1,3}})\s*月\s*(\d{{1,2}}|[{_D}十]{{1,3}})\s*日"
)
_FORWARDED = (
    re.compile(r"(?:现将|《?关于(?:印发|转发|下发|发布))\s*[《]?(.+?)[》]?\s*的(?:通知|通告)"),
    re.compile(r"现将《(.+?)》[^《》。]{0,20}(?:印发|转发|下发)"),
    re.compile(
        r"《(.+?)》[^《》。]{0,30}(?:同意|通过|批准|审定)[^《》。]{0,12}(?:现)?(?:予以)?印发"
    ),
)
_TITLE_END = re.compile(
    r"(?:方案|要点|计划|分工|清单|意见|规划|安排|措施|分解表|分解|分工表|任务表|任务书|台账|任务|办法|细则|通知|行动|要求|汇总表)"
    r"(?:[（(][^（）()]{1,20}[)）])?$"
)
_NOT_TITLE = re.compile(r"[。；;，,：:！!]|^[（(]此件|^附件|^各|^抄送")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,3}[.．、])"
)


@dataclass(frozen=True)
class Headline:
    """方案的头。``year``、``month`` 用来补足正文里没写年月的期限。"""

    title: str | None
    document_number: str | None
    issued_on: date | None
    year: int | None
    month: int | None


def read_headline(lines: list[str]) -> Headline:
    """读方案的头；读不出的为空。"""
    title = _title(lines)
    number = _document_number(lines)
    issued = _issued_on(lines)
    year = _title_year(title)
    if year is None and issued:
        year = issued.year
    if year is None and number:
        found = re.search(r"(?:19|20)\d\d", number)
        year = int(found.group()) if found else None
    return Headline(title, number, issued, year, issued.month if issued else None)


def _title(lines: list[str]) -> str | None:
    head = lines[:60]
    forwarded = _forwarded_name(head)
    if forwarded:
        return forwarded
    for start in range(min(len(head), 40)):
        if _NUMBERED.match(head[start]):
            break
        joined = ""
        for line in head[start : start + 3]:
            if (
                len(line) > 60
                or _NOT_TITLE.search(line)
                or _DATE.search(line)
                or _NUMBER.search(line)
            ):
                break
            joined += line
            if _TITLE_END.search(joined) and len(joined) >= 6:
                return joined
    return None


def _forwarded_name(lines: list[str]) -> str | None:
    """“关于印发某方案的通知”里的某方案。"""
    text = re.sub(r"\s+", "", "".join(lines[:30]))[:3000]
    candidates: list[str] = []
    for pattern in _FORWARDED:
        for found in pattern.finditer(text):
            name = _unquote(found[1])
            if 4 <= len(name) <= 80 and _TITLE_END.search(name) and "。" not in name:
                candidates.append(name)
    flat = [re.sub(r"\s+", "", line) for line in lines]
    for name in candidates:
        if any("".join(flat[i : i + n]) == name for n in (1, 2, 3) for i in range(len(flat))):
            return name
    return candidates[0] if candidates else None


def _unquote(name: str) -> str:
    name = name.strip("《》 ")
    return name.replace("〈", "《").replace("〉", "》").replace("<", "《").replace(">", "》")


def _document_number(lines: list[str]) -> str | None:
    for line in lines[:40]:
        found = _NUMBER.search(line)
        if found and len(line) <= len(found.group()) + 12:
            return re.sub(r"\s+", "", found.group()).strip("（()")
    return None


def _issued_on(lines: list[str]) -> date | None:
    """独占一行的日期；先找正文之前的，再找全文末尾的。"""
    for line in [*lines[:40], *reversed(lines[-15:])]:
        found = _DATE.search(line)
        if found and len(line) <= len(found.group()) + 4:
            year, month, day = (
                to_int(g.replace("O", "〇").replace("Ｏ", "〇")) for g in found.groups()
            )
            try:
                return date(year or 0, month or 0, day or 0)
            except ValueError:
                continue
    return None


def _title_year(title: str | None) -> int | None:
    years = set(re.findall(r"(?:19|20)\d\d(?=年)", title or ""))
    spans = re.search(r"\d{4}年?[-—–~至]", title or "")
    return int(years.pop()) if len(years) == 1 and not spans else None
