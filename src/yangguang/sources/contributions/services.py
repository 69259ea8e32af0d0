"""信息报送的动作：投稿、改稿、约稿、定分值，和报送、采用的后果。"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import path_of
from yangguang.foundation.library.models import LibraryItem, LibraryVersion
from yangguang.foundation.library.services import add
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.blocks import Block, picture_files
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.pictures import with_pictures
from yangguang.sources.articles.services import draft as draft_article
from yangguang.sources.articles.services import refuse_classified

from .models import Call, Contribution, PointsTable
from .rules import MOST_POINTS, is_on_time, points_of
from .selectors import points_table, receivers_of

EDITABLE = ("title", "body", "receiver", "call")
CALL_EDITABLE = ("title", "requirements", "due_on")


# ---- 投稿 ----


@transaction.atomic
def draft(
    values: Mapping[str, Any], *, organisation: Organisation, actor: Actor, key: str
) -> Contribution:
    """起草一篇投稿，返回它。同一人同一 ``key`` 只起草一次。

    带密级标志抛出 ``Classified``；不能报给那个机构、没有约本单位的约稿抛出 ``Refused``。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    refuse_classified(given)
    contribution = Contribution(organisation=organisation, **given)
    contribution.body = with_pictures(contribution.body, (), actor)
    _check_where(contribution)
    start(contribution, actor=actor, key=key)
    return contribution


@transaction.atomic
def edit(contribution: Contribution, changes: Mapping[str, Any], *, actor: Actor) -> Contribution:
    """改一篇起草中的投稿，记下改了哪些字段。不能改抛出 ``Refused``，带密级标志抛出 ``Classified``。"""
    current = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的投稿不能修改。"])
    given = {name: changes[name] for name in EDITABLE if name in changes}
    refuse_classified(given)
    if "body" in given:
        given["body"] = with_pictures(given["body"], picture_files(current.body), actor)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    _check_where(current)
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
        record_event("contributions.edit", actor=actor, target=current, fields=changed)
    contribution.refresh_from_db()
    return contribution


def adopt(
    contribution: Contribution,
    grade: str,
    *,
    actor: Actor,
    key: str,
    article: Article | None = None,
    message: str = "",
) -> Contribution:
    """采用一篇：单独采用的成为接收机构的一篇稿件，综合采用的记在 ``article`` 上。

    文中的图片先收进接收机构的资料库（同一 ``key`` 不收第二遍），再在一个事务里办。不是接收一方的抛出
    ``OutOfScope``，不能办的抛出 ``Refused``。
    """
    if contribution.receiver_id != actor.organisation_id:
        raise OutOfScope
    body: list[Block] = []
    if grade != "merged" and contribution.state == "sent":
        body = _taken_over(contribution, actor, key)
    perform(
        contribution, "adopt", actor=actor, key=key, message=message,
        inputs={"grade": grade, "article": article, "body": body, "key": key},
    )  # fmt: skip
    return contribution


def carry_out(
    contribution: Contribution,
    event: str,
    *,
    actor: Actor,
    inputs: Mapping[str, Any],
    at: datetime,
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    if event == "send":
        contribution.sent_on = timezone.localdate(at)
        due = contribution.call.due_on if contribution.call else None
        contribution.is_on_time = is_on_time(due, contribution.sent_on)
    elif event == "recall":
        contribution.sent_on, contribution.is_on_time = None, False
    elif event == "adopt":
        table = points_table(contribution.receiver_id)
        contribution.grade = inputs["grade"]
        contribution.points = points_of(
            contribution.grade, table.by_grade, contribution.is_on_time, table.on_time
        )
        contribution.article = inputs["article"] or _article_of(contribution, inputs, actor)


def _article_of(contribution: Contribution, inputs: Mapping[str, Any], actor: Actor) -> Article:
    """采用成接收机构的一篇稿件，文末注明供稿的单位。"""
    credit = {
        "type": "paragraph", "style": "right", "text": f"（供稿：{contribution.organisation}）",
    }  # fmt: skip
    values = {
        "title": contribution.title,
        "article_type": "news",
        "body": [*inputs["body"], credit],
    }
    return draft_article(
        values, organisation=contribution.receiver, actor=actor, key=f"{inputs['key']}:article"
    )


def _taken_over(contribution: Contribution, actor: Actor, key: str) -> list[Block]:
    """投稿的正文，图片换成接收机构资料库里的。"""
    versions = {
        version.pk: version
        for version in LibraryVersion.objects.filter(
            pk__in=[b["version"] for b in contribution.body if b["type"] == "picture"]
        ).select_related("item", "file")
    }
    copies: dict[int, LibraryItem] = {}
    for block in contribution.body:
        if block["type"] == "picture" and block["version"] not in copies:
            version = versions[block["version"]]
            copies[version.pk] = add(
                path_of(version.file).read_bytes(),
                version.file.name,
                actor=actor,
                key=f"{key}:{version.pk}",
                name=version.item.name,
                alternative=block["alt"],
                caption=block["caption"],
                credit=str(contribution.organisation),
            )
    return [
        {**block, "file": copies[block["version"]].pk} if block["type"] == "picture" else block
        for block in contribution.body
    ]


# ---- 约稿 ----


@transaction.atomic
def open_call(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    units: Sequence[Organisation],
    actor: Actor,
    key: str,
) -> Call:
    """起草一份约稿，返回它。同一人同一 ``key`` 只起草一次。带密级标志抛出 ``Classified``。"""
    given = {name: values[name] for name in CALL_EDITABLE if name in values}
    refuse_classified(given)
    call = Call(organisation=organisation, **given)
    start(call, actor=actor, key=key)
    call.units.set(units)
    return call


@transaction.atomic
def edit_call(
    call: Call, changes: Mapping[str, Any], *, units: Sequence[Organisation], actor: Actor
) -> Call:
    """改一份还没有发出的约稿。不能改抛出 ``Refused``，带密级标志抛出 ``Classified``。"""
    current = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的约稿不能修改。"])
    given = {name: changes[name] for name in CALL_EDITABLE if name in changes}
    refuse_classified(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    if set(units) != set(current.units.all()):
        current.units.set(units)
        changed.append("units")
    if changed:
        current.save()
        record_event("calls.edit", actor=actor, target=current, fields=changed)
    call.refresh_from_db()
    return call


# ---- 分值 ----


@transaction.atomic
def set_points(
    organisation: Organisation, values: Mapping[str, int], *, actor: Actor
) -> PointsTable:
    """定本机构的分值：``full``、``merged``、``forwarded``、``on_time``。已经记下的分不变。

    不是本机构的监督员、分值不在 0 到 ``MOST_POINTS`` 的抛出 ``Refused``。
    """
    if actor.role != "supervisor" or actor.organisation_id != organisation.pk:
        raise Refused(["分值由本机构的监督员定。"])
    if any(not 0 <= value <= MOST_POINTS for value in values.values()):
        raise Refused([f"分值在 0 到 {MOST_POINTS} 之间。"])
    current, _ = PointsTable.objects.get_or_create(organisation=organisation)
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, values[name])
    if changed:
        current.save(update_fields=changed)
        record_event(
            "contributions.set_points", actor=actor, target=current, fields=changed,
            public={name: values[name] for name in changed},
        )  # fmt: skip
    return current


# ---- 查验 ----


def _check_where(contribution: Contribution) -> None:
    reasons = []
    if contribution.receiver not in receivers_of(contribution.organisation):
        reasons.append(
            f"不能报给{contribution.receiver}：报给本单位的政府信息公开工作主管部门及其上级。"
        )
    call = contribution.call
    if call is not None:
        asked = call.units.filter(pk=contribution.organisation_id).exists()
        if call.state == "draft" or not asked:
            reasons.append("这份约稿没有约本单位。")
        elif call.organisation_id != contribution.receiver_id:
            reasons.append(f"这份约稿是{call.organisation}发的，请报给{call.organisation}。")
    if reasons:
        raise Refused(reasons)
