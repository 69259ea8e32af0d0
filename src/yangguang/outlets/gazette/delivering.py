"""赠阅的动作：登记赠阅对象，列一期的清单，登记份数、反馈，确认一年的调整。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified, Refused, perform, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark

from .circulation import APPROVER
from .distribution import Copies, Counted, Proposal, count_faults, settled
from .models import GazetteAdjustment, GazetteCopies, GazetteFeedback, GazetteIssue, GazetteReader
from .selectors import proposals_of

COUNTED = ("sent", "returned", "reason")
"""一行里登记的各项，与 ``Counted`` 同序。"""


class Met(Refused):
    """打开之后别人登记过同一行，填得不同。"""


@dataclass(frozen=True)
class Seen:
    """打开页面那一刻登记着的：印数，各行（按编号）。"""

    print_run: int | None
    rows: Mapping[int, Counted]


EDITABLE = ("kind", "name", "unit", "address", "copies")


@transaction.atomic
def enter_reader(
    values: Mapping[str, Any], *, organisation: Organisation, actor: Actor, key: str
) -> GazetteReader:
    """登记一个赠阅对象。同名的抛出 ``Refused``，带密级标志的抛出 ``Classified``。"""
    given = {name: values[name] for name in EDITABLE if name in values}
    _check(given)
    reader = GazetteReader(organisation=organisation, **given)
    if not TransitionRecord.objects.filter(idempotency_key=key).exists():
        _check_name(reader)
    start(reader, actor=actor, key=key)
    return reader


@transaction.atomic
def edit_reader(reader: GazetteReader, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """改名称、地址、份数。已经列了清单的各期不跟着改。不能改的、同名的抛出 ``Refused``。"""
    current = GazetteReader.objects.select_for_update(of=("self",)).get(pk=reader.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused(["赠阅对象由公报编辑改。"])
    given = {name: changes[name] for name in EDITABLE if name in changes}
    _check(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    _check_name(current)
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
        record_event("gazette_readers.edit", actor=actor, target=current, fields=changed)


# ---- 一期 ----


@transaction.atomic
def draw_list(issue: GazetteIssue, *, actor: Actor) -> int:
    """照在册的赠阅对象列清单，返回新列了几个；已经列上的不动。一个也没有可列的抛出 ``Refused``。"""
    current = _distributed(issue, actor)
    listed = set(current.copies.values_list("reader_id", flat=True))
    standing = GazetteReader.objects.filter(organisation=current.organisation, state="standing")
    new = [each for each in standing.order_by("pk") if each.pk not in listed]
    if not new:
        raise Refused(
            ["在册的赠阅对象都在清单上了。" if listed else "还没有在册的赠阅对象，请先登记。"]
        )
    GazetteCopies.objects.bulk_create(
        GazetteCopies(issue=current, reader=each, planned=each.copies) for each in new
    )
    _told("draw_list", current, ("copies",), actor)
    return len(new)


@transaction.atomic
def count_copies(
    issue: GazetteIssue,
    print_run: int | None,
    counts: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
    seen: Seen | None = None,
) -> None:
    """登记印数和各行的实发、退回、缘由；``counts`` 按行的编号。合不上的抛出 ``Refused``，一样也不改。

    ``seen`` 是打开页面那一刻的：这期间别人登记过的，自己没有动的行留着别人的；同一行两个人填得不同，
    抛出 ``Met``，写明是哪一行、别人填的是多少。
    """
    current = _distributed(issue, actor)
    rows = list(current.copies.select_related("reader").order_by("pk"))
    if seen is not None:
        print_run, counts = _met(current, rows, print_run, counts, seen)
    changed = [row for row in rows if _take_up(row, counts.get(row.pk, {}))]
    if any(secret_mark(row.reason) for row in changed):
        raise Classified
    if faults := count_faults(map(copies_of, rows), print_run):
        raise Refused(faults)
    for row in changed:
        row.save(update_fields=["sent", "returned", "reason"])
    fields = [
        *(["copies"] if changed else []),
        *(["print_run"] if current.print_run != print_run else []),
    ]
    if not fields:
        return
    current.print_run = print_run
    current.save(update_fields=["print_run", "updated_at"])
    _told("count_copies", current, tuple(fields), actor)


def seen_now(issue: GazetteIssue, rows: Iterable[GazetteCopies]) -> Seen:
    """现在登记着的，随页面发出。"""
    return Seen(issue.print_run, {row.pk: counted_on(row) for row in rows})


def counted_on(row: GazetteCopies) -> Counted:
    """一行登记着的。"""
    return row.sent, row.returned, row.reason


def copies_of(row: GazetteCopies) -> Copies:
    """一行的普通值。"""
    reader = row.reader
    return Copies(reader.name, reader.kind, row.planned, row.sent, row.returned, row.reason)


@transaction.atomic
def note_feedback(
    issue: GazetteIssue, reader: GazetteReader, values: Mapping[str, Any], *, actor: Actor, key: str
) -> None:
    """登记一条反馈。不在这一期清单上的抛出 ``Refused``，带密级标志的抛出 ``Classified``。"""
    current = _distributed(issue, actor)
    if not current.copies.filter(reader=reader).exists():
        raise Refused([f"{reader}不在这一期的赠阅清单上。"])
    given = {name: values[name] for name in ("kind", "wanted", "text")}
    _check(given)
    _, is_new = GazetteFeedback.objects.get_or_create(
        key=key, defaults={"issue": current, "reader": reader, **given}
    )
    if is_new:
        _told("note_feedback", current, ("feedbacks",), actor)


# ---- 一年 ----


@transaction.atomic
def adjust(chosen: Sequence[Proposal], year: int, *, actor: Actor) -> int:
    """确认所选的调整，返回调整了几个。与现在算出来的不同的（刚又登记了退回、改了份数）抛出 ``Refused``。"""
    if actor.role not in APPROVER:
        raise Refused(["赠阅的调整由签发人确认。"])
    if not chosen:
        raise Refused(["还没有选要调整的。"])
    readers = GazetteReader.objects.select_for_update(of=("self",)).filter(
        pk__in=[each.reader for each in chosen]
    )
    held = {each.pk: each for each in readers}
    now = {each.reader: each for each in proposals_of(actor, year)}
    if stale := [each.name for each in chosen if now.get(each.reader) != each]:
        raise Refused([f"{name}的情况刚刚变了，请照现在的建议再看一遍。" for name in stale])
    for each in chosen:
        reader = held[each.reader]
        GazetteAdjustment.objects.create(
            reader=reader, year=year, before=each.before, after=each.after,
            reasons=list(each.reasons),
        )  # fmt: skip
        if each.after:
            reader.copies = each.after
            reader.save(update_fields=["copies", "updated_at"])
        else:
            perform(
                reader, "stop", actor=actor, key=f"gazette-stop:{reader.pk}:{year}",
                message="".join(each.reasons),
            )  # fmt: skip
        record_event(
            "gazette_readers.adjust", actor=actor, target=reader, fields=("copies",),
            public={"from": each.before, "to": each.after},
        )  # fmt: skip
    return len(chosen)


def _met(
    issue: GazetteIssue,
    rows: Iterable[GazetteCopies],
    print_run: int | None,
    counts: Mapping[int, Mapping[str, Any]],
    seen: Seen,
) -> tuple[int | None, dict[int, Mapping[str, Any]]]:
    """与这期间别人登记的合在一起：要存的印数和各行。合不到一起的抛出 ``Met``。"""
    found, clashes = dict(counts), []
    if seen.print_run != issue.print_run and print_run != issue.print_run:
        if print_run == seen.print_run:
            print_run = issue.print_run
        else:
            clashes.append(f"印数：这期间别人登记了 {issue.print_run or '没有填'}，与您填的不同。")
    for row in rows:
        held = counted_on(row)
        if row.pk not in counts or row.pk not in seen.rows:
            continue
        given = tuple(counts[row.pk][name] for name in COUNTED)
        kept = settled(seen.rows[row.pk], held, given, row.planned)
        if kept is None:
            told = f"实发 {row.sent} 份、退回 {row.returned} 份{f'（{row.reason}）' if row.reason else ''}"
            clashes.append(f"{row.reader}：这期间别人登记了{told}，与您填的不同。")
        else:
            found[row.pk] = dict(zip(COUNTED, kept, strict=True))
    if clashes:
        raise Met([*clashes, "请核对，再按“登记份数”的，以您填的为准。"])
    return print_run, found


def _take_up(row: GazetteCopies, given: Mapping[str, Any]) -> bool:
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    return bool(changed)


def _distributed(issue: GazetteIssue, actor: Actor) -> GazetteIssue:
    current = (
        GazetteIssue.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=issue.pk)
    )
    if not current.policy.may_distribute(actor, current):
        raise Refused(["签发付印以后，由公报编辑登记赠阅。"])
    return current


def _check(values: Mapping[str, Any]) -> None:
    if any(secret_mark(value) for value in values.values() if isinstance(value, str)):
        raise Classified


def _check_name(reader: GazetteReader) -> None:
    same = GazetteReader.objects.filter(organisation=reader.organisation_id, name=reader.name)
    if same.exclude(pk=reader.pk or 0).exists():
        raise Refused([f"{reader.name}已经登记过，请改那一条，或者恢复赠阅。"])


def _told(event: str, issue: GazetteIssue, fields: tuple[str, ...], actor: Actor) -> None:
    record_event(f"gazette.{event}", actor=actor, target=issue, fields=fields)
