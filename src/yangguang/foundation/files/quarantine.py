"""隔离：接了查毒服务的，收下的文件查过才放行；查不成的一直隔离着，不会因为它停了就漏过去。

查毒要走网络，不在收文件的事务里做：收下先隔离，随即由作业去查，通常一两秒。
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.jobs.services import enqueue

from .clamd import NotToTheEnd, Unavailable, scan
from .models import Screened, StoredFile
from .storing import location

SCAN = "files.scan"
LONG = timedelta(minutes=10)
"""隔离超过这么久，体检要说。"""
TOLD_FOR = timedelta(days=7)
"""查出病毒的，体检说这么多天。"""
WAITING = "这份文件还在查毒，查过才能取用，一般几秒钟；一直不行，请系统管理员看查毒服务。"
INFECTED = "这份文件查出病毒，已经删去内容，不能取用。请用干净的电脑重新做一份。"


def admit(sha256: str) -> None:
    """收下了一份内容：没有查过的隔离，排上去查。没有接查毒服务的什么也不做。须在收下的事务里。"""
    if not settings.CLAMD:
        return
    _, is_new = Screened.objects.get_or_create(sha256=sha256, defaults={"since": timezone.now()})
    if is_new:
        enqueue(SCAN, {"sha256": sha256}, key=sha256)


def held(digests: Iterable[str]) -> dict[str, str]:
    """其中隔离着的：摘要到一句缘由。没有接过查毒服务的不查询；接了的一次查询。"""
    if not settings.CLAMD:
        return {}
    rows = Screened.objects.filter(sha256__in=list(digests)).exclude(state=Screened.State.CLEAN)
    return {
        row.sha256: INFECTED if row.state == Screened.State.INFECTED else WAITING for row in rows
    }


def look(sha256: str) -> str:
    """查一份隔离着的，返回查过以后的状态；查过的不再查。没有查成抛出 ``Unavailable``，照旧隔离。"""
    row = Screened.objects.get(sha256=sha256)
    if row.state != Screened.State.WAITING:
        return row.state
    with location(sha256).open("rb") as content:
        verdict = scan(content, settings.CLAMD)
    with transaction.atomic():
        current = Screened.objects.select_for_update().get(pk=row.pk)
        if current.state != Screened.State.WAITING:
            return current.state
        current.state = Screened.State.CLEAN if verdict.is_clean else Screened.State.INFECTED
        current.virus, current.screened_at = verdict.virus[:200], timezone.now()
        current.save(update_fields=["state", "virus", "screened_at"])
        if not verdict.is_clean:
            names = list(StoredFile.objects.filter(sha256=sha256).values_list("name", flat=True))
            record_event(
                "files.infected", actor=None, target=None, target_label="、".join(names)[:200],
                fields=("content",), public={"sha256": sha256, "virus": current.virus},
            )  # fmt: skip
            transaction.on_commit(lambda: location(sha256).unlink(missing_ok=True))
    return current.state


def look_at_waiting() -> int:
    """把隔离着的都查一遍，返回查成了几份；查毒服务停了就停，下次再来。"""
    waiting = Screened.objects.filter(state=Screened.State.WAITING).order_by("since")
    done = 0
    for sha256 in waiting.values_list("sha256", flat=True):
        try:
            look(sha256)
        except NotToTheEnd:
            continue
        except Unavailable:
            break
        done += 1
    return done


def warnings(on: date, now: datetime | None = None) -> list[str]:
    """体检：隔离太久的，近几天查出病毒的。"""
    now = now or timezone.now()
    told = []
    late = Screened.objects.filter(state=Screened.State.WAITING, since__lt=now - LONG).count()
    if late:
        told.append(
            f"{late} 份文件隔离了十分钟以上还没有查成，请看查毒服务（clamd）开着没有；查成以后自己放行。"
        )
    infected = Screened.objects.filter(
        state=Screened.State.INFECTED, screened_at__gte=now - TOLD_FOR
    )
    for row in infected.order_by("-screened_at"):
        names = "、".join(
            StoredFile.objects.filter(sha256=row.sha256).values_list("name", flat=True)
        )
        told.append(f"查出病毒 {row.virus}：{names}。内容已删去，请找上传的人查他的电脑。")
    return told
