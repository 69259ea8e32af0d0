"""申请人找机构：凭名称（全称、简称、别称、原来的名称），或者按层级看；找到了怎样申请。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.foundation.organisations.rules import (
    DatedName,
    Directory,
    Unit,
    holds,
    normalise,
    unit_exists,
)
from yangguang.foundation.organisations.selectors import directory, existing, lineage

from ..models import RequestOffice
from ..selectors import BOUND, offices

ACCEPTS, PARTY, INSTITUTION, NO_OFFICE = "accepts", "party", "institution", "no_office"
WAYS = {
    ACCEPTS: "",
    PARTY: "党务公开",
    INSTITUTION: "公共企事业单位",
    NO_OFFICE: "网上还没有受理",
}
"""一个机构怎样申请，列表里的一个词；受理的不必说。"""
MOST = 30
"""凭名称找，最多列这么多个。"""
SHORTEST = 2
"""只有一个字的不找：几乎每个机构都有。"""


@dataclass(frozen=True)
class Place:
    """一个机构：``way`` 是怎样申请，``note`` 是凭原来的名称、由沿革找到它的说明。"""

    organisation: Organisation
    way: str
    note: str = ""

    @property
    def label(self) -> str:
        """列表里的一个词。"""
        return WAYS[self.way]


@dataclass(frozen=True)
class Group:
    """一组机构：州级部门、乡镇街道……"""

    label: str
    places: tuple[Place, ...]


def way_of(organisation: Organisation, accepting: frozenset[int]) -> str:
    """向它怎样申请。``accepting`` 是登记了受理机构的机构。"""
    if organisation.kind == Kind.PARTY:
        return PARTY
    if organisation.kind not in BOUND:
        return INSTITUTION
    return ACCEPTS if organisation.pk in accepting else NO_OFFICE


def accepting(on: date) -> frozenset[int]:
    """``on`` 当日受理申请的机构。一次查询。"""
    return frozenset(offices(on).values_list("organisation_id", flat=True))


def place_of(organisation: Organisation) -> Place:
    """一个机构。一次查询。"""
    has = RequestOffice.objects.filter(organisation=organisation).exists()
    return Place(organisation, way_of(organisation, frozenset({organisation.pk} if has else ())))


def by_words(words: str, on: date) -> list[Place]:
    """名称里有 ``words`` 的机构，最像的在前；撤并了的给承接它的。空格隔开的几个词都要有。七次查询。"""
    forms = [form for each in words.split() if (form := _shortened(each))]
    if sum(map(len, forms)) < SHORTEST:
        return []
    known = directory()
    notes: dict[str, str] = {}
    names = [(_shortened(name), bearers) for name, bearers in known.names.items()]
    for form, bearers in sorted(names, key=lambda pair: _likeness(pair[0], forms)):
        if all(each in form for each in forms):
            for unit, dated in bearers:
                for code, note in _current(known, unit, dated, on):
                    notes.setdefault(code, note)
    codes = list(notes)[:MOST]
    rows = {row.code: row for row in existing(on).filter(code__in=codes)}
    has = accepting(on)
    return [
        Place(rows[code], way_of(rows[code], has), notes[code]) for code in codes if code in rows
    ]


def _shortened(name: str) -> str:
    """“某某镇政府”就是“某某镇人民政府”。"""
    return normalise(name).replace("人民政府", "政府")


def _likeness(form: str, forms: list[str]) -> tuple[bool, bool, int, str]:
    """排次序用：正是所写的、以所写的开头的、短的在前。"""
    whole = "".join(forms)
    return (form != whole, not form.startswith(whole), len(form), form)


def _current(known: Directory, unit: Unit, dated: DatedName, on: date) -> Iterable[tuple[str, str]]:
    """这个名称现在指的机构，和一句说明。"""
    if unit_exists(unit, on):
        is_past = not holds(dated.valid_from, dated.valid_until, on)
        return [(unit.code, f"原来叫“{dated.name}”" if is_past else "")]
    note = f"“{dated.name}”已经撤并，职责由它承接"
    return [(code, note) for code in known.successors(unit.code, on) if code != unit.code]


def browsed(within: Organisation | None, on: date) -> list[Group]:
    """按层级看：没有指明的看州级的和各县市，指明了县市的看它的部门和乡镇街道。两次查询。"""
    has = accepting(on)
    rows = existing(on)
    if within is not None:
        rows = rows.filter(path__startswith=within.path)
    found = [(row, Place(row, way_of(row, has))) for row in rows]
    if within is not None:
        labels = {Level.COUNTY: "县市级", Level.TOWNSHIP: "乡镇、街道"}
        return _grouped((labels.get(Level(row.level), "本级"), place) for row, place in found)
    return _grouped(("州级机关", place) for row, place in found if row.level == Level.PREFECTURE)


def _grouped(pairs: Iterable[tuple[str, Place]]) -> list[Group]:
    """同名的归一组。受理的在前，其余照树的次序。"""
    groups: dict[str, list[Place]] = {}
    for label, place in pairs:
        groups.setdefault(label, []).append(place)
    return [
        Group(label, tuple(sorted(places, key=lambda place: place.way != ACCEPTS)))
        for label, places in groups.items()
    ]


def counties(on: date) -> list[Organisation]:
    """各县市。一次查询。"""
    return list(existing(on).filter(level=Level.COUNTY, kind=Kind.GOVERNMENT))


def superior(organisation: Organisation) -> RequestOffice | None:
    """不受理的机构，去问谁：它的主管部门的受理机构，没有登记的向上找最近的。两次查询。"""
    authority = organisation.disclosure_authority
    above = [authority.path] if authority else []
    paths = [*above, *reversed(lineage(organisation)[:-1])]
    found = {
        office.organisation.path: office
        for office in RequestOffice.objects.filter(organisation__path__in=paths).select_related(
            "organisation"
        )
    }
    return next((found[path] for path in paths if path in found), None)


def named(text: str, on: date) -> Organisation | None:
    """一段话里（“负责公开的机关名称、联系方式”）写的是哪个机构：名称最长的那个；认不出为空。六次查询。"""
    form = normalise(text)
    known = directory(on)
    codes = [
        (len(name), bearers[0][0].code)
        for name, bearers in known.names.items()
        if len(name) > SHORTEST and name in form and len({unit.code for unit, _ in bearers}) == 1
    ]
    if not codes:
        return None
    return Organisation.objects.filter(code=max(codes)[1]).first()
