"""机构：纯规则，不碰数据库、时钟和配置。"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from stdnum.cn import uscc as _uscc

# 演示代码：登记管理部门、机构类别照机关，区划写不存在的 000000，主体标识码以 DEM 开头。
DEMONSTRATION_PREFIX = "11000000DEM"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def uscc_is_valid(code: str) -> bool:
    """统一社会信用代码是否合格：18 位，第三至八位是数字，校验位正确（GB 32100-2015）。

    只认规范写法：大写，中间没有空格和连字符。前两位可以是字母（如农村集体经济组织的 N）。
    """
    if not _USCC.fullmatch(code):
        return False
    return code[-1] == _uscc.calc_check_digit(code[:17])


def demonstration_uscc(seed: str) -> str:
    """由 ``seed`` 得出一个演示用的统一社会信用代码：一望而知是演示，校验位正确，同一种子同一代码。"""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    body = ""
    for _ in range(6):
        number, place = divmod(number, len(_ALPHABET))
        body += _ALPHABET[place]
    stem = DEMONSTRATION_PREFIX + body
    return stem + _uscc.calc_check_digit(stem)


@dataclass(frozen=True)
class Duties:
    """一种性质的机构负有哪些公开义务。

    ``remedy`` 是不服时的救济：``reconsideration`` 行政复议、``appeal`` 向主管部门申诉、
    空串表示不适用；``reconsidered_by`` 说明向谁：``government`` 人民政府、``line`` 上级业务主管机关。
    """

    own_column: bool
    requests: bool
    annual_report: bool
    remedy: str
    reconsidered_by: str
    legal_basis: str


_DUTIES = {
    "government": Duties(
        True, True, True, "reconsideration", "government", "条例第二条、第四十九条"
    ),
    "administrative": Duties(
        True, True, True, "reconsideration", "government", "条例第二条、第四十九条"
    ),
    "authorised": Duties(True, True, True, "reconsideration", "government", "条例第五十四条"),
    "vertical": Duties(True, True, True, "reconsideration", "line", "行政复议法第二十七条"),
    "provincial": Duties(True, True, True, "reconsideration", "line", "行政复议法第二十七条"),
    # 以自己名义履职的派出机构可自行公开、答复；年报由设立它的机关汇总。
    "agency": Duties(True, True, False, "reconsideration", "government", "条例第十条、第二十七条"),
    "public_institution": Duties(False, False, False, "appeal", "", "条例第五十五条"),
    "party": Duties(False, False, False, "", "", "条例第二条"),
}


def duties(kind: str) -> Duties:
    """某种性质的机构的公开义务；性质不在名录内抛出 ``ValueError``。"""
    if kind not in _DUTIES:
        raise ValueError(f"没有这种机构性质：{kind}")
    return _DUTIES[kind]


@dataclass(frozen=True)
class DatedName:
    """一个名称及其有效期间；空表示不限，两端都算在内。"""

    name: str
    kind: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Unit:
    """名录里的一个机构，平白的值。"""

    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    names: tuple[DatedName, ...] = ()
    successors: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """一个集合词。``rule`` 的键见 ``RULE_KEYS``；空规则表示只有指明的成员。"""

    owner: str
    phrase: str
    variants: tuple[str, ...] = ()
    is_open: bool = False
    rule: Mapping[str, Any] = field(default_factory=dict)
    members: tuple[str, ...] = ()


RULE_KEYS = ("levels", "kinds", "within", "except")


@dataclass(frozen=True)
class Resolution:
    """一个写法指的是谁。

    - ``codes``：指到的机构代码；``group``：用的是哪个集合词，不是集合词则为空；
    - ``is_open``：文件没有说尽，``codes`` 只是已知的成员，其余要由牵头单位指明；
    - ``unresolved``：认不出，或同名的不止一个；此时 ``candidates`` 是可能的机构，由人来选。
    """

    phrase: str
    codes: tuple[str, ...] = ()
    group: str | None = None
    is_open: bool = False
    unresolved: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """机构名录：全部机构、名称、沿革和集合词。"""

    units: tuple[Unit, ...]
    groups: tuple[Group, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """代码 → 机构。"""
        return {unit.code: unit for unit in self.units}

    def chain(self, code: str) -> list[str]:
        """自身、上级、再上级……的代码。"""
        found: list[str] = []
        current: str | None = code
        while current is not None and current in self.by_code and current not in found:
            found.append(current)
            current = self.by_code[current].parent
        return found

    @cached_property
    def names(self) -> dict[str, list[tuple[Unit, DatedName]]]:
        """归一后的写法 → 用过这个名称的机构。"""
        index: dict[str, list[tuple[Unit, DatedName]]] = {}
        for unit in self.units:
            for dated in unit.names:
                for form in self._forms(unit, dated.name):
                    index.setdefault(form, []).append((unit, dated))
        return index

    @cached_property
    def phrases(self) -> dict[str, list[Group]]:
        """归一后的写法 → 集合词。"""
        index: dict[str, list[Group]] = {}
        for group in self.groups:
            for form in dict.fromkeys(normalise(text) for text in (group.phrase, *group.variants)):
                index.setdefault(form, []).append(group)
        return index

    def _forms(self, unit: Unit, name: str) -> Iterable[str]:
        """同一名称冠以本地的各种叫法：某某自治州教育局、某某州教育局、州教育局。"""
        form = normalise(name)
        areas = self._areas(unit)
        for area in areas:
            if form.startswith(area):
                rest = form.removeprefix(area)
                return dict.fromkeys([form, *(other + rest for other in areas)])
        return [form]

    def _areas(self, unit: Unit) -> list[str]:
        """机构所在地的各种叫法，长的在前：由当地人民政府的各个名称去掉“人民政府”得来。"""
        for code in self.chain(unit.code):
            government = self.by_code[code]
            if government.kind == "government":
                found = {_area(normalise(dated.name)) for dated in government.names}
                return sorted(found - {""}, key=lambda area: (-len(area), area))
        return []

    def successors(self, code: str, on: date | None = None) -> tuple[str, ...]:
        """``code`` 的职责到 ``on`` 当日由谁承接，沿沿革一直走到底；没有变动则是它自己。

        ``on`` 为空表示走到最新。
        """
        ends: dict[str, None] = {}
        pending, seen = [code], set()
        while pending:
            current = pending.pop(0)
            if current in seen:
                continue
            seen.add(current)
            unit = self.by_code[current]
            taken = [code for day, code in sorted(unit.successors) if on is None or day <= on]
            pending.extend(taken)
            if not taken or unit_exists(unit, on):
                ends[current] = None
        return tuple(ends)


def _area(name: str) -> str:
    for ending in ("人民政府", "政府"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return ""


_IGNORED = re.compile(r"[\s\u200b\u200c\u200d\ufeff()\[\]〔〕【】<>《》“”\"'‘’]+")
_ENDING = "。;,、:.·"


def normalise(text: str) -> str:
    """把写法归一：全角变半角，去掉空白、括号和引号（括号里的字保留）、末尾的标点。

    “各乡镇（街道）”“各乡镇(街道)”“各乡镇 街道”归一后相同。
    """
    kept = _IGNORED.sub("", unicodedata.normalize("NFKC", text))
    # 去掉空白后，原先隔开的字母和附加符号可能合成一个字符，所以再归一一次。
    return unicodedata.normalize("NFKC", kept).strip(_ENDING)


def holds(valid_from: date | None, valid_until: date | None, on: date | None) -> bool:
    """期间在 ``on`` 当日是否有效，两端都算；``on`` 为空时问的是“至今没有结束”。"""
    if on is None:
        return valid_until is None
    return (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)


def unit_exists(unit: Unit, on: date | None) -> bool:
    """机构在 ``on`` 当日是否存在；``on`` 为空时问的是现在还在不在册。"""
    return holds(unit.valid_from, unit.valid_until, on)


def overlap(first: DatedName, second: DatedName) -> bool:
    """两个名称的期间是否重叠。"""
    starts_before_end = (
        first.valid_from is None
        or second.valid_until is None
        or first.valid_from <= second.valid_until
    )
    ends_after_start = (
        second.valid_from is None
        or first.valid_until is None
        or second.valid_from <= first.valid_until
    )
    return starts_before_end and ends_after_start


_AND_OTHERS = re.compile(r"(.+?)等(?:其他|其它)?(?:各)?(?:有关|相关)?(?:部门|单位|机构)?")
_LEFT_OPEN = ("有关", "相关")


def resolve(
    phrase: str, directory: Directory, on: date | None = None, scope: str | None = None
) -> Resolution:
    """``phrase`` 在 ``on`` 当日指哪些机构。

    先认机构的全称、简称、别称，再认集合词；“某某局等部门”认出某某局，其余算开放。
    名称按 ``on`` 当日有效的认；``on`` 为空时先认现用的，没有再认曾用的。
    同名的不止一个时，给了 ``scope``（从哪个机构的角度说话）就取离它最近的一层，否则算认不出。
    """
    form = normalise(phrase)
    if not form:
        return Resolution(phrase, unresolved=True)
    found = _named(form, directory, on, scope)
    if len(found) == 1:
        return Resolution(phrase, codes=tuple(found))
    if found:
        return Resolution(phrase, unresolved=True, candidates=tuple(found))
    groups = _grouped(form, directory, scope)
    if len(groups) == 1:
        return _expand(phrase, groups[0], directory, on)
    if groups:
        owners = tuple(dict.fromkeys(group.owner for group in groups))
        return Resolution(phrase, unresolved=True, candidates=owners)
    if matched := _AND_OTHERS.fullmatch(form):
        known = resolve(matched[1], directory, on, scope)
        return replace(known, phrase=phrase, is_open=True)
    past = tuple(dict.fromkeys(unit.code for unit, _ in directory.names.get(form, ())))
    is_open = any(word in form for word in _LEFT_OPEN)
    return Resolution(phrase, is_open=is_open, unresolved=True, candidates=past)


def _named(form: str, directory: Directory, on: date | None, scope: str | None) -> list[str]:
    bearers = directory.names.get(form, [])
    valid = [
        unit
        for unit, dated in bearers
        if unit_exists(unit, on) and holds(dated.valid_from, dated.valid_until, on)
    ]
    if on is None and not valid:
        valid = [unit for unit, _ in bearers]
    return _nearest(list(dict.fromkeys(unit.code for unit in valid)), directory, scope)


def _nearest(codes: list[str], directory: Directory, scope: str | None) -> list[str]:
    if scope is None or len(codes) < 2:
        return codes
    chains = {code: directory.chain(code) for code in codes}
    for level in directory.chain(scope):
        if near := [code for code in codes if level in chains[code]]:
            return near
    return codes


def _grouped(form: str, directory: Directory, scope: str | None) -> list[Group]:
    groups = directory.phrases.get(form, [])
    if scope is None or len(groups) < 2:
        return groups
    for level in directory.chain(scope):
        if near := [group for group in groups if group.owner == level]:
            return near
    return groups


def _expand(phrase: str, group: Group, directory: Directory, on: date | None) -> Resolution:
    selected = [
        unit.code
        for unit in directory.units
        if unit_exists(unit, on)
        and (unit.code in group.members or rule_selects(group, unit, directory))
    ]
    return Resolution(phrase, tuple(selected), group=group.phrase, is_open=group.is_open)


def rule_selects(group: Group, unit: Unit, directory: Directory) -> bool:
    """集合词的规则是否选中这个机构。规则为空则谁也不选；范围不含所属机构自己。"""
    rule = group.rule
    if unknown := set(rule) - set(RULE_KEYS):
        raise ValueError("集合词的规则里有不认识的键：" + "、".join(sorted(unknown)))
    if not rule or unit.code in rule.get("except", ()):
        return False
    if "levels" in rule and unit.level not in rule["levels"]:
        return False
    if "kinds" in rule and unit.kind not in rule["kinds"]:
        return False
    return rule.get("within", group.owner) in directory.chain(unit.code)[1:]
