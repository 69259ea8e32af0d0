"""机构的读取。"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Kind, Level, Organisation, OrganisationGroup, OrganisationName, Succession
from .rules import DatedName, Directory, Group, Resolution, Unit, resolve, unit_exists
from .tables import SHEETS, Row, Tables

STEP = Organisation.steplen


def directory(on: date | None = None) -> Directory:
    """机构名录，平白的值，供 ``rules.resolve`` 使用。五次查询。

    给了 ``on`` 就只含当日存在的机构，否则含历史上的全部机构。
    """
    names: dict[int, list[DatedName]] = defaultdict(list)
    for row in OrganisationName.objects.order_by("pk"):
        names[row.organisation_id].append(
            DatedName(row.name, row.kind, row.valid_from, row.valid_until)
        )
    successors: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for succession in Succession.objects.select_related("successor").order_by("on", "pk"):
        successors[succession.predecessor_id].append((succession.on, succession.successor.code))
    organisations = list(Organisation.objects.order_by("path"))
    codes = {organisation.path: organisation.code for organisation in organisations}
    units = tuple(
        Unit(
            code=organisation.code,
            name=organisation.name,
            short_name=organisation.short_name,
            level=organisation.level,
            kind=organisation.kind,
            parent=codes.get(organisation.path[:-STEP]),
            valid_from=organisation.valid_from,
            valid_until=organisation.valid_until,
            names=tuple(names[organisation.pk]),
            successors=tuple(successors[organisation.pk]),
        )
        for organisation in organisations
    )
    groups = tuple(
        Group(
            owner=group.organisation.code,
            phrase=group.phrase,
            variants=tuple(group.variants),
            is_open=group.is_open,
            rule=group.rule,
            members=tuple(member.code for member in group.members.all()),
        )
        for group in OrganisationGroup.objects.select_related("organisation")
        .prefetch_related("members")
        .order_by("pk")
    )
    if on is not None:
        units = tuple(unit for unit in units if unit_exists(unit, on))
    return Directory(units, groups)


def resolve_units(
    phrases: Iterable[str], on: date | None = None, scope: str | None = None
) -> list[Resolution]:
    """逐个认出 ``phrases`` 在 ``on`` 当日指哪些机构，次序不变。五次查询，与个数无关。

    ``scope`` 是说话的机构的代码，同名时就近取。
    """
    known = directory()
    return [resolve(phrase, known, on, scope) for phrase in phrases]


def by_code(code: str) -> Organisation:
    """按代码取机构，连同它的主管部门。一次查询；没有则抛出 ``Organisation.DoesNotExist``。"""
    found: Organisation = Organisation.objects.select_related("disclosure_authority").get(code=code)
    return found


def subtree(organisation: Organisation) -> QuerySet[Organisation]:
    """机构自己和全部下级，按树的次序。一次查询。"""
    found: QuerySet[Organisation] = Organisation.objects.filter(path__startswith=organisation.path)
    return found.order_by("path")


def lineage(organisation: Organisation) -> list[str]:
    """机构的各级上级和它自己在树上的路径，从上到下。"""
    steps = Organisation.steplen
    return [organisation.path[:end] for end in range(steps, len(organisation.path) + 1, steps)]


def existing(on: date | None = None) -> QuerySet[Organisation]:
    """``on`` 当日（默认今天）存在的机构，按树的次序。一次查询。"""
    day = on or timezone.localdate()
    found: QuerySet[Organisation] = Organisation.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
    )
    return found.order_by("path")


def counties(on: date | None = None) -> QuerySet[Organisation]:
    """各县市人民政府。一次查询。"""
    return existing(on).filter(level=Level.COUNTY, kind=Kind.GOVERNMENT)


def departments(
    government: Organisation | None = None, on: date | None = None
) -> QuerySet[Organisation]:
    """政府的工作部门：直属于 ``government`` 的行政机关，默认州一级的全部。一次查询。"""
    found = existing(on).filter(kind=Kind.ADMINISTRATIVE)
    if government is None:
        return found.filter(level=Level.PREFECTURE)
    return found.filter(path__startswith=government.path, depth=government.depth + 1)


def tables() -> Tables:
    """库里的全部机构资料，排成 ``tables`` 的四张表。五次查询。"""
    organisations = list(Organisation.objects.order_by("path"))
    by_path = {organisation.path: organisation.code for organisation in organisations}
    codes: dict[int | None, str] = {None: ""}
    codes |= {organisation.pk: organisation.code for organisation in organisations}
    found = Tables()
    for organisation in organisations:
        found.organisations.append(
            _row(
                "organisations",
                organisation,
                parent=by_path.get(organisation.path[:-STEP], ""),
                disclosure_authority=codes[organisation.disclosure_authority_id],
            )
        )
    for name in OrganisationName.objects.order_by("organisation__path", "kind", "pk"):
        found.names.append(_row("names", name, organisation=codes[name.organisation_id]))
    for succession in Succession.objects.order_by("on", "pk"):
        found.successions.append(
            _row(
                "successions",
                succession,
                predecessor=codes[succession.predecessor_id],
                successor=codes[succession.successor_id],
            )
        )
    for group in OrganisationGroup.objects.prefetch_related("members").order_by("pk"):
        found.groups.append(
            _row(
                "groups",
                group,
                organisation=codes[group.organisation_id],
                levels=group.rule.get("levels", []),
                kinds=group.rule.get("kinds", []),
                within=group.rule.get("within", ""),
                **{"except": group.rule.get("except", [])},
                members=sorted(member.code for member in group.members.all()),
            )
        )
    return found


def _row(table: str, record: Any, **given: Any) -> Row:
    sheet = next(sheet for sheet in SHEETS if sheet.field == table)
    return Row(
        {
            column.field: given[column.field]
            if column.field in given
            else getattr(record, column.field)
            for column in sheet.columns
        }
    )
