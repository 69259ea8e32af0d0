"""清理：列出现行有效的，逐件定结论，公布四张清单，让失效、废止的到日子标明。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, note, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.selectors import publication_of
from yangguang.hub.publications.services import publish, withdraw

from .models import CleanUp, CleanUpItem, Norm, NormRelation
from .rules import CONCLUSIONS, IN_FORCE, Tally, tallied
from .selectors import PUBLIC
from .services import BRING_UP, refuse_classified

EDITABLE = ("title", "basis", "document_number", "takes_effect_on", "stage")
ENDING = {"expire": "expired", "repeal": "repealed"}
"""让文件终止的两种结论。"""


@transaction.atomic
def open_clean_up(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: list[Column] | None = None,
    is_demonstration: bool = False,
) -> CleanUp:
    """准备一轮清理。带密级标志抛出 ``Classified``。"""
    given = {name: values[name] for name in EDITABLE if name in values}
    refuse_classified(given)
    made = CleanUp(organisation=organisation, is_demonstration=is_demonstration, **given)
    start(made, actor=actor, key=key)
    made.columns.set(columns or [])
    return made


@transaction.atomic
def edit_clean_up(
    clean_up: CleanUp, changes: Mapping[str, Any], *, actor: Actor, columns: list[Column]
) -> None:
    """改名称、依据、日期、栏目。送签以后不能改，抛出 ``Refused``。"""
    current = _editable(clean_up, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    refuse_classified(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    if set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        changed.append("columns")
    if changed:
        current.save()
        record_event("clean_ups.edit", actor=actor, target=current, fields=changed)


@transaction.atomic
def conclude(
    clean_up: CleanUp,
    item: CleanUpItem,
    conclusion: str,
    *,
    actor: Actor,
    reason: str,
    ceases_on: date | None = None,
) -> None:
    """定一件的结论。不在逐件清理的、没有写理由的、延长的日期不成立的抛出 ``Refused``。"""
    current = _editable(clean_up, actor)
    held = current.items.select_related("norm").get(pk=item.pk)
    faults = [] if current.state == "open" else ["开始清理以后才能逐件定结论。"]
    if conclusion not in CONCLUSIONS:
        faults.append("请选定结论。")
    if conclusion != "keep" and not reason.strip():
        faults.append(f"定为{CONCLUSIONS.get(conclusion, '别的结论')}，须写明理由。")
    if ceases_on is not None and conclusion != "keep":
        faults.append("只有继续有效的才能延长失效日期。")
    elif ceases_on is not None and held.norm.ceases_on and ceases_on <= held.norm.ceases_on:
        faults.append(f"延长以后的失效日期要晚于原来的 {held.norm.ceases_on.isoformat()}。")
    elif ceases_on is not None and held.norm.ceases_on is None:
        faults.append("它本来没有失效日期，不必延长。")
    if faults:
        raise Refused(faults)
    refuse_classified({"reason": reason})
    held.conclusion, held.reason, held.ceases_on = conclusion, reason.strip(), ceases_on
    held.save(update_fields=["conclusion", "reason", "ceases_on"])
    record_event(
        "clean_ups.conclude", actor=actor, target=current, fields=("items",),
        public={"norm": held.norm_id, "conclusion": conclusion},
    )  # fmt: skip


def in_scope(organisation: Organisation) -> QuerySet[Norm]:
    """清理的范围：本机构公布着、没有失效废止的（尚未生效的也在内）。"""
    return Norm.objects.filter(
        organisation=organisation, state="published", validity__in=[*IN_FORCE, "pending"]
    ).order_by("promulgated_on", "pk")


def tally_of(clean_up: CleanUp) -> Tally:
    """数一数结论。一次查询。"""
    return tallied(clean_up.items.values_list("conclusion", flat=True))


def carry_out(
    clean_up: CleanUp, event: str, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
) -> None:
    """一步的后果。由流转引擎在同一事务里调用。"""
    message = str(inputs["message"])
    if event == "begin":
        CleanUpItem.objects.bulk_create(
            CleanUpItem(clean_up=clean_up, norm=norm) for norm in in_scope(clean_up.organisation)
        )
    elif event == "keep_rest":
        clean_up.items.filter(conclusion="").update(conclusion="keep", reason=message[:500])
    elif event == "approve":
        publish(
            clean_up, "clean_up", organisation=clean_up.organisation,
            columns=list(clean_up.columns.order_by("path")), actor=actor,
            key=f"clean_up:{clean_up.pk}:{history(clean_up).count()}",
            is_demonstration=clean_up.is_demonstration,
        )  # fmt: skip
        _apply(clean_up, actor)
    elif event == "withdraw":
        withdraw(publication_of(clean_up, "clean_up"), actor=actor, reason=message)


def _apply(clean_up: CleanUp, actor: Actor) -> None:
    """把结论落到各份文件上，排上更新页面；那一天已经不管用的不动。"""
    on = clean_up.takes_effect_on
    assert on is not None  # noqa: S101  守卫：没有日期不能签发
    told = f"《{clean_up.title}》" + (
        f"（{clean_up.document_number}）" if clean_up.document_number else ""
    )
    for item in clean_up.items.select_related("norm__organisation"):
        norm = item.norm
        if norm.verdict(on).validity not in IN_FORCE | {"pending"}:
            continue
        if item.conclusion in ENDING:
            norm.ended_on, norm.ended_how = on, ENDING[item.conclusion]
            norm.ended_basis = told
        elif item.ceases_on is not None:
            norm.ceases_on = item.ceases_on
        elif item.conclusion == "keep":
            continue
        norm.is_stale = True
        norm.save(
            update_fields=["ended_on", "ended_how", "ended_basis", "ceases_on", "is_stale",
                           "updated_at"]
        )  # fmt: skip
        word = CONCLUSIONS[item.conclusion]
        note(
            norm, "cleaned", "清理", actor=actor, key=f"cleaned:{clean_up.pk}:{norm.pk}",
            message=f"{told}：{word}。{item.reason}",
        )  # fmt: skip
        enqueue(BRING_UP, {"norm": norm.pk}, key=f"cleaned:{clean_up.pk}:{norm.pk}")


def to_amend(organisations: Q) -> QuerySet[CleanUpItem]:
    """清理列为修订、那以后还没有修改过的。一次查询。"""
    amended = NormRelation.objects.filter(
        target=OuterRef("norm"), kind="amends", source__state__in=PUBLIC,
        source__promulgated_on__gte=OuterRef("clean_up__takes_effect_on"),
    )  # fmt: skip
    return (
        CleanUpItem.objects.filter(
            ~Exists(amended), conclusion="amend", clean_up__state="closed",
            norm__in=Norm.objects.filter(
                organisations, state="published", validity__in=IN_FORCE
            ),
        )
        .select_related("norm", "clean_up")
        .order_by("clean_up__takes_effect_on", "pk")
    )  # fmt: skip


def _editable(clean_up: CleanUp, actor: Actor) -> CleanUp:
    current = CleanUp.objects.select_for_update(of=("self",)).get(pk=clean_up.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的不能修改。"])
    return current
