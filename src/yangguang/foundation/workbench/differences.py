"""两段文字哪里不同。中文没有空格：先按段对齐，再按句，句里按字；数、字母连写的当一个。纯函数。

再长的文字也只费有限的工夫（``Effort``，按比较的次数算，不看钟，同样的文字总是同样的结果）：
工夫用完了，余下的不再细分，整段整句当作删了、加了。
"""

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
ENOUGH = 3_000_000
"""一次对照最多费多少工夫：两核机器上一两秒。"""
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


@dataclass
class Effort:
    """还剩多少工夫。一次对照里各处合用一份。"""

    left: int = ENOUGH

    def spend(self, amount: int) -> bool:
        """够就用掉，不够就不做。"""
        if amount > self.left:
            return False
        self.left -= amount
        return True


def pieces(old: str, new: str, effort: Effort | None = None) -> list[Piece]:
    """从 ``old`` 到 ``new`` 改了哪些字。连起来，去掉加的是旧的，去掉删的是新的。"""
    effort = effort or Effort()
    found: list[Piece] = []
    for tag, left, right in _blocks(_PHRASES.findall(old), _PHRASES.findall(new), effort):
        if tag == "equal":
            found.append(Piece(SAME, "".join(left)))
        else:
            found += _by_character("".join(left), "".join(right), effort)
    return _joined(found)


def compared(old: str, new: str, effort: Effort | None = None) -> list[Pair]:
    """一段一段对着看。"""
    effort = effort or Effort()
    pairs: list[Pair] = []
    for tag, left, right in _blocks(_paragraphs(old), _paragraphs(new), effort):
        if tag == "equal":
            pairs += [Pair((Piece(SAME, each),), (Piece(SAME, each),)) for each in left]
            continue
        for one, other in _matched(left, right, effort):
            if one is None or other is None:
                pairs.append(
                    Pair(
                        None if one is None else (Piece(REMOVED, one),),
                        None if other is None else (Piece(ADDED, other),),
                    )
                )
                continue
            changed = pieces(one, other, effort)
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
    old: Sequence[str], new: Sequence[str], effort: Effort
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """对齐：先去掉一样的开头和末尾，中间的细比；太费工夫的，中间整个当作改了。"""
    shared = min(len(old), len(new))
    head = next((n for n in range(shared) if old[n] != new[n]), shared)
    rest = shared - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", old[:head], new[:head]
    if left and right and effort.spend(_labour(left, right)):
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield tag, left[i1:i2], right[j1:j2]
    elif left or right:
        yield "replace", left, right
    if tail:
        yield "equal", old[len(old) - tail :], new[len(new) - tail :]


def _labour(old: Sequence[str], new: Sequence[str]) -> int:
    """细比要费的工夫：两边一样的每一对都要看，一样的越零碎看得越多遍。"""
    counts, others = Counter(old), Counter(new)
    pairs = sum(count * others[each] for each, count in counts.items())
    return (len(old) + len(new) + pairs) * min(len(counts), len(others), 12)


def _by_character(old: str, new: str, effort: Effort) -> list[Piece]:
    """一处改动里逐字对照；夹在两处改动中间、零零碎碎相同的字，不算相同。"""
    found: list[Piece] = []
    for tag, left, right in _blocks(_CHARACTERS.findall(old), _CHARACTERS.findall(new), effort):
        if tag == "equal":
            found.append(Piece(SAME, "".join(left)))
        else:
            found += [Piece(REMOVED, "".join(left)), Piece(ADDED, "".join(right))]
    return _settled(_joined(found))


@dataclass
class _Change:
    removed: str = ""
    added: str = ""

    @property
    def length(self) -> int:
        return len(self.removed) + len(self.added)


def _settled(found: Sequence[Piece]) -> list[Piece]:
    """夹在两处改动中间的零碎并进改动里；并了以后改动长了，前面的再看一遍。"""
    made: list[_Change | str] = []  # 改动和相同的相间，总以改动开头
    change = _Change()
    for each in (*found, Piece(SAME, "")):
        if each.kind == REMOVED:
            change.removed += each.text
        elif each.kind == ADDED:
            change.added += each.text
        else:
            _settle(made, change)
            change = _Change()
            made.append(each.text)
    return _joined(
        [
            piece
            for each in made
            for piece in (
                [Piece(SAME, each)]
                if isinstance(each, str)
                else [Piece(REMOVED, each.removed), Piece(ADDED, each.added)]
            )
            if piece.text
        ]
    )


def _settle(made: list[_Change | str], change: _Change) -> None:
    """把一处改动接在后面，能并的都往前并。"""
    while len(made) > 1 and change.length:
        between, before = made[-1], made[-2]
        assert isinstance(between, str) and isinstance(before, _Change)  # noqa: S101  相间着放的
        if not _is_stray(between, before.length, change.length):
            break
        del made[-2:]
        change = _Change(
            before.removed + between + change.removed, before.added + between + change.added
        )
    made.append(change)


def _is_stray(text: str, before: int, after: int) -> bool:
    length = len(text)
    return bool(before and after) and (length < 2 or length * 2 <= min(before, after))


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


def _matched(
    old: Sequence[str], new: Sequence[str], effort: Effort
) -> Iterator[tuple[str | None, str | None]]:
    """一处改动里，旧的哪段改成了新的哪段：次序不变，相同的字最多。"""
    is_wide = len(old) > WIDEST or len(new) > WIDEST
    if is_wide or not effort.spend(len(new) * sum(map(len, old)) + len(old) * sum(map(len, new))):
        shared = min(len(old), len(new))
        yield from zip(old[:shared], new[:shared], strict=True)
        yield from ((each, None) for each in old[shared:])
        yield from ((None, each) for each in new[shared:])
        return
    ones, others = [Counter(each) for each in old], [Counter(each) for each in new]
    likeness = [[_likeness(one, other) for other in others] for one in ones]
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


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """相同的字占两段平均长短的几成。"""
    length = one.total() + other.total()
    return 2 * (one & other).total() / length if one and other else 0.0
