"""图片：收进图片库，烘焙时做成几种大小和格式，在页面上怎样写，撤下。"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from io import BytesIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.pictures import SUFFIXES, Unusable, master_of
from yangguang.foundation.files.renditions import MIDDLE, Original, renditions
from yangguang.foundation.files.services import FileRefused, store
from yangguang.foundation.lifecycle.services import OutOfScope
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.publications.refreshing import refresh
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.pictures import Pictured
from yangguang.outlets.website.pictures import pictured as written

from .models import Picture


def take_in(site: Site, content: bytes, name: str, *, actor: Actor) -> Picture:
    """收进站点的图片库；同一张再收一次，还是原来的那一张。

    不在范围内抛出 ``OutOfScope``；不能用的抛出 ``FileRefused``，什么都不留下。
    """
    if not sites_edited_by(actor).filter(pk=site.pk).exists():
        raise OutOfScope
    try:
        master = master_of(content)
    except Unusable as unusable:
        raise FileRefused((unusable.reason,)) from unusable
    known = Picture.objects.filter(
        site=site, file__sha256=sha256(master.content).hexdigest(), withdrawn_at=None
    )
    if earlier := known.first():
        return earlier
    stem = name.rsplit(".", 1)[0] or "图片"
    with transaction.atomic():
        file = store(
            BytesIO(master.content), f"{stem}.{SUFFIXES[master.media_type]}", actor=actor,
            organisation=site.organisation,
        )  # fmt: skip
        return Picture.objects.create(
            site=site, file=file, width=master.width, height=master.height
        )


@transaction.atomic
def withdraw_picture(picture: Picture, *, actor: Actor) -> None:
    """撤下一张图片：用到它的页面重烘，不再有它；树里的各种大小随之清除。"""
    current = Picture.objects.select_for_update(of=("self",)).select_related("site", "file")
    found = current.get(pk=picture.pk)
    if not sites_edited_by(actor).filter(pk=found.site_id).exists():
        raise OutOfScope
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    record_event(
        "blocks.withdraw_picture", actor=actor, target=found, fields=("withdrawn_at",),
        public={"sha256": found.file.sha256},
    )  # fmt: skip
    refresh(found.data_key)


def in_library(site: Site) -> list[Picture]:
    """站点图片库里可以用的，新的在前。一次查询。"""
    found = Picture.objects.filter(site=site, withdrawn_at=None).select_related("file")
    return list(found.order_by("-pk"))


def keys_of(numbers: Iterable[int]) -> frozenset[str]:
    """用到这些图片的页面要记的键。"""
    return frozenset(f"picture:{number}" for number in numbers)


def pictured(press: Press, numbers: Sequence[int]) -> dict[int, Pictured]:
    """各张图片在公开页面上的写法，按编号；撤下的没有。没有做过的大小现做，做好存着。两次查询。"""
    found = {
        picture.pk: Original(
            picture.file.sha256, picture.file.media_type, picture.width, picture.height
        )
        for picture in _found(press.site, numbers)
    }
    made = renditions(found.values())
    return {
        number: written(press, original, made[original.sha256], _place(original.sha256))
        for number, original in found.items()
    }


def _place(sha256: str) -> Callable[[str], str]:
    return lambda name: f"/pictures/{sha256[:2]}/{name}"


def previewed(press: Press, numbers: Sequence[int]) -> dict[int, Pictured]:
    """预览里的写法：用存下的那一份，只有编辑看得到，不做各种大小。"""
    return {
        picture.pk: Pictured(
            reverse("workbench:pages-picture", args=[picture.pk]),
            picture.width,
            picture.height,
            is_small=picture.width < MIDDLE,
        )
        for picture in _found(press.site, numbers)
    }


def _found(site: Site, numbers: Sequence[int]) -> list[Picture]:
    found = Picture.objects.filter(site=site, pk__in=numbers, withdrawn_at=None)
    return list(found.select_related("file"))
