"""资料库的动作：收进、改、换内容、管文件夹。停用和恢复走流转。"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.inspection import Inspection
from yangguang.foundation.files.models import PartialUpload, StoredFile
from yangguang.foundation.files.pictures import WEBP, Unusable, master_of, rendition
from yangguang.foundation.files.rules import quota_faults, safe_name
from yangguang.foundation.files.services import FileRefused, admitted, keep, keep_made
from yangguang.foundation.files.uploads import begin, space_reserved, whole
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation

from .models import Folder, LibraryItem, LibraryVersion
from .rules import KINDS, alternative_faults, folder_faults, kind_of
from .selectors import choosable, folder_tree, space_used

THUMBNAIL = 320
"""小图的宽，像素。"""
DETAILS = ("name", "alternative", "caption", "credit", "folder")
"""能改的各项。换文件夹就是移动。"""


def add(
    content: bytes,
    file_name: str,
    *,
    actor: Actor,
    key: str,
    name: str = "",
    folder: Folder | None = None,
    alternative: str = "",
    caption: str = "",
    credit: str = "",
) -> LibraryItem:
    """收进本机构的资料库。没有给名称的，取文件名。

    同一人同一 ``key`` 只收一次，再来返回第一次的那一份。不能收抛出 ``FileRefused``，
    缺替代文字、文件夹不对抛出 ``Refused``，不能传的角色、别处的文件夹抛出 ``OutOfScope``。
    """
    given = {"alternative": alternative, "caption": caption, "credit": credit, "folder": folder}
    details = _new_details(name, file_name, given, actor)
    with admitted(content, file_name) as (path, inspection):
        kind = kind_of(inspection.media_type)
        if faults := alternative_faults(kind, details["alternative"], file_name):
            raise Refused(faults)
        made = _made_of(kind, content)
        return _taken_in(path, inspection, file_name, made, details, actor=actor, key=key)


def add_uploaded(
    upload: PartialUpload,
    digest: str,
    *,
    actor: Actor,
    key: str,
    name: str = "",
    folder: Folder | None = None,
    caption: str = "",
    credit: str = "",
    alternative: str = "",
) -> LibraryItem:
    """把分段传完的一份视频收进本机构的资料库。``digest`` 是浏览器算的总摘要。

    没有传完、对不上、不是视频的抛出 ``FileRefused``，余同 ``add``。
    """
    given = {"alternative": alternative, "caption": caption, "credit": credit, "folder": folder}
    details = _new_details(name, upload.name, given, actor)
    with whole(upload, digest) as (path, inspection, sha256):
        return _taken_in(
            path, inspection, upload.name, {}, details, actor=actor, key=key, sha256=sha256,
            upload=upload,
        )  # fmt: skip


def begin_upload(name: str, size: int, *, actor: Actor) -> PartialUpload:
    """开始分段传一份视频。不能传的角色抛出 ``OutOfScope``，太大、放不下的抛出 ``FileRefused``。"""
    if not LibraryItem.policy.may_create(actor):
        raise OutOfScope
    return begin(name, size, actor=actor, room_for=partial(_no_room, actor.organisation_id))


def _new_details(
    name: str, file_name: str, given: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    if not LibraryItem.policy.may_create(actor):
        raise OutOfScope
    return _checked(
        {"name": name.strip() or Path(safe_name(file_name)).stem, **given},
        organisation=actor.organisation_id,
    )


def _taken_in(
    path: Path,
    inspection: Inspection,
    file_name: str,
    made: Mapping[str, Any],
    details: Mapping[str, Any],
    *,
    actor: Actor,
    key: str,
    sha256: str = "",
    upload: PartialUpload | None = None,
) -> LibraryItem:
    """查看过的一份收进来；重复提交的返回第一次的那一份，这次的不留。"""
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        item = LibraryItem(
            organisation=organisation, kind=kind_of(inspection.media_type), **details
        )
        start(item, actor=actor, key=key)
        if item.current_id is not None:
            return item
        if upload is not None:
            # 它预占的地方，由收下的这一份接着占
            upload.delete()
        if faults := _no_room(organisation.pk, path.stat().st_size):
            raise FileRefused(tuple(faults))
        file = keep(
            path, inspection, file_name, actor=actor, organisation=organisation, sha256=sha256
        )
        _append(item, file, made, "", actor, timezone.now())
    return item


def _no_room(organisation: int, size: int) -> list[str]:
    """资料库放不下 ``size`` 字节的缘由；没有传完的视频预占的也算。"""
    used = space_used(organisation) + space_reserved(organisation)
    return quota_faults(used, size, settings.LIBRARY_QUOTA)


@transaction.atomic
def edit(item: LibraryItem, changes: Mapping[str, Any], *, actor: Actor) -> LibraryItem:
    """改名称、替代文字、说明、来源，换文件夹。不能改的抛出 ``OutOfScope``，不合规矩抛出 ``Refused``。"""
    current = _locked(item, actor)
    details = _checked(
        {name: changes[name] for name in DETAILS if name in changes},
        organisation=current.organisation_id,
    )
    alternative = details.get("alternative", current.alternative)
    if faults := alternative_faults(current.kind, alternative, current.version.file.name):
        raise Refused(faults)
    changed = [name for name, value in details.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, details[name])
    if changed:
        current.save()
        record_event("library.edit", actor=actor, target=current, fields=changed)
    item.refresh_from_db()
    return item


def replace(
    item: LibraryItem, content: bytes, file_name: str, *, note: str, actor: Actor
) -> LibraryVersion:
    """换成新的内容，地址不变；原来的一份留着。只能换成同一类的。

    与现行内容一个字节不差的，什么也不做。不能收抛出 ``FileRefused``，换了类别抛出 ``Refused``。
    """
    _check_replacing(item, note, actor)
    with admitted(content, file_name) as (path, inspection):
        _check_kind(item, inspection)
        made = _made_of(item.kind, content)
        # 字幕收下时重写过，与交来的不同
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return _replaced(item, path, inspection, file_name, made, sha256, note=note, actor=actor)


def replace_uploaded(
    item: LibraryItem, upload: PartialUpload, digest: str, *, note: str, actor: Actor
) -> LibraryVersion:
    """换成分段传完的一份视频，余同 ``replace``、``add_uploaded``。"""
    _check_replacing(item, note, actor)
    with whole(upload, digest) as (path, inspection, sha256):
        _check_kind(item, inspection)
        return _replaced(
            item, path, inspection, upload.name, {}, sha256, note=note, actor=actor, upload=upload
        )


def _check_replacing(item: LibraryItem, note: str, actor: Actor) -> None:
    if not LibraryItem.policy.may_edit(actor, item):
        raise OutOfScope
    refuse_marked(note)


def _replaced(
    item: LibraryItem,
    path: Path,
    inspection: Inspection,
    file_name: str,
    made: Mapping[str, Any],
    sha256: str,
    *,
    note: str,
    actor: Actor,
    upload: PartialUpload | None = None,
) -> LibraryVersion:
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=item.organisation_id)
        current = _locked(item, actor)
        if upload is not None:
            upload.delete()
        if current.version.file.sha256 == sha256:
            return current.version
        if faults := _no_room(organisation.pk, path.stat().st_size):
            raise FileRefused(tuple(faults))
        file = keep(
            path, inspection, file_name, actor=actor, organisation=organisation, sha256=sha256
        )
        version = _append(current, file, made, note.strip(), actor, timezone.now())
        record_event(
            "library.replace", actor=actor, target=current, fields=("current",),
            public={"version": version.number, "sha256": file.sha256}, note=note,
        )  # fmt: skip
    item.refresh_from_db()
    return version


@transaction.atomic
def open_folder(name: str, *, parent: Folder | None, actor: Actor) -> Folder:
    """在本机构建一个文件夹；重名、太深、太多抛出 ``Refused``。"""
    if not LibraryItem.policy.may_create(actor):
        raise OutOfScope
    tree = folder_tree(actor.organisation_id)
    depths = {line.folder.pk: line.depth for line in tree}
    if parent is not None and parent.pk not in depths:
        raise OutOfScope
    depth = depths[parent.pk] + 1 if parent else 1
    _check_folder(name, depth, len(tree), parent, actor.organisation_id)
    folder = Folder.objects.create(
        organisation_id=actor.organisation_id, parent=parent, name=name.strip()
    )
    record_event("library.open_folder", actor=actor, target=folder, fields=("name",))
    return folder


@transaction.atomic
def rename_folder(folder: Folder, name: str, *, actor: Actor) -> None:
    """改文件夹的名称；重名抛出 ``Refused``。里面的资料地址不变。"""
    current = _own_folder(folder, actor)
    _check_folder(name, 1, 0, current.parent, current.organisation_id, current.pk)
    current.name = name.strip()
    current.save(update_fields=["name"])
    record_event("library.rename_folder", actor=actor, target=current, fields=("name",))


@transaction.atomic
def remove_folder(folder: Folder, *, actor: Actor) -> None:
    """去掉一个空文件夹；里面还有东西的抛出 ``Refused``。"""
    current = _own_folder(folder, actor)
    if current.items.exists() or current.children.exists():
        raise Refused([f"文件夹“{current}”里还有东西，请先移走。"])
    record_event("library.remove_folder", actor=actor, target=current)
    current.delete()


def captions_from(item: LibraryItem, *, actor: Actor) -> StoredFile:
    """资料库里选的一份字幕的内容；选不到的、不是字幕的抛出 ``Refused``。"""
    if not choosable(actor, ("captions",)).filter(pk=item.pk).exists():
        raise Refused([f"“{item}”不是资料库里在用的字幕，请另选一份。"])
    return item.version.file


def _made_of(kind: str, content: bytes) -> dict[str, Any]:
    """由图片做成、存下的：上网的一份、小图和尺寸；不是图片的没有。须在事务之外做。

    不能用的图片抛出 ``FileRefused``。
    """
    if kind != "picture":
        return {}
    try:
        master = master_of(content)
        width = min(THUMBNAIL, master.width)
        thumbnail = rendition(master.content, width, WEBP)
    except Unusable as unusable:
        raise FileRefused((unusable.reason,)) from unusable
    return {
        "master_sha256": keep_made(master.content),
        "master_size": len(master.content),
        "master_type": master.media_type,
        "width": master.width,
        "height": master.height,
        "thumbnail": keep_made(thumbnail),
    }


def _append(
    item: LibraryItem,
    file: StoredFile,
    made: Mapping[str, Any],
    note: str,
    actor: Actor,
    at: datetime,
) -> LibraryVersion:
    last = item.versions.aggregate(Max("number"))["number__max"] or 0
    version = LibraryVersion.objects.create(
        item=item, number=last + 1, file=file, note=note, by_id=actor.user_id, at=at, **made
    )
    item.current = version
    item.save(update_fields=["current", "updated_at"])
    return version


def _checked(details: Mapping[str, Any], *, organisation: int) -> dict[str, Any]:
    """查过的各项：文字去掉两端空白，文件夹须是 ``organisation`` 的。"""
    found: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in details.items()
    }
    refuse_marked(*found.values())
    folder = found.get("folder")
    if folder is not None and folder.organisation_id != organisation:
        raise OutOfScope
    if "name" in found and not found["name"]:
        raise Refused(["缺少“名称”。"])
    for name, value in found.items():
        most = getattr(LibraryItem._meta.get_field(name), "max_length", None)
        if most and len(value) > most:
            label = LibraryItem._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise Refused([f"“{label}”最多 {most} 字，现在 {len(value)} 字。"])
    return found


def _check_kind(item: LibraryItem, inspection: Inspection) -> None:
    kind = kind_of(inspection.media_type)
    if kind != item.kind:
        raise Refused(
            [
                f"原来是{KINDS[item.kind]}，只能换成{KINDS[item.kind]}；"
                f"这是{KINDS[kind]}，请作为新的资料上传。"
            ]
        )


def _check_folder(
    name: str, depth: int, count: int, parent: Folder | None, organisation: int, own: int = 0
) -> None:
    refuse_marked(name)
    faults = folder_faults(name, depth, count)
    same = Folder.objects.filter(organisation=organisation, parent=parent, name=name.strip())
    if same.exclude(pk=own).exists():
        faults.append(f"这里已经有叫“{name.strip()}”的文件夹。")
    if faults:
        raise Refused(faults)


def _own_folder(folder: Folder, actor: Actor) -> Folder:
    current = Folder.objects.select_for_update(of=("self",)).filter(pk=folder.pk).first()
    if current is None or not LibraryItem.policy.may_create(actor):
        raise OutOfScope
    if current.organisation_id != actor.organisation_id:
        raise OutOfScope
    return current


def _locked(item: LibraryItem, actor: Actor) -> LibraryItem:
    found = LibraryItem.objects.select_for_update(of=("self",)).select_related(
        "organisation", "current__file"
    )
    current = found.filter(pk=item.pk).first()
    if current is None or not LibraryItem.policy.may_edit(actor, current):
        raise OutOfScope
    return current
