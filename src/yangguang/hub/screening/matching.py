"""查：一段文字里有哪些要处理的。纯规则，不碰数据库、时钟和配置。

词条编成一台自动机，一遍扫出全部命中，再逐个判断：在除外的说法里的放过，职务、上级地名看上下文，
互相重叠的取要紧的、长的。个人信息和密级标志由 ``foundation.screening`` 检测，合在一起给出。
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick

from yangguang.foundation.screening.rules import Finding, screen

from .entries import BLOCK, DICTIONARIES, WARN, Entry
from .folding import Folded, fold, folded, plain
from .kinds import MASKED
from .titles import agrees, said_with

_WRONG, _SHIELD, _NAME, _PLACE = "wrong", "shield", "name", "place"


@dataclass(frozen=True)
class _Hit:
    """一次命中：哪一条、以什么身份、折叠文字里的起止。"""

    entry: int
    role: str
    start: int
    end: int


class Matcher:
    """编好的词典。编一次，查多次；不可变，几个线程可以合用。"""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        forms: dict[str, list[tuple[int, str]]] = {}
        for number, entry in enumerate(self.entries):
            for text, role in _forms(entry):
                if form := folded(text):
                    roles = forms.setdefault(form, [])
                    if (number, role) not in roles:
                        roles.append((number, role))
        self._roles = tuple(forms.values())
        self._automaton = AhoCorasick(list(forms)) if forms else None
        self._posts = _by_text(self.entries, "leaders")
        self._places = _by_text(self.entries, "places")
        dates = (d for e in self.entries for d in (e.valid_from, e.valid_until) if d)
        self._edges = sorted({edge for d in dates for edge in (d.toordinal(), d.toordinal() + 1)})

    def period(self, on: date) -> int:
        """``on`` 落在第几段：同一段里的日子，起止都一样，查出来的也一样。"""
        return bisect_right(self._edges, on.toordinal())

    def find(self, text: str, on: date) -> list[Finding]:
        """``text`` 里的全部发现，按位置，互不重叠；``on`` 是看哪一天的起止。

        密级标志总在其中；与别的重叠时，别的不列。
        """
        return settle([*screen(text), *self._dictionary_findings(fold(text), text, on)])

    def find_terms(self, text: str, on: date) -> list[Finding]:
        """只要词典查出的，不看个人信息和密级标志。"""
        return settle(list(self._dictionary_findings(fold(text), text, on)))

    # ---- 词典 ----

    def _dictionary_findings(self, said: Folded, text: str, on: date) -> Iterator[Finding]:
        hits = self._hits(said, text)
        shields: dict[int, list[_Hit]] = {}
        for hit in hits:
            if hit.role == _SHIELD:
                shields.setdefault(hit.entry, []).append(hit)
        names: dict[tuple[int, int], _Hit] = {}
        for hit in hits:
            entry = self.entries[hit.entry]
            if hit.role == _NAME:
                names.setdefault((hit.start, hit.end), hit)
            elif hit.role == _PLACE:
                yield from self._misplaced(said, text, hit)
            elif hit.role == _WRONG and entry.holds(on):
                covered = any(
                    s.start <= hit.start and hit.end <= s.end for s in shields.get(hit.entry, ())
                )
                if not covered and not _is_right(entry, text, said, hit):
                    yield _finding(entry, text, *said.span(hit.start, hit.end))
        for hit in names.values():
            yield from self._wrong_titles(said, text, hit, on)

    def _hits(self, said: Folded, text: str) -> list[_Hit]:
        if self._automaton is None:
            return []
        found = self._automaton.find_matches_as_indexes(said.text, overlapping=True)
        return [
            _Hit(entry, role, start, end)
            for form, start, end in found
            if _stands_alone(said, text, start, end)
            for entry, role in self._roles[form]
        ]

    def _wrong_titles(self, said: Folded, text: str, hit: _Hit, on: date) -> Iterator[Finding]:
        """姓名连写的职务不是当日在任的。"""
        rows = self._posts[folded(self.entries[hit.entry].text)]
        posts = [row for row in rows if row.holds(on)]
        if not posts and all(row.valid_from and on < row.valid_from for row in rows):
            return
        wrong = [
            each
            for each in said_with(said.text, hit.start, hit.end)
            if not agrees(each, [folded(post.right) for post in posts])
        ]
        if not wrong:
            return
        start, end = said.span(
            min(hit.start, *(each.start for each in wrong)),
            max(hit.end, *(each.end for each in wrong)),
        )
        severity = BLOCK if any(row.weight == BLOCK for row in rows) else WARN
        told = "、".join(post.right for post in posts)
        suggestion = f"现任{told}" if told else "所列职务都已卸任，请核实"
        yield Finding("leader_title", severity, text[start:end], start, end, suggestion)

    def _misplaced(self, said: Folded, text: str, hit: _Hit) -> Iterator[Finding]:
        """地名前面冠的是别的上级。"""
        name = folded(self.entries[hit.entry].text)
        parents = [folded(row.right) for row in self._places[name] if row.right]
        before = said.text[max(0, hit.start - 30) : hit.start]
        if not parents or any(before.endswith(parent) for parent in parents):
            return
        for other in self._places:
            if before.endswith(other) and other not in parents:
                rows = self._places[name]
                start, end = said.span(hit.start - len(other), hit.end)
                told = "、".join(row.right for row in rows if row.right)
                suggestion = f"{rows[0].text}属{told}"
                yield Finding("place_name", rows[0].weight, text[start:end], start, end, suggestion)
                return


def _forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """一条里要在文中找的字样，各以什么身份。"""
    for text in entry.searched:
        yield text, _WRONG
    for text in entry.exceptions:
        yield text, _SHIELD
    right = entry.correct
    # 折叠之后与误写同形的，要看原文才分得出，见 ``_is_right``
    if folded(right) not in {folded(text) for text in entry.searched}:
        yield right, _SHIELD
    if entry.dictionary == "leaders":
        yield entry.text, _NAME
    if entry.dictionary == "places" and entry.right:
        yield entry.text, _PLACE


def _by_text(entries: Iterable[Entry], dictionary: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.dictionary == dictionary:
            found.setdefault(folded(entry.text), []).append(entry)
    return found


def _stands_alone(said: Folded, text: str, start: int, end: int) -> bool:
    """外文词、数字不从中间断开：“ip”不在“shipping”里。"""
    first, last = said.text[start], said.text[end - 1]
    if not (_is_ascii_word(first) or _is_ascii_word(last)):
        return True
    begin, stop = said.span(start, end)
    before, after = folded(text[max(0, begin - 1) : begin]), folded(text[stop : stop + 1])
    return not (
        (_is_ascii_word(first) and _is_ascii_word(before[-1:]))
        or (_is_ascii_word(last) and _is_ascii_word(after[:1]))
    )


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_right(entry: Entry, text: str, said: Folded, hit: _Hit) -> bool:
    """折叠之后同形、其实写对了的：“乾坤”与误写的“干坤”。"""
    right = entry.correct
    if not right or folded(right) != said.text[hit.start : hit.end]:
        return False
    start, end = said.span(hit.start, hit.end)
    return plain(text[start:end]) == plain(right)


def _finding(entry: Entry, text: str, start: int, end: int) -> Finding:
    known = DICTIONARIES[entry.dictionary]
    kind = known.kind
    if entry.dictionary == "terms" and entry.weight == WARN:
        kind = "sensitive_term"
    elif entry.dictionary == "leaders":
        kind = "leader_name"
    suggestion = entry.correct or entry.note or "请删去或改写"
    return Finding(kind, entry.weight, text[start:end], start, end, suggestion)


def settle(findings: Sequence[Finding]) -> list[Finding]:
    """互相重叠的只留一个，密级标志总在其中：拦下的在先，其次密级标志，其次个人信息，其次长的、靠前的。按位置给出。"""
    taken: list[Finding] = []
    marks = bytearray(max((finding.end for finding in findings), default=0))
    for finding in sorted(findings, key=_weight):
        if any(marks[finding.start : finding.end]) and finding.kind != "secret_mark":
            continue
        marks[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
        taken.append(finding)
    return sorted(taken, key=lambda finding: (finding.start, finding.end))


def _weight(finding: Finding) -> tuple[bool, bool, bool, int, int]:
    return (
        finding.severity != BLOCK,
        finding.kind != "secret_mark",
        finding.kind not in MASKED,
        finding.start - finding.end,
        finding.start,
    )
