"""资料库：每个机构的图片、视频和文件，分文件夹放着；换了内容，地址不变。"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.organisations.models import Organisation

from .policy import LibraryPolicy
from .rules import KINDS, LIFE


class Folder(models.Model):
    """资料库里的一个文件夹。``parent`` 为空的在最上层。"""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上一层",
    )
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "文件夹"
        verbose_name_plural = "文件夹"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "parent", "name"], name="folder_name_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(parent__isnull=True),
                name="top_folder_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LibraryItem(LivingRecord):
    """一份资料：图片、视频、音频或文件。内容在 ``current`` 指着的那一份里。

    ``alternative`` 是图片的替代文字，图片必有；``caption`` 是图说，``credit`` 是来源、作者。
    """

    lifecycle = LIFE
    policy: ClassVar[LibraryPolicy] = LibraryPolicy()

    folder = models.ForeignKey(
        Folder, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="文件夹"
    )
    kind = models.CharField("类别", max_length=8, choices=list(KINDS.items()), editable=False)
    name = models.CharField("名称", max_length=120)
    alternative = models.CharField("替代文字", max_length=200, blank=True)
    caption = models.CharField("说明", max_length=300, blank=True)
    credit = models.CharField("来源", max_length=120, blank=True)
    current = models.ForeignKey(
        "LibraryVersion", models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "资料"
        verbose_name_plural = "资料"
        constraints = [
            state_is_known(LIFE, "library_item_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(KINDS)), name="library_item_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="picture") | ~models.Q(alternative=""),
                name="library_picture_has_alternative",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "state"], name="library_by_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> "LibraryVersion":
        """现行的一份。"""
        if self.current is None:
            raise ValueError(f"资料 {self.pk} 还没有内容")
        return self.current

    def guard_facts(self) -> Mapping[str, Any]:
        """守卫要知道的：是哪个机构的。"""
        return {"organisation": self.organisation_id}


class LibraryVersion(AppendOnly):
    """资料的一份内容，只增不改：换了内容是新的一份，原来的留着，发布过的页面还用得到。

    ``file`` 是收下的原件，不对外。图片另有去掉拍摄信息、摆正了的一份供上网（``master_*``），
    和列表里的小图（``thumbnail``），都按摘要存着。
    """

    item = models.ForeignKey(LibraryItem, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("第几份")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    master_sha256 = models.CharField("上网的一份的摘要", max_length=64, blank=True)
    master_size = models.PositiveBigIntegerField("上网的一份的字节数", default=0)
    master_type = models.CharField("上网的一份的类型", max_length=40, blank=True)
    thumbnail = models.CharField("小图的摘要", max_length=64, blank=True)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    note = models.CharField("换了什么", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "资料的一份"
        verbose_name_plural = "资料的各份"
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="library_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.item}（第 {self.number} 份）"
