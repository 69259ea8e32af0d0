"""离开本系统的文字：只说哪一类事、几件、到哪里办。纯规则，不碰数据库、时钟和配置。

邮件、短信会留在别人的服务器上，标题、姓名、意见一个字也不能带出去。这不靠写的人小心：

- 模板里只能出现 ``FIELDS`` 里的字段，写错一个，载入时就失败；
- 字段的值不是文字，是这里的几种类型，各自只造得出有限的几种样子；
- 类型里能变的只有数目、登记过的类别名称（写在代码里的汉字）、固定的几个地址和验证码。
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Protocol
from urllib.parse import urlsplit

from .rules import KINDS

SUBJECT = re.compile(r"[\u4e00-\u9fff]{1,12}")
CODE = re.compile(r"[0-9]{6}")
PATHS = ("/workbench/messages/", "/workbench/messages/settings/")
"""链接只能到这几页：地址里不带任何一条记录。"""
FULL = 9999

_subjects: dict[str, str] = {}


class Unsafe(ValueError):
    """不许离开本系统的内容。"""


def declare_subject(code: str, label: str) -> None:
    """登记一类事的名称（公文、分解任务），各应用在启动时做；只收汉字，换名称抛出 ``Unsafe``。"""
    if not SUBJECT.fullmatch(label):
        raise Unsafe(f"类别的名称只能是不超过十二个汉字，不能是“{label}”。")
    if _subjects.setdefault(code, label) != label:
        raise Unsafe(f"{code} 已经登记为“{_subjects[code]}”。")


def subject_label(code: str) -> str:
    """一类事的名称；没有登记过的抛出 ``Unsafe``。"""
    try:
        return _subjects[code]
    except KeyError:
        raise Unsafe(f"没有登记过的类别：{code}") from None


class Value(Protocol):
    """字段的值：自己知道怎样写成文字。"""

    def told(self) -> str:
        """写成文字。"""


@dataclass(frozen=True)
class Count:
    """一个数目。"""

    number: int

    def __post_init__(self) -> None:
        if isinstance(self.number, bool) or not isinstance(self.number, int) or self.number < 0:
            raise Unsafe("数目只能是不小于零的整数。")

    def told(self) -> str:
        """太多的不逐个数。"""
        return str(self.number) if self.number <= FULL else f"{FULL} 以上"


@dataclass(frozen=True)
class Tally:
    """哪几类事各几件：（通知的类别，事的类别，件数）。"""

    entries: tuple[tuple[str, str, int], ...]

    def __post_init__(self) -> None:
        if not self.entries:
            raise Unsafe("没有可说的事。")
        for kind, subject, number in self.entries:
            if kind not in KINDS or not KINDS[kind].outward:
                raise Unsafe(f"{kind} 不能离开本系统。")
            subject_label(subject)
            Count(number)

    @classmethod
    def of(cls, things: Iterable[tuple[str, str]]) -> "Tally":
        """逐件数出来；先急后缓，照类别的次序。"""
        counted: dict[tuple[str, str], int] = {}
        for each in things:
            counted[each] = counted.get(each, 0) + 1
        order = list(KINDS)
        entries = sorted(
            (kind, subject, number)
            for (kind, subject), number in counted.items()
            if kind in KINDS and KINDS[kind].outward
        )
        return cls(tuple(sorted(entries, key=lambda each: order.index(each[0]))))

    @property
    def total(self) -> int:
        """共几件。"""
        return sum(number for _, _, number in self.entries)

    def told(self) -> str:
        """“等您办理的公文 2 件，退回给您的公文 1 件”。"""
        return "，".join(
            f"{KINDS[kind].outward}{subject_label(subject)} {Count(number).told()} 件"
            for kind, subject, number in self.entries
        )


@dataclass(frozen=True)
class Link:
    """到工作台的地址：``home`` 是设置里的网址，``path`` 是 ``PATHS`` 里的一个。"""

    home: str
    path: str = PATHS[0]

    def __post_init__(self) -> None:
        parts = urlsplit(self.home)
        plain = f"{parts.scheme}://{parts.netloc}"
        if self.path not in PATHS or self.home != plain or "@" in parts.netloc or not parts.netloc:
            raise Unsafe("链接只能到工作台的消息页。")

    def told(self) -> str:
        """网址。"""
        return f"{self.home}{self.path}"


@dataclass(frozen=True)
class Code:
    """验证码：六位数字。"""

    digits: str

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.digits):
            raise Unsafe("验证码只能是六位数字。")

    def told(self) -> str:
        """数字。"""
        return self.digits


FIELDS: Mapping[str, type] = {
    "what": Tally, "count": Count, "link": Link, "code": Code, "minutes": Count,
}  # fmt: skip
"""模板里可以用的字段，和各自的类型。"""


@dataclass(frozen=True)
class Template:
    """一种提醒的文字：``subject`` 是邮件的主题，``body`` 是邮件的正文，``short`` 是短信和即时消息。"""

    subject: str
    body: str
    short: str

    def __post_init__(self) -> None:
        for text in (self.subject, self.body, self.short):
            for _, name, spec, conversion in Formatter().parse(text):
                if name is not None and (name not in FIELDS or spec or conversion):
                    raise Unsafe(f"模板里不能用“{name}”。")
        if "\n" in self.subject or "\r" in self.subject:
            raise Unsafe("主题只能是一行。")

    def render(self, **values: Value) -> "Outgoing":
        """填好；值的类型不对的抛出 ``Unsafe``，少一个抛出 ``KeyError``。"""
        for name, value in values.items():
            if type(value) is not FIELDS.get(name):
                raise Unsafe(f"“{name}”的值不是这里造的，不能离开本系统。")
        told = {name: value.told() for name, value in values.items()}
        return Outgoing(
            self.subject.format(**told), self.body.format(**told), self.short.format(**told)
        )


@dataclass(frozen=True)
class Outgoing:
    """填好的一条，可以离开本系统。只由 ``Template.render`` 造。"""

    subject: str
    body: str
    short: str


FOOT = (
    "\n\n请登录工作台查看：{link}\n\n这是系统自动发出的提醒，不必回复。为保护信息，这里不写具体内容。"
    "不想再收到的，可以在工作台的“消息 → 提醒设置”里改。\n"
)
TEMPLATES: Mapping[str, Template] = {
    "notice": Template(
        "阳光工作台：{what}",
        "您在阳光工作台有{what}。" + FOOT,
        "您有{what}，请登录工作台：{link}",
    ),
    "digest": Template(
        "阳光工作台每日提醒：共 {count} 件",
        "您还没有看的共 {count} 件：{what}。" + FOOT,
        "每日提醒，还没有看的共 {count} 件：{what}。请登录工作台：{link}",
    ),
    "check": Template(
        "阳光工作台：验证码",
        "您正在阳光工作台登记这个地址用来收提醒，验证码是 {code}，{minutes} 分钟内有效。\n\n"
        "不是您本人操作的，不必理会：没有验证码，就不会往这里发提醒。\n\n{link}\n",
        "验证码 {code}，用于在阳光工作台登记收提醒，{minutes} 分钟内有效。不是您操作的不必理会。",
    ),
}
"""全部模板。"""
