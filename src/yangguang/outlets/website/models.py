"""烘焙的账：跟到哪里了，每个列表里谁是第几条，每一页由什么烘成、烘成了什么。"""

from django.db import models

from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication

from .rules import ListKey


class Cursor(models.Model):
    """跟进变更日志的进度，全网站一行。

    ``generation`` 只增不减，每标记一批要重烘的页就加一；页面按它比较新旧。``sequence`` 是已经
    落实到树上的最后一个封存序号；``numbered`` 是列表的序号数到哪里了，在它前面。``release``、``day``、
    ``calendar`` 变了，所有页面、含日期的页面或由工作日历得出的页面要重烘。
    """

    sequence = models.PositiveBigIntegerField("封存序号", default=0)
    numbered = models.PositiveBigIntegerField("序号数到", default=0)
    generation = models.PositiveBigIntegerField("世代", default=0)
    release = models.CharField("模板版本", max_length=64, blank=True)
    day = models.DateField("截至日期", null=True)
    calendar = models.CharField("工作日历的版本", max_length=64, blank=True)

    class Meta:
        verbose_name = "网站进度"
        verbose_name_plural = "网站进度"


class PublicList(models.Model):
    """一个列表。``placed`` 是列入过多少条，只增不减；``live`` 是现存多少条。"""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    key = models.CharField("列表", max_length=140)
    placed = models.PositiveIntegerField("列入过", default=0)
    live = models.PositiveIntegerField("现存", default=0)

    class Meta:
        verbose_name = "列表"
        verbose_name_plural = "列表"
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="list_once_in_site")]

    def __str__(self) -> str:
        return self.key

    @property
    def list_key(self) -> ListKey:
        """这是哪个列表。"""
        return ListKey.parse(self.key)


class ListEntry(models.Model):
    """列表里的一条。序号一经给出就不变，撤下后也不再给别人。"""

    public_list = models.ForeignKey(
        PublicList, models.CASCADE, related_name="entries", verbose_name="列表"
    )
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name="信息"
    )
    ordinal = models.PositiveIntegerField("序号")

    class Meta:
        verbose_name = "列表条目"
        verbose_name_plural = "列表条目"
        constraints = [
            models.UniqueConstraint(fields=["public_list", "publication"], name="listed_once"),
            models.UniqueConstraint(fields=["public_list", "ordinal"], name="ordinal_once"),
        ]


class BakedPage(models.Model):
    """一页。``wanted`` 大于 ``baked`` 就是该重烘了；只有更新的世代能替换它。

    ``maker`` 与 ``subject`` 说明由谁、用什么烘成；``sha256`` 为空表示这一页现在不该有文件。
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    path = models.CharField("路径", max_length=300)
    maker = models.CharField("页面种类", max_length=20)
    subject = models.CharField("所烘之物", max_length=160, blank=True)
    wanted = models.PositiveBigIntegerField("要求的世代", default=0)
    baked = models.PositiveBigIntegerField("烘成的世代", default=0)
    sequence = models.PositiveBigIntegerField("所见的封存序号", default=0)
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)

    class Meta:
        verbose_name = "页面"
        verbose_name_plural = "页面"
        constraints = [models.UniqueConstraint(fields=["site", "path"], name="page_once_in_site")]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(wanted__gt=models.F("baked")),
                name="page_to_bake",
            )
        ]

    def __str__(self) -> str:
        return self.path


class PageFile(models.Model):
    """随一页（不属于哪条信息的页：首页、专题）公开的文件，例如图片。再没有页用到的，从树里清除。"""

    page = models.ForeignKey(BakedPage, models.CASCADE, related_name="files", verbose_name="页面")
    path = models.CharField("路径", max_length=300, db_index=True)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.PositiveBigIntegerField("字节数")

    class Meta:
        verbose_name = "页面的文件"
        verbose_name_plural = "页面的文件"
        constraints = [models.UniqueConstraint(fields=["page", "path"], name="page_file_once")]


class PageKey(models.Model):
    """一页由哪些键的数据烘成：键的数据变了，这一页就要重烘。"""

    page = models.ForeignKey(BakedPage, models.CASCADE, related_name="keys", verbose_name="页面")
    key = models.CharField("键", max_length=120, db_index=True)

    class Meta:
        verbose_name = "页面的键"
        verbose_name_plural = "页面的键"
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="page_key_once")]


class Manifest(models.Model):
    """一个目录的清单的账：其中的文件、子目录的清单的摘要，和写出的清单自己的摘要。

    ``dirty`` 是变了而还没有写到树里。``files`` 是名字 → [摘要, 字节数]，``folders`` 是名字 → 摘要；
    压缩副本不列。
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name="站点")
    folder = models.CharField("目录", max_length=300)
    files = models.JSONField("文件", default=dict)
    folders = models.JSONField("子目录", default=dict)
    digest = models.CharField("摘要", max_length=64, blank=True)
    dirty = models.BooleanField("要写", default=True)

    class Meta:
        verbose_name = "目录的清单"
        verbose_name_plural = "目录的清单"
        constraints = [
            models.UniqueConstraint(fields=["site", "folder"], name="manifest_once_per_folder")
        ]
        indexes = [
            models.Index(fields=["site"], condition=models.Q(dirty=True), name="manifest_to_write")
        ]

    def __str__(self) -> str:
        return self.folder

    @property
    def entries(self) -> dict[str, tuple[str, int]]:
        """其中的文件：名字 → 摘要、字节数。"""
        return {name: (digest, size) for name, (digest, size) in self.files.items()}


class PatrolRound(models.Model):
    """一个站点最近一轮巡查：什么时候做完、用了多久、看了多少个文件、其中算了多少个摘要。"""

    site = models.OneToOneField(Site, models.CASCADE, related_name="+", verbose_name="站点")
    finished_at = models.DateTimeField("做完时间")
    seconds = models.FloatField("用时")
    files = models.PositiveBigIntegerField("文件数")
    hashed = models.PositiveBigIntegerField("算摘要的")

    class Meta:
        verbose_name = "巡查"
        verbose_name_plural = "巡查"


class TamperedFile(models.Model):
    """巡查发现被动过的一个文件。``restored_at`` 空着是还没有恢复；``kept`` 是留作证据的一份在哪里。"""

    class Fault(models.TextChoices):
        """怎样被动过。"""

        CHANGED = "changed", "被改动"
        MISSING = "missing", "不见了"
        ADDED = "added", "来历不明"

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name="站点")
    path = models.CharField("文件", max_length=1000)
    fault = models.CharField("怎样", max_length=8, choices=Fault.choices)
    found_at = models.DateTimeField("发现时间", db_index=True)
    restored_at = models.DateTimeField("恢复时间", null=True)
    kept = models.CharField("证据", max_length=1000, blank=True)

    class Meta:
        verbose_name = "被动过的文件"
        verbose_name_plural = "被动过的文件"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "path"],
                condition=models.Q(restored_at__isnull=True),
                name="tampered_once_until_restored",
            )
        ]

    def __str__(self) -> str:
        return f"/{self.path} {self.get_fault_display()}"
