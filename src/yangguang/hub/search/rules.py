"""检索：纯规则，不碰数据库、时钟和配置。

检索只看字母、数字和汉字，标点、空白、符号、大小写、全半角、繁简一律不计：正文写“公开，推进”，
查“公开推进”或“公開,推進”都找得到。一个词是不是在文中，等于它整理后是不是文中整理后的一段
（见 ``squeeze``）；不分词，所以不会漏。
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yangguang.foundation.screening.rules import screen

LONGEST = 200
"""查询最多取这么多字，多出的不看。"""
MOST_WORDS = 16
"""查询最多取这么多个词。"""
ZEROS = "○◯"
"""年份里代替“〇”的圆圈。"""


@cache
def traditional() -> dict[str, str]:
    """繁体字、异体字，对它视同的简化字。"""
    text = (Path(__file__).parent / "traditional.txt").read_text("utf-8")
    return {line[0]: line[1] for line in text.splitlines() if not line.startswith("#")}


def _plain(character: str) -> str:
    """一个字符整理成什么：兼容字形归一，去掉附加符号，小写，繁体化简。不看的化为空。"""
    if character in ZEROS:
        return "〇"
    current = character
    while True:
        parts = unicodedata.normalize("NFKD", current).casefold()
        plain = "".join(
            traditional().get(part, part) for part in parts if unicodedata.category(part)[0] in "LN"
        )
        if plain == current:
            return plain
        current = plain


class _Folds(dict[int, str]):
    """供 ``str.translate`` 用的表：用到哪个字，算哪个字。"""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _plain(chr(code))
        return folded


_FOLDS = _Folds()


class _Spaced(dict[int, str]):
    """同上，不看的字当作隔断。"""

    def __missing__(self, code: int) -> str:
        spaced = self[code] = _FOLDS[code] or " "
        return spaced


_SPACED = _Spaced()


def squeeze(text: str) -> str:
    """文字里参与检索的部分：只剩字母、数字和汉字，写法归一。再整理一次不变。"""
    return text.translate(_FOLDS)


def places(text: str) -> list[int]:
    """整理之后的每一字，在原文里是第几字。"""
    return [at for at, character in enumerate(text) for _ in _FOLDS[ord(character)]]


def grams(squeezed: str) -> list[str]:
    """整理过的文字的相邻两字，末一字单独成一个：第 i 个记号起于第 i 字。"""
    return [squeezed[at : at + 2] for at in range(len(squeezed))]


def cover(squeezed: str) -> list[tuple[int, str]]:
    """盖住一个词（两字以上）的相邻两字与位置：隔一取一，都在位上就是整个词在文中。"""
    starts = list(range(0, len(squeezed) - 1, 2))
    if len(squeezed) % 2:
        starts.append(len(squeezed) - 2)
    return [(start, squeezed[start : start + 2]) for start in starts]


_RUN = re.compile(r"[a-z]+|[0-9]+")


def whole_words(text: str) -> list[str]:
    """文中完整的外文词和数字，先后为序，不重复。查“81号”时，81 比 181 靠前，凭的是它。"""
    return runs(spaced(text))


def spaced(text: str) -> str:
    """整理文字，不看的字换成空格：去掉空格就是 ``squeeze``。"""
    return text.translate(_SPACED)


def runs(spaced: str) -> list[str]:
    """``spaced`` 整理过的文字里完整的外文词和数字。"""
    return list(dict.fromkeys(_RUN.findall(spaced)))


# ---- 文号 ----

_NUMBER = re.compile(
    r"(?P<issuer>[^\W\d_]{0,20})\s*"
    r"[\[(〔【［（{]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[\])〕】］）}]?"
    r"\s*[-—–_/.、,，第\s]*\s*(?P<serial>\d{1,5})\s*号?"
)


@dataclass(frozen=True)
class NumberForm:
    """像是文号的写法：机关代字（可以没有）、年份、序号。"""

    issuer: str
    year: int
    serial: int

    @property
    def key(self) -> str:
        """年份与序号，如 ``2020/81``。"""
        return f"{self.year}/{self.serial}"


def number_form(text: str) -> NumberForm | None:
    """把 ``2020 81``、``〔2020〕81号``、``临州办发[2020]第81号`` 之类认作文号；不像则为 ``None``。"""
    folded = "".join(_FOLDS[ord(c)] or unicodedata.normalize("NFKC", c) for c in text).strip()
    match = _NUMBER.fullmatch(folded)
    if match is None or match["serial"].strip("0") == "":
        return None
    after = folded[match.end("year") : match.start("serial")]
    if not after and "号" not in folded:
        return None  # 一串数字，如 20201028
    return NumberForm(squeeze(match["issuer"]), int(match["year"]), int(match["serial"]))


# ---- 查询 ----


@dataclass(frozen=True)
class Query:
    """看懂了的查询：都要有的词、都不要有的词（均已整理），以及它像不像文号。

    ``quoted`` 是引号里的词，照写的查；``also`` 与 ``words`` 一一对应，是各词同义的写法，
    有一种在文中就算（见 ``synonyms``），空的是没有另查。
    """

    words: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    number: NumberForm | None = None
    is_cut: bool = False
    quoted: frozenset[str] = frozenset()
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """没有可查的。"""
        return not self.words and not self.excluded

    @property
    def choices(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """各词和它同义的写法。"""
        return tuple(zip(self.words, self.also or ((),) * len(self.words), strict=True))

    @property
    def added(self) -> tuple[str, ...]:
        """另查的全部写法。"""
        return tuple(dict.fromkeys(word for words in self.also for word in words))

    @property
    def marks(self) -> tuple[str, ...]:
        """要标亮的词。"""
        return (*self.words, *self.added)


_QUOTES = '"“”„‟＂«»『』「」'
_TERM = re.compile(
    rf"(?P<minus>[-－−–—])?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s{_QUOTES}]+))"
)


def parse(text: str) -> Query:
    """看懂一句查询，什么样的文字都不报错。

    空白隔开的各词都要有；引号（中文的也行）里的作为一整段；词前加减号的不要有。
    只取前 ``LONGEST`` 字、``MOST_WORDS`` 个词；没有字母、数字和汉字的词不算。
    """
    shown = " ".join(text.replace("\0", " ").split())
    cut = shown[:LONGEST]
    words: list[str] = []
    excluded: list[str] = []
    quoted: set[str] = set()
    for match in _TERM.finditer(cut):
        word = squeeze(match["quoted"] if match["quoted"] is not None else match["bare"])
        # 紧跟在字后面的横线是字里的（如 covid-19），不是减号
        negative = match["minus"] and (match.start() == 0 or cut[match.start() - 1].isspace())
        if word:
            (excluded if negative else words).append(word)
            if match["quoted"] is not None:
                quoted.add(word)
    unique = tuple(dict.fromkeys(words))[:MOST_WORDS]
    return Query(
        words=unique,
        excluded=tuple(dict.fromkeys(excluded))[:MOST_WORDS],
        number=None if excluded else number_form(cut.strip(_QUOTES)),
        is_cut=len(shown) > LONGEST or len(set(words)) > len(unique),
        quoted=frozenset(quoted),
    )


# ---- 您是不是要找 ----


def nearest(word: str, titles: list[str]) -> str:
    """题名里与 ``word`` 最像的一段：错一两个字、少一两个字的，找得回来；都不像为空串。

    容许的差错是一个字，十字以上两个。段的两端是汉字、字母或数字，取原样的写法。
    """
    allowed = 1 if len(word) < 10 else 2
    if len(word) < 3 or len(word) > 40:
        return ""
    best: tuple[float, str] = (allowed + 1, "")
    sizes = range(max(2, len(word) - allowed), len(word) + allowed + 1)
    for title in titles:
        origin = places(title)
        squeezed = squeeze(title)
        for size in sorted(sizes, key=lambda size: abs(size - len(word))):
            for start in range(len(squeezed) - size + 1):
                part = squeezed[start : start + size]
                ends = (part[0] != word[0]) + (part[-1] != word[-1])
                if ends == 2:
                    continue
                # 差错一样多时，首尾都对得上的更像
                distance = _distance(word, part, allowed + 1) + ends / 4
                if 0 < distance < best[0]:
                    best = (distance, title[origin[start] : origin[start + size - 1] + 1])
    return best[1]


def _distance(left: str, right: str, limit: int) -> int:
    """编辑距离；到了 ``limit`` 就不再算，返回 ``limit``。"""
    if abs(len(left) - len(right)) >= limit:
        return limit
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i]
        for j, b in enumerate(right, 1):
            row.append(min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b)))
        if min(row) >= limit:
            return limit
    return min(row[-1], limit)


# ---- 没有结果的查询 ----

_FIGURES = re.compile(r"\d{7,}")
_DATED = re.compile(r"(?:19|20)\d{2}\d{3,5}")
"""以年份开头的不超过九位的数字：日期、连写的文号。"""
COUNTABLE = 60
"""记下的词最多这么长。"""


def countable(text: str) -> str:
    """没有查到的查询可以记下的样子：整理过的各词，空格隔开。不能记的为空串。

    含身份证号、手机号、银行卡号、电话号码、邮箱或别的长串数字的不记；太长的不像是找东西，也不记。
    """
    words = parse(text).words
    kept = " ".join(words)
    if "@" in unicodedata.normalize("NFKC", text) or len(kept) > COUNTABLE:
        return ""
    together = "".join(words)
    if screen(kept) or screen(together):
        return ""
    if any(not _DATED.fullmatch(run) for run in _FIGURES.findall(together)):
        return ""
    return kept
