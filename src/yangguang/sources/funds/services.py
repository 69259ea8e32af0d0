"""资金公开的动作：登记、改，做供下载的表格，运转每一步的后果。"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.services import correct, move, publish, withdraw
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again, sign_in_passing

from .models import Allocation, Fund, FundTables
from .rules import structure_faults
from .selectors import account, content_of, publication_of, tables_of, units_offered
from .sheet import CELLS
from .tables import content_digest, written

EDITABLE = (
    "name", "kind", "year", "document_number", "given_by", "purpose", "amount", "received_on",
    "paid", "paid_on", "used", "used_on",
)  # fmt: skip
"""经办人能改的字段；分配另给。"""
SPARE_POSITIONS = 1_000_000
MAKE_TABLES = "funds.make_tables"
GATES_PASSED = {"pass": ("policy", "text"), "approve": ("political",)}
"""按下哪一步，就是把过了哪几关。"""

Row = Mapping[str, Any]
"""一笔分配要存的：``CELLS`` 里的各项。"""


@transaction.atomic
def open_fund(
    values: Mapping[str, Any],
    rows: Sequence[Row],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    is_demonstration: bool = False,
) -> Fund:
    """登记一笔资金和它的各笔分配。同一人同一 ``key`` 只登记一次。

    流向不成立（分给自己、由下往上、兜圈子、单位不在本级政府之下）抛出 ``Refused``，带密级标志抛出
    ``Classified``。数对不对得上，送审时再查：资金还在路上的，先存着。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    _refuse_classified(given, rows)
    fund = Fund(organisation=organisation, is_demonstration=is_demonstration, **given)
    made = _checked(fund, rows)
    is_again = TransitionRecord.objects.filter(idempotency_key=key).exists()
    start(fund, actor=actor, key=key)
    if is_again:
        return fund
    _write(fund, made)
    fund.columns.set(columns)
    after_saving(fund)
    return fund


@transaction.atomic
def edit_fund(
    fund: Fund,
    changes: Mapping[str, Any],
    rows: Sequence[Row],
    *,
    actor: Actor,
    columns: Sequence[Column],
) -> None:
    """改一笔资金和它的各笔分配，记下改了哪些。不能改的、流向不成立的抛出 ``Refused``。"""
    current = editable(fund, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    _refuse_classified(given, rows)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    made = _checked(current, rows)
    held = [_cells(row) for row in current.allocations.order_by("position")]
    if held != [_cells(row) for row in made]:
        _rewrite(current, made)
        changed.append("allocations")
    if set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        changed.append("columns")
    if changed:
        current.save()
        record_event("funds.edit", actor=actor, target=current, fields=changed)
        after_saving(current)


def make_tables(fund: Fund) -> FundTables:
    """照现在的内容做供下载的表格；做过的不再做。不在事务里做：写文件不应拖住数据库。"""
    held = tables_of(fund)
    if held is not None:
        return held
    content = content_of(fund)
    xlsx, csv = written(content, "xlsx"), written(content, "csv")
    values = {
        "xlsx": keep_made(xlsx),
        "xlsx_size": len(xlsx),
        "csv": keep_made(csv),
        "csv_size": len(csv),
    }
    found, _ = FundTables.objects.get_or_create(
        fund=fund, digest=content_digest(content), defaults=values
    )
    return found


def screening_faults(fund: Fund) -> list[str]:
    """要公开的内容里必须先处理的，每条一句。"""
    return examine_record(fund).reasons


# ---- 运转的后果 ----


def carry_out(
    fund: Fund, event: str, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    message = str(inputs["message"])
    if event in GATES_PASSED:
        sign_in_passing(fund, GATES_PASSED[event], actor=actor, at=at)
    if event == "submit":
        _want_tables(fund)
    elif event in ("publish", "republish"):
        publish(
            fund, "fund", organisation=fund.organisation, columns=_ordered(fund), actor=actor,
            key=_key(fund), is_demonstration=fund.is_demonstration,
        )  # fmt: skip
    elif event == "correct":
        publication = publication_of(fund)
        correct(publication, fund, actor=actor, reason=message, key=_key(fund))
        own = list(fund.columns.filter(site=publication.site_id).order_by("path"))
        if own:
            move(publication, own, actor=actor)
    elif event == "withdraw":
        withdraw(publication_of(fund), actor=actor, reason=message)


def _ordered(fund: Fund) -> list[Column]:
    """栏目，本机构所在站点的在前：第一个是组配分类。"""
    site = site_for(fund.organisation)
    columns = fund.columns.select_related("site__organisation").order_by("path")
    return sorted(columns, key=lambda column: site is None or column.site_id != site.pk)


def _key(fund: Fund) -> str:
    return f"fund:{fund.pk}:{history(fund).count()}"


# ---- 查验，写 ----


def editable(fund: Fund, actor: Actor) -> Fund:
    """锁住一笔能改的资金。须在事务里；不能改的抛出 ``Refused``。"""
    rows = Fund.objects.select_for_update(of=("self",)).select_related("organisation")
    current = rows.get(pk=fund.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的不能修改。"])
    return current


def _refuse_classified(values: Mapping[str, Any], rows: Sequence[Row]) -> None:
    refuse_marked(*(value for each in (values, *rows) for value in each.values()))


def _checked(fund: Fund, rows: Sequence[Row]) -> list[Allocation]:
    """各笔分配，还没有存；流向不成立的抛出 ``Refused``。"""
    made = [
        Allocation(position=number, **{name: row[name] for name in CELLS if name in row})
        for number, row in enumerate(rows, 1)
    ]
    offered = set(units_offered(fund.organisation).values_list("pk", flat=True))
    reasons = [
        f"第 {each.position} 笔：{unit.name}不在本级政府之下，请核对单位。"
        for each in made
        for unit in (each.giver, each.receiver)
        if unit.pk not in offered
    ]
    if reasons := reasons + structure_faults(account(fund, made)):
        raise Refused(reasons)
    return made


def _cells(row: Allocation) -> list[Any]:
    return [getattr(row, f"{n}_id" if n in ("giver", "receiver") else n) for n in CELLS]


def _write(fund: Fund, rows: Sequence[Allocation]) -> None:
    for row in rows:
        row.fund = fund
    Allocation.objects.bulk_create(rows)


def _rewrite(fund: Fund, rows: Sequence[Allocation]) -> None:
    """改写各笔分配：同一笔还是同一行，它的接收单位报过的数跟着它；去掉的一并去掉。"""
    held = list(fund.allocations.order_by("position"))
    for same in (_whole, _parties):
        waiting: dict[Any, list[Allocation]] = {}
        for each in held:
            waiting.setdefault(same(each), []).append(each)
        for row in rows:
            if row.pk is None and (found := waiting.get(same(row))):
                row.pk = found.pop(0).pk
        held = [each for each in held if each.pk not in {row.pk for row in rows}]
    fund.allocations.filter(pk__in=[each.pk for each in held]).delete()
    kept = [row for row in rows if row.pk is not None]
    # 位次不许重：先挪到用不着的位次，再放回各自的
    fund.allocations.update(position=F("position") + SPARE_POSITIONS)
    for row in rows:
        row.fund = fund
    Allocation.objects.bulk_update(kept, ["position", *CELLS])
    Allocation.objects.bulk_create([row for row in rows if row.pk is None])


def _whole(row: Allocation) -> tuple[Any, ...]:
    return (row.giver_id, row.receiver_id, row.project, row.document_number, row.amount)


def _parties(row: Allocation) -> tuple[Any, ...]:
    return (row.giver_id, row.receiver_id)


def after_saving(fund: Fund) -> None:
    """内容改了以后：表格另做，三关再看。须在事务里。"""
    _want_tables(fund)
    look_again(fund)


def _want_tables(fund: Fund) -> None:
    """现在的内容还没有做成表格的，排上作业。"""
    digest = content_digest(content_of(fund))
    if not fund.tables.filter(digest=digest).exists():
        key = f"funds:{fund.pk}:{digest}:{history(fund).count()}"
        enqueue(MAKE_TABLES, {"fund": fund.pk}, key=key)
