"""文件的动作：收下、取用。"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import CLASSIFIED, secret_mark

from .captions import read_captions, write_captions
from .cleaning import CLEANED, Broken, bare_picture, video_patches
from .extraction import Unreadable, read_text
from .inspection import Inspection, inspect_upload, too_large
from .models import StoredFile
from .pdf_passages import read_pdf_passages
from .quarantine import admit
from .rules import MAX_BYTES, MEDIA_TYPES, MEGABYTE, VTT, safe_name
from .storing import location
from .video import MP4, Patch


class FileRefused(Exception):  # noqa: N818  拒收是答复，不是程序出错
    """不能收。``reasons`` 是全部理由，每条一句；``keeps_input`` 为假的，被拒的内容不许再显示。"""

    keeps_input: ClassVar[bool] = True

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("".join(reasons))
        self.reasons = list(reasons)


class FileClassified(FileRefused):
    """带有密级标志：一个字节也不落盘。"""

    keeps_input = False

    def __init__(self) -> None:
        super().__init__((CLASSIFIED,))


def carries_secret_mark(name: str, content: bytes) -> bool:
    """名称、文字、页眉页脚里有没有密级标志。只在内存里看。"""
    try:
        read_out = read_text(content)
        text = "\n".join((read_out.text, *read_out.margins))
    except Unreadable:
        text = _scattered(content)
    return bool(secret_mark(f"{name}\n{Path(name).stem}\n{text}"))


def _scattered(content: bytes) -> str:
    """当作扫描件、乱码的 pdf 里零星的文字。图片没有文字，由审核人看图把关。"""
    if b"%PDF-" not in content[:1024]:
        return ""
    try:
        return "\n".join(each.text for each in read_pdf_passages(content).passages)
    except Unreadable:
        return ""


@contextmanager
def received(stream: BinaryIO, name: str) -> Iterator[tuple[Path, Inspection]]:
    """把上传的内容落到私有的临时文件里查看；离开时临时文件必定清除。

    过大的读到上限就停；磁盘写满抛出 ``FileRefused``。给出的路径只在 ``with`` 之内有效。
    """
    incoming = Path(settings.FILES_ROOT) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, raw = tempfile.mkstemp(dir=incoming)
    path = Path(raw)
    try:
        with os.fdopen(descriptor, "wb") as target:
            try:
                _copy(stream, target)
            except OSError as error:
                raise FileRefused(("服务器磁盘空间不足，文件没有存下，请稍后再传。",)) from error
        yield path, inspect_upload(path, name)
    finally:
        path.unlink(missing_ok=True)


def keep(
    path: Path,
    inspection: Inspection,
    name: str,
    *,
    actor: Actor,
    organisation: Organisation,
    sha256: str = "",
) -> StoredFile:
    """把查看过的临时文件收下：移入按摘要排列的库，登记一行，记审计。须在事务里。

    大的事先算好 ``sha256``，免得在事务里通读。查看没有通过抛出 ``FileRefused``。接了查毒服务的先隔离，查过放行（``quarantine``）。
    """
    if inspection.refusals:
        raise FileRefused(inspection.refusals)
    size = path.stat().st_size
    digest = sha256 or _digest(path)
    target = location(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        reach("files.before_move")
        os.replace(path, target)
        reach("files.after_move")
        _sync_folder(target.parent)
    file = StoredFile.objects.create(
        sha256=digest,
        size=size,
        media_type=inspection.media_type,
        name=_named(safe_name(name), inspection.media_type),
        bare_sha256=inspection.bare[0] if inspection.bare else "",
        bare_size=inspection.bare[1] if inspection.bare else 0,
        bared=StoredFile.Bared.DONE,
        organisation=organisation,
        uploaded_by_id=actor.user_id or None,
        uploaded_at=timezone.now(),
    )
    record_event(
        "files.store", actor=actor, target=file, target_label=f"文件 {file.pk}",
        public={"sha256": digest, "size": size, "media_type": inspection.media_type},
    )  # fmt: skip
    admit(digest)
    if inspection.bare:
        admit(inspection.bare[0])
    reach("files.before_commit")
    return file


@contextmanager
def admitted(content: bytes, name: str) -> Iterator[tuple[Path, Inspection]]:
    """查过、可以收下的临时文件，在 ``with`` 之内用 ``keep`` 收下。字幕已经重写成标准的 WebVTT。

    不能收抛出 ``FileRefused``，什么都不留下；带密级标志的连临时文件也不写。
    """
    if carries_secret_mark(name, content):
        raise FileClassified
    with received(BytesIO(content), name) as (path, inspection):
        if inspection.refusals:
            raise FileRefused(inspection.refusals)
        if inspection.media_type == VTT:
            path.write_bytes(write_captions(read_captions(content, name).cues))
        yield path, with_bare(path, inspection)


def store(stream: BinaryIO, name: str, *, actor: Actor, organisation: Organisation) -> StoredFile:
    """收下一份文件。不能收抛出 ``FileRefused``，什么都不留下；带密级标志的连临时文件也不写。"""
    with admitted(stream.read(MAX_BYTES + 1), name) as (path, inspection), transaction.atomic():
        return keep(path, inspection, name, actor=actor, organisation=organisation)


def keep_made(content: bytes) -> str:
    """存下系统自己由别的文件做成的内容（图片的各种大小），返回摘要。不登记：由做它的人记着。

    不在事务里做：写文件不应拖住数据库。已经有的不再写。
    """
    digest = hashlib.sha256(content).hexdigest()
    target = location(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, raw = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(raw, target)
        _sync_folder(target.parent)
    return digest


def with_bare(path: Path, inspection: Inspection) -> Inspection:
    """查看过的一份，连同做好的、去掉了拍摄信息的一份。去不干净的抛出 ``FileRefused``。

    不在事务里做：大的视频要抄一遍。原件不动，留在工作台里。
    """
    if inspection.media_type not in CLEANED:
        return inspection
    try:
        bare = (
            _bare_video(path) if inspection.media_type == MP4 else _bare_picture(path, inspection)
        )
    except Broken as broken:
        raise FileRefused(("图片里的拍摄时间、地点去不干净，请用看图软件另存后再传。",)) from broken
    return replace(inspection, bare=bare)


def _bare_picture(path: Path, inspection: Inspection) -> tuple[str, int] | None:
    content = path.read_bytes()
    bare = bare_picture(content, inspection.media_type)
    return (keep_made(bare), len(bare)) if bare != content else None


def _bare_video(path: Path) -> tuple[str, int] | None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        patches = [each for each in video_patches(stream, size) if _changes(stream, each)]
    if not patches:
        return None
    objects = Path(settings.FILES_ROOT) / "objects"
    objects.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, raw = tempfile.mkstemp(dir=objects)
    os.close(descriptor)
    copy = Path(raw)
    try:
        shutil.copyfile(path, copy)
        with copy.open("r+b") as target:
            for patch in patches:
                target.seek(patch.at)
                target.write(patch.told)
                for start in range(0, patch.blank, MEGABYTE):
                    target.write(bytes(min(MEGABYTE, patch.blank - start)))
            target.flush()
            os.fsync(target.fileno())
        digest = _digest(copy)
        place = location(digest)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(copy, place)
        _sync_folder(place.parent)
    finally:
        copy.unlink(missing_ok=True)
    return digest, size


def _changes(stream: BinaryIO, patch: Patch) -> bool:
    """这一处现在不是要改成的样子。"""
    stream.seek(patch.at)
    if stream.read(len(patch.told)) != patch.told:
        return True
    left = patch.blank
    while left and (piece := stream.read(min(MEGABYTE, left))):
        if piece.strip(b"\0"):
            return True
        left -= len(piece)
    return False


def _named(name: str, media_type: str) -> str:
    """字幕收下时改成了 WebVTT，后缀也跟着改。"""
    suffix = MEDIA_TYPES[VTT][1]
    if media_type != VTT or name.lower().endswith(suffix):
        return name
    return f"{Path(name).stem}{suffix}"


def path_of(file: StoredFile) -> Path:
    """文件内容所在的路径。"""
    return location(file.sha256)


def _copy(stream: BinaryIO, target: BinaryIO) -> None:
    copied = 0
    while chunk := stream.read(MEGABYTE):
        copied += len(chunk)
        if copied > MAX_BYTES:
            raise FileRefused((too_large(copied),))
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
