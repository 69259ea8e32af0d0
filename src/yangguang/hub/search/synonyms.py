"""同义的写法：一个词还应当查哪些别的写法。纯规则，不碰数据库、时钟和配置。

来处有二：办公室维护的同义词；机构名录里同一个机构的全称、简称、别称，和前后承接的机构。
照写的词查到的一条不少：同义的写法只是“或者”，见 ``tantivy_engine``。
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, product
from types import MappingProxyType

from yangguang.foundation.organisations.rules import Directory, Unit

from .rules import Query, squeeze

MOST = 6
"""一个词最多另查这么多种写法。"""
MOST_OF_ALL = 12
"""一句查询的各词合起来，最多另查这么多种。"""
TRIED = 24
"""一个词里换来换去，最多试这么多种换法。"""
LONGEST = 40
"""再长的词不换：多半是整句，同义的写法也不会逐字相同。"""
SHORTEST_PART = 2
"""词中间的一段，至少这么多字才换；整个词就是它的不限。"""
SHORTEST_STEM = 3
"""名称去掉地名以后，至少剩这么多字才算一个说法。"""
GOVERNMENT = "人民政府"


@dataclass(frozen=True)
class Thesaurus:
    """同义词典：整理过的写法，对它的其他写法。"""

    terms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """各写法有几种长短，长的在前。"""
        return tuple(sorted({len(term) for term in self.terms}, reverse=True))

    def alternatives(self, word: str, occurs: Callable[[str], bool]) -> tuple[str, ...]:
        """``word``（整理过的）另外的写法，最多 ``MOST`` 种，可取的在前。

        包含原词的、包含另一种写法的，查到的不会更多，不列。换了词中间一段的，不一定真有这种说法，
        ``occurs`` 说没有的不列。
        """
        if len(word) > LONGEST:
            return ()
        if whole := self.terms.get(word):
            return _least(whole, word)[:MOST]
        tried = ("".join(parts) for parts in product(*self._parts(word)))
        changed = dict.fromkeys(each for each in islice(tried, TRIED) if each != word)
        return tuple(islice(filter(occurs, _least(changed, word)), MOST))

    def _parts(self, word: str) -> list[tuple[str, ...]]:
        """词切成段：是一种写法的，列出它和它的其他写法；不是的照旧。先取长的。"""
        parts: list[tuple[str, ...]] = []
        at = 0
        while at < len(word):
            sizes = (n for n in self.lengths if SHORTEST_PART <= n <= len(word) - at)
            size = next((n for n in sizes if word[at : at + n] in self.terms), 0)
            term = word[at : at + (size or 1)]
            parts.append((term, *(self.terms[term] if size else ())))
            at += len(term)
        return parts

    def expanded(self, query: Query, occurs: Callable[[str], bool]) -> Query:
        """连同同义的写法一起查。文号、引号里的词照写的查。"""
        if query.number or not self.terms:
            return query
        left = MOST_OF_ALL
        also: list[tuple[str, ...]] = []
        for word in query.words:
            found = () if word in query.quoted else self.alternatives(word, occurs)[:left]
            left -= len(found)
            also.append(found)
        return replace(query, also=tuple(also)) if any(also) else query


def thesaurus(groups: Iterable[Sequence[str]], known: Directory) -> Thesaurus:
    """由几组同义词和机构名录编成词典；办公室定的在前。"""
    terms: dict[str, dict[str, None]] = defaultdict(dict)
    for group in groups:
        words = [squeeze(word) for word in group]
        _relate(terms, words, words)
    _relate_units(terms, known)
    return Thesaurus(
        MappingProxyType({term: tuple(others) for term, others in terms.items() if others})
    )


def _least(candidates: Iterable[str], word: str) -> tuple[str, ...]:
    """不含 ``word``、也不含别的候选的那几种：别的查到的都在它们之内。"""
    kept = [each for each in candidates if word not in each]
    return tuple(
        each for each in kept if not any(other != each and other in each for other in kept)
    )


def _relate(
    terms: dict[str, dict[str, None]], sources: Iterable[str], targets: Sequence[str]
) -> None:
    for source in sources:
        for target in targets:
            if source and target and source != target:
                terms[source][target] = None


def _relate_units(terms: dict[str, dict[str, None]], known: Directory) -> None:
    units = {unit.code: unit for unit in known.units}
    names = {code: _names(unit) for code, unit in units.items()}
    stems = {
        code: _stems(names[code], names.get(unit.parent or "", ())) for code, unit in units.items()
    }
    told = _unambiguous(names, known.units)
    for code, unit in units.items():
        own = [name for name in names[code] if name in told]
        for alike in _alike(own, unit):
            _relate(terms, alike, alike)
        _relate(terms, stems[code], stems[code])
        for _, after in unit.successors:
            if after not in units:
                continue
            later = [name for name in names[after] if name in told]
            for before, behind in ((own, later), (stems[code], stems[after])):
                _relate(terms, before, behind)
                _relate(terms, behind, before)


def _names(unit: Unit) -> list[str]:
    written = (unit.short_name, unit.name, *(each.name for each in unit.names))
    return list(dict.fromkeys(filter(None, map(squeeze, written))))


def _stems(names: Iterable[str], above: Iterable[str]) -> list[str]:
    """名称去掉地名：州人社局也说成人社局。地名取自上级政府的名称。"""
    places = {name.removesuffix(GOVERNMENT).removesuffix(GOVERNMENT[2:]) for name in above}
    ordered = sorted(filter(None, places), key=len, reverse=True)
    stems = []
    for name in names:
        place = next((place for place in ordered if name.startswith(place)), "")
        if place and len(name) - len(place) >= SHORTEST_STEM:
            stems.append(name[len(place) :])
    return list(dict.fromkeys(stems))


def _alike(names: Sequence[str], unit: Unit) -> Iterable[list[str]]:
    """说的是一回事的几组：政府的名称与地名（永靖县人民政府、永靖县）不算一回事。"""
    if unit.kind != "government":
        return [list(names)]
    governments = [name for name in names if GOVERNMENT[2:] in name]
    return [governments, [name for name in names if name not in governments]]


def _unambiguous(names: Mapping[str, Iterable[str]], units: Iterable[Unit]) -> frozenset[str]:
    """只说一家的名称：同名的几家没有承接关系的（各县的“县政府”），说不准是谁。"""
    family = {unit.code: unit.code for unit in units}

    def root(code: str) -> str:
        while family[code] != code:
            code = family[code]
        return code

    for unit in units:
        for _, after in unit.successors:
            if after in family:
                family[root(unit.code)] = root(after)
    holders: dict[str, set[str]] = defaultdict(set)
    for code, written in names.items():
        for name in written:
            holders[name].add(root(code))
    return frozenset(name for name, held in holders.items() if len(held) == 1)
