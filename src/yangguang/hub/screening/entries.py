"""词条：五部词典各有什么样的词条，每一条怎样才算写对。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .folding import folded

BLOCK = "block"
WARN = "warn"
SEVERITIES = {BLOCK: "拦下", WARN: "提醒"}
"""查出以后怎样：拦下的须改正或由人放行，提醒的只标出来。"""
LONGEST = 100
SHORTEST = 2
"""要查的字样至少这么多字：单字到处都是，查了等于没查。"""


@dataclass(frozen=True)
class Field:
    """词条的一栏。``form``：text 文字，list 用“、”隔开的几个，date 日期，severity 处理。"""

    name: str
    heading: str
    form: str = "text"
    required: bool = False


@dataclass(frozen=True)
class Dictionary:
    """一部词典。``kind`` 是查出来的种类，``severity`` 是没有写明时的处理。"""

    code: str
    label: str
    kind: str
    severity: str
    fields: tuple[Field, ...]
    about: str

    def field(self, name: str) -> Field | None:
        """某一栏；没有这一栏为 ``None``。"""
        return next((each for each in self.fields if each.name == name), None)


_SEVERITY = Field("severity", "处理", "severity")
_FROM = Field("valid_from", "起", "date")
_UNTIL = Field("valid_until", "止", "date")
_NOTE = Field("note", "说明")

DICTIONARIES = {
    each.code: each
    for each in (
        Dictionary(
            "leaders", "领导人姓名职务", "leader_title", BLOCK,
            (
                Field("text", "姓名", required=True), Field("right", "职务", required=True),
                Field("variants", "误写", "list"), _SEVERITY, _FROM, _UNTIL, _NOTE,
            ),
            "姓名与职务连写时，职务须是当日在任的；任免以正式文件为准。一人几个职务，一行写一个。",
        ),
        Dictionary(
            "bodies", "机构名称", "organ_name", WARN,
            (
                Field("text", "规范名称", required=True),
                Field("variants", "误写或旧称", "list", required=True),
                _SEVERITY, _FROM, _UNTIL, _NOTE,
            ),
            "起止是规范名称的起用和停用日期；此前成文的文件不查。",
        ),
        Dictionary(
            "terms", "禁用词和慎用词", "banned_term", BLOCK,
            (
                Field("text", "词", required=True), Field("right", "改为"), _SEVERITY,
                Field("exceptions", "除外", "list"), _FROM, _UNTIL, _NOTE,
            ),
            "“拦下”的是禁用词，“提醒”的是慎用词。除外是含有这个词而没有错的说法。",
        ),
        Dictionary(
            "typos", "易错字词", "typo", WARN,
            (
                Field("text", "误", required=True), Field("right", "正", required=True), _SEVERITY,
                Field("exceptions", "除外", "list"), _NOTE,
            ),
            "除外是含有这几个字而没有错的说法，例如误“按排”，除外“按排名”。",
        ),
        Dictionary(
            "places", "地名", "place_name", WARN,
            (
                Field("text", "地名", required=True), Field("right", "上级"),
                Field("variants", "误写", "list"), _SEVERITY, _NOTE,
            ),
            "写明上级的，前面冠了别的上级地名也会查出。",
        ),
    )
}  # fmt: skip
"""五部词典，按代码。"""


@dataclass(frozen=True)
class Entry:
    """一条。各栏的意思随词典而不同，见 ``DICTIONARIES``。"""

    dictionary: str
    text: str
    right: str = ""
    variants: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    severity: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""

    def holds(self, on: date) -> bool:
        """``on`` 当日在不在起止之内；两日都算。"""
        after = self.valid_from is None or self.valid_from <= on
        return after and (self.valid_until is None or on <= self.valid_until)

    @property
    def weight(self) -> str:
        """查出以后怎样处理；没有写明的按词典的。"""
        return self.severity or DICTIONARIES[self.dictionary].severity

    @property
    def correct(self) -> str:
        """正确的写法；禁用词可以没有。"""
        return self.right if self.dictionary in ("terms", "typos") else self.text

    @property
    def searched(self) -> tuple[str, ...]:
        """照哪些字样去查错。"""
        if self.dictionary in ("terms", "typos"):
            return (self.text,)
        return self.variants


def faults(entry: Entry) -> Iterator[tuple[str, str]]:
    """一条的毛病：哪一栏，为什么。"""
    known = DICTIONARIES[entry.dictionary]
    for each in known.fields:
        value = getattr(entry, each.name)
        if each.required and not value:
            yield each.name, "不能为空。"
        texts = value if each.form == "list" else (value,) if each.form == "text" else ()
        for text in texts:
            if len(text) > LONGEST:
                yield each.name, f"“{text[:10]}…”太长，最多 {LONGEST} 个字。"
    name = "text" if entry.dictionary in ("terms", "typos") else "variants"
    for text in entry.searched:
        if text and len(folded(text)) < SHORTEST:
            yield name, f"“{text}”太短，要查的字样至少 {SHORTEST} 个字。"
    yield from _own_faults(entry, name)
    if entry.severity not in ("", *SEVERITIES):
        yield "severity", f"应为{'或'.join(SEVERITIES.values())}。"
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        yield "valid_until", "止日早于起日。"


def _own_faults(entry: Entry, name: str) -> Iterator[tuple[str, str]]:
    for text in entry.searched:
        if text and text == entry.correct:
            yield name, f"“{text}”与正确的写法一样。"
    for text in entry.exceptions:
        if folded(entry.text) not in folded(text):
            yield "exceptions", f"“{text}”里没有“{entry.text}”，不必除外。"
    if entry.dictionary == "leaders" and entry.text and len(folded(entry.text)) < SHORTEST:
        yield "text", "姓名至少两个字。"
