"""填写项：一种块由哪些项组成，每一项怎样读、哪里不对。纯规则，不碰数据库、时钟和配置。

``read`` 收浏览器交来的文字，给出存下的值和不合规矩之处。值只含 JSON 的值。
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Options = Mapping[str, Collection[str]]
"""各种可选之物（栏目、机构、专题、图片……）现有哪些，由名称到代码。"""

LONGEST_ADDRESS = 300
_ADDRESS = re.compile(r"/(?![/\\])\S*|https?://[^\s/]+\S*|mailto:\S+@\S+|tel:[0-9+\-]+")


@dataclass(frozen=True)
class Fault:
    """一处不合规矩：``path`` 是项的名字，几行中的一行写作 ``items.0.title``。"""

    path: str
    message: str


@dataclass(frozen=True)
class Field:
    """一个填写项。"""

    name: str
    label: str
    help: str = ""
    required: bool = True

    def empty(self) -> Any:
        """没有填时的值。"""
        return ""

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """读成值；不合规矩的说明缘由。"""
        raise NotImplementedError

    def fault(self, message: str) -> tuple[Any, list[Fault]]:
        """不合规矩的答复。"""
        return self.empty(), [Fault(self.name, message)]


@dataclass(frozen=True)
class Text(Field):
    """一行字。"""

    most: int = 60
    rows: int = 1

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """去掉两端的空白。"""
        text = str(given or "").replace("\r\n", "\n").replace("\x00", "").strip()
        if self.rows == 1:
            text = " ".join(text.split())
        if not text:
            return self.fault("必填。") if self.required else ("", [])
        if len(text) > self.most:
            return text, [Fault(self.name, f"最多 {self.most} 字，现在有 {len(text)} 字。")]
        return text, []


@dataclass(frozen=True)
class Prose(Text):
    """几段文字，可以有链接、列表和加粗；写法见 ``prose``。"""

    most: int = 3000
    rows: int = 10


@dataclass(frozen=True)
class Lines(Field):
    """一行一个的几个词。"""

    most: int = 8
    longest: int = 20
    rows: int = 4

    def empty(self) -> list[str]:
        """一个也没有。"""
        return []

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """空行不算。"""
        if isinstance(given, str):
            given = given.splitlines()
        words = [text for word in given or () if (text := " ".join(str(word).split()))]
        if not words and self.required:
            return self.fault("必填，一行一个。")
        faults = []
        if len(words) > self.most:
            faults.append(
                Fault(self.name, f"最多 {self.most} 个，一行一个；现在有 {len(words)} 个。")
            )
        faults += [
            Fault(self.name, f"“{word[: self.longest]}……”太长，一个最多 {self.longest} 字。")
            for word in words
            if len(word) > self.longest
        ]
        return words, faults


@dataclass(frozen=True)
class Address(Field):
    """一个地址：站内的以 / 开头，站外的写全。"""

    help: str = "站内的以 / 开头，例如 /topics/；站外的写全，例如 https://www.gov.cn/"

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """查写法；有没有这一页，发布时再查。"""
        text = str(given or "").strip()
        if not text:
            return self.fault("必填。") if self.required else ("", [])
        if fault := address_fault(text):
            return text, [Fault(self.name, fault)]
        return text, []


def address_fault(text: str) -> str:
    """地址的写法哪里不对；对的为空串。"""
    if len(text) > LONGEST_ADDRESS:
        return f"地址太长，最多 {LONGEST_ADDRESS} 个字符。"
    if not _ADDRESS.fullmatch(text):
        return "不是地址：站内的以 / 开头，站外的以 https:// 开头，电话写作 tel:0930-123。"
    return ""


@dataclass(frozen=True)
class Whole(Field):
    """一个整数。"""

    least: int = 1
    most: int = 20
    initial: int = 5

    def empty(self) -> int:
        """默认的数。"""
        return self.initial

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """在限度之内的整数。"""
        text = str(given if given is not None else "").strip()
        if not text:
            return self.initial, []
        if not (text.isascii() and text.isdigit() and self.least <= int(text[:9]) <= self.most):
            return text[:20], [Fault(self.name, f"应是 {self.least} 到 {self.most} 的整数。")]
        return int(text), []


@dataclass(frozen=True)
class Day(Field):
    """一个日期。"""

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """2020-09-25。"""
        text = str(given or "").strip()
        if not text:
            return self.fault("必填。") if self.required else ("", [])
        try:
            return date.fromisoformat(text).isoformat(), []
        except ValueError:
            return text[:20], [Fault(self.name, "不是日期，应写成 2020-09-25。")]


@dataclass(frozen=True)
class Choice(Field):
    """选一个。``source`` 是可选之物的名称（如 ``columns``），空的就是 ``choices`` 里的几个。"""

    source: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unset: str = "不限"

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """在可选的之内。"""
        value = str(given or "").strip()
        if not value:
            return self.fault("请选一个。") if self.required else ("", [])
        known = options.get(self.source, ()) if self.source else {code for code, _ in self.choices}
        if value not in known:
            return value[:80], [Fault(self.name, "所选的已经不在了，请重选。")]
        return value, []


@dataclass(frozen=True)
class PictureField(Choice):
    """站点的一张图片：从图片库里选，或当场上传。"""

    source: str = "pictures"
    unset: str = "不放图片"


@dataclass(frozen=True)
class Items(Field):
    """几行，每行几项；可以排次序。空着的行不算。"""

    of: tuple[Field, ...] = ()
    least: int = 1
    most: int = 12
    noun: str = "项"

    def empty(self) -> list[dict[str, Any]]:
        """一行也没有。"""
        return []

    def read(self, given: Any, options: Options) -> tuple[Any, list[Fault]]:
        """逐行读；缘由写明是第几行的哪一项。"""
        rows: list[dict[str, Any]] = []
        faults: list[Fault] = []
        for number, row in enumerate(given or ()):
            if is_blank(self, row):
                continue
            values, wrong = read(self.of, row, options)
            rows.append(values)
            faults += [Fault(f"{self.name}.{number}.{each.path}", each.message) for each in wrong]
        if len(rows) < self.least:
            faults.append(Fault(self.name, f"至少要有 {self.least} {self.noun}。"))
        if len(rows) > self.most:
            faults.append(
                Fault(self.name, f"最多 {self.most} {self.noun}，现在有 {len(rows)} {self.noun}。")
            )
        return rows, faults


def is_blank(items: Items, row: Mapping[str, Any]) -> bool:
    """这一行什么也没有填。"""
    return not any(str(row.get(each.name) or "").strip() for each in items.of)


def read(
    fields: Sequence[Field], given: Mapping[str, Any], options: Options
) -> tuple[dict[str, Any], list[Fault]]:
    """逐项读，返回值和全部不合规矩之处。"""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for each in fields:
        values[each.name], wrong = each.read(given.get(each.name), options)
        faults += wrong
    return values, faults


def texts(value: Any) -> Iterator[str]:
    """值里的全部文字，供检测。"""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def addresses(fields: Sequence[Field], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """写下的各个地址：项的名称与地址。"""
    for each in fields:
        value = values.get(each.name)
        if isinstance(each, Address) and value:
            yield each.label, value
        elif isinstance(each, Items):
            for row in value or ():
                yield from addresses(each.of, row)


def pictures(fields: Sequence[Field], values: Mapping[str, Any]) -> Iterator[str]:
    """用到的各张图片。"""
    for each in fields:
        value = values.get(each.name)
        if isinstance(each, PictureField) and value:
            yield value
        elif isinstance(each, Items):
            for row in value or ():
                yield from pictures(each.of, row)
