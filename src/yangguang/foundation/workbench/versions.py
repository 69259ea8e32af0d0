"""记录存过的各版：每次保存，存下来的样子也留一版，与保存同一个事务。

一版是修改表里各项的值，加上界面另要对照的（``also_kept``），所以恢复从前的一版就是把它填进修改表，
看过再保存。身份证号、手机号、银行卡号遮盖了再留：版本删不掉，个人的号码不能跟着留下。
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, TransitionRecord
from yangguang.foundation.screening.rules import mask, screen

from .comparing import Item, differing, items_of
from .drafts import Typed, never_kept
from .meeting import shown, told
from .models import RecordVersion
from .registry import all_viewsets

if TYPE_CHECKING:
    from .viewsets import RecordViewSet

How = RecordVersion.How
MOST_SHOWN = 200
"""一页列出最近的多少版。"""


@dataclass(frozen=True)
class Snapshot:
    """记录某一刻的样子：各项，文字写不出来的样子，更新时间。"""

    items: list[Item]
    layout: Any
    changed_at: datetime


@contextmanager
def keeping(record: LivingRecord, *, actor: Actor) -> Iterator[None]:
    """``with`` 里面改了 ``record`` 的，改前、改后各留一版；没有改动的什么也不留。

    须在事务里，否则抛出 ``RuntimeError``；``record`` 的那一行随即锁住。没有修改表的、不留版本的
    记录照常放过。
    """
    viewset = _viewset_of(record)
    if viewset is None:
        yield
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("版本必须与它所记的改动在同一个事务里。")
    before = _snapshot(viewset, record, actor)
    yield
    after = _snapshot(viewset, record, actor)
    changed = differing(before.items, after.items)
    if not changed:
        return
    last = _rows(record).order_by("-number").first()
    number = _keep_before(record, last, before)
    _append(
        record, number + 1, How.SAVED, after, changed,
        actor.user_id, actor.assignment_id, timezone.now(),
    )  # fmt: skip


def versions_of(record: LivingRecord) -> list[RecordVersion]:
    """最近的各版，新的在前，不取内容。一次查询。"""
    rows = _rows(record).defer("content").order_by("-number")
    related = ("user", "assignment__organisation", "assignment__on_behalf_of__user")
    return list(rows.select_related(*related)[:MOST_SHOWN])


def contents(record: LivingRecord, *numbers: int) -> dict[int, RecordVersion]:
    """指明的几版连同内容，按版次；没有的不在里面。一次查询。"""
    rows = _rows(record).filter(number__in=numbers)
    found = rows.select_related("user", "assignment__organisation")
    return {each.number: each for each in found}


def refilled(form: forms.BaseForm, version: RecordVersion) -> Typed:
    """把一版填进修改表要交的值：那一版没有的项照现在的，``key``、``seen`` 照这张表的。"""
    typed = _as_typed(form)
    for each in items_of(version.content):
        if each.is_typed and each.name in typed:
            typed[each.name] = list(each.values)
    return typed | {name: _given(form, name) for name in ("key", "seen")}


def _viewset_of(record: LivingRecord) -> "RecordViewSet[Any] | None":
    model = type(record)
    return next((v for v in all_viewsets() if v.keeps_versions and v.model is model), None)


def _rows(record: LivingRecord) -> QuerySet[RecordVersion]:
    return RecordVersion.objects.filter(
        content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk
    )


def _snapshot(viewset: "RecordViewSet[Any]", record: LivingRecord, actor: Actor) -> Snapshot:
    """记录此刻存着的样子，个人的号码已遮盖。锁住那一行。"""
    rows = type(record)._default_manager.select_for_update().filter(pk=record.pk)
    current: Any = rows.get()
    made: Any = viewset.edit_form
    form = made(actor=actor, record=current, initial=viewset.initial(current))
    hidden = set(never_kept(form))
    items = [
        Item(name, str(form[name].label), tuple(values), _told(form, name, values))
        for name, values in _as_typed(form).items()
        if name not in hidden
    ]
    for label, text in viewset.also_kept(current):
        items.append(Item(label, label, (text,), text, is_typed=False))
    layout = _masked_in(dict(viewset.layout(current)))
    return Snapshot([_masked(each) for each in items], layout, current.updated_at)


def _as_typed(form: forms.BaseForm) -> Typed:
    """各项显示的值，连同藏着的（只有一个站点可选时的站点），不连凭据。"""
    found = shown(form)
    for bound in form.hidden_fields():
        if bound.name not in ("key", "seen"):
            found[bound.name] = _given(form, bound.name)
    found.pop("seen", None)
    return found


def _given(form: forms.BaseForm, name: str) -> list[str]:
    value = form[name].value()
    return [] if value is None else [str(value)]


def _told(form: forms.BaseForm, name: str, values: list[str]) -> str:
    """一项说给人听。选的东西此人现在选不到的（停用了、不归他管），也说名称。"""
    field: Any = form.fields[name]
    if isinstance(field, forms.ModelChoiceField) and any(values):
        offered: Any = field.queryset
        chosen = offered.model._default_manager.filter(pk__in=[each for each in values if each])
        names = {str(each.pk): field.label_from_instance(each) for each in chosen}
        return "\n".join(names.get(value, value) for value in values)
    return told(form, name, values)


def _masked(item: Item) -> Item:
    values = tuple(_masked_in(value) for value in item.values)
    return replace(item, values=values, told=_masked_in(item.told))


def _masked_in(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value, screen(value))
    if isinstance(value, dict):
        return {name: _masked_in(each) for name, each in value.items()}
    return [_masked_in(each) for each in value] if isinstance(value, list) else value


def _keep_before(record: LivingRecord, last: RecordVersion | None, before: Snapshot) -> int:
    """保存之前的样子没有留过的先留下，返回它的版次。"""
    if last is None:
        made = TransitionRecord.objects.filter(
            content_type=ContentType.objects.get_for_model(type(record)),
            object_id=record.pk,
            event="create",
        ).first()
        by, post = (made.user_id, made.assignment_id) if made else (record.created_by_id, None)
        _append(record, 1, How.FIRST, before, [], by, post, record.created_at)
        return 1
    strange = differing(items_of(last.content), before.items)
    if not strange:
        return last.number
    _append(record, last.number + 1, How.FOUND, before, strange, None, None, before.changed_at)
    return last.number + 1


def _append(
    record: LivingRecord, number: int, how: str, snapshot: Snapshot, changed: list[str],
    by: int | None, post: int | None, at: datetime,
) -> None:  # fmt: skip
    RecordVersion.objects.create(
        content_type=ContentType.objects.get_for_model(type(record)),
        object_id=record.pk,
        number=number,
        how=how,
        user_id=by,
        assignment_id=post,
        at=at,
        content=[each.kept() for each in snapshot.items],
        layout=snapshot.layout,
        changed=changed,
    )
