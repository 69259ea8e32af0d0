"""遮盖件的动作：收下一份文件，记下遮哪些地方，制作，核对的后果。

打开、画、核对文件都不在事务里；事务里只收下做好的，并再看一遍框还是不是那些框。
"""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.dialogue.requests.models import DisclosureRequest, RequestFile
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.inspection import Inspection
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.quarantine import held
from yangguang.foundation.files.rules import DOCX, MAX_BYTES, PDF
from yangguang.foundation.files.services import FileRefused, admitted, keep, keep_made, path_of
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.rules import GuardContext
from yangguang.foundation.lifecycle.selectors import has_done
from yangguang.foundation.lifecycle.services import (
    OutOfScope,
    Refused,
    perform,
    refuse_marked,
    start,
)
from yangguang.foundation.typesetting import Untypeset

from .blacking import black_out
from .boxes import Box, faults, to_store, withheld_faults
from .checking import output_faults
from .finding import Character, Found, identifiers, word_faults, words
from .models import Redaction
from .opening import opened
from .rules import AT_ONCE
from .word_pages import pdf_of_word

MAKE = "redaction.make"
"""制作的作业。"""
CHANGED = "制作的时候，遮盖的地方又改过了，请重新制作。"
TOO_BIG = "做成的文件超过 100 MB，请把原件拆成几份分别遮盖。"


@dataclass(frozen=True)
class Prepared:
    """打开看过的一份：按页看的内容和类型，各页的大小，读不出字的页，找到的号码。"""

    content: bytes
    media_type: str
    sheets: list[list[float]]
    unread: list[int]
    found: list[Found]


# ---- 收下一份文件 ----


def prepare(content: bytes, media_type: str) -> Prepared:
    """打开看一遍。不碰数据库。打不开、排不成的抛出 ``FileRefused``。"""
    try:
        if media_type == DOCX:
            content, media_type = pdf_of_word(content), PDF
        with opened(content, media_type) as pages:
            count = len(pages.sheets)
            read = [pages.characters(number) for number in range(1, count + 1)]
            sheets = [[round(each.width, 2), round(each.height, 2)] for each in pages.sheets]
    except Unreadable as unreadable:
        raise FileRefused((unreadable.reason,)) from unreadable
    except Untypeset as untypeset:
        raise FileRefused((str(untypeset),)) from untypeset
    unread = [number for number, each in enumerate(read, 1) if not _is_legible(each)]
    return Prepared(content, media_type, sheets, unread, identifiers(read))


def _is_legible(characters: Sequence[Character]) -> bool:
    """有字，而且多半认得出。"""
    texts = [each.text for each in characters if each.place]
    strange = sum(1 for each in texts if each == "\ufffd" or "\ue000" <= each <= "\uf8ff")
    return bool(texts) and strange <= len(texts) * 0.3


def begin(
    request: DisclosureRequest,
    title: str,
    *,
    content: bytes,
    name: str,
    actor: Actor,
    key: str,
) -> Redaction:
    """传一份文件来遮盖，返回遮盖件。同一人同一 ``key`` 只收一份。

    文件不能收、打不开的抛出 ``FileRefused``；不是本机构看得见的申请抛出 ``OutOfScope``。
    """
    if earlier := _earlier(key, actor):
        return earlier
    _refuse_strangers(request, actor)
    with admitted(content, name) as (path, inspection):
        prepared = prepare(content, inspection.media_type)
        return _begun(request, title, prepared, actor, key, uploaded=(path, inspection, name))


def begin_with(
    request: DisclosureRequest, title: str, *, file: RequestFile, actor: Actor, key: str
) -> Redaction:
    """遮盖申请里已有的一份材料，返回遮盖件。同一人同一 ``key`` 只收一份。

    不是这件申请的材料抛出 ``OutOfScope``；打不开、还隔离着的抛出 ``FileRefused``。
    """
    if earlier := _earlier(key, actor):
        return earlier
    _refuse_strangers(request, actor)
    if file.request_id != request.pk:
        raise OutOfScope
    source = file.file
    if reason := held([source.sha256]).get(source.sha256):
        raise FileRefused((reason,))
    prepared = prepare(path_of(source).read_bytes(), source.media_type)
    return _begun(request, title, prepared, actor, key, source=source)


def _begun(
    request: DisclosureRequest,
    title: str,
    prepared: Prepared,
    actor: Actor,
    key: str,
    *,
    source: StoredFile | None = None,
    uploaded: tuple[Path, Inspection, str] | None = None,
) -> Redaction:
    refuse_marked(title)
    digest = keep_made(prepared.content)
    with transaction.atomic():
        if uploaded is not None:
            path, inspection, name = uploaded
            source = keep(path, inspection, name, actor=actor, organisation=request.organisation)
        redaction = Redaction(
            organisation=request.organisation,
            request=request,
            title=title,
            source=source,
            view_sha256=digest,
            view_type=prepared.media_type,
            sheets=prepared.sheets,
            unread=prepared.unread,
            suggested=[
                {"kind": each.kind, "shown": each.shown, "boxes": [asdict(b) for b in each.boxes]}
                for each in prepared.found
            ],
        )
        start(redaction, actor=actor, key=key)
    return redaction


def _refuse_strangers(request: DisclosureRequest, actor: Actor) -> None:
    seen = DisclosureRequest.policy.visible(actor).filter(pk=request.pk).exists()
    if not seen or request.organisation_id != actor.organisation_id:
        raise OutOfScope
    if not Redaction.policy.may_create(actor):
        raise Refused(["您现在的身份不能遮盖文件。"])


def _earlier(key: str, actor: Actor) -> Redaction | None:
    """这把键建好过的一份：双击的第二下不再收一遍文件。"""
    row = TransitionRecord.objects.filter(
        idempotency_key=key, user=actor.user_id, event="create"
    ).first()
    return Redaction.policy.visible(actor).filter(pk=row.object_id).first() if row else None


# ---- 遮哪些地方 ----


def matches(redaction: Redaction, wanted: Sequence[str]) -> list[Found]:
    """原件里有 ``wanted`` 的各处。不改动什么，词也不留下。

    词太多、太长的抛出 ``Refused``，文件不在了的抛出 ``FileRefused``。
    """
    if reasons := word_faults(wanted):
        raise Refused(reasons)
    refuse_marked(*wanted)
    with opened(_view(redaction), redaction.view_type, is_known=True) as pages:
        read = [pages.characters(number) for number in range(1, redaction.pages + 1)]
    return words(read, wanted)


@transaction.atomic
def mark(
    redaction: Redaction,
    boxes: Sequence[Box],
    withheld: Iterable[int],
    *,
    actor: Actor,
    seen: datetime | None,
) -> Redaction:
    """记下遮哪些地方。不能改、框不成立、打开之后别人改过的抛出 ``Refused``。"""
    current = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”时不能改遮盖的地方，或者正在制作。"])
    if seen != current.updated_at:
        raise Refused(["您打开之后有人改过遮盖的地方，没有存下。请刷新这一页，对照改好再存。"])
    pages = sorted(set(withheld))
    if reasons := [*faults(boxes, current.pages), *withheld_faults(pages, current.pages)]:
        raise Refused(reasons)
    stored = to_store(boxes)
    changed = [
        name
        for name, value in (("boxes", stored), ("withheld", pages))
        if getattr(current, name) != value
    ]
    if changed:
        current.boxes, current.withheld = stored, pages
        current.save(update_fields=[*changed, "updated_at"])
        record_event(
            "redactions.mark", actor=actor, target=current, fields=changed,
            public={"count": len(stored), "pages": len(pages)},
        )  # fmt: skip
    redaction.refresh_from_db()
    return redaction


# ---- 制作 ----


def make(redaction: Redaction, *, actor: Actor, key: str) -> bool:
    """制作。页数不多的当场做成，返回真；多的交给后台，返回假。不能做的抛出 ``Refused``。"""
    if redaction.pages > AT_ONCE:
        order(redaction, actor=actor, key=key)
        return False
    if has_done(key, actor):
        return True
    _refuse_unready(redaction, actor)
    _make(redaction, actor=actor, key=key)
    return True


@transaction.atomic
def order(redaction: Redaction, *, actor: Actor, key: str) -> None:
    """交给后台制作。已经交了的不再交；不能做的抛出 ``Refused``。"""
    if not Redaction.policy.visible(actor).filter(pk=redaction.pk).exists():
        raise OutOfScope
    current = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if current.is_being_made:
        return
    _refuse_unready(current, actor)
    current.ordered_at, current.ordered_as_id, current.fault = (
        timezone.now(), actor.assignment_id, "",
    )  # fmt: skip
    current.save(update_fields=["ordered_at", "ordered_as", "fault", "updated_at"])
    record_event("redactions.order", actor=actor, target=current)
    enqueue(MAKE, {"redaction": current.pk}, key=f"{current.pk}:{key}")
    redaction.refresh_from_db()


def make_ordered(pk: int) -> None:
    """做一份交给后台的。做成、做不成都写明；没有交、已经做过的不做。"""
    redaction = Redaction.objects.filter(pk=pk, ordered_at__isnull=False).first()
    if redaction is None or redaction.ordered_at is None or redaction.ordered_as_id is None:
        return
    assignment = RoleAssignment.objects.select_related(
        "organisation", "user", "on_behalf_of__user"
    ).get(pk=redaction.ordered_as_id)
    key = f"redaction:{pk}:{redaction.ordered_at.timestamp():.6f}"
    fault = ""
    try:
        _make(redaction, actor=actor_of(assignment), key=key)
    except (Refused, FileRefused) as refused:
        fault = "".join(refused.reasons)
    except OutOfScope:
        fault = "交给后台的人已经不在这个岗位上，请由现在的经办人重新制作。"
    if fault:
        Redaction.objects.filter(pk=pk, ordered_at=redaction.ordered_at).update(
            ordered_at=None, ordered_as=None, fault=fault[:500], updated_at=timezone.now()
        )


def _refuse_unready(redaction: Redaction, actor: Actor) -> None:
    """先问一遍守卫：不能做的不白做。"""
    context = GuardContext(redaction.guard_facts(), {}, actor, "", timezone.now())
    if reasons := redaction.lifecycle.reasons_against("make", redaction.state, context):
        raise Refused(reasons)


def _make(redaction: Redaction, *, actor: Actor, key: str) -> None:
    """做成、核对、收下。"""
    marks, withheld, digest = redaction.marks, redaction.withheld, redaction.marks_digest
    folder = Path(settings.FILES_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, raw = tempfile.mkstemp(dir=folder)
    path = Path(raw)
    try:
        with os.fdopen(descriptor, "wb") as target:
            _black_out(redaction, marks, withheld, target)
            target.flush()
            os.fsync(target.fileno())
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused((TOO_BIG,))
        if reasons := output_faults(path, marks, withheld, redaction.pages):
            raise FileRefused(("做成的文件没有通过核对，没有收下：", *reasons))
        with transaction.atomic():
            # 内容是系统自己做的、核对过的，只有画面，不必再查看一遍
            output = keep(
                path, Inspection(PDF, ()), redaction.output_name,
                actor=actor, organisation=redaction.organisation,
            )  # fmt: skip
            perform(
                redaction, "make", actor=actor, key=key,
                inputs={"output": output, "digest": digest},
            )  # fmt: skip
    finally:
        path.unlink(missing_ok=True)


def _black_out(
    redaction: Redaction, marks: Sequence[Box], withheld: Sequence[int], target: Any
) -> None:
    try:
        with opened(_view(redaction), redaction.view_type) as pages:
            black_out(pages, marks, withheld, target)
    except Unreadable as unreadable:
        raise FileRefused((unreadable.reason,)) from unreadable
    except Untypeset as untypeset:
        raise FileRefused((str(untypeset),)) from untypeset
    except OSError as error:
        raise FileRefused(("服务器磁盘空间不足，没有做成，请稍后再试。",)) from error


def _view(redaction: Redaction) -> bytes:
    return content_of(redaction.view_sha256)


def content_of(sha256: str) -> bytes:
    """按摘要存着的内容；不在了（查出病毒删去了）抛出 ``FileRefused``。"""
    try:
        return location(sha256).read_bytes()
    except FileNotFoundError as error:
        reason = held([sha256]).get(sha256) or "文件的内容不在了，请重新传一份来遮盖。"
        raise FileRefused((reason,)) from error


def carry_out(redaction: Redaction, event: str, *, actor: Actor, inputs: Mapping[str, Any]) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    if event == "make":
        if inputs.get("digest") != redaction.marks_digest or inputs.get("output") is None:
            raise Refused([CHANGED])
        redaction.output, redaction.made_by_id = inputs["output"], actor.user_id
        redaction.ordered_at, redaction.ordered_as, redaction.fault = None, None, ""
    elif event in ("revise", "return"):
        redaction.output, redaction.made_by = None, None
