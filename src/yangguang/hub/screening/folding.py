"""折叠：写法不同而字是同一个的，看作同一个。纯规则，不碰数据库、时钟和配置。

全角与半角、大小写、繁体与简体、字间的空格和看不见的字符都不计；标点只归一，不去掉；换行是界，
词不跨过它。折叠之后仍找得回原文里的位置。
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.hub.search.rules import traditional

BREAK = "\n"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})


def _plain(character: str) -> str:
    """一个字符的全半角、大小写归一；空白和看不见的化为空。"""
    if character == BREAK:
        return BREAK
    kept = unicodedata.normalize("NFKC", character).casefold()
    return "".join(c for c in kept if unicodedata.category(c) not in _DROPPED)


class _Plain(dict[int, str]):
    """供 ``str.translate`` 用的表：用到哪个字，算哪个字。"""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


class _Folds(dict[int, str]):
    """同上，繁体再化为简体。"""

    def __missing__(self, code: int) -> str:
        folded = self[code] = "".join(traditional().get(c, c) for c in _PLAIN[code])
        return folded


_PLAIN = _Plain()
_FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """折叠了的文字。``places`` 是其中每一字在原文里是第几字。"""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """折叠之后的一段（不空），在原文里的起止。"""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """折叠，并记下各字原来的位置。"""
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and all(len(_FOLDS[ord(c)]) == 1 for c in set(text)):
        return Folded(folded, range(len(text)))
    return Folded(folded, [at for at, c in enumerate(text) for _ in _FOLDS[ord(c)]])


def folded(text: str) -> str:
    """只要折叠之后的文字。"""
    return text.translate(_FOLDS)


def plain(text: str) -> str:
    """只归一全半角、大小写和空格，繁简不动：用来分辨“乾坤”和折叠之后同形的“干坤”。"""
    return text.translate(_PLAIN)
