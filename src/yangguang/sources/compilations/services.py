"""文件汇编的动作：编、选、排版、公布，所收的文件变了随之更新。"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, note, perform, refuse_marked, start
from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.rules import ALARM
from yangguang.foundation.notify.telling import Notice, tell
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.typesetting import Untypeset
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.publications.selectors import publication_of
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.hub.screening.services import look_again, sign_in_passing

from .circulation import APPROVER, DRAFTER
from .models import Compilation, Made, Pick
from .rules import criteria_faults, gone
from .selectors import book_of, candidates, made_of
from .typesetting import book_digest, pdf, word

EDITABLE = ("title", "about", "since", "until", "subject", "unit", "validity", "grouping")
TYPESET = "compilations.typeset"
RECORD = "workbench:compilations-record"
RENEWED = "所收的文件有变动，汇编随之更新。"
DROPPED = "有文件不再收入，先行拿掉；文字版、PDF 正在重排。"
UNMADE = "所收的文件有变动，没有重新排成，旧的文字版、PDF 先行拿掉。"
TAKEN_DOWN = "所收的文件有撤回或者不再收入的，公开页面更正不成，整部先行撤下，请改好再公布。"
GATES_PASSED = {"pass": ("policy", "text"), "approve": ("political",)}
"""按下哪一步，就是把过了哪几关。"""
UNDER = (
    "organisation", "unit", "approved_under__user", "approved_under__organisation",
    "approved_under__on_behalf_of__user",
)  # fmt: skip


@transaction.atomic
def begin(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    is_demonstration: bool = False,
) -> Compilation:
    """开始编一部。规则矛盾的抛出 ``Refused``，带密级标志的抛出 ``Classified``。"""
    given = {name: values[name] for name in EDITABLE if name in values}
    made = Compilation(organisation=organisation, is_demonstration=is_demonstration, **given)
    _check(made)
    is_again = TransitionRecord.objects.filter(idempotency_key=key).exists()
    start(made, actor=actor, key=key)
    if not is_again:
        made.columns.set(columns)
        look_again(made)
    return made


@transaction.atomic
def edit(
    compilation: Compilation,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column],
) -> None:
    """改规则、名称、栏目。送审以后不能改，抛出 ``Refused``。"""
    current = _editable(compilation, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    _check(current)
    if set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        changed.append("columns")
    if changed:
        current.save()
        record_event("compilations.edit", actor=actor, target=current, fields=changed)
        look_again(current)


@transaction.atomic
def pick(
    compilation: Compilation, publication: Publication, *, is_in: bool, reason: str, actor: Actor
) -> Pick:
    """人工选入或者不收一份，须写明理由；已经撤回的、不是本级及下级的抛出 ``Refused``。"""
    current = _editable(compilation, actor)
    refuse_marked(reason)
    reasons = [] if reason.strip() else ["请写明选入、不收的理由。"]
    if publication.state != Publication.State.PUBLISHED:
        reasons.append(f"《{publication.title}》已经撤回，不能选入。")
    elif not candidates(current).filter(pk=publication.pk).exists():
        reasons.append(f"《{publication.title}》不是本级及下级公开的公文、规范性文件，不能汇编。")
    if reasons:
        raise Refused(reasons)
    held, _ = current.picks.update_or_create(
        publication=publication, defaults={"is_in": is_in, "reason": reason.strip()}
    )
    _told("take_entry" if is_in else "drop_entry", current, publication, actor)
    return held


@transaction.atomic
def unpick(compilation: Compilation, held: Pick, *, actor: Actor) -> None:
    """去掉一条人工选定，照规则选。"""
    current = _editable(compilation, actor)
    _told("unpick", current, held.publication, actor)
    current.picks.filter(pk=held.pk).delete()


# ---- 排版，公布 ----


def carry_out(
    compilation: Compilation, event: str, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
) -> None:
    """一步的后果。由流转引擎在同一事务里调用。"""
    if event in GATES_PASSED:
        sign_in_passing(compilation, GATES_PASSED[event], actor=actor, at=at)
    if event == "submit":
        want(compilation, again=True)
    elif event == "approve":
        compilation.approved_under_id = actor.assignment_id
    elif event == "publish":
        publish(
            compilation, "compilation", organisation=compilation.organisation,
            columns=list(compilation.columns.order_by("path")), actor=actor,
            key=_key(compilation), is_demonstration=compilation.is_demonstration,
        )  # fmt: skip
    elif event == "withdraw":
        publication = publication_of(compilation, "compilation")
        withdraw(publication, actor=actor, reason=str(inputs["message"]))


@transaction.atomic
def want(compilation: Compilation, *, again: bool = False) -> None:
    """照现在的内容排一份；正在排、排好了的不再排，没有排成的 ``again`` 为真才再排。"""
    made, is_new = Made.objects.get_or_create(
        compilation=compilation, digest=book_digest(book_of(compilation)),
        defaults={"step": "queued"},
    )  # fmt: skip
    if not is_new and not (again and made.step == "failed"):
        return
    made.step, made.message = "queued", ""
    made.save(update_fields=["step", "message"])
    enqueue(TYPESET, {"made": made.pk}, key=f"{made.pk}:{_key(compilation)}")


def make(made: Made) -> None:
    """排一份。不在事务里做：排版、写文件不应拖住数据库。内容已经变了的不排。"""
    if made.step == "made":
        return
    compilation = Compilation.objects.select_related(*UNDER).get(pk=made.compilation_id)
    book = book_of(compilation)
    if book_digest(book) != made.digest:
        made.step, made.message = "failed", "排版期间所收的文件变了，请重新排。"
        made.save(update_fields=["step", "message"])
        return
    made.step = "setting"
    made.save(update_fields=["step"])
    try:
        printed, written = pdf(book), word(book)
    except Untypeset as told:
        made.step, made.message = "failed", str(told)[:500]
    else:
        made.step, made.pages = "made", printed.pages
        made.pdf, made.pdf_size = keep_made(printed.content), len(printed.content)
        made.word, made.word_size = keep_made(written), len(written)
    made.save()
    if compilation.state == "published":
        _bring_up(compilation.pk, RENEWED if made.step == "made" else UNMADE)


# ---- 随所收的文件更新 ----


def renew_all() -> int:
    """公布着的各部，与变更日志对照：所收的文件变了的重排、更新。返回变了几部。"""
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    behind = Compilation.objects.filter(state="published", checked_up_to__lt=last)
    changed = 0
    for compilation in behind.select_related(*UNDER).order_by("pk"):
        changed += renew(compilation)
        Compilation.objects.filter(pk=compilation.pk).update(checked_up_to=last)
    return changed


def renew(compilation: Compilation) -> bool:
    """变了就排上重排；不再收的（撤回、失效的）先从页面和附件里拿掉，不等排版。返回变了没有。

    拿不掉的整部撤下，并报警：撤回的文件无论如何不能再让公众看到。
    """
    book = book_of(compilation)
    made = made_of(compilation, book)
    version = publication_of(compilation, "compilation").current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    shown = [file["sha256"] for file in version.payload["attachments"]]
    if made is not None and made.step == "made" and shown == [made.word, made.pdf]:
        return False
    before = [each["index_number"] for each in version.payload["by_number"]]
    lacking = gone(before, [each.index_number for each in book.texts])
    is_ready = made is not None and made.step == "made"
    if is_ready or lacking:
        is_up = _bring_up(compilation.pk, RENEWED if is_ready else DROPPED)
        if lacking and not is_up:
            _take_down(compilation.pk)
            return True
        if is_ready:
            return is_up
    want(compilation)
    return True


@transaction.atomic
def _bring_up(pk: int, reason: str) -> bool:
    """照现在的内容更正公开页面，以签发人的名义。更正不成的在经过里写明缘由，人来办。"""
    rows = Compilation.objects.select_for_update(of=("self",)).select_related(*UNDER)
    compilation = rows.get(pk=pk)
    if compilation.state != "published" or compilation.approved_under is None:
        return False
    actor = actor_of(compilation.approved_under)
    key = f"turn:{_key(compilation)}"
    try:
        with transaction.atomic():
            publication = publication_of(compilation, "compilation")
            correct(publication, compilation, actor=actor, reason=reason, key=key)
    except Refused as refused:
        told = "".join(refused.reasons)
        note(compilation, "turn_failed", "公开页面没有更新", actor=actor, key=key, message=told)
        return False
    note(compilation, "turn", "随文件更新", actor=actor, key=key, message=reason)
    return True


@transaction.atomic
def _take_down(pk: int) -> None:
    """更正不成的整部撤下，以签发人的名义，告诉起草、签发的人。"""
    rows = Compilation.objects.select_for_update(of=("self",)).select_related(*UNDER)
    compilation = rows.get(pk=pk)
    if compilation.state != "published" or compilation.approved_under is None:
        return
    key = f"down:{_key(compilation)}"
    actor = actor_of(compilation.approved_under)
    perform(compilation, "withdraw", actor=actor, key=key, message=TAKEN_DOWN)
    label, href = compilation._meta.label_lower, reverse(RECORD, args=[pk])
    people = Roles(DRAFTER | APPROVER, reaches_up=False).of([compilation])[pk]
    tell(
        [
            Notice(to, ALARM, label, str(compilation), href, key, TAKEN_DOWN, record=compilation)
            for to in people
        ]
    )


def _key(compilation: Compilation) -> str:
    return f"compilation:{compilation.pk}:{history(compilation).count()}"


def _editable(compilation: Compilation, actor: Actor) -> Compilation:
    rows = Compilation.objects.select_for_update(of=("self",))
    current = rows.select_related("organisation", "unit").get(pk=compilation.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的不能修改。"])
    return current


def _check(compilation: Compilation) -> None:
    refuse_marked(compilation.title, compilation.about)
    reasons = criteria_faults(compilation.since, compilation.until)
    if not compilation.unit.path.startswith(compilation.organisation.path):
        reasons.append(f"{compilation.unit}不在本级之下，不能汇编它的文件。")
    if reasons:
        raise Refused(reasons)


def _told(event: str, record: Compilation, publication: Publication, actor: Actor) -> None:
    record.save(update_fields=["updated_at"])
    record_event(
        f"compilations.{event}", actor=actor, target=record, fields=("entries",),
        public={"publication": publication.pk},
    )  # fmt: skip
