"""题名断行：在词与词之间放 ``<wbr>``，浏览器只在那里换行，不把一个词拆在两行。

纯函数。分词词典随 jieba 打包，只读一次；不用 jieba 自己的缓存文件
（它放在公共临时目录里，谁都能预先摆一份）。
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise

import jieba
from markupsafe import Markup, escape

NO_BREAK_BEFORE = "，。、；：？！）〕］】》〉”’％%·—…~～号条款项章节年月日个的地得了和与及等性化"
NO_BREAK_AFTER = "（〔［【《〈“‘第"
TOGETHER = re.compile(
    r"〔\s*\d{4}\s*〕\s*(?:第\s*)?\d+\s*号"  # 发文字号的年份和序号
    r"|^\w{1,6}："  # 题名前的标签（演示数据：）
    r"|第?[\d〇零一二三四五六七八九十百千]+[条章节届次期号批]"
    r"|\d[\d.,/:-]*\s*[年月日个项件%％]?(?:\d+\s*[月日])*"
    r"|[A-Za-z][\w.+-]*"
)
LONG = 6
"""一个词超过这么多字，手机上一行放不下几个，要再拆。"""
INSIDE_NAMES = re.compile(r"(?<=[族省州市县区盟旗])(?=..)")
"""地名里可以换行的地方：积石山保安族|东乡族|撒拉族|自治县。"""
BREAK = Markup("<wbr>")
SHORT_ENDING = 2
"""末段不足这么多字时并入前一段，末行不剩下孤零零的“通知”。"""


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def prepare() -> None:
    """载入词典，要半秒：应用起步时做，不让头一个来的人等。"""
    _tokenizer()


def segments(text: str) -> tuple[str, ...]:
    """把一个题名切成不可拆开的几段；连起来就是原文，一字不差。"""
    words: list[str] = []
    position = 0
    for kept in TOGETHER.finditer(text):
        words.extend(_words(text[position : kept.start()]))
        words.append(kept.group())
        position = kept.end()
    words.extend(_words(text[position:]))

    joined: list[str] = []
    for word in words:
        if joined and (word[0] in NO_BREAK_BEFORE or joined[-1][-1] in NO_BREAK_AFTER):
            joined[-1] += word
        else:
            joined.append(word)
    if len(joined) > 1 and len(joined[-1]) <= SHORT_ENDING:
        ending = joined.pop()
        joined[-1] += ending
    return tuple(joined)


def _words(text: str) -> Iterator[str]:
    for word in _tokenizer().cut(text, HMM=False):
        yield from INSIDE_NAMES.split(word) if len(word) > LONG else (word,)


_segments = lru_cache(maxsize=20_000)(segments)


@lru_cache(maxsize=20_000)
def phrase(text: str) -> Markup:
    """题名的 HTML：先逐段转义，再用 ``<wbr>`` 连接。"""
    return BREAK.join(escape(segment) for segment in _segments(text))


def phrase_marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """标亮了的题名的 HTML：``pieces`` 依次是一段文字和它是不是标亮的，断行处与 ``phrase`` 的相同。"""
    given = [piece for piece in pieces if piece[0]]
    whole = "".join(text for text, _ in given)
    breaks = set(accumulate(map(len, _segments(whole))))
    made: list[Markup] = []
    start = 0
    for text, is_hit in given:
        end = start + len(text)
        stops = [start, *(at for at in range(start + 1, end) if at in breaks), end]
        inside = BREAK.join(escape(whole[a:b]) for a, b in pairwise(stops))
        if start in breaks:
            made.append(BREAK)
        made.append(Markup("<mark>{}</mark>").format(inside) if is_hit else inside)
        start = end
    return Markup().join(made)
