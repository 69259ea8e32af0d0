"""规章和行政规范性文件：纯规则，不碰数据库、时钟和配置。

有效性由日期算出，不由人填；关系成不成立，某一天该用哪一个文本，题注怎样写。
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

KINDS = {"regulation": "规章", "document": "行政规范性文件"}
"""类别。"""

RELATIONS = {"amends": "修改", "repeals": "废止", "implements": "实施", "based_on": "依据"}
"""本文件对所指的文件。修改、废止的只能是库里的规章和规范性文件；实施、依据的也可以是上位法。"""
REVERSED = {
    "amends": "被修改",
    "repeals": "被废止",
    "implements": "由其实施",
    "based_on": "作为依据",
}
"""从所指的一方说。"""
CHANGING = frozenset({"amends", "repeals"})
"""改变所指文件效力的。"""

UPPER_KINDS = {
    "law": "法律",
    "administrative": "行政法规",
    "local": "地方性法规",
    "autonomous": "自治条例和单行条例",
    "rule": "规章",
    "document": "上级文件",
}
"""上位的依据。"""

IN_FORCE = frozenset({"effective", "amended"})
"""管用的两种有效性。"""

CONCLUSIONS = {"keep": "继续有效", "amend": "修订", "expire": "失效", "repeal": "废止"}
"""清理的四种结论。"""


# ---- 有效性 ----


@dataclass(frozen=True)
class Life:
    """一份文件效力上的各个日子。

    ``ceases_on`` 是定好的失效日期：从这一天起不再有效，所以“有效期至某日”的是次日。
    ``repealed_on``、``amended_on`` 由公布了的关系得出，是最早的一次；``ended_on`` 是清理宣布、补录时写明的
    终止，``ended_how`` 是 ``expired`` 或 ``repealed``。
    """

    effective_on: date | None
    ceases_on: date | None = None
    repealed_on: date | None = None
    amended_on: date | None = None
    ended_on: date | None = None
    ended_how: str = ""

    @property
    def end(self) -> tuple[date, str] | None:
        """从哪一天起、因何不再有效；还没有定的为空。最早的算；同一天的，废止在先。"""
        ends = [
            (day, how)
            for day, how in (
                (self.repealed_on, "repealed"),
                (self.ended_on, self.ended_how),
                (self.ceases_on, "expired"),
            )
            if day is not None
        ]
        return min(ends, key=lambda each: (each[0], each[1] != "repealed"), default=None)

    @property
    def turning_days(self) -> list[date]:
        """有效性会变的日子，先后为序。"""
        end = self.end
        days = {self.effective_on, self.amended_on, end[0] if end else None}
        return sorted(day for day in days if day is not None)


@dataclass(frozen=True)
class Verdict:
    """某一天的有效性：是什么，从哪一天起，为什么。"""

    validity: str
    since: date | None
    why: str


def validity_on(life: Life, day: date) -> Verdict:
    """``day`` 这一天的有效性。终止了的不会再有效；没有定施行日期的总是尚未生效。"""
    end = life.end
    if end is not None and end[0] <= day:
        word = "废止" if end[1] == "repealed" else "失效"
        return Verdict(end[1], end[0], f"{end[0].isoformat()} 起{word}。")
    if life.effective_on is None:
        return Verdict("pending", None, "还没有定施行日期。")
    if day < life.effective_on:
        return Verdict("pending", None, f"{life.effective_on.isoformat()} 起施行。")
    if life.amended_on is not None and life.amended_on <= day:
        since = max(life.amended_on, life.effective_on)
        return Verdict("amended", since, f"{since.isoformat()} 起按修改后的文本执行。")
    return Verdict("effective", life.effective_on, f"{life.effective_on.isoformat()} 起施行。")


# ---- 文本 ----


@dataclass(frozen=True)
class Text:
    """一个文本：从哪一天起用，正文的块，由哪份文件修改成（原来的为空）。"""

    since: date
    body: Sequence[Mapping[str, Any]]
    by: str = ""
    number: str = ""
    articles: str = ""


@dataclass(frozen=True)
class Period:
    """一个文本管用的一段日子：从 ``start`` 起，到 ``end`` 的前一天为止；``end`` 为空是还没有尽头。"""

    text: Text
    start: date
    end: date | None

    def covers(self, day: date) -> bool:
        """这一天在不在其中。"""
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def last(self) -> date | None:
        """最后一天。"""
        return self.end - timedelta(days=1) if self.end else None


def periods(life: Life, texts: Iterable[Text]) -> list[Period]:
    """各个文本管用的日子，先后为序，首尾相接、互不重叠；一天也没有管用过的不列。

    同一天有两次修改的，后列的在后：前一个一天也没有用。终止以后没有文本管用。
    """
    if life.effective_on is None:
        return []
    starts = [
        (max(text.since, life.effective_on), text)
        for text in sorted(texts, key=lambda text: text.since)
    ]
    end = life.end[0] if life.end else None
    found = []
    for number, (start, text) in enumerate(starts):
        following = starts[number + 1][0] if number + 1 < len(starts) else None
        stop = min((each for each in (following, end) if each is not None), default=None)
        if stop is None or start < stop:
            found.append(Period(text, start, stop))
    return found


def text_on(life: Life, texts: Iterable[Text], day: date) -> Text | None:
    """``day`` 这一天该用的文本；这一天不管用的为空。"""
    return next((each.text for each in periods(life, texts) if each.covers(day)), None)


def latest_text(texts: Iterable[Text], day: date) -> Text | None:
    """到 ``day`` 为止最后的一个文本，不论还管不管用；都还没有到日子的是原来的那一个。"""
    ordered = sorted(texts, key=lambda text: text.since)
    reached = [text for text in ordered if text.since <= day]
    return reached[-1] if reached else next(iter(ordered), None)


def annotation(
    issued: str, promulgated_on: date | None, changes: Sequence[tuple[date, str, str]]
) -> str:
    """题注：公布的日期、机关、文号，各次修改。没有公布日期的为空。

    ``issued`` 是机关和文号，``changes`` 是各次修改的日期、文件名称和文号，先后为序。
    """
    if promulgated_on is None:
        return ""
    parts = [f"{chinese(promulgated_on)}{issued}公布"]
    for count, (on, title, number) in enumerate(changes, 1):
        which = "" if len(changes) == 1 else f"第{numeral(count)}次"
        written = f"（{number}）" if number else ""
        parts.append(f"根据{chinese(on)}起施行的{quoted(title)}{written}{which}修改")
    return f"（{'　'.join(parts)}）"


def chinese(day: date) -> str:
    """2020年6月3日。"""
    return f"{day.year}年{day.month}月{day.day}日"


def bare(title: str) -> str:
    """题名，外面整个的书名号去掉。"""
    wrapped = title.startswith("《") and title.endswith("》") and title.count("《") == 1
    return title[1:-1] if wrapped else title


def quoted(title: str) -> str:
    """带书名号的题名；里面一层的用单书名号（GB/T 15834）。"""
    return f"《{bare(title).replace('《', '〈').replace('》', '〉')}》"


_NUMERALS = "零一二三四五六七八九"


def numeral(count: int) -> str:
    """1 至 99 写成汉字。"""
    tens, ones = divmod(count, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


# ---- 日期和期限 ----


@dataclass(frozen=True)
class Terms:
    """有效期、备案、提醒的参数：``data/norms/terms.json`` 里一段时期的一行。

    ``years``、``interim_years`` 是有效期最长几年（标明试行、暂行的另定）；``filing_days`` 是公布之日起
    多少日内报备案，按类别；``review_months`` 是到期前几个月提醒评估；``register_format`` 是统一登记号的写法。
    """

    since: date
    source: str
    years: int
    interim_years: int
    filing_days: Mapping[str, int]
    review_months: int
    register_format: str


def terms_on(table: Sequence[Terms], day: date) -> Terms:
    """``day`` 这一天用的参数；比最早的一行还早，用最早的一行。"""
    ordered = sorted(table, key=lambda row: row.since)
    return next((row for row in reversed(ordered) if row.since <= day), ordered[0])


def is_interim(title: str) -> bool:
    """标明试行、暂行的。"""
    return "试行" in title or "暂行" in title


def later(day: date, *, months: int = 0, years: int = 0) -> date:
    """过几年几个月的对应日；没有对应日的，是下个月的第一天（最后一天还有效）。"""
    count = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(count, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 1, 28).replace(day=1) + timedelta(days=_length(year, month + 1))


def earlier(day: date, months: int) -> date:
    """往前几个月的对应日；没有对应日的，是那个月的最后一天。"""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def longest_end(kind: str, title: str, effective_on: date, terms: Terms) -> date | None:
    """失效日期最晚到哪一天；规章没有有效期的限制，为空。"""
    if kind != "document":
        return None
    years = terms.interim_years if is_interim(title) else terms.years
    return later(effective_on, years=years)


def date_faults(
    promulgated_on: date | None,
    effective_on: date | None,
    ceases_on: date | None,
    ended_on: date | None = None,
) -> list[str]:
    """日期互相矛盾之处，每条一句。"""
    faults = []
    if effective_on and ceases_on and ceases_on <= effective_on:
        faults.append(
            f"失效日期（{ceases_on.isoformat()}）不晚于施行日期（{effective_on.isoformat()}），"
            "这样一天也没有施行过，请核对。"
        )
    if promulgated_on and ended_on and ended_on < promulgated_on:
        faults.append(
            f"终止的日期（{ended_on.isoformat()}）早于公布日期（{promulgated_on.isoformat()}）。"
        )
    if ended_on and ceases_on and ended_on > ceases_on:
        faults.append("终止的日期晚于失效日期：到期已经失效，不必再写终止的日期。")
    return faults


def term_faults(
    kind: str,
    title: str,
    effective_on: date | None,
    ceases_on: date | None,
    reason: str,
    terms: Terms,
) -> list[str]:
    """没有定有效期、定得过长，又没有说明理由的，每条一句。"""
    if effective_on is None or reason.strip():
        return []
    most = longest_end(kind, title, effective_on, terms)
    if most is None:
        return []
    if ceases_on is None:
        return [
            f"没有定失效日期。有效期一般到 {most.isoformat()} 为止；确实要长期有效，请写明理由。"
        ]
    if ceases_on > most:
        return [
            f"失效日期 {ceases_on.isoformat()} 超过了有效期的上限 {most.isoformat()}；"
            "确有需要，请写明理由。"
        ]
    return []


# ---- 关系 ----


@dataclass(frozen=True)
class Target:
    """修改、废止所指的文件：名称，效力上的日子。"""

    title: str
    life: Life


def change_faults(kind: str, target: Target, on: date | None, *, has_text: bool) -> list[str]:
    """修改、废止不成立的缘由，每条一句。``on`` 是哪一天起；``has_text`` 是修改后的全文写了没有。"""
    faults = []
    word = RELATIONS[kind]
    if kind == "amends" and not has_text:
        faults.append(f"修改{quoted(target.title)}，须附上修改后的全文。")
    if on is None:
        return [
            *faults,
            f"{word}{quoted(target.title)}从哪一天起？请写明日期，或者先定施行日期。",
        ]
    verdict = validity_on(target.life, on)
    if verdict.validity not in IN_FORCE:
        faults.append(
            f"{quoted(target.title)}在 {on.isoformat()} 不是有效的文件（{verdict.why[:-1]}），"
            f"不能{word}。"
        )
    return faults


def circle(edges: Mapping[int, Collection[int]], source: int, target: int) -> list[int]:
    """加上从 ``source`` 到 ``target`` 的一条，会不会成环；成环的给出环上的各个，首尾是 ``source``。

    ``edges`` 是已有的，从谁到谁。
    """
    if source == target:
        return [source, source]
    came: dict[int, int] = {target: source}
    waiting = [target]
    while waiting:
        current = waiting.pop()
        for following in sorted(edges.get(current, ())):
            if following == source:
                return _walked(came, source, current)
            if following not in came:
                came[following] = current
                waiting.append(following)
    return []


def _walked(came: Mapping[int, int], source: int, last: int) -> list[int]:
    back = [source, last]
    while back[-1] != source:
        back.append(came[back[-1]])
    return back[::-1]


# ---- 清理 ----


@dataclass(frozen=True)
class Tally:
    """一轮清理的数：范围之内共几件，各种结论几件，还没有结论的几件。"""

    total: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """还没有结论的。"""
        return self.total - sum(self.counts.values())


def tallied(conclusions: Iterable[str]) -> Tally:
    """数一数。空串是还没有结论。"""
    given = list(conclusions)
    return Tally(len(given), {code: given.count(code) for code in CONCLUSIONS})
