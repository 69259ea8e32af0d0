"""大视频分段上传：一段一段地收，断了从断的地方接着传，都到了再查看、收下。

到了的各段写在一个私有的文件里，到了多少记在库里；先落盘、后记账，断在两者之间的，下一段从账上
的位置重写。浏览器关了、服务重启了，都还在；``UNFINISHED_KEPT`` 没有动静的由作业清走。
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.organisations.models import Organisation

from .inspection import Inspection
from .models import PartialUpload
from .rules import (
    SEGMENT,
    UNFINISHED_KEPT,
    safe_name,
    size_faults,
    unfinished_faults,
    whole_digest,
)
from .services import FileClassified, FileRefused, carries_secret_mark, with_bare
from .video import MP4, head_faults, video_faults

_DISK = "服务器磁盘空间不足，这一段没有存下；已传的都留着，请稍后接着传。"


class Elsewhere(Exception):  # noqa: N818  说的是位置
    """这一段不是接着上一段的；``received`` 是到了多少，从那里接着传。"""

    def __init__(self, received: int) -> None:
        super().__init__(str(received))
        self.received = received


class Busy(Exception):  # noqa: N818  说的是情况
    """同一份文件的另一段正在写。"""


class Damaged(Exception):  # noqa: N818  说的是内容
    """这一段在路上坏了：与发来的摘要不符。"""


def unfinished(actor: Actor) -> QuerySet[PartialUpload]:
    """此人在本机构没有传完的，新近的在前。用时一次查询。"""
    return PartialUpload.objects.filter(
        organisation=actor.organisation_id, by=actor.user_id
    ).order_by("-touched_at", "-pk")


def space_reserved(organisation: int) -> int:
    """一个机构没有传完的一共要占多少字节。一次查询。"""
    found = PartialUpload.objects.filter(organisation=organisation).aggregate(whole=Sum("size"))
    return int(found["whole"] or 0)


def begin(
    name: str, size: int, *, actor: Actor, room_for: Callable[[int], list[str]]
) -> PartialUpload:
    """开始传一份，还没有内容。同名同大的没有传完的，就是那一份，从断的地方接着传。

    ``room_for`` 说出放不下的缘由，在同一个事务里问。太大、放不下、没有传完的太多抛出
    ``FileRefused``；名称带密级标志抛出 ``FileClassified``。
    """
    if carries_secret_mark(name, b""):
        raise FileClassified
    if faults := size_faults(size):
        raise FileRefused(tuple(faults))
    known = safe_name(name)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        own = unfinished(actor)
        if earlier := own.filter(name=known, size=size).first():
            return earlier
        if faults := [*unfinished_faults(own.count()), *room_for(size)]:
            raise FileRefused(tuple(faults))
        now = timezone.now()
        upload = PartialUpload.objects.create(
            organisation=organisation, by_id=actor.user_id, name=known, size=size,
            begun_at=now, touched_at=now,
        )  # fmt: skip
        record_event(
            "files.begin", actor=actor, target=upload, target_label=f"没有传完的文件 {upload.pk}",
            public={"size": size},
        )  # fmt: skip
    return upload


def receive(upload: PartialUpload, offset: int, segment: bytes, digest: str) -> int:
    """收下从 ``offset`` 起的一段，返回一共到了多少。``digest`` 是这一段的 SHA-256。

    位置不对抛出 ``Elsewhere``，另一段正在写抛出 ``Busy``，路上坏了抛出 ``Damaged``；第一段就看出
    不是视频的抛出 ``FileRefused``，一个字节也不落盘；磁盘满了也是 ``FileRefused``，已到的都留着。
    """
    if hashlib.sha256(segment).hexdigest() != digest.lower():
        raise Damaged
    if not segment or len(segment) > SEGMENT:
        raise FileRefused((f"一段最多 {SEGMENT} 字节，不能是空的。",))
    if upload.received == offset == 0 and (faults := head_faults(segment)):
        drop(upload)
        raise FileRefused(tuple(faults))
    with _held(upload) as stream:
        upload.refresh_from_db()
        if offset != upload.received:
            raise Elsewhere(upload.received)
        if offset + len(segment) > upload.size:
            raise FileRefused(("传来的比说好的长，请删去，重新开始传。",))
        try:
            stream.seek(offset)
            stream.write(segment)
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            raise FileRefused((_DISK,)) from error
        reach("uploads.after_write")
        upload.received, upload.touched_at = offset + len(segment), timezone.now()
        upload.save(update_fields=["received", "touched_at"])
    return upload.received


def drop(upload: PartialUpload, *, actor: Actor | None = None) -> None:
    """不要了：删去记录和到了的各段。``actor`` 为空是系统清走的。"""
    with transaction.atomic():
        current = PartialUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if current is None:
            return
        record_event(
            "files.drop", actor=actor, target=current, target_label=f"没有传完的文件 {current.pk}",
            public={"size": current.received},
        )  # fmt: skip
        current.delete()
    _place(upload).unlink(missing_ok=True)


@contextmanager
def whole(upload: PartialUpload, digest: str) -> Iterator[tuple[Path, Inspection, str]]:
    """各段都到了的一份，查看过，在 ``with`` 之内用 ``keep`` 收下：路径、查看的结果、SHA-256。

    ``digest`` 是浏览器算的总摘要（``rules.whole_digest``）。没有传完、对不上、不是视频的抛出
    ``FileRefused``；对不上的、不是视频的从此不留。收下的一方在自己的事务里删去这条记录，
    出来时没有了记录的，到了的各段也就清走。
    """
    if not upload.is_whole:
        raise FileRefused((f"“{upload}”还没有传完，才到 {upload.percent}%，请接着传。",))
    path = _place(upload)
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            sha256, found = _digests(stream, size)
            stream.seek(0)
            faults = video_faults(stream, size)
    except FileNotFoundError as error:
        drop(upload)
        raise FileRefused((f"“{upload}”的内容不在了，请重新传。",)) from error
    if size != upload.size or found != digest.lower():
        faults = [f"“{upload}”传到的与您选的不一样，已经删去，请重新传。"]
    if faults:
        drop(upload)
        raise FileRefused(tuple(faults))
    # 交出去的是同一份内容的另一个名字：收下时断了，原来的还在，可以再收一次
    given = path.with_suffix(".whole")
    given.unlink(missing_ok=True)
    os.link(path, given)
    try:
        yield given, with_bare(given, Inspection(MP4, ())), sha256
    finally:
        given.unlink(missing_ok=True)
    if not PartialUpload.objects.filter(pk=upload.pk).exists():
        path.unlink(missing_ok=True)


def digest_so_far(upload: PartialUpload) -> str:
    """到了的部分的总摘要：接着传之前，浏览器凭它认选的是不是同一个文件。"""
    try:
        with _place(upload).open("rb") as stream:
            return whole_digest(_segments(stream, upload.received))
    except FileNotFoundError:
        return whole_digest(())


def sweep(now: datetime) -> int:
    """清走许久没有动静的，返回清了几份；没有记录的残段、断电时留下的临时文件也清走。"""
    old = now - UNFINISHED_KEPT
    stale = list(PartialUpload.objects.filter(touched_at__lt=old))
    for upload in stale:
        drop(upload)
    known = {each.hex for each in PartialUpload.objects.values_list("token", flat=True)}
    for path in (*_folder().glob("*"), *(Path(settings.FILES_ROOT) / "incoming").glob("*")):
        if path.stem not in known and path.stat().st_mtime < old.timestamp():
            path.unlink(missing_ok=True)
    return len(stale)


def _folder() -> Path:
    return Path(settings.FILES_ROOT) / "partial"


def _place(upload: PartialUpload) -> Path:
    return _folder() / upload.token.hex


@contextmanager
def _held(upload: PartialUpload) -> Iterator[BinaryIO]:
    """打开到了的各段，别的一段同时来的等着重来。"""
    path = _place(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        try:
            flock(stream, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield stream


def _segments(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """前 ``size`` 字节，一段一段。"""
    while size > 0 and (segment := stream.read(min(SEGMENT, size))):
        size -= len(segment)
        yield segment


def _digests(stream: BinaryIO, size: int) -> tuple[str, str]:
    """通读一遍：整份的 SHA-256，和分段算的总摘要。"""
    sha256 = hashlib.sha256()

    def read() -> Iterator[bytes]:
        for segment in _segments(stream, size):
            sha256.update(segment)
            yield segment

    found = whole_digest(read())
    return sha256.hexdigest(), found
