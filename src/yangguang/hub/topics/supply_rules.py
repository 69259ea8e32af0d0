"""专题供给：各部分有没有、空了多久、文件解读了多少。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .parts import PARTS


@dataclass(frozen=True)
class SupplyTerms:
    """自 ``since`` 起用的参数：整个专题、各部分空着几天要报警；``source`` 是出处。"""

    since: date
    source: str
    topic_days: int
    part_days: Mapping[str, int]


def terms_on(table: Sequence[SupplyTerms], day: date) -> SupplyTerms:
    """``day`` 这一天用的参数：起用日期不晚于这一天的里面最近的；没有抛出 ``LookupError``。"""
    found = [each for each in table if each.since <= day]
    if not found:
        raise LookupError(f"没有 {day} 这一天用的专题供给参数。")
    return max(found, key=lambda each: each.since)


@dataclass(frozen=True)
class Held:
    """专题里的一条信息：归哪一部分、哪天公开、文件的标识、它现有的解读各是什么形式。

    同一份文件先后以公文、规范性文件公开的，``document``（单位和文号）相同，只算一份。
    """

    part: str
    on: date
    document: str = ""
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartSupply:
    """一部分：几条、最近哪天；空着的，自哪天起，准许空几天。"""

    part: str
    count: int
    last: date | None
    empty_since: date | None
    allowed: int

    @property
    def label(self) -> str:
        """这一部分的名称。"""
        return PARTS[self.part]

    def empty_days(self, today: date) -> int:
        """空了几天；不空的是 0。"""
        return 0 if self.empty_since is None else max((today - self.empty_since).days, 0)

    def is_alarming(self, today: date) -> bool:
        """空得过了头。"""
        return self.empty_since is not None and self.empty_days(today) > self.allowed


@dataclass(frozen=True)
class Alarm:
    """一样空过了头的：哪一部分（空串是整个专题）、自哪天起、说给人听的一句。"""

    part: str
    since: date
    told: str

    @property
    def what(self) -> str:
        """什么空着。"""
        return PARTS.get(self.part, "整个专题")


@dataclass(frozen=True)
class TopicSupply:
    """一个专题的供给：各部分，几份文件、其中解读了几份、解读的各种形式各几份。"""

    parts: tuple[PartSupply, ...]
    documents: int = 0
    interpreted: int = 0
    forms: Mapping[str, int] = field(default_factory=dict)
    topic_days: int = 0

    @property
    def count(self) -> int:
        """一共几条。"""
        return sum(each.count for each in self.parts)

    @property
    def last(self) -> date | None:
        """最近一条哪天公开的。"""
        return max((each.last for each in self.parts if each.last), default=None)

    @property
    def empty(self) -> tuple[PartSupply, ...]:
        """空着的各部分。"""
        return tuple(each for each in self.parts if not each.count)

    @property
    def empty_since(self) -> date | None:
        """整个专题自哪天起空着；有信息的没有。"""
        days = [each.empty_since for each in self.parts if each.empty_since]
        return None if self.count or not days else max(days)

    @property
    def share_told(self) -> str:
        """解读的份额：“3 份解读了 2 份（67%）”；没有文件的说没有。"""
        if not self.documents:
            return "没有政策文件"
        percent = round(100 * self.interpreted / self.documents)
        return f"{self.documents} 份解读了 {self.interpreted} 份（{percent}%）"

    @property
    def forms_told(self) -> str:
        """各种形式：“文字 2、图解 1”。"""
        return "、".join(f"{form} {count}" for form, count in self.forms.items())

    def alarms(self, today: date) -> list[Alarm]:
        """``today`` 要报警的；没有则为空。整个空着的只说一句。"""
        since = self.empty_since
        if since is not None:
            days = (today - since).days
            if days <= self.topic_days:
                return []
            told = f"一条信息也没有，自 {since.isoformat()} 起空了 {days} 天（准许 {self.topic_days} 天）"
            return [Alarm("", since, told)]
        return [
            Alarm(
                each.part,
                each.empty_since,
                f"“{each.label}”自 {each.empty_since.isoformat()} 起空了 {each.empty_days(today)} 天"
                f"（准许 {each.allowed} 天）",
            )
            for each in self.parts
            if each.empty_since is not None and each.is_alarming(today)
        ]


def supply_of(
    opened_on: date, held: Iterable[Held], gone: Mapping[str, date], terms: SupplyTerms
) -> TopicSupply:
    """一个专题的供给。``gone`` 是各部分最后一条离开（撤回、移出）的日期：空着的自那天起算，从来没有过的自开设起算。"""
    shown = list(held)
    parts = []
    for part in PARTS:
        own = [each.on for each in shown if each.part == part]
        since = None if own else max(opened_on, gone.get(part, opened_on))
        parts.append(
            PartSupply(part, len(own), max(own, default=None), since, terms.part_days[part])
        )
    documents: dict[str, bool] = {}
    forms: dict[str, int] = {}
    for number, each in enumerate(each for each in shown if each.part == "policy"):
        name = each.document or f"#{number}"
        documents[name] = documents.get(name, False) or bool(each.forms)
        for form in each.forms:
            forms[form] = forms.get(form, 0) + 1
    return TopicSupply(
        tuple(parts),
        len(documents),
        sum(documents.values()),
        dict(sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))),
        terms.topic_days,
    )
