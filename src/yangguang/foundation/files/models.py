"""文件：私有，按内容摘要存放，只能经由主人的权限取用。"""

from datetime import datetime
from uuid import uuid4

from django.db import models

from yangguang.foundation.accounts.models import User
from yangguang.foundation.organisations.models import Organisation

from .rules import UNFINISHED_KEPT


class StoredFile(models.Model):
    """一份收下的文件。内容在 ``FILES_ROOT`` 下，按 SHA-256 存一份，几处上传共用。

    ``uploaded_by`` 为空的是系统外的当事人（网上提出申请的人）交来的。
    ``bared`` 是上网的一份做了没有：收下时就做；会做以前收下的，由作业补做（``baring``）。
    """

    class Bared(models.TextChoices):
        """上网的一份做到哪一步。"""

        WAITING = "waiting", "等着补做"
        DONE = "done", "做过了"
        FAILED = "failed", "去不干净"

    sha256 = models.CharField("摘要", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    name = models.CharField("名称", max_length=120)
    bare_sha256 = models.CharField("上网的一份的摘要", max_length=64, blank=True)
    bare_size = models.PositiveBigIntegerField("上网的一份的字节数", default=0)
    bared = models.CharField(
        "上网的一份做了没有", max_length=8, choices=Bared.choices, default=Bared.WAITING
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        indexes = [
            models.Index(
                fields=["sha256"], name="file_not_bared", condition=~models.Q(bared="done")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_sha256(self) -> str:
        """上网的一份的摘要：去掉了拍摄信息的，没有什么要去掉的就是原件。"""
        return self.bare_sha256 or self.sha256

    @property
    def public_size(self) -> int:
        """上网的一份的字节数。"""
        return self.bare_size if self.bare_sha256 else self.size


class PartialUpload(models.Model):
    """一份没有传完的大视频：已经到了的各段在 ``FILES_ROOT/partial`` 下，接着传就从 ``received`` 起。"""

    token = models.UUIDField("代号", unique=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    name = models.CharField("名称", max_length=120)
    size = models.PositiveBigIntegerField("字节数")
    received = models.PositiveBigIntegerField("到了的字节数", default=0)
    begun_at = models.DateTimeField("开始的时间")
    touched_at = models.DateTimeField("最后一段到的时间", db_index=True)

    class Meta:
        verbose_name = "没有传完的文件"
        verbose_name_plural = "没有传完的文件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="received_within_size"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        """各段都到了。"""
        return self.received == self.size

    @property
    def percent(self) -> int:
        """到了百分之几。"""
        return self.received * 100 // self.size

    @property
    def kept_until(self) -> datetime:
        """再没有动静，留到什么时候。"""
        return self.touched_at + UNFINISHED_KEPT


class Screened(models.Model):
    """一份内容查毒查到哪一步：隔离着等查的，查过的，查出病毒的。接了查毒服务以后收下的才有。"""

    class State(models.TextChoices):
        """查到哪一步。"""

        WAITING = "waiting", "等着查"
        CLEAN = "clean", "没有病毒"
        INFECTED = "infected", "查出病毒"

    sha256 = models.CharField("摘要", max_length=64, unique=True)
    state = models.CharField(
        "查到哪一步", max_length=8, choices=State.choices, default=State.WAITING
    )
    virus = models.CharField("病毒", max_length=200, blank=True)
    since = models.DateTimeField("隔离的时间")
    screened_at = models.DateTimeField("查过的时间", null=True)

    class Meta:
        verbose_name = "查毒"
        verbose_name_plural = "查毒"
        indexes = [
            models.Index(
                fields=["since"], name="screened_waiting", condition=models.Q(state="waiting")
            )
        ]


class Rendition(models.Model):
    """由一份图片做成的一种大小和格式：做一次，按摘要存着。``master`` 是所由做成的那份的摘要。"""

    master = models.CharField("原图的摘要", max_length=64)
    width = models.PositiveIntegerField("宽")
    media_type = models.CharField("类型", max_length=40)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.PositiveBigIntegerField("字节数")

    class Meta:
        verbose_name = "图片的一种大小"
        verbose_name_plural = "图片的各种大小"
        constraints = [
            models.UniqueConstraint(
                fields=["master", "width", "media_type"], name="picture_rendition_once"
            )
        ]
