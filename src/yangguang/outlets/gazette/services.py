"""政府公报的动作：编一期，选入、移出、排次序，排版，公布。"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.pdf import MAX_PAGES
from yangguang.foundation.files.services import admitted, keep, keep_made
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Classified, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.foundation.typesetting import Untypeset
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import place_again
from yangguang.hub.publications.selectors import locked, publication_of
from yangguang.hub.publications.services import publish, withdraw

from .models import GazetteEntry, GazetteIssue, GazettePrint, GazetteScan
from .past import SOURCE, Contents, beyond, has_text, pages_of
from .rules import SECTIONS, WAITING, moved, number_faults, placed
from .selectors import (
    articles_of,
    beside,
    candidates,
    content_of,
    government_of,
    print_of,
    scan_of,
    suggested_section,
    taken,
)
from .typesetting import issue_digest, typeset

EDITABLE = ("name", "year", "number", "running", "licence", "dated_on")
TYPESET = "gazette.typeset"
WANTS_PRINT = ("typeset", "submit")
"""办了哪一步就排版。"""
UNDER_WAY = (*WAITING, "made")


@transaction.atomic
def open_issue(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    back_filled_from: str = "",
    is_demonstration: bool = False,
) -> GazetteIssue:
    """开始编一期。期号、总期号用过的抛出 ``Refused``，带密级标志的抛出 ``Classified``。

    ``back_filled_from`` 不空的是补录，公开时照出版日期。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    _check(given)
    issue = GazetteIssue(
        organisation=organisation, back_filled_from=back_filled_from,
        is_demonstration=is_demonstration, **given,
    )  # fmt: skip
    is_again = TransitionRecord.objects.filter(idempotency_key=key).exists()
    if not is_again:
        _check_numbers(issue)
    start(issue, actor=actor, key=key)
    if not is_again:
        issue.columns.set(columns)
    return issue


def take_past(
    values: Mapping[str, Any],
    pdf: tuple[str, bytes],
    contents: Contents,
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
) -> GazetteIssue:
    """收入往期的一期：它的 PDF（名称、内容）和目录。不能收的抛出 ``FileRefused``、``Refused``、``Classified``。

    读 PDF 不在事务里做：上千页要读好一会儿，不应拖住数据库。
    """
    name, content = pdf
    pages = pages_of(content)
    if not pages:
        raise Refused(["这不是 PDF，或者打不开，请重新导出再传。"])
    if pages > MAX_PAGES:
        raise Refused(
            [f"PDF 有 {pages} 页，超过 {MAX_PAGES} 页，里面的文字查不了，请一期存成一份。"]
        )
    if faults := beyond(contents, pages):
        raise Refused(faults)
    _check_titles(contents)
    is_readable = has_text(content)
    with admitted(content, name) as (path, inspection), transaction.atomic():
        issue = open_issue(
            values, organisation=organisation, actor=actor, key=key, columns=columns,
            back_filled_from=SOURCE,
        )  # fmt: skip
        if scan_of(issue) is None:
            file = keep(path, inspection, name, actor=actor, organisation=organisation)
            GazetteScan.objects.create(
                issue=issue, file=file, pages=pages, has_text=is_readable, contents=contents
            )
    return issue


@transaction.atomic
def edit_issue(
    issue: GazetteIssue,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column],
    contents: Contents | None = None,
) -> None:
    """改期号、日期、栏目；往期的另改目录 ``contents``。送签以后不能改，抛出 ``Refused``。"""
    current = _editable(issue, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    _check(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    if _list_contents(current, contents):
        changed.append("contents")
    _check_numbers(current)
    if set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        changed.append("columns")
    if changed:
        current.save()
        record_event("gazette.edit", actor=actor, target=current, fields=changed)


# ---- 篇目 ----


@transaction.atomic
def take_entry(issue: GazetteIssue, publication: Publication, *, actor: Actor) -> GazetteEntry:
    """选入一条信息的现行版本，放进合适的栏目的末尾。不在候选里的抛出 ``Refused``。"""
    current = _editable(issue, actor)
    if scan_of(current) is not None:
        raise Refused(["往期的一期就是它的 PDF，不再选文件。"])
    found = candidates(current).filter(pk=publication.pk).first()
    if found is None:
        raise Refused(["它不在候选里：已经选入、刊登过，或者已经撤回。"])
    version = locked(found).current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    last = current.entries.aggregate(last=Max("position"))["last"] or 0
    entry = GazetteEntry.objects.create(
        issue=current, publication=found, version=version,
        section=suggested_section(government_of(current), found), position=last + 1,
    )  # fmt: skip
    _told("take_entry", current, entry, actor)
    return entry


@transaction.atomic
def drop_entry(issue: GazetteIssue, entry: GazetteEntry, *, actor: Actor) -> None:
    """移出一篇。送签以后不能动，抛出 ``Refused``。"""
    current = _editable(issue, actor)
    _told("drop_entry", current, entry, actor)
    current.entries.filter(pk=entry.pk).delete()


@transaction.atomic
def place_entry(
    issue: GazetteIssue,
    entry: GazetteEntry,
    *,
    actor: Actor,
    step: int = 0,
    section: str = "",
    before: GazetteEntry | None = None,
    is_last: bool = False,
) -> None:
    """调整一篇：``step`` 往上（-1）、往下（1）挪一位，``section`` 换栏目（放到末尾），``before`` 放到它之前，
    ``is_last`` 放到所在栏目的末尾。

    ``before`` 在别的栏目的，随它换栏目。本来就在那里的什么也不变。送签以后不能动、没有这个栏目的抛出 ``Refused``。
    """
    current = _editable(issue, actor)
    held = current.entries.get(pk=entry.pk)
    if before == held:
        return
    target = before.section if before else section or held.section
    if target not in SECTIONS:
        raise Refused(["没有这个栏目，请另选。"])
    was = list(current.entries.filter(section=target).values_list("pk", flat=True))
    order = was
    if step and target == held.section:
        order = moved(was, held.pk, step)
    elif before or is_last or target != held.section:
        order = placed(was, held.pk, before.pk if before else None)
    if order == was:
        return
    current.entries.filter(pk=held.pk).update(section=target)
    for position, pk in enumerate(order, 1):
        current.entries.filter(pk=pk).update(position=position)
    _told("place_entry", current, held, actor)


@transaction.atomic
def renew_entry(issue: GazetteIssue, entry: GazetteEntry, *, actor: Actor) -> None:
    """换成资源库的现行版本。已经撤回的抛出 ``Refused``。"""
    current = _editable(issue, actor)
    held = current.entries.get(pk=entry.pk)
    publication = locked(held.publication)
    if publication.state != Publication.State.PUBLISHED:
        raise Refused([f"《{publication.title}》已经撤回，请移出。"])
    held.version = publication.current_version  # type: ignore[assignment]
    held.save(update_fields=["version"])
    _told("renew_entry", current, held, actor)


# ---- 排版，公布 ----


def carry_out(issue: GazetteIssue, event: str, *, actor: Actor, inputs: Mapping[str, Any]) -> None:
    """一步的后果。由流转引擎在同一事务里调用。"""
    if event in WANTS_PRINT and scan_of(issue) is None:
        _want_print(issue)
    elif event == "publish":
        publish(
            issue, "gazette_issue", organisation=issue.organisation,
            columns=list(issue.columns.order_by("path")), actor=actor,
            key=f"gazette:{issue.pk}:{history(issue).count()}",
            published_at=_published_before(issue), published_at_source=issue.back_filled_from,
            is_demonstration=issue.is_demonstration,
        )  # fmt: skip
        _place_beside(issue)
    elif event == "withdraw":
        withdraw(publication_of(issue, "gazette_issue"), actor=actor, reason=str(inputs["message"]))
        _place_beside(issue)


def _published_before(issue: GazetteIssue) -> datetime | None:
    """补录的，公开的时间照出版日期；不是补录的为空。"""
    day = issue.dated_on
    if not issue.back_filled_from or day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time()))


def _place_beside(issue: GazetteIssue) -> None:
    """前后两期的页面要重烘：它们的“下一期”“上一期”变了。"""
    for publication in filter(None, beside(issue.organisation.code, issue.running)):
        place_again(publication)


def _want_print(issue: GazetteIssue) -> None:
    """照现在的篇目排一份；正在排、排好了的不再排。"""
    wanted = issue_digest(content_of(issue, articles_of(issue)))
    held, is_new = GazettePrint.objects.get_or_create(
        issue=issue, digest=wanted, defaults={"step": "queued"}
    )
    if not is_new and held.step in UNDER_WAY:
        return
    held.step, held.message = "queued", ""
    held.save(update_fields=["step", "message"])
    enqueue(TYPESET, {"made": held.pk}, key=f"gazette:{held.pk}:{history(issue).count()}")


def make_print(made: GazettePrint) -> None:
    """排一份。不在事务里做：排版、写文件不应拖住数据库。篇目已经变了的不排。"""
    issue = GazetteIssue.objects.select_related("organisation").get(pk=made.issue_id)
    content = content_of(issue, articles_of(issue))
    if made.step == "made":
        return
    if issue_digest(content) != made.digest:
        made.step, made.message = "failed", "排版期间篇目变了，请照新的篇目重排。"
        made.save(update_fields=["step", "message"])
        return
    made.step = "setting"
    made.save(update_fields=["step"])
    try:
        printed = typeset(content)
    except Untypeset as told:
        made.step, made.message = "failed", str(told)[:500]
    else:
        made.step, made.message, made.pages = "made", "", printed.pages
        made.pdf, made.size = keep_made(printed.content), len(printed.content)
    made.save()


def printed(issue: GazetteIssue) -> GazettePrint | None:
    """排好的一份；没有排好为空。"""
    found = print_of(issue, articles_of(issue))
    return found if found is not None and found.step == "made" else None


def _editable(issue: GazetteIssue, actor: Actor) -> GazetteIssue:
    current = (
        GazetteIssue.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=issue.pk)
    )
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的不能修改。"])
    return current


def _check(values: Mapping[str, Any]) -> None:
    if any(secret_mark(value) for value in values.values() if isinstance(value, str)):
        raise Classified


def _check_numbers(issue: GazetteIssue) -> None:
    used = taken(issue.organisation, issue.pk)
    if faults := number_faults(issue.year, issue.number, issue.running, used):
        raise Refused(faults)


def _list_contents(issue: GazetteIssue, contents: Contents | None) -> bool:
    """往期的换目录；变了没有。页码超出的抛出 ``Refused``。"""
    scan = scan_of(issue) if contents is not None else None
    if scan is None or contents is None or contents == scan.contents:
        return False
    if faults := beyond(contents, scan.pages):
        raise Refused(faults)
    _check_titles(contents)
    scan.contents = contents
    scan.save(update_fields=["contents"])
    return True


def _check_titles(contents: Contents) -> None:
    _check({str(place): each["title"] for place, each in enumerate(contents)})


def _told(event: str, issue: GazetteIssue, entry: GazetteEntry, actor: Actor) -> None:
    issue.save(update_fields=["updated_at"])
    record_event(
        f"gazette.{event}", actor=actor, target=issue, fields=("entries",),
        public={"publication": entry.publication_id},
    )  # fmt: skip
