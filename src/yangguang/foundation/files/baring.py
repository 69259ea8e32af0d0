"""从前收下的图片、视频，补做上网的一份。

会去掉拍摄信息以前收下的，公开的就是原件，拍摄的时间、地点都在里面。作业一批批补做；没有补做好的、
去不干净的，公开之前拦下。已经公开着的由人更正发布，换成补做的一份：版本不能自己变。
"""

import struct
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from PIL import Image

from yangguang.foundation.audit.services import record as record_event

from .cleaning import CLEANED
from .inspection import Inspection
from .models import StoredFile
from .quarantine import admit
from .services import FileRefused, with_bare
from .storing import location
from .video import MP4, private_parts

WAITING = "是从前传的，正在去掉拍摄的时间、地点，几分钟以后再办。"
FAILED = "里的拍摄时间、地点去不干净，请另存（图片）、重新导出（视频）以后，换一份再传。"
Bared = StoredFile.Bared


def bare_old(until: datetime) -> int:
    """把从前收下的补做完，或者做到 ``until``；返回做了几份内容。一份内容几处共用的，只做一次。"""
    done = 0
    waiting = StoredFile.objects.filter(bared=Bared.WAITING).order_by("pk")
    while timezone.now() < until and (file := waiting.first()):
        bare_one(file)
        done += 1
    return done


def bare_one(file: StoredFile) -> None:
    """补做一份；去不干净的、内容不在了的记下，不碍别的。"""
    state, bare = Bared.DONE, None
    if file.media_type in CLEANED:
        path = location(file.sha256)
        try:
            if file.media_type == MP4 and _has_hidden_track(file):
                state = Bared.FAILED
            else:
                bare = with_bare(path, Inspection(file.media_type, ())).bare
        except (FileRefused, FileNotFoundError, struct.error, Image.DecompressionBombError):
            state = Bared.FAILED
    with transaction.atomic():
        rows = StoredFile.objects.filter(sha256=file.sha256, bared=Bared.WAITING)
        sha256, size = bare or ("", 0)
        rows.update(bared=state, bare_sha256=sha256, bare_size=size)
        record_event(
            "files.bare", actor=None, target=file, target_label=f"文件 {file.pk}",
            public={"sha256": sha256, "state": state},
        )  # fmt: skip
        if bare:
            admit(sha256)


def _has_hidden_track(file: StoredFile) -> bool:
    with location(file.sha256).open("rb") as stream:
        return private_parts(stream, file.size).has_hidden_track


def unbared(digests: Iterable[str]) -> dict[str, str]:
    """其中还不能上网的：摘要到一句缘由（接在“附件“某某””后面）。一次查询，没有给的不查。"""
    wanted = list(digests)
    if not wanted:
        return {}
    rows = StoredFile.objects.filter(sha256__in=wanted).exclude(bared=Bared.DONE)
    return {
        row.sha256: WAITING if row.bared == Bared.WAITING else FAILED
        for row in rows.only("sha256", "bared")
    }


def warnings(on: date) -> list[str]:
    """体检：从前收下的，还有几份没有补做，几份去不干净。两次查询。"""
    told = []
    if waiting := StoredFile.objects.filter(bared=Bared.WAITING).count():
        told.append(
            f"从前收下的图片、视频还有 {waiting} 份没有去掉拍摄信息，后台作业正在补做，请看它开着没有。"
        )
    failed = StoredFile.objects.filter(bared=Bared.FAILED)
    if names := list(failed.order_by("pk").values_list("name", flat=True)[:5]):
        more = f"等 {failed.count()} 份" if len(names) == 5 else ""
        told.append(
            f"{'、'.join(names)}{more}里的拍摄信息去不干净，公开时会拦下，请用到的人另存后换一份。"
        )
    return told
