"""把关的动作：签一关、放行、一键遮盖、记下查出的差错。

须由审核的人办的，起草人自己不能办；密级标志、身份证号任何人都不能放行。
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.masking import changed_copy
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused
from yangguang.foundation.screening.rules import mask, screen, secret_mark

from .kinds import MASKED
from .models import CaughtError, GateVerdict, Overrule
from .selectors import Examination, Found, examine_record, kind_of, organisation_of

SIGNERS = frozenset({"reviewer", "approver"})
"""能签一关、能放行的角色。"""
OBSERVE = "screening.observe"


class Masking(Protocol):
    """来源怎样改一条记录的文字和附件。"""

    def texts(self, record: Any, change: Callable[[str], str], actor: Actor) -> None:
        """把 ``change`` 用在公众看得到的每一处文字上，存下。不能改的抛出 ``Refused``。"""

    def file(self, record: Any, sha256: str, content: bytes, actor: Actor) -> None:
        """摘要为 ``sha256`` 的附件，内容换成 ``content``，名称和次序不变。"""


@dataclass(frozen=True)
class Masked:
    """遮盖的结果：正文几处，附件几个，哪些附件改不了、为什么（每个一句）。"""

    texts: int
    files: int
    left: tuple[str, ...]


_maskings: dict[str, Masking] = {}


def register_masking(kind_code: str, masking: Masking) -> None:
    """登记一种信息怎样一键遮盖；没有登记的，请经办人自己改。"""
    _maskings[kind_code] = masking


def can_mask(record: Model) -> bool:
    """这种记录能不能一键遮盖。"""
    return kind_of(record).code in _maskings


# ---- 三关 ----


@transaction.atomic
def sign(
    record: Model,
    gates: Collection[str],
    *,
    actor: Actor,
    verdict: str = GateVerdict.Verdict.PASSED,
    note: str = "",
    at: datetime | None = None,
) -> list[GateVerdict]:
    """``actor`` 对记录现在的内容签这几关，返回新写下的结论。

    不是审核、签发的人抛出 ``OutOfScope``；起草人自己、还拦着的、不通过而没有写意见的抛出 ``Refused``。
    """
    _refuse_out_of_scope(record, actor)
    if secret_mark(note):
        raise Classified
    examination = examine_record(record)
    reasons = _not_own(record, actor)
    if verdict == GateVerdict.Verdict.REFUSED:
        if not note.strip():
            reasons.append("不通过须写明意见。")
    else:
        reasons += [
            f"{gate.label}还拦着 {gate.blocked} 处，请先改正；确有理由的，逐处放行。"
            for gate in examination.gates
            if gate.code in gates and gate.blocked
        ]
    if reasons:
        raise Refused(reasons)
    return _write(record, examination, gates, verdict, note, actor, at or timezone.now())


def sign_in_passing(
    record: Model, gates: Collection[str], *, actor: Actor, at: datetime, note: str = ""
) -> None:
    """审核通过、签发时顺带签下这几关：按下那一步就是看过。须在那一步的事务里。

    不公开的、还拦着的不签，到发布时再看。
    """
    examination = examine_record(record)
    passed = [each.code for each in examination.gates if each.code in gates and not each.blocked]
    _write(record, examination, passed, GateVerdict.Verdict.PASSED, note, actor, at)


def note_at_publication(
    record: Model, examination: Examination, *, actor: Actor, at: datetime
) -> None:
    """随发布写下三关：有人签过这一份内容的照旧，没有的由发布的人签。登记一次查错。"""
    missing = [each.code for each in examination.gates if each.verdict is None]
    _write(
        record, examination, missing, GateVerdict.Verdict.PASSED, "", actor, at, at_publication=True
    )
    look_again(record)


def _write(
    record: Model,
    examination: Examination,
    gates: Collection[str],
    verdict: str,
    note: str,
    actor: Actor,
    at: datetime,
    *,
    at_publication: bool = False,
) -> list[GateVerdict]:
    chosen = [gate for gate in examination.gates if gate.code in gates]
    of = _of(record) if chosen else {}
    written = [
        GateVerdict.objects.create(
            **of,
            gate=gate.code,
            verdict=verdict,
            digest=examination.digest,
            blocked=gate.blocked,
            warned=gate.warned,
            overruled=gate.overruled,
            note=note,
            at_publication=at_publication,
            versions=dict(examination.versions),
            **_by(actor, at),
        )
        for gate in chosen
    ]
    if written:
        record_event(
            "screening.sign", actor=actor, target=record, note=note, at=at,
            public={"gates": [each.gate for each in written], "verdict": str(verdict)},
        )  # fmt: skip
    return written


# ---- 放行 ----


@transaction.atomic
def overrule(record: Model, fingerprint: str, *, reason: str, actor: Actor) -> Overrule:
    """放行记录里的一处，写明理由；同一处再放行一次返回原来的。

    不是审核、签发的人抛出 ``OutOfScope``；不能放行的抛出 ``Refused``。
    """
    _refuse_out_of_scope(record, actor)
    if secret_mark(reason):
        raise Classified
    examination = examine_record(record)
    found = next((each for each in examination.found if each.fingerprint == fingerprint), None)
    if found is None:
        raise Refused(["内容已经改过，这一处不在了。"])
    if found.overrule is not None:
        return found.overrule
    reasons = _not_own(record, actor)
    if not found.may_be_overruled:
        reasons.append(f"{found.label}不能放行，只能改正。")
    if not reason.strip():
        reasons.append("放行须写明理由。")
    if screen(reason):
        reasons.append("理由会留下来，不要写个人的号码。")
    if reasons:
        raise Refused(reasons)
    at = timezone.now()
    try:
        with transaction.atomic():
            row = Overrule.objects.create(
                **_of(record), kind=found.kind, gate=found.gate, fingerprint=fingerprint,
                excerpt=found.excerpt, reason=reason.strip(), versions=dict(examination.versions),
                **_by(actor, at),
            )  # fmt: skip
    except IntegrityError:
        return Overrule.objects.get(**_where(record), fingerprint=fingerprint)
    record_event(
        "screening.overrule", actor=actor, target=record, note=reason, at=at,
        public={"kind": found.kind, "gate": found.gate, "place": found.place},
    )  # fmt: skip
    look_again(record)
    return row


def _refuse_out_of_scope(record: Any, actor: Actor) -> None:
    place = record.organisation
    if not actor.covers(place.pk, place.path):
        raise OutOfScope
    if actor.role not in SIGNERS or not record.policy.visible(actor).filter(pk=record.pk).exists():
        raise OutOfScope


def _not_own(record: Model, actor: Actor) -> list[str]:
    if getattr(record, "created_by_id", None) == actor.user_id:
        return ["这是您自己起草的，须由他人办理。"]
    return []


# ---- 一键遮盖 ----


def mask_personal(record: Model, *, actor: Actor) -> Masked:
    """把记录公开的文字和附件里的个人信息都遮盖。

    附件换成遮盖过的副本；pdf、图片改不了的，留着并说明。没有可遮的、这种记录不能一键遮盖的抛出
    ``Refused``；不能改的由来源拒绝。
    """
    masking = _maskings.get(kind_of(record).code)
    if masking is None:
        raise Refused(["这里不能一键遮盖，请在原处改。"])
    found = [each for each in examine_record(record).found if each.may_be_masked]
    if not found:
        raise Refused(["没有要遮盖的个人信息。"])
    count = sum(not each.file for each in found)
    copies, left = _masked_copies(dict.fromkeys(each.file for each in found if each.file))
    with transaction.atomic():
        if count:
            masking.texts(record, masked_text, actor)
        for sha256, content in copies.items():
            masking.file(record, sha256, content, actor)
        record_event(
            "screening.mask", actor=actor, target=record,
            public={"texts": count, "files": len(copies)},
        )  # fmt: skip
        look_again(record)
    return Masked(count, len(copies), tuple(left))


def _masked_copies(files: Iterable[str]) -> tuple[dict[str, bytes], list[str]]:
    """各附件遮盖过的副本，和改不了的缘由。遮完再读一遍，还看得见号码的不算遮好。"""
    copies: dict[str, bytes] = {}
    left: list[str] = []
    for sha256 in files:
        try:
            content = changed_copy(location(sha256).read_bytes(), masked_text)
            passages = read_passages(content).passages
        except Unreadable as error:
            left.append(error.reason)
            continue
        if any(each.kind in MASKED for p in passages for each in screen(p.text)):
            left.append("有的号码在改不到的地方，请换一份遮盖过的再传。")
        else:
            copies[sha256] = content
    return copies, left


def masked_text(text: str) -> str:
    """遮盖一段文字里的身份证号、手机号、银行卡号，长度不变。"""
    return mask(text, [each for each in screen(text) if each.kind in MASKED])


# ---- 查出的差错 ----


def look_again(record: Model) -> None:
    """登记一次查错，与调用者的改动一起提交。来源每存一次内容就该登记一次。"""
    enqueue(OBSERVE, {"label": record._meta.label_lower, "pk": record.pk}, key=f"{uuid4().hex}")


@transaction.atomic
def observe(record: Model, at: datetime | None = None) -> int:
    """记下记录现在查出的差错，返回新查出几处。从前的不见了，记作改好；重做无害。"""
    now = at or timezone.now()
    found: dict[str, Found] = {}
    for each in examine_record(record).found:
        if each.kind != "unread":
            found.setdefault(each.fingerprint, each)
    of = _of(record)
    known = {row.fingerprint: row for row in CaughtError.objects.filter(**_where(record))}
    new = [
        CaughtError(
            **of, gate=each.gate, kind=each.kind, severity=each.severity,
            fingerprint=key, place=each.place[:200], caught_at=now,
            caught_on=timezone.localtime(now).date(), is_overruled=each.overrule is not None,
        )
        for key, each in found.items()
        if key not in known
    ]  # fmt: skip
    CaughtError.objects.bulk_create(new, ignore_conflicts=True)
    for key, row in known.items():
        present = found.get(key)
        mended_at = None if present else row.mended_at or now
        overruled = present.overrule is not None if present else row.is_overruled
        if (mended_at, overruled) != (row.mended_at, row.is_overruled):
            row.mended_at, row.is_overruled = mended_at, overruled
            row.save(update_fields=["mended_at", "is_overruled"])
    return len(new)


def _where(record: Model) -> dict[str, Any]:
    return {
        "content_type": ContentType.objects.get_for_model(type(record)),
        "object_id": record.pk,
    }


def _of(record: Model) -> dict[str, Any]:
    return {**_where(record), "organisation": organisation_of(record)}


def _by(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"user_id": actor.user_id, "assignment_id": actor.assignment_id, "at": at}
