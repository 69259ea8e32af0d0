"""题名断行：在词与词之间放 ``<wbr>``，浏览器只在那里换行，不把一个词拆在两行。

纯函数。分词词典随 jieba 打包，只读一次；不用 jieba 自己的缓存文件
（它放在公共临时目录里，谁都能预先摆一份）。
"""

import re
from functools import lru_cache

import jieba
from markupsafe import Markup, escape

NO_BREAK_BEFORE = "，。、；：？！）〕］】》〉”’％%·—…~～号条款项章节年月日个的地得了和与及等性化"
NO_BREAK_AFTER = "（〔［【《〈“‘第"
TOGETHER = re.compile(
    r"〔\s*\d{4}\s*〕\s*(?:第\s*)?\d+\s*号"  # 发文字号的年份和序号
    r"|第?[\d〇零一二三四五六七八九十百千]+[条章节届次期号批]"
    r"|\d[\d.,/:-]*\s*[年月日个项件%％]?(?:\d+\s*[月日])*"
    r"|[A-Za-z][\w.+-]*"
)


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


@lru_cache(maxsize=20_000)
def segments(text: str) -> tuple[str, ...]:
    """把一个题名切成不可拆开的几段；连起来就是原文，一字不差。"""
    words: list[str] = []
    position = 0
    for kept in TOGETHER.finditer(text):
        words.extend(_tokenizer().cut(text[position : kept.start()], HMM=False))
        words.append(kept.group())
        position = kept.end()
    words.extend(_tokenizer().cut(text[position:], HMM=False))

    joined: list[str] = []
    for word in words:
        if joined and (word[0] in NO_BREAK_BEFORE or joined[-1][-1] in NO_BREAK_AFTER):
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def phrase(text: str) -> Markup:
    """题名的 HTML：先逐段转义，再用 ``<wbr>`` 连接。"""
    return Markup("<wbr>").join(escape(segment) for segment in segments(str(text)))
