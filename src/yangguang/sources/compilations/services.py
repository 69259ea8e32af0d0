"""文件汇编的动作：编、选、排版、公布，所收的文件变了随之更新。"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
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
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import publication_of
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again, sign_in_passing

from .circulation import APPROVER, DRAFTER
from .models import Compilation, Made, Pick
from .publications import CompilationKind
from .rules import criteria_faults
from .selectors import book_of, candidates, contents_of, files_of, is_touched, last_sealed
from .typesetting import EDITION, book_digest, pdf, word

log = logging.getLogger(__name__)
EDITABLE = (
    "title", "about", "since", "until", "subject", "unit", "collected", "validity", "grouping",
)  # fmt: skip
TYPESET = "compilations.typeset"
RECORD = "workbench:compilations-record"
RENEWED = "文字版、PDF 照现行文本排好，附上。"
AHEAD = "所收的文件有变动，目录、状态先行更新；文字版、PDF 正在照现行文本重排。"
RESTYLED = "排版的样式有改进，文字版、PDF 正在重排；所收的文件没有变动。"
TAKEN_DOWN = "所收的文件有变动，公开页面更正不成，整部先行撤下，请改好再公布。"
UNMADE = "公布着的汇编没有重新排成，公开页面上没有文字版、PDF：{told}"
UNATTACHED = "重新排好的文字版、PDF 没有附上，缘由记在经过里。请改好所收的文件，或者撤回、重新编。"
STUCK = "随文件更新时出错，公开页面可能还是旧的。请核对所收的文件，有撤回的请先撤回这一部，并告诉系统管理员。"
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
        compilation=compilation, digest=book_digest(contents_of(compilation)),
        defaults={"step": "queued"},
    )  # fmt: skip
    if not is_new and not (again and made.step == "failed"):
        return
    made.step, made.message = "queued", ""
    made.save(update_fields=["step", "message"])
    enqueue(TYPESET, {"made": made.pk}, key=f"{made.pk}:{_key(compilation)}")


def make(made: Made) -> None:
    """排一份。不在事务里做：排版、写文件不应拖住数据库。内容已经变了的不排，去掉这一笔。

    公布着的，排好了就附上；没有排成的、附不上的（三关有话）告诉起草、签发的人，网页先空着附件。
    """
    if made.step == "made":
        return
    compilation = Compilation.objects.select_related(*UNDER).get(pk=made.compilation_id)
    book = book_of(compilation)
    if book_digest(book) != made.digest:
        made.delete()
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
    # 上千页的附件先在这里看过、记下：往后的守卫、三关在请求和事务里，只取记下的
    examine_record(compilation)
    if compilation.state != "published":
        return
    if made.step == "failed":
        _alarm(compilation, UNMADE.format(told=made.message), key=f"unmade:{made.pk}")
    elif not _bring_up(compilation.pk, RENEWED):
        _alarm(compilation, UNATTACHED, key=f"unattached:{made.pk}")


# ---- 随所收的文件更新 ----


def renew_all() -> int:
    """公布着的各部，与封存了的变更日志对照：所收的文件变了的、换了排法的更新、重排。返回变了几部。

    一部出错不拖住别的：记下错误、告诉起草、签发的人，下一遍再试它。数据库连不上的照旧抛出。
    """
    last, changed = last_sealed(), 0
    behind = Compilation.objects.filter(
        ~Q(checked_edition=EDITION) | Q(checked_up_to__lt=last), state="published"
    )
    for compilation in behind.select_related(*UNDER).order_by("pk"):
        try:
            if is_touched(compilation, last):
                changed += renew(compilation)
            elif compilation.checked_edition != EDITION:
                changed += renew(compilation, RESTYLED)
        except OperationalError:
            raise
        except Exception:
            key = f"stuck:{compilation.pk}:{compilation.checked_up_to}"
            if _alarm(compilation, STUCK, key=key):
                log.exception("文件汇编 %s 随文件更新时出错。", compilation.pk)
        else:
            Compilation.objects.filter(pk=compilation.pk).update(
                checked_up_to=last, checked_edition=EDITION
            )
    return changed


def renew(compilation: Compilation, why: str = AHEAD) -> bool:
    """公布着的一部与现在的文件对照，返回变了没有；``why`` 是更正的说明，公众看得到。

    变了的，目录、状态当即更正，不再是现行文本的文字版、PDF 当即拿掉，不等重排；重排好了再附上。
    更正不成的整部撤下，并报警：撤回的、改过的文本无论如何不能再让公众看到。
    """
    if _is_shown(compilation):
        want(compilation)
        return False
    if _bring_up(compilation.pk, why):
        want(compilation)
    else:
        _take_down(compilation.pk)
    return True


def _is_shown(compilation: Compilation) -> bool:
    """公开页面和附件就是现在的内容。"""
    version = publication_of(compilation, "compilation").current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    shown = [file["sha256"] for file in version.payload["attachments"]]
    payload = CompilationKind().payload(compilation)
    return shown == files_of(compilation, contents_of(compilation)) and payload == {
        name: version.payload[name] for name in payload
    }


@transaction.atomic
def _bring_up(pk: int, reason: str) -> bool:
    """照现在的内容更正公开页面，以签发人的名义；已经撤回的不动。更正不成的在经过里写明缘由。"""
    compilation = _published(pk)
    if compilation is None or _is_shown(compilation):
        return True
    actor, key = _signer(compilation), f"turn:{_key(compilation)}"
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
    compilation = _published(pk)
    if compilation is None:
        return
    key = f"down:{_key(compilation)}"
    perform(
        compilation, "withdraw", actor=_signer(compilation), key=key, message=TAKEN_DOWN
    )  # fmt: skip
    _alarm(compilation, TAKEN_DOWN, key=key)


def _published(pk: int) -> Compilation | None:
    """锁住公布着的一部；不再公布的为空。须在事务里。"""
    rows = Compilation.objects.select_for_update(of=("self",)).select_related(*UNDER)
    return rows.filter(pk=pk, state="published").first()


def _signer(compilation: Compilation) -> Actor:
    assert compilation.approved_under is not None  # noqa: S101  公布了的都有签发人
    return actor_of(compilation.approved_under)


@transaction.atomic
def _alarm(compilation: Compilation, why: str, *, key: str) -> bool:
    """向起草、签发的人报警；同一 ``key`` 只报一次。返回新报了没有。"""
    label, href = compilation._meta.label_lower, reverse(RECORD, args=[compilation.pk])
    people = Roles(DRAFTER | APPROVER, reaches_up=False).of([compilation])[compilation.pk]
    return bool(
        tell(
            [
                Notice(to, ALARM, label, str(compilation), href, key, why, record=compilation)
                for to in people
            ]
        )
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
