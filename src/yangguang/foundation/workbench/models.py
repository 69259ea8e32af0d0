"""工作台替各人记着的：存下的筛选、选定的列，打开着的表单；成批办理的结果；记录存过的各版。"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.audit.append_only import AppendOnly


class SavedList(models.Model):
    """一个人在一种列表上存下的筛选：起了名字，打开列表时可以就用它。"""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="账号")
    slug = models.CharField("列表", max_length=40)
    name = models.CharField("名称", max_length=40)
    query = models.TextField("查询")
    is_default = models.BooleanField("打开列表时就用它", default=False)
    created_at = models.DateTimeField("存下的时间", auto_now_add=True)

    class Meta:
        verbose_name = "常用筛选"
        verbose_name_plural = "常用筛选"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "slug", "name"], name="saved_list_name_once"),
            models.UniqueConstraint(
                fields=["user", "slug"],
                condition=models.Q(is_default=True),
                name="saved_list_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChosenColumns(models.Model):
    """一个人在一种列表上选定的列。没有选过的没有这一行。"""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="账号")
    slug = models.CharField("列表", max_length=40)
    columns = models.JSONField("列", default=list)

    class Meta:
        verbose_name = "选定的列"
        verbose_name_plural = "选定的列"
        constraints = [models.UniqueConstraint(fields=["user", "slug"], name="chosen_columns_once")]

    def __str__(self) -> str:
        return f"{self.slug}：{'、'.join(self.columns)}"


class BulkRun(models.Model):
    """一次成批办理：选了哪些，各条办成没有、为什么没有办成。

    ``outcomes`` 逐条是 ``{"pk": 编号, "reasons": [没有办成的理由]}``，理由为空是办成了；
    办到一半断了的 ``finished_at`` 为空，同一把键再交接着办。
    """

    key = models.CharField("幂等键", max_length=60, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    assignment = models.ForeignKey(RoleAssignment, models.PROTECT, related_name="+")
    slug = models.CharField("列表", max_length=40)
    event = models.CharField("事件", max_length=40)
    label = models.CharField("动作", max_length=40)
    outcomes = models.JSONField("各条的结果", default=list)
    started_at = models.DateTimeField("开始", auto_now_add=True)
    finished_at = models.DateTimeField("办完", null=True)

    class Meta:
        verbose_name = "成批办理"
        verbose_name_plural = "成批办理"

    def __str__(self) -> str:
        return f"成批{self.label}"


class OpenForm(models.Model):
    """一个人打开着的一张表：打开时的样子，写了还没有交的内容。交了、丢了就没有了。

    密级标志从不存在这里。``base`` 是打开时各项显示的值，``typed`` 是写了的各项，都是字段到一串文字。
    """

    assignment = models.ForeignKey(RoleAssignment, models.CASCADE, related_name="+")
    path = models.CharField("表单的地址", max_length=500)
    record_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    record_id = models.PositiveBigIntegerField(null=True)
    base = models.JSONField("打开时的值", null=True)
    typed = models.JSONField("写了没有交的", null=True)
    opened_at = models.DateTimeField("打开", default=timezone.now)
    touched_at = models.DateTimeField("最近一次有动静", default=timezone.now)

    class Meta:
        verbose_name = "打开着的表单"
        verbose_name_plural = "打开着的表单"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "path"], name="open_form_once")
        ]
        indexes = [
            models.Index(fields=["record_type", "record_id"], name="open_form_of_record"),
            models.Index(fields=["touched_at"], name="open_form_touched"),
        ]

    def __str__(self) -> str:
        return self.path


class RecordVersion(AppendOnly):
    """一条记录存过的一版：谁、以什么身份、什么时候存的，各项当时的值，比上一版改了哪几项。只增不改。

    与那次保存同一个事务写下。``content`` 是 ``comparing.Item`` 的写法；身份证号、手机号、银行卡号已遮盖。
    """

    class How(models.TextChoices):
        """这一版怎么来的。"""

        FIRST = "first", "建立以后、第一次修改之前"
        SAVED = "saved", "保存"
        FOUND = "found", "在别处改成这样，下一次保存时记下"

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    number = models.PositiveIntegerField("第几版")
    how = models.CharField("怎么来的", max_length=8, choices=How)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    assignment = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, related_name="+", verbose_name="身份"
    )
    at = models.DateTimeField("时间")
    content = models.JSONField("各项的值")
    layout = models.JSONField("文字写不出来的样子", default=dict)
    changed = models.JSONField("改了的各项", default=list)

    class Meta:
        verbose_name = "记录的一版"
        verbose_name_plural = "记录的各版"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="record_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(how__in=["first", "saved", "found"]),
                name="record_version_how_known",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"
