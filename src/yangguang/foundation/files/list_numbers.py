"""docx 的自动编号：把没有写在文字里的“一、”“（一）”“1.”算出来。纯函数。"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LEGAL = str.maketrans("〇一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEVELS = 9


def chinese(number: int) -> str:
    """1 → 一，12 → 十二，20 → 二十，105 → 一百〇五；万以上用阿拉伯数字。"""
    if not 0 < number < 10_000:
        return str(number)
    written, pending_zero = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            written += ("〇" if pending_zero and written else "") + _DIGITS[digit] + _UNITS[power]
            pending_zero = False
        else:
            pending_zero = True
    return written[1:] if written.startswith("一十") else written


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else "0"


def _roman(number: int) -> str:
    if not 0 < number < 5000:
        return str(number)
    written = ""
    for value, letter in _ROMAN:
        written += letter * (number // value)
        number %= value
    return written


def _from(first: str, count: int) -> Callable[[int], str]:
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= count else str(n)


def _full_width(number: int) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(number))


def _of_list(characters: str) -> Callable[[int], str]:
    return lambda n: characters[n - 1] if 0 < n <= len(characters) else str(n)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "koreanCounting": chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(c)] for c in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_DIGITS[int(c)] for c in str(n)),
    "chineseLegalSimplified": lambda n: chinese(n).translate(_LEGAL),
    "ideographTraditional": _of_list("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of_list("子丑寅卯辰巳午未申酉戌亥"),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}


@dataclass(frozen=True)
class Level:
    """一级编号：从几开始、什么数字、印成什么样（“（%1）”）。``restart`` 为 0 表示一直连编。"""

    start: int = 1
    style: str = "decimal"
    pattern: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass
class Numbering:
    """全文的编号状态；按段落次序调用 ``label``。"""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)
    styled: dict[str, tuple[str | None, int | None]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, level: int) -> str:
        """这一段印出来的编号；项目符号和无编号的为空串。"""
        shape = self.lists.get(list_id)
        levels = self.levels.get(shape or "")
        if shape is None or not levels or level not in levels:
            return ""
        counts = self._counts.setdefault(shape, {})
        for deeper in [k for k in counts if k > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]
        override = self.overrides.get((list_id, level))
        if override is not None and (list_id, level) not in self._begun:
            counts[level] = override
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        self._begun.add((list_id, level))
        return self._print(levels, counts, level)

    def _print(self, levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
        shown = levels[level]
        if shown.style in ("bullet", "none"):
            return "" if shown.style == "bullet" else re.sub(r"%\d", "", shown.pattern)

        def value(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            part = levels.get(place)
            if part is None:
                return ""
            number = counts.get(place, part.start)
            if shown.legal and place != level:
                return str(number)
            return _FORMATS.get(part.style, str)(number)

        printed = re.sub(r"%([1-9])", value, shown.pattern)
        return printed + " " if printed[-1:].isascii() and printed[-1:].isalnum() else printed


def read_numbering(numbering: Any, styles: Any) -> Numbering:
    """从 numbering.xml 和 styles.xml 的根元素读出编号定义；没有的部件传 ``None``。"""
    result = Numbering()
    if numbering is not None:
        for element in numbering.iterchildren("{*}abstractNum"):
            identity = _attribute(element, "abstractNumId")
            result.levels[identity] = dict(map(_level, element.iterchildren("{*}lvl")))
        for element in numbering.iterchildren("{*}num"):
            identity = _attribute(element, "numId")
            result.lists[identity] = _value(element, "abstractNumId") or ""
            for change in element.iterchildren("{*}lvlOverride"):
                level = _integer(_attribute(change, "ilvl")) or 0
                start = _integer(_value(change, "startOverride"))
                if start is not None:
                    result.overrides[identity, level] = start
    if styles is not None:
        result.styled = _styled(styles)
    return result


def _level(element: Any) -> tuple[int, Level]:
    start = _integer(_value(element, "start"))
    return _integer(_attribute(element, "ilvl")) or 0, Level(
        start=1 if start is None else start,
        style=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText") or "",
        legal=element.find("{*}isLgl") is not None,
        restart=_integer(_value(element, "lvlRestart")),
    )


def _styled(styles: Any) -> dict[str, tuple[str | None, int | None]]:
    """样式自带的编号，含从基准样式继承的。"""
    own: dict[str, tuple[str | None, int | None]] = {}
    based: dict[str, str] = {}
    for style in styles.iterchildren("{*}style"):
        identity = _attribute(style, "styleId")
        base = _value(style, "basedOn")
        if base:
            based[identity] = base
        properties = style.find("{*}pPr/{*}numPr")
        if properties is not None:
            own[identity] = numbering_of(properties)
    resolved = dict(own)
    for identity in based:
        place, steps = identity, 0
        while place not in own and place in based and steps < _LEVELS * 3:
            place, steps = based[place], steps + 1
        if place in own:
            resolved[identity] = own[place]
    return resolved


def numbering_of(properties: Any) -> tuple[str | None, int | None]:
    """``w:numPr`` 的（列表号, 级）；没写的为 ``None``。"""
    return _value(properties, "numId"), _integer(_value(properties, "ilvl"))


def _value(element: Any, name: str) -> str | None:
    child = element.find("{*}" + name)
    return None if child is None else _attribute(child, "val")


def _attribute(element: Any, name: str) -> str:
    """属性值，不管它属于过渡版还是严格版的名字空间。"""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else None
