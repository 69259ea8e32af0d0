"""工作台替各人记着的：存下的筛选、选定的列；成批办理的结果。"""

from django.db import models

from yangguang.foundation.accounts.models import RoleAssignment, User


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
