"""发文字号和令号。纯函数。"""

import re
from dataclasses import dataclass

_GAP = r"[ \t\u3000]*"
_D = "0-9０-９"
_YEAR = rf"(?:[{_D}]{_GAP}){{4}}"
_OPENING, _CLOSING = "〔［[(（﹝【〈<{｛「〖", "〕］])）﹞】〉>}｝」〗"
_CODE = rf"[\u4e00-\u9fffA-Za-z](?:{_GAP}[\u4e00-\u9fffA-Za-z（）()、·\-－—]){{0,24}}?"
_SERIAL = rf"(?:第{_GAP})?(?:[A-Za-z]{_GAP})?[{_D}](?:{_GAP}[{_D}]){{0,4}}"
_PLAIN = re.compile(
    rf"(?P<code>{_CODE}){_GAP}[{re.escape(_OPENING)}]{_GAP}(?P<year>{_YEAR})年?{_GAP}"
    rf"[{re.escape(_CLOSING)}]{_GAP}(?P<serial>{_SERIAL}){_GAP}号"
)
_BROKEN = re.compile(
    rf"(?P<code>{_CODE}){_GAP}(?:[{re.escape(_OPENING)}]{_GAP}(?:19|20)[{_D}]{{2}}{_GAP}[{re.escape(_CLOSING)}]?"
    rf"|(?:19|20)[{_D}]{{2}}{_GAP}[{re.escape(_CLOSING)}]){_GAP}(?:第{_GAP})?[{_D}]{{1,5}}{_GAP}号?"
)
_CN = "〇零○一二三四五六七八九十百"
_ORDER = re.compile(
    rf"(?P<code>(?:[\u4e00-\u9fff（）()]{_GAP}){{0,40}}?(?:令|公{_GAP}告|通{_GAP}告|决{_GAP}定|公{_GAP}报)){_GAP}"
    rf"[（(〔]?{_GAP}(?:(?P<year>[\[〔（(]?{_YEAR}[〕\]）)]?年?){_GAP})?第{_GAP}"
    rf"(?P<serial>[{_D}{_CN}](?:{_GAP}[{_D}{_CN}]){{0,6}}){_GAP}号{_GAP}[）)〕]?"
)
_BARE = re.compile(
    rf"^[（(〔\[]?{_GAP}(?:(?:19|20)[{_D}]{{2}}{_GAP}年{_GAP})?第{_GAP}[{_D}{_CN}]{{1,6}}{_GAP}号{_GAP}[）)〕\]]?$"
)
_HAS_FIGURE = re.compile(rf"[{_D}号]")
_LABEL = re.compile(r"^(?:发\s*文\s*字\s*号|文\s*号|文件编号|编\s*号|字\s*号)\s*[：:]?\s*")
_SIGNER = re.compile(r"[\s\u3000]*(?:签\s*发\s*人|会\s*签\s*人)\s*[：:]?.*$")
_HALF = str.maketrans("０１２３４５６７８９", "0123456789")
_NOT_CODE = re.compile(r"依据|根据|按照|关于|贯彻|落实|《|》|转发|印发")


@dataclass(frozen=True)
class FoundNumber:
    """文中的一个发文字号。``broken`` 表示括号残缺，照印。"""

    text: str
    start: int
    end: int
    broken: bool = False


def tidy_number(text: str) -> str:
    """去空格，数字改半角，年份的括号一律用〔〕。"""
    text = re.sub(r"\s", "", text).translate(_HALF)
    return re.sub(
        rf"[{re.escape(_OPENING)}]((?:19|20)\d\d)年?[{re.escape(_CLOSING)}](?=第?[A-Za-z]?\d)",
        r"〔\1〕",
        text,
    )


def line_number(line: str) -> FoundNumber | None:
    """整行就是一个发文字号（可带括号、签发人）时的那个字号。"""
    if not _HAS_FIGURE.search(line):
        return None
    bare = _SIGNER.sub("", _LABEL.sub("", line.strip())).strip()
    bare = _unwrap(bare)
    if not bare or len(bare) > 60:
        return None
    for pattern, broken in ((_PLAIN, False), (_ORDER, False), (_BROKEN, True)):
        match = pattern.fullmatch(bare)
        if match and not _NOT_CODE.search(match["code"]) and match["code"]:
            return FoundNumber(tidy_number(_unwrap(bare)), 0, len(line), broken)
    if _BARE.match(bare):
        return FoundNumber(tidy_number(bare).strip("（()）〔〕[]"), 0, len(line))
    return None


def tail_number(line: str) -> FoundNumber | None:
    """一行末尾括号里的字号：“关于……的通知（某政发〔2010〕1号）”；整行就是字号的不算。"""
    if line_number(line):
        return None
    match = re.search(rf"[（(\[［]{_GAP}({_PLAIN.pattern}){_GAP}[）)\]］]{_GAP}$", line)
    if match and not _NOT_CODE.search(match["code"]):
        return FoundNumber(tidy_number(match[1]), match.start(), match.end())
    match = re.search(rf"[\s\u3000]({_PLAIN.pattern}){_GAP}$", line)
    if match and not _NOT_CODE.search(match["code"]):
        return FoundNumber(tidy_number(match[1]), match.start(), match.end())
    return None


def head_number(line: str) -> FoundNumber | None:
    """一行开头的字号，后面还有别的字。"""
    match = _PLAIN.match(line)
    if match and not _NOT_CODE.search(match["code"]):
        return FoundNumber(tidy_number(match[0]), match.start(), match.end())
    return None


def order_number(line: str) -> FoundNumber | None:
    """令号：“某某市人民政府令第12号”。"""
    match = _ORDER.match(line)
    return FoundNumber(tidy_number(match[0]), match.start(), match.end()) if match else None


def is_bare_number(line: str) -> bool:
    """只有“第12号”，机关写在上一行。"""
    return bool(_BARE.match(_unwrap(line.strip())))


def number_year(number: str) -> int | None:
    """字号里的年份。"""
    found = re.search(r"〔((?:19|20)\d\d)〕", number)
    return int(found[1]) if found else None


def _unwrap(text: str) -> str:
    """去掉包住整个字号的一层括号。"""
    if len(text) > 2 and text[0] in "（([［" and text[-1] in "）)]］":
        inner = text[1:-1]
        if inner.count("（") + inner.count("(") == inner.count("）") + inner.count(")"):
            return inner.strip()
    return text
