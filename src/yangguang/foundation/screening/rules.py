"""检测与遮盖：身份证号、手机号、银行卡号、密级标志。纯规则，不碰数据库、时钟和配置。

宁可漏报不含校验的数字，也不把文号、索引号、信用代码当作个人信息拦下：
身份证号和银行卡号必须通过校验位，手机号必须独立成串。
"""

import re
from dataclasses import dataclass
from datetime import date

KINDS = {
    "identity_number": "身份证号",
    "mobile": "手机号码",
    "bank_card": "银行卡号",
    "secret_mark": "密级标志",
}
"""本模块能检测的种类。"""

CLASSIFIED = "这份文件带有密级标志。涉密文件不得在本系统存储、处理，刚才提交的内容没有保存。"
"""拒收涉密内容的答复。不重述其中任何一个字。"""


@dataclass(frozen=True)
class Finding:
    """一处发现。``start``、``end`` 是原文里的字符位置；``severity`` 为 ``block`` 或 ``warn``。"""

    kind: str
    severity: str
    text: str
    start: int
    end: int
    suggestion: str


_GAP = r"[ \u3000\u00a0\-－—]?"
_DIGIT = "[0-9０-９]"
_EDGE_BEFORE = r"(?<![0-9０-９A-Za-zＡ-Ｚａ-ｚ/〔\-－])"
_EDGE_AFTER = r"(?![0-9０-９A-Za-zＡ-Ｚａ-ｚ])"

_IDENTITY = re.compile(
    rf"{_EDGE_BEFORE}(?:{_DIGIT}{_GAP}){{17}}[0-9０-９XxＸｘ]{_EDGE_AFTER}"
    rf"|{_EDGE_BEFORE}{_DIGIT}{{15}}{_EDGE_AFTER}"
)
_MOBILE = re.compile(
    rf"{_EDGE_BEFORE}(?:(?:\+|＋)?(?:86|８６){_GAP})?[1１][3-9３-９]{_DIGIT}"
    rf"{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}{_EDGE_AFTER}"
)
_BANK_CARD = re.compile(rf"{_EDGE_BEFORE}[3-6３-６９9](?:{_GAP}{_DIGIT}){{14,18}}{_EDGE_AFTER}")
# 一串空白一口吃下、不再吐出来（*+）：否则几段空白互相推让，一行长空白要算上几分钟
_SECRET_MARK = re.compile(
    r"^[ \t\u3000]*+(?:(?:份号|No\.?)?[ \t\u3000]*+\d{6}[ \t\u3000]*+)?"
    r"(?:密级[:：][ \t\u3000]*+)?"
    r"(?P<mark>(?:绝[ \u3000]*+密|机[ \u3000]*+密|秘[ \u3000]*+密)"
    r"(?:[ \u3000]*+[★☆＊*][ \u3000]*+[^\n，。；]{0,12})?)[ \t\u3000]*+$",
    re.MULTILINE,
)
_STARRED_MARK = re.compile(
    r"(?:绝[ \u3000]*密|机[ \u3000]*密|秘[ \u3000]*密)[ \u3000]*[★☆＊*]"
    r"(?:[ \u3000]*(?:[0-9０-９一二三四五六七八九十]+[ \u3000]*(?:年|个月|月|天|日)|长期|启用前))?"
)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
    "61 62 63 64 65 71 81 82 83".split()
)


def screen(text: str) -> list[Finding]:
    """文中的全部发现，按位置。互相重叠的取先检的：身份证号、银行卡号、手机号。

    身份证号、手机号、银行卡号和密级标志都拦下；15 位旧身份证号没有校验位，只提醒。
    """
    findings = [
        Finding("secret_mark", "block", m.group(), m.start(), m.end(), "涉密信息不得进入本系统")
        for m in _secret_marks(text)
    ]
    taken: list[tuple[int, int]] = []
    for kind, pattern, severity_of in (
        ("identity_number", _IDENTITY, _identity_severity),
        ("bank_card", _BANK_CARD, _bank_card_severity),
        ("mobile", _MOBILE, _mobile_severity),
    ):
        for match in pattern.finditer(text):
            severity = severity_of(match.group())
            start, end = match.span()
            if severity is None or any(start < e and s < end for s, e in taken):
                continue
            taken.append((start, end))
            findings.append(
                Finding(kind, severity, match.group(), start, end, masked(kind, match.group()))
            )
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def mask(text: str, findings: list[Finding]) -> str:
    """把发现遮盖掉，长度不变；密级标志不能靠遮盖解决，原样保留。"""
    for finding in sorted(findings, key=lambda f: f.start, reverse=True):
        if finding.kind != "secret_mark":
            hidden = masked(finding.kind, text[finding.start : finding.end])
            text = text[: finding.start] + hidden + text[finding.end :]
    return text


_SHOWN = {"identity_number": (3, 2), "mobile": (3, 2), "bank_card": (0, 4)}


def masked(kind: str, value: str) -> str:
    """遮盖一个值，长度不变。

    身份证号留前三后二，手机号留前三后二，银行卡号只留后四；其余数字换成 ``*``，
    分隔符原样。留下的位数不足以复原或再次被检出。
    """
    head, tail = _SHOWN[kind]
    places = [i for i, c in enumerate(value) if c.isalnum()]
    shown = {*places[:head], *places[len(places) - tail :]}
    return "".join(
        "*" if i in set(places) - shown else character for i, character in enumerate(value)
    )


def secret_mark(text: str) -> str | None:
    """文中的密级标志；没有则为 ``None``。

    只认标志的写法：独占一行的“机密”“秘 密”“绝密★启用前”，或带星号的“机密★1年”。
    行文里的“保守国家秘密”“商业秘密”“保密审查”不是标志。
    """
    for match in _secret_marks(text):
        return match.group().strip()
    return None


def _secret_marks(text: str) -> list[re.Match[str]]:
    found = list(_SECRET_MARK.finditer(text))
    spans = [m.span() for m in found]
    found += [
        m for m in _STARRED_MARK.finditer(text) if not any(s <= m.start() < e for s, e in spans)
    ]
    return sorted(found, key=lambda m: m.start())


def _digits(value: str) -> str:
    return "".join(c for c in value.translate(_HALF_WIDTH) if c.isalnum()).upper()


def _identity_severity(value: str) -> str | None:
    number = _digits(value)
    if len(number) == 15:
        return "warn" if _plausible(number[:2], "19" + number[6:12]) else None
    if not _plausible(number[:2], number[6:14]):
        return None
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "block" if "10X98765432"[total % 11] == number[17] else None


def _plausible(province: str, born: str) -> bool:
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    return province in _PROVINCES and 1880 <= day.year <= 2100


def _bank_card_severity(value: str) -> str | None:
    number = _digits(value)
    if not 15 <= len(number) <= 19 or len(set(number)) < 3:
        return None
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    prefixed = number[:2] in _CARD_PREFIXES
    return "block" if total % 10 == 0 and prefixed else None


_CARD_PREFIXES = frozenset(
    {"62", "60", "34", "37", "35", "95", "99", "69", "68"} | {str(n) for n in range(40, 60)}
)


def _mobile_severity(value: str) -> str | None:
    digits = _digits(value)
    return "block" if len(digits) in (11, 13) else None
