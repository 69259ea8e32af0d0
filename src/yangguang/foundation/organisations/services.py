"""机构的动作：载入名录、从表格导入、更名、合并。每个动作一个事务、一条审计。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record

from . import selectors
from .consistency import check
from .models import NameKind, Organisation, OrganisationName, Succession
from .packaged import csv_files, with_default_names
from .rules import demonstration_uscc
from .storage import Written, write_tables
from .tables import SHEETS, FaultyTables, Row, Sheet, Tables, key, read


class NotPossible(Exception):  # noqa: N818  拒绝是答复，不是程序出错
    """不能做。``reasons`` 是全部理由，每条一句。"""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Loaded:
    """载入的结果。``differing`` 是库里已有、与文件不同而保持原样的机构代码。"""

    created: int
    kept: int
    differing: tuple[str, ...]


@transaction.atomic
def load_organisations(path: Path, *, actor: Actor | None = None) -> Loaded:
    """从 ``path`` 下的四个 csv 载入机构名录；重复载入无害。

    库里已有的行保持原样（可能已在工作台上改过），只补上缺的。没有信用代码的新机构得到演示代码。
    文件有错抛出 ``FaultyTables``，一行也不写。
    """
    incoming, faults = read(csv_files(path))
    if faults:
        raise FaultyTables(faults)
    present = selectors.tables()
    incoming.organisations = [_with_uscc(row) for row in incoming.organisations]
    known = {row.values["code"]: row.values for row in present.organisations}
    differing = tuple(
        row.values["code"]
        for row in incoming.organisations
        if row.values["code"] in known and known[row.values["code"]] != row.values
    )
    merged = with_default_names(_overlay(incoming, present))
    written = _checked(merged, present)
    if written.created or written.changed:
        record(
            "organisations.load",
            actor=actor,
            target=None,
            target_label=path.name,
            public={"created": written.created},
        )
    return Loaded(written.organisations, len(known), differing)


@transaction.atomic
def import_tables(raw: dict[str, list[list[object]]], *, actor: Actor | None = None) -> Written:
    """把表格里的行写入：已有的改，没有的加；表里没提到的不动。

    “名称”表里出现的机构，名称以表为准。任何一格有错就抛出 ``FaultyTables``，带上全部错误，一行也不写。
    """
    incoming, faults = read(raw)
    present = selectors.tables()
    # 格子读不成的行已经剔除，这时再查表间关系只会多出假错。
    if faults:
        raise FaultyTables(faults)
    renamed = {row.values["organisation"] for row in incoming.names}
    kept = replace(
        present,
        names=[row for row in present.names if row.values["organisation"] not in renamed],
    )
    merged = with_default_names(_overlay(kept, incoming))
    written = _checked(merged, present)
    if written.created or written.changed:
        record(
            "organisations.import",
            actor=actor,
            target=None,
            target_label="机构资料",
            public={"created": written.created, "changed": written.changed},
        )
    return written


@transaction.atomic
def rename(
    organisation: Organisation,
    name: str,
    on: date,
    *,
    short_name: str = "",
    note: str = "",
    actor: Actor | None = None,
    at: datetime | None = None,
) -> Organisation:
    """机构自 ``on`` 之日起改称 ``name``；旧名止于前一日，仍可按日期认出。

    机构还是同一个机构；职责由另一个机构承接的，用 ``merge``。不能改抛出 ``NotPossible``。
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    wanted = {NameKind.OFFICIAL: name.strip(), NameKind.SHORT: short_name.strip()}
    if wanted[NameKind.SHORT] == locked.short_name:
        wanted[NameKind.SHORT] = ""
    reasons = [] if wanted[NameKind.OFFICIAL] else ["新名称不能为空。"]
    if locked.valid_until and locked.valid_until < on:
        reasons.append(f"{locked}已于 {locked.valid_until} 撤销，不能在此后更名。")
    if wanted[NameKind.OFFICIAL] == locked.name:
        reasons.append(f"现在就叫“{locked.name}”。")
    current = {
        row.kind: row
        for row in OrganisationName.objects.filter(organisation=locked, valid_until__isnull=True)
        if row.kind != NameKind.ALIAS
    }
    for kind, new in wanted.items():
        row = current.get(kind)
        if new and row and row.valid_from and row.valid_from >= on:
            reasons.append(f"“{row.name}”自 {row.valid_from} 起才启用，更名日期须在此之后。")
    if reasons:
        raise NotPossible(reasons)
    for kind, new in wanted.items():
        if not new:
            continue
        if row := current.get(kind):
            row.valid_until = on - timedelta(days=1)
            row.save()
        OrganisationName.objects.create(
            organisation=locked, name=new, kind=kind, valid_from=on, note=note
        )
    before = locked.name
    locked.name = wanted[NameKind.OFFICIAL]
    locked.short_name = wanted[NameKind.SHORT] or locked.short_name
    locked.save()
    record(
        "organisations.rename",
        actor=actor,
        target=locked,
        fields=("name", "short_name"),
        public={"from": before, "to": locked.name, "on": on.isoformat()},
        note=note,
        at=at,
    )
    organisation.refresh_from_db()
    return organisation


@transaction.atomic
def merge(
    predecessors: Sequence[Organisation],
    successor: Organisation,
    on: date,
    *,
    note: str = "",
    actor: Actor | None = None,
    at: datetime | None = None,
) -> list[Succession]:
    """``predecessors`` 的职责自 ``on`` 之日起由 ``successor`` 承接，它们止于前一日。

    历史、名称和旧文件的归属都不动。不能合并抛出 ``NotPossible``，带上全部理由。
    """
    keys = {organisation.pk for organisation in (*predecessors, successor)}
    locked = {
        organisation.pk: organisation
        for organisation in Organisation.objects.select_for_update().filter(pk__in=keys)
    }
    heir, leaving = locked[successor.pk], [locked[one.pk] for one in predecessors]
    if reasons := _against_merging(leaving, heir, on):
        raise NotPossible(reasons)
    made = []
    for one in leaving:
        one.valid_until = on - timedelta(days=1)
        one.save()
        made.append(Succession.objects.create(predecessor=one, successor=heir, on=on, note=note))
    record(
        "organisations.merge",
        actor=actor,
        target=heir,
        fields=("valid_until",),
        public={"predecessors": [one.code for one in leaving], "on": on.isoformat()},
        note=note,
        at=at,
    )
    for one in (*predecessors, successor):
        one.refresh_from_db()
    return made


def _against_merging(leaving: Iterable[Organisation], heir: Organisation, on: date) -> list[str]:
    leaving = list(leaving)
    reasons = [] if leaving else ["没有指明被合并的机构。"]
    if heir.valid_from and heir.valid_from > on:
        reasons.append(f"{heir}在 {on} 还没有设立。")
    if heir.valid_until and heir.valid_until < on:
        reasons.append(f"{heir}在 {on} 已经撤销。")
    gone = {one.pk for one in leaving}
    for one in leaving:
        if one.pk == heir.pk:
            reasons.append(f"{one}不能承接自己。")
            continue
        if one.valid_until:
            reasons.append(f"{one}已于 {one.valid_until} 撤销。")
        if one.valid_from and one.valid_from >= on:
            reasons.append(f"{one}自 {one.valid_from} 才设立，合并日期须在此之后。")
        remaining = selectors.existing(on).exclude(pk__in=gone)
        if below := list(remaining.filter(path__startswith=one.path)):
            names = "、".join(str(organisation) for organisation in below)
            reasons.append(f"{one}还有下级机构：{names}，请先划转。")
        if supervised := list(remaining.filter(disclosure_authority=one)):
            names = "、".join(str(organisation) for organisation in supervised)
            reasons.append(f"{one}还是{names}的政府信息公开工作主管部门，请先改定。")
    return reasons


def _with_uscc(row: Row) -> Row:
    if row.values["uscc"]:
        return row
    code = demonstration_uscc(row.values["code"])
    return Row({**row.values, "uscc": code, "uscc_is_demonstration": True}, row.number)


def _overlay(base: Tables, above: Tables) -> Tables:
    """两份资料叠在一起：键相同的取 ``above``。"""
    return Tables(**{sheet.field: _overlay_sheet(sheet, base, above) for sheet in SHEETS})


def _overlay_sheet(sheet: Sheet, base: Tables, above: Tables) -> list[Row]:
    rows = {key(sheet, row.values): row for row in base.rows(sheet)}
    rows |= {key(sheet, row.values): row for row in above.rows(sheet)}
    return list(rows.values())


def _checked(merged: Tables, present: Tables) -> Written:
    if faults := check(merged):
        raise FaultyTables(faults)
    return write_tables(merged, present)
