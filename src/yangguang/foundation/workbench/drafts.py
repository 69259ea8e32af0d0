"""打开着的表单：写到一半的替人存着，谁同时打开着也看得见。

表单以地址为名，一个任职一份。页面带着一张签了名的条子，说明它是发给谁、哪张表的：登录过期、
凭证过期之后交上来的，凭条子照样存得下，登录之后接着填。带密级标志的一个字也不存，存过的也去掉。
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db.models import Model
from django.forms import BaseForm, PasswordInput
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from yangguang.foundation.accounts.models import Role, RoleAssignment
from yangguang.foundation.accounts.rules import Actor, assignment_holds
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified
from yangguang.foundation.screening.rules import secret_mark

from .models import OpenForm

DRAFT, SLIP = "draft", "slip"
"""表单里的两项：要对草稿做什么；那张条子。"""
PRESENT = timedelta(minutes=3)
"""这么久没有动静的，当作已经不在填了。"""
SLIP_LIFE = timedelta(hours=24)
"""条子管多久：比一次登录长，比一天不短。"""
KEPT_FOR = timedelta(days=30)
"""写了没有交的，留这么久。"""
LONGEST_PATH, LARGEST = 500, 1_000_000
NOT_TYPED = frozenset({"csrfmiddlewaretoken", DRAFT, SLIP})

Typed = dict[str, list[str]]


@dataclass(frozen=True)
class Slip:
    """条子：发给哪个任职，哪张表，哪几项不许存。"""

    assignment: int
    path: str
    never_kept: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """同时打开着这条记录的别人。"""

    name: str
    post: str
    opened_at: datetime
    has_typed: bool


def is_classified(request: HttpRequest) -> bool:
    """填的文字、文件名里有没有密级标志。在这里就拦下，别的错也不用再说，填的一个字不再显示。"""
    typed = [text for _, texts in request.POST.lists() for text in texts]
    named = [file.name for _, files in request.FILES.lists() for file in files]
    return any(secret_mark(text) for text in (*typed, *named) if text)


def never_kept(form: BaseForm) -> list[str]:
    """这张表里不许存的各项：口令，和表单自己声明的。"""
    hidden = {n for n, field in form.fields.items() if isinstance(field.widget, PasswordInput)}
    return sorted(hidden | set(getattr(form, "never_kept", ())))


def slip(form: BaseForm, path: str, actor: Actor) -> str:
    """随这张表单发出的条子。"""
    return signing.dumps([actor.assignment_id, path, never_kept(form)], salt="workbench.slip")


def read_slip(request: HttpRequest) -> Slip | None:
    """交上来的条子；没有、不真、过了时候、不是这张表的为空。"""
    try:
        assignment, path, never = signing.loads(
            request.POST.get(SLIP, ""), salt="workbench.slip", max_age=SLIP_LIFE
        )
    except signing.BadSignature:
        return None
    if path != request.get_full_path():
        return None
    return Slip(int(assignment), str(path), tuple(never))


def typed_in(data: QueryDict, skipping: Iterable[str] = ()) -> Typed:
    """交上来的内容里可以存的。"""
    skipped = NOT_TYPED | set(skipping)
    return {name: list(values) for name, values in data.lists() if name not in skipped}


def keep(assignment: int, path: str, typed: Typed) -> OpenForm | None:
    """存下写到一半的。太长的不存，返回空；带密级标志的连存过的也去掉，抛出 ``Classified``。"""
    texts = [text for values in typed.values() for text in values]
    if any(secret_mark(text) for text in texts):
        OpenForm.objects.filter(assignment=assignment, path=path).delete()
        raise Classified
    if len(path) > LONGEST_PATH or sum(map(len, texts)) > LARGEST:
        return None
    kept, _ = OpenForm.objects.update_or_create(
        assignment_id=assignment,
        path=path,
        defaults={"typed": typed, "touched_at": timezone.now()},
    )
    return kept


def touch(path: str, actor: Actor) -> None:
    """还开着，没有写新的。"""
    OpenForm.objects.filter(assignment=actor.assignment_id, path=path).update(
        touched_at=timezone.now()
    )


def keep_without_session(request: HttpRequest) -> str:
    """登录或凭证过期之后交上来的：凭条子存下，返回那张表的地址；存不下为空。"""
    found = read_slip(request)
    if found is None or is_classified(request):
        return ""
    post = RoleAssignment.objects.select_related("user").filter(pk=found.assignment).first()
    today = timezone.localdate()
    if post is None or not post.user.is_active:
        return ""
    if not assignment_holds(post.valid_from, post.valid_until, today):
        return ""
    kept = keep(found.assignment, found.path, typed_in(request.POST, found.never_kept))
    return found.path if kept else ""


def open_form(path: str, actor: Actor, record: Model, base: Mapping[str, Any]) -> OpenForm:
    """记下此人打开了 ``record`` 的这张表。写了没有交的还在的，打开时的样子仍照那时候的。"""
    now = timezone.now()
    found, is_new = OpenForm.objects.get_or_create(
        assignment_id=actor.assignment_id,
        path=path,
        defaults={
            "record_type": ContentType.objects.get_for_model(type(record)),
            "record_id": record.pk,
            "base": base,
        },
    )
    if not is_new:
        found.touched_at = now
        found.record_type, found.record_id = (
            ContentType.objects.get_for_model(type(record)),
            record.pk,
        )
        if found.typed is None:
            found.base, found.opened_at = dict(base), now
        found.save()
    return found


def opened(path: str, actor: Actor) -> OpenForm | None:
    """此人打开着的这张表。一次查询。"""
    return OpenForm.objects.filter(assignment=actor.assignment_id, path=path).first()


def rebase(path: str, actor: Actor, base: Mapping[str, Any], typed: Typed) -> None:
    """看过了别人改的：此后以现在的样子为准，填着的是合好的。"""
    OpenForm.objects.filter(assignment=actor.assignment_id, path=path).update(
        base=base, typed=typed, touched_at=timezone.now()
    )


def is_spent(kept: OpenForm) -> bool:
    """写的已经交成了：提交和自动存前后脚到，后到的又存了一份。一次查询。"""
    key = (kept.typed or {}).get("key", [""])
    return TransitionRecord.objects.filter(idempotency_key=key[0]).exists()


def drop(path: str, actor: Actor) -> None:
    """交了，或者不要了。"""
    OpenForm.objects.filter(assignment=actor.assignment_id, path=path).delete()


def beside(record: Model, actor: Actor) -> list[Beside]:
    """此刻还有谁打开着这条记录的表，先打开的在前。一次查询。"""
    rows = (
        OpenForm.objects.filter(
            record_type=ContentType.objects.get_for_model(type(record)),
            record_id=record.pk,
            touched_at__gte=timezone.now() - PRESENT,
        )
        .exclude(assignment__user=actor.user_id)
        .select_related("assignment__user", "assignment__organisation")
        .order_by("opened_at")
    )
    return [
        Beside(
            row.assignment.user.display_name,
            f"{row.assignment.organisation.short_name}{Role(row.assignment.role).label}",
            row.opened_at,
            row.typed is not None,
        )
        for row in rows
    ]


def tidy(now: datetime) -> int:
    """清掉没有人要的：没写什么又早没了动静的，写了太久没有交的。返回清了几份。"""
    idle = OpenForm.objects.filter(typed__isnull=True, touched_at__lt=now - timedelta(days=1))
    old = OpenForm.objects.filter(touched_at__lt=now - KEPT_FOR)
    return idle.delete()[0] + old.delete()[0]
