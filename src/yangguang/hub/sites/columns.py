"""栏目的动作：开设、修改、调整次序、关闭、重新启用。"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.policy import may_edit_site
from yangguang.hub.columns.rules import (
    ColumnFacts,
    change_faults,
    closing_faults,
    naming_faults,
)
from yangguang.hub.columns.selectors import columns_of
from yangguang.hub.publications.gate import text_faults
from yangguang.hub.publications.selectors import columns_on, published
from yangguang.hub.publications.services import move
from yangguang.hub.publications.sharing import share

EMPTY = "sites.empty_column"
"""把关闭了的栏目里的信息移走的作业。"""
CHUNK = 200
EDITED = ("name", "column_type", "description", "keywords", "statutory_content")


@transaction.atomic
def open_column(
    site: Site, values: Mapping[str, Any], *, code: str, parent: Column | None, actor: Actor
) -> Column:
    """在 ``parent`` 之下（空的是一级）开设一个栏目，排在最后。不归此人管抛出 ``OutOfScope``。"""
    _lock(site, actor)
    upper = _fresh(parent, site) if parent else None
    faults = _faults(site, values, upper, None)
    if Column.objects.filter(site=site, code=code).exists():
        faults.append(f"地址代码 {code} 已经用过，请换一个。")
    if upper is not None and upper.closed_on:
        faults.append(f"“{upper}”已经关闭，不能在它下面开栏目。")
    if faults:
        raise Refused(faults)
    column = Column(site=site, code=code, **{name: values[name] for name in EDITED})
    made: Column = (
        Column.objects.add_child(upper, instance=column)
        if upper
        else Column.objects.add_root(instance=column)
    )
    record_event(
        "columns.open_column", actor=actor, target=made, fields=EDITED,
        public={"site": site.code, "name": made.name},
    )  # fmt: skip
    return made


@transaction.atomic
def edit_column(column: Column, values: Mapping[str, Any], *, actor: Actor) -> Column:
    """改名称、类别、说明。地址代码不能改，栏目的地址才不变。没有变的什么也不做。"""
    _lock(column.site, actor)
    current = _fresh(column, column.site)
    changed = [name for name in EDITED if getattr(current, name) != values[name]]
    if not changed:
        return current
    faults = change_faults(_facts(current), values["name"], values["column_type"])
    faults += _faults(current.site, values, Column.objects.get_parent(current), current)
    if faults:
        raise Refused(faults)
    before = current.name
    for name in changed:
        setattr(current, name, values[name])
    current.save(update_fields=changed)
    record_event(
        "columns.edit", actor=actor, target=current, fields=changed,
        public={"name": current.name} | ({"from": before} if before != current.name else {}),
    )  # fmt: skip
    return current


@transaction.atomic
def reorder_column(column: Column, after: Column | None, *, actor: Actor) -> Column:
    """排到同一级的 ``after`` 之后；空的排在最前。地址、信息都不动。"""
    _lock(column.site, actor)
    current = _fresh(column, column.site)
    beside = siblings(current)
    if after is not None and after not in beside:
        raise Refused(["只能在同一级的栏目之间调整次序。"])
    place = beside.index(after) + 1 if after else 0
    following = [each for each in beside if each.path > current.path]
    already = beside[place:] == following
    if not already:
        if after is not None:
            Column.objects.move(current, _fresh(after, column.site), pos="right")
        else:
            Column.objects.move(current, beside[0], pos="left")
        record_event(
            "columns.reorder", actor=actor, target=current, fields=("path",),
            public={"after": after.name if after else ""},
        )  # fmt: skip
    return _fresh(column, column.site)


@transaction.atomic
def close_column(column: Column, into: Column | None, *, reason: str, actor: Actor) -> Column:
    """关闭一个栏目。``into`` 是信息移到哪个栏目，随后由作业照日志逐条移；空的留在原处。

    栏目的页面和各条信息的地址都不变。法定的栏目不能关，抛出 ``Refused``。
    """
    _lock(column.site, actor)
    current = _fresh(column, column.site)
    others = [each for each in columns_of(current.site) if each.pk != current.pk]
    faults = closing_faults(_facts(current), [_facts(each) for each in others])
    if not reason.strip():
        faults.append("关闭栏目须写明原因。")
    heir = next((each for each in others if into is not None and each.pk == into.pk), None)
    if into is not None and (heir is None or heir.closed_on):
        faults.append(f"“{into}”不是本站开着的栏目，不能移到那里。")
    if faults:
        raise Refused(faults)
    current.closed_on = timezone.localdate()
    current.merged_into = heir
    current.save(update_fields=["closed_on", "merged_into"])
    event = record_event(
        "columns.close_column", actor=actor, target=current, fields=("closed_on", "merged_into"),
        public={"into": heir.name if heir else ""}, note=reason,
    )  # fmt: skip
    if heir is not None:
        enqueue(
            EMPTY,
            {"column": current.pk, "assignment": actor.assignment_id},
            key=f"{current.pk}:{event.pk}",
        )
    return current


@transaction.atomic
def reopen_column(column: Column, *, actor: Actor) -> Column:
    """重新启用关闭了的栏目；移走的信息不移回来。"""
    _lock(column.site, actor)
    current = _fresh(column, column.site)
    upper: Column | None = Column.objects.get_parent(current)
    if upper is not None and upper.closed_on:
        raise Refused([f"上级栏目“{upper}”关闭着，请先重新启用它。"])
    if current.closed_on is None:
        return current
    current.closed_on = None
    current.merged_into = None
    current.save(update_fields=["closed_on", "merged_into"])
    record_event("columns.reopen_column", actor=actor, target=current, fields=("closed_on",))
    return current


def empty_column(column: Column, *, actor: Actor) -> int:
    """把关闭了的栏目里公开着的信息逐条移到并入的栏目，返回移了几条。每条一个事务，断了接着移。"""
    heir: Column | None = column.merged_into
    if heir is None:
        return 0
    count = 0
    inside = published().filter(placements__column=column).order_by("pk")
    while batch := list(inside[:CHUNK]):
        for publication in batch:
            kept = columns_on(publication, column.site)
            wanted = list(dict.fromkeys(heir if each.pk == column.pk else each for each in kept))
            if publication.site_id == column.site_id:
                move(publication, wanted, actor=actor)
            else:
                share(publication, wanted, actor=actor)
        count += len(batch)
    return count


def siblings(column: Column) -> list[Column]:
    """同一站点、同一级的别的栏目，按次序。一次查询。"""
    found: list[Column] = list(
        Column.objects.filter(
            site=column.site_id,
            depth=column.depth,
            path__startswith=column.path[: -Column.steplen],
        )
        .exclude(pk=column.pk)
        .order_by("path")
    )
    return found


def _lock(site: Site, actor: Actor) -> None:
    """锁住各站点：一级栏目的次序各站点共用一棵树，两个人不能同时动它。"""
    list(Site.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not may_edit_site(actor, site):
        raise OutOfScope


def _fresh(column: Column, site: Site) -> Column:
    """锁住以后再读一遍：别人可能刚动过树。"""
    found: Column | None = (
        Column.objects.select_related("site__organisation").filter(pk=column.pk, site=site).first()
    )
    if found is None:
        raise OutOfScope
    return found


def _facts(column: Column) -> ColumnFacts:
    return ColumnFacts(
        column.name,
        column.column_type,
        column.statutory_content,
        column.closed_on,
        Column.objects.get_children(column).filter(closed_on=None).exists()
        if column.numchild
        else False,
    )


def _faults(
    site: Site, values: Mapping[str, Any], upper: Column | None, own: Column | None
) -> list[str]:
    beside = Column.objects.filter(site=site, depth=upper.depth + 1 if upper else 1)
    if upper is not None:
        beside = beside.filter(path__startswith=upper.path)
    if own is not None:
        beside = beside.exclude(pk=own.pk)
    above = [*Column.objects.get_ancestors(upper), upper] if upper else []
    return naming_faults(
        values["name"],
        values["column_type"],
        above=[each.name for each in above],
        beside=beside.values_list("name", flat=True),
    ) + text_faults(f"{values['name']}\n{values['description']}\n{values['keywords']}", "")
