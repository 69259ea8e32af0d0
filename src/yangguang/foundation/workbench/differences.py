"""两段文字哪里不同。中文没有空格：先按段对齐，再按句，句里按字；数、字母连写的当一个。纯函数。"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
ALIKE = 0.4
"""两段相同的字占到这么多，才算是同一段改的；再少就当一段删了、一段加了。"""
WIDEST = 60
"""一处改动前后的段落数不超过这么多才逐对比较，再多的依次相对。"""
_PHRASES = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]|[^，。；：！？、\n]+")
_CHARACTERS = re.compile(
    r"[0-9０-９]+(?:[.,:：/\-－][0-9０-９]+)*|[A-Za-zＡ-Ｚａ-ｚ]+|\s+|.", re.DOTALL
)


@dataclass(frozen=True)
class Piece:
    """一小段：两边都有（``same``）、去掉了（``removed``）、加上了（``added``）。"""

    kind: str
    text: str


@dataclass(frozen=True)
class Pair:
    """对齐的一段：左边旧的，右边新的；没有的一边为 ``None``。"""

    old: tuple[Piece, ...] | None
    new: tuple[Piece, ...] | None

    @property
    def is_same(self) -> bool:
        """两边一样。"""
        return self.old == self.new


def pieces(old: str, new: str) -> list[Piece]:
    """从 ``old`` 到 ``new`` 改了哪些字。连起来，去掉加的是旧的，去掉删的是新的。"""
    found: list[Piece] = []
    for tag, left, right in _blocks(_PHRASES.findall(old), _PHRASES.findall(new)):
        if tag == "equal":
            found.append(Piece(SAME, "".join(left)))
        else:
            found += _by_character("".join(left), "".join(right))
    return _joined(found)


def compared(old: str, new: str) -> list[Pair]:
    """一段一段对着看。"""
    pairs: list[Pair] = []
    for tag, left, right in _blocks(_paragraphs(old), _paragraphs(new)):
        if tag == "equal":
            pairs += [Pair((Piece(SAME, each),), (Piece(SAME, each),)) for each in left]
            continue
        for one, other in _matched(left, right):
            if one is None or other is None:
                pairs.append(
                    Pair(
                        None if one is None else (Piece(REMOVED, one),),
                        None if other is None else (Piece(ADDED, other),),
                    )
                )
                continue
            changed = pieces(one, other)
            pairs.append(
                Pair(
                    tuple(each for each in changed if each.kind != ADDED),
                    tuple(each for each in changed if each.kind != REMOVED),
                )
            )
    return pairs


def _paragraphs(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")] if text else []


def _blocks(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag, old[i1:i2], new[j1:j2]


def _by_character(old: str, new: str) -> list[Piece]:
    """一处改动里逐字对照；夹在两处改动中间、零零碎碎相同的字，不算相同。"""
    found: list[Piece] = []
    for tag, left, right in _blocks(_CHARACTERS.findall(old), _CHARACTERS.findall(new)):
        if tag == "equal":
            found.append(Piece(SAME, "".join(left)))
        else:
            found += [Piece(REMOVED, "".join(left)), Piece(ADDED, "".join(right))]
    while True:
        found = _joined(found)
        stray = next((n for n in range(len(found)) if _is_stray(found, n)), None)
        if stray is None:
            return found
        text = found[stray].text
        found[stray : stray + 1] = [Piece(REMOVED, text), Piece(ADDED, text)]


def _is_stray(found: Sequence[Piece], at: int) -> bool:
    if found[at].kind != SAME:
        return False
    before = sum(len(each.text) for each in _changes(found, at, -1))
    after = sum(len(each.text) for each in _changes(found, at, 1))
    length = len(found[at].text)
    return bool(before and after) and (length < 2 or length * 2 <= min(before, after))


def _changes(found: Sequence[Piece], at: int, step: int) -> Iterator[Piece]:
    at += step
    while 0 <= at < len(found) and found[at].kind != SAME:
        yield found[at]
        at += step


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """相邻的并起来：两处相同之间，先是去掉的，再是加上的。"""
    made: list[Piece] = []
    removed = added = ""
    for each in (*found, Piece(SAME, "")):
        if each.kind == REMOVED:
            removed += each.text
        elif each.kind == ADDED:
            added += each.text
        else:
            made += [Piece(REMOVED, removed)] if removed else []
            made += [Piece(ADDED, added)] if added else []
            is_open = bool(made) and made[-1].kind == SAME and not removed and not added
            if is_open:
                made[-1] = Piece(SAME, made[-1].text + each.text)
            elif each.text:
                made.append(each)
            removed = added = ""
    return made


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """一处改动里，旧的哪段改成了新的哪段：次序不变，相同的字最多。"""
    if len(old) > WIDEST or len(new) > WIDEST:
        shared = min(len(old), len(new))
        yield from zip(old[:shared], new[:shared], strict=True)
        yield from ((each, None) for each in old[shared:])
        yield from ((None, each) for each in new[shared:])
        return
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(old) and j < len(new):
        is_pair = likeness[i][j] >= ALIKE
        if is_pair and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((each, None) for each in old[i:])
    yield from ((None, each) for each in new[j:])


def _likeness(one: str, other: str) -> float:
    """相同的字占两段平均长短的几成。"""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other)) if one and other else 0.0
