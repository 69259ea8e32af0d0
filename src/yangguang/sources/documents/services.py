"""公文的动作：收文、起草、改稿、挂附件。运转每一步的后果在 ``consequences``。"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.codes.rules import choice_fault as code_fault
from yangguang.foundation.codes.selectors import entries_of_several
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.services import Classified, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.foundation.workbench.versions import keeping
from yangguang.hub.columns.models import Column
from yangguang.hub.publications import selectors as publications
from yangguang.hub.publications.models import Publication
from yangguang.hub.screening.attaching import Attachments, Uploads, refuse_classified
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again
from yangguang.hub.topics.models import Topic

from .codes import CODED, reasons, type_code
from .countersigning import set_signatories
from .disclosure import choice_fault, disclosure_faults, norm_fault
from .due import INTERPRETATION_DUE
from .elements import body_blocks
from .interpreting import EXEMPT, PLANNED, UNPLANNED, Plan, plan_faults
from .models import (
    CirculationRoute,
    InterpretationPlan,
    OfficialDocument,
)
from .routes import STEPS, route_faults
from .rules import ParsedDocument, parse_document

EDITABLE = (
    "title", "document_number", "issuers", "addressees", "copied_to", "document_type",
    "written_on", "issued_on", "subject", "stage", "validity", "disclosure", "disclosure_ground",
    "disclosure_reason", "disclosure_mark", "is_norm", "is_major_decision", "touches_operators",
    "is_policy",
    "original_number", "original_disclosure", "body", "uncertain",
)  # fmt: skip
"""经办人能改的字段。"""


def read(text: str, *, unread: str = "") -> ParsedDocument:
    """识别公文要素。``unread`` 是不进正文的文字（文件名、页眉页脚），只查密级。

    带密级标志的抛出 ``Classified``，不留任何痕迹。
    """
    if secret_mark(text) or secret_mark(unread):
        raise Classified
    return parse_document(text)


def take_in(
    text: str,
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    files: Sequence[StoredFile] = (),
    uploads: Uploads = (),
    unread: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> OfficialDocument:
    """收一份公文：识别要素，存为起草中的一条，存疑之处记下待核对。

    ``overrides`` 是经办人已改定的字段，以它为准，对应的存疑随之消除。``uploads`` 是还没有存下的
    附件（名称、内容）；``unread`` 是不进正文的文字（文件名、页眉页脚），只查密级。带密级标志抛出
    ``Classified``；同一 ``key`` 只收一次，再来返回第一次的那一条。
    """
    parsed = read(text, unread=unread)
    refuse_classified(uploads)
    given = dict(overrides or {})
    for value in given.values():
        if isinstance(value, str) and secret_mark(value):
            raise Classified
    fields: dict[str, Any] = {
        "title": parsed.title or "",
        "document_number": parsed.document_number or "",
        "issuers": list(parsed.issuers),
        "addressees": list(parsed.addressees),
        "document_type": type_code(parsed.document_type or ""),
        "written_on": parsed.written_on,
        "issued_on": parsed.written_on,
        "disclosure": parsed.disclosure or "",
        "disclosure_mark": parsed.disclosure_mark or "",
        "body": body_blocks(text),
        "uncertain": [name for name in parsed.uncertain if name not in given],
    }
    _shorten(fields)
    document = OfficialDocument(organisation=organisation, **{**fields, **given})
    _check_disclosure(document, is_new_ground="disclosure_ground" in given)
    _check_codes(document, given)
    try:
        with transaction.atomic():
            start(document, actor=actor, key=key)
            if not document.document_attachments.exists():
                attach(document, files, actor=actor)
                if uploads:
                    ATTACHMENTS.take_in(document, uploads, actor=actor)
            look_again(document)
    except IntegrityError:
        _refuse_taken(document.document_number)
        raise
    return document


@transaction.atomic
def draft(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    topics: Sequence[Topic] = (),
    signatories: Mapping[str, Sequence[Organisation]] | None = None,
) -> OfficialDocument:
    """从头起草一份公文，返回它。同一人同一 ``key`` 只起草一次。

    带密级标志抛出 ``Classified``；规范性文件定成了别的公开属性抛出 ``Refused``。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    if any(secret_mark(_as_text(value)) for value in given.values()):
        raise Classified
    document = OfficialDocument(
        organisation=organisation, **{"issuers": [organisation.name], **given}
    )
    _check_disclosure(document, is_new_ground=bool(document.disclosure_ground))
    _check_codes(document, given)
    start(document, actor=actor, key=key)
    document.columns.set(columns)
    document.topics.set(topics)
    if signatories is not None:
        set_signatories(document, **signatories)
    look_again(document)
    return document


def _shorten(fields: dict[str, Any]) -> None:
    """读出的要素长得存不下的，截短并记为存疑；全文都在正文里。"""
    for name in ("title", "document_number", "disclosure_mark"):
        most: int = getattr(OfficialDocument._meta.get_field(name), "max_length")  # noqa: B009
        if len(fields[name]) > most:
            fields[name] = fields[name][:most]
            fields["uncertain"] = [*fields["uncertain"], name]


def _refuse_taken(number: str, without: int | None = None) -> None:
    """发文字号已经有了的抛出 ``Refused``；``without`` 是正在改的这一份。"""
    same = OfficialDocument.objects.filter(document_number=number)
    if without is not None:
        same = same.exclude(pk=without)
    if number and same.exists():
        raise Refused(
            [f"发文字号“{number}”的公文已经有了。请先在列表里查找；字号有误的，改好后再交。"]
        )


def _check_codes(document: OfficialDocument, changed: Container[str]) -> None:
    """新选的文种、主题分类，今天选不得的抛出 ``Refused``。至多一次查询，没有新选的不查。"""
    chosen = {name: getattr(document, name) for name in CODED if name in changed}
    if not any(chosen.values()):
        return
    entries = entries_of_several(CODED[name] for name in chosen)
    faults = [
        f"{OfficialDocument._meta.get_field(name).verbose_name}：{fault}"  # type: ignore[union-attr]
        for name, code in chosen.items()
        if (fault := code_fault(entries[CODED[name].slug], code, timezone.localdate()))
    ]
    if faults:
        raise Refused(faults)


def _check_disclosure(document: OfficialDocument, *, is_new_ground: bool) -> None:
    """公开属性不成立的抛出 ``Refused``：起草中可以先空着，走出起草就要一直齐全，解读方案也是。"""
    ground = document.disclosure_ground
    known = reasons() if ground else ()
    stopped = choice_fault(ground, timezone.localdate(), known) if is_new_ground else ""
    faults = [stopped] if stopped else []
    if document.state in ("", "draft"):
        norm = norm_fault(document.disclosure, is_norm=document.is_norm)
        faults += [norm] if norm else []
    else:
        faults += disclosure_faults(
            document.disclosure, ground, document.disclosure_reason, is_norm=document.is_norm,
            reasons=known,
        )  # fmt: skip
        if document.needs_interpretation and document.interpretation == UNPLANNED:
            faults += plan_faults(None, is_major_decision=document.is_major_decision)
    if faults:
        raise Refused(faults)


@transaction.atomic
def edit(
    document: OfficialDocument,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column] | None = None,
    topics: Sequence[Topic] | None = None,
    signatories: Mapping[str, Sequence[Organisation]] | None = None,
) -> OfficialDocument:
    """改一份起草中或修订中的公文，记下改了哪些字段。

    ``signatories`` 是 ``joint``（联合发文的其他机关，按次序）和 ``consulted``（另请会签的），只在起草时能改。
    不能改（状态、身份不对）抛出 ``Refused``；新内容带密级标志抛出 ``Classified``。
    """
    current = _editable(document, actor)
    changed = []
    for name in EDITABLE:
        if name in changes and getattr(current, name) != changes[name]:
            if secret_mark(_as_text(changes[name])):
                raise Classified
            setattr(current, name, changes[name])
            changed.append(name)
    if "document_number" in changed:
        _refuse_taken(current.document_number, current.pk)
    _check_disclosure(current, is_new_ground="disclosure_ground" in changed)
    _check_codes(current, changed)
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
    for name, chosen in (("columns", columns), ("topics", topics)):
        if chosen is not None and set(chosen) != set(getattr(current, name).all()):
            getattr(current, name).set(chosen)
            # 只换了栏目、专题的也算改过：同时打开着的人保存时才看得出来
            current.save(update_fields=["updated_at"])
            changed.append(name)
    if signatories is not None and current.state == "draft":
        changed += set_signatories(current, **signatories)
    if changed:
        record_event("documents.edit", actor=actor, target=current, fields=changed)
        look_again(current)
    document.refresh_from_db()
    return document


@transaction.atomic
def plan_interpretation(
    document: OfficialDocument, plan: Plan, *, actor: Actor
) -> OfficialDocument:
    """写下一份公文的解读方案，或者不作解读的理由；写过的换成这一份。

    不能改（状态、身份不对）、方案不成立的抛出 ``Refused``，每条缘由一句；带密级标志抛出 ``Classified``。
    """
    current = _editable(document, actor)
    texts = (plan.exemption, plan.outline, plan.principal, *plan.persons)
    if any(secret_mark(text) for text in texts):
        raise Classified
    if faults := plan_faults(plan, is_major_decision=current.is_major_decision):
        raise Refused(faults)
    values = {**asdict(plan), "exemption": plan.exemption.strip()}
    values |= {name: list(values[name]) for name in ("forms", "channels", "persons")}
    InterpretationPlan.objects.update_or_create(document=current, defaults=values)
    current.interpretation = EXEMPT if values["exemption"] else PLANNED
    changed = ["interpretation", "updated_at"]
    if current.state != "draft":
        INTERPRETATION_DUE.write(current, Calendars().of(current.organisation))
        changed += ["interpretation_due", "interpretation_due_provisional"]
    current.save(update_fields=changed)
    record_event(
        "documents.plan_interpretation", actor=actor, target=current, fields=("interpretation",)
    )
    document.refresh_from_db()
    return document


@transaction.atomic
def note_interpretation(document: OfficialDocument, on: date | None, *, actor: Actor) -> None:
    """记下公文的解读哪一天发布了；``on`` 为空是撤回了，又该解读。由解读的服务在同一个事务里调用。"""
    current = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    current.interpreted_on = document.interpreted_on = on
    current.save(update_fields=["interpreted_on"])
    record_event(
        "documents.note_interpretation", actor=actor, target=current, fields=("interpreted_on",),
        public={"interpreted_on": on.isoformat() if on else None},
    )  # fmt: skip


def _editable(document: OfficialDocument, actor: Actor) -> OfficialDocument:
    current = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的公文不能修改。"])
    return current


ATTACHMENTS = Attachments("documents", "这份公文", "document_attachments", _editable)
attach = ATTACHMENTS.attach
attach_uploads = ATTACHMENTS.attach_uploads
detach = ATTACHMENTS.detach


def screening_faults(document: OfficialDocument) -> list[str]:
    """正文和附件里必须先处理才能公开的内容，每条一句。"""
    return examine_record(document).reasons


class DocumentMasking:
    """一键遮盖：公文的文字和附件怎样改。不能改的公文抛出 ``Refused``。"""

    def texts(self, record: OfficialDocument, change: Callable[[str], str], actor: Actor) -> None:
        """公众看得到的每一处文字。"""
        names = ("title", "document_number", "issuers", "addressees", "copied_to", "body")
        changes = {name: _changed(getattr(record, name), change) for name in names}
        with transaction.atomic(), keeping(record, actor=actor):
            edit(record, changes, actor=actor)

    def file(self, record: OfficialDocument, sha256: str, content: bytes, actor: Actor) -> None:
        """换掉一个附件的内容。"""
        ATTACHMENTS.replace(record, sha256, content, actor)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(item, change) for item in value]
    if isinstance(value, Mapping):
        return {key: _changed(item, change) for key, item in value.items()}
    return value


def publication_of(document: OfficialDocument) -> Publication:
    """这份公文发布成的信息；没有发布过抛出 ``Publication.DoesNotExist``。"""
    return publications.publication_of(document, "document")


def published_path(document: OfficialDocument) -> str:
    """公开页面的地址；公众现在看不到的为空。"""
    return publications.published_path(document, "document")


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(_as_text(item) for item in value)
    if isinstance(value, Mapping):
        return "\n".join(_as_text(item) for item in value.values())
    return ""


@transaction.atomic
def set_steps(
    organisation: Organisation, steps: Sequence[str], *, actor: Actor
) -> CirculationRoute:
    """定本机构的公文走哪几步。正在走的，从下一步起照新的。

    不是本机构的签发人、这样定不成立的抛出 ``Refused``。
    """
    if actor.role != "approver" or actor.organisation_id != organisation.pk:
        raise Refused(["公文的步骤由本机构的签发人定。"])
    if faults := route_faults(steps):
        raise Refused(faults)
    wanted = [step for step in STEPS if step in steps]
    current, _ = CirculationRoute.objects.get_or_create(organisation=organisation)
    if current.steps != wanted:
        current.steps = wanted
        current.save(update_fields=["steps"])
        record_event(
            "documents.set_route", actor=actor, target=current, fields=("steps",),
            public={"route": [STEPS[step] for step in wanted]},
        )  # fmt: skip
    return current
