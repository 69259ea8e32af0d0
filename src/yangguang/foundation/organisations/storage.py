"""把四张表写进数据库：只写与库里不同的行。由 ``services`` 在事务里调用。"""

from dataclasses import dataclass
from typing import Any

from .models import Organisation, OrganisationGroup, OrganisationName, Succession
from .tables import SHEETS, Row, Tables, key

RULE_FIELDS = ("levels", "kinds", "within", "except")


@dataclass(frozen=True)
class Written:
    """写了多少行：新增的、改动的；``organisations`` 是其中新增的机构数。"""

    created: int
    changed: int
    organisations: int


def write_tables(wanted: Tables, present: Tables) -> Written:
    """使库里的资料与 ``wanted`` 相同。机构和沿革只增改、不删除；名称、集合词以 ``wanted`` 为准。"""
    created = changed = organisations = 0
    for sheet in SHEETS:
        had = {key(sheet, row.values): row.values for row in present.rows(sheet)}
        rows = [row for row in wanted.rows(sheet) if had.get(key(sheet, row.values)) != row.values]
        fresh = [row for row in rows if key(sheet, row.values) not in had]
        altered = [row for row in rows if key(sheet, row.values) in had]
        created += len(fresh)
        changed += len(altered)
        if sheet.field == "organisations":
            organisations = len(fresh)
            _write_organisations(fresh, altered)
        elif sheet.field == "names":
            kept = {key(sheet, row.values) for row in wanted.rows(sheet)}
            dropped = [values for found, values in had.items() if found not in kept]
            changed += len(dropped)
            _write_names(rows, dropped)
        elif sheet.field == "successions":
            _write_successions(rows)
        else:
            _write_groups(rows)
    return Written(created, changed, organisations)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k not in ("parent", "disclosure_authority")}


def _write_organisations(fresh: list[Row], altered: list[Row]) -> None:
    for row in _parents_first(fresh):
        instance = Organisation(**_plain(row.values))
        if row.values["parent"]:
            parent = Organisation.objects.get(code=row.values["parent"])
            Organisation.objects.add_child(parent, instance=instance)
        else:
            Organisation.objects.add_root(instance=instance)
    # 先把要换的信用代码腾空，两个机构对调代码才不会撞上唯一约束。
    codes = [row.values["code"] for row in altered]
    Organisation.objects.filter(code__in=codes).update(uscc="", uscc_is_demonstration=False)
    for row in altered:
        organisation = Organisation.objects.get(code=row.values["code"])
        for name, value in _plain(row.values).items():
            setattr(organisation, name, value)
        organisation.save()
        above = Organisation.objects.get_parent(organisation)
        if row.values["parent"] != (above.code if above else ""):
            _move(organisation, row.values["parent"])
    codes += [row.values["code"] for row in fresh]
    pks = dict(Organisation.objects.values_list("code", "pk"))
    for row in (*fresh, *altered):
        Organisation.objects.filter(code=row.values["code"]).update(
            disclosure_authority=pks.get(row.values["disclosure_authority"])
        )


def _move(organisation: Organisation, parent: str) -> None:
    if parent:
        target = Organisation.objects.get(code=parent)
        Organisation.objects.move(organisation, target, "last-child")
    else:
        last = Organisation.objects.filter(depth=1).order_by("path").last()
        Organisation.objects.move(organisation, last, "last-sibling")


def _parents_first(rows: list[Row]) -> list[Row]:
    waiting = {row.values["code"]: row for row in rows}
    ordered: list[Row] = []

    def place(row: Row) -> None:
        if waiting.pop(row.values["code"], None) is None:
            return
        if above := waiting.get(row.values["parent"]):
            place(above)
        ordered.append(row)

    for row in rows:
        place(row)
    return ordered


def _write_names(rows: list[Row], dropped: list[dict[str, Any]]) -> None:
    pks = dict(Organisation.objects.values_list("code", "pk"))

    def stored(values: dict[str, Any]) -> Any:
        return OrganisationName.objects.filter(
            organisation_id=pks[values["organisation"]],
            kind=values["kind"],
            name=values["name"],
            valid_from=values["valid_from"],
        )

    # 先删后写：新旧名称的期间可能首尾相接。
    for values in (*dropped, *(row.values for row in rows)):
        stored(values).delete()
    OrganisationName.objects.bulk_create(
        OrganisationName(
            organisation_id=pks[row.values["organisation"]],
            **{k: v for k, v in row.values.items() if k != "organisation"},
        )
        for row in rows
    )


def _write_successions(rows: list[Row]) -> None:
    pks = dict(Organisation.objects.values_list("code", "pk"))
    for row in rows:
        Succession.objects.update_or_create(
            predecessor_id=pks[row.values["predecessor"]],
            successor_id=pks[row.values["successor"]],
            defaults={"on": row.values["on"], "note": row.values["note"]},
        )


def _write_groups(rows: list[Row]) -> None:
    pks = dict(Organisation.objects.values_list("code", "pk"))
    for row in rows:
        values = row.values
        group, _ = OrganisationGroup.objects.update_or_create(
            organisation_id=pks[values["organisation"]],
            phrase=values["phrase"],
            defaults={
                "variants": values["variants"],
                "is_open": values["is_open"],
                "note": values["note"],
                "rule": {name: values[name] for name in RULE_FIELDS if values[name]},
            },
        )
        group.members.set([pks[code] for code in values["members"]])
