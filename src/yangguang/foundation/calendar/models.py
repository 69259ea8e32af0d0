"""数据库里维护的日历表，与 ``data/calendar`` 里随产品发布的同形，可以改。

怎样合成一份日历见 ``selectors.tables_in_force``；只由 ``services`` 里的动作写入。
"""

from django.db import models
from django.db.models import F, Q

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.audit.append_only import AppendOnly

from .entries import NAME_LENGTH, SOURCE_LENGTH


class CalendarRegion(models.Model):
    """一个地区。全国是最上级，地方叠加在上级之上。"""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="上级地区"
    )
    division_code = models.CharField("行政区划代码前缀", max_length=12, blank=True)
    legal_basis = models.CharField("依据", max_length=SOURCE_LENGTH, blank=True)
    festivals = models.JSONField("逐年录入的节日", default=list, blank=True)

    class Meta:
        verbose_name = "日历地区"
        verbose_name_plural = "日历地区"
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="calendar_region_above_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Entered(models.Model):
    """谁在何时据何录入。``entered_by`` 为空表示由随产品发布的表装入。"""

    source = models.CharField("依据", max_length=SOURCE_LENGTH)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        abstract = True


class CalendarAnniversary(Entered):
    """每年固定公历日期的地方节日，例如州庆。起止年份都算在内，为空表示不限。"""

    region = models.ForeignKey(
        CalendarRegion, models.PROTECT, related_name="anniversaries", verbose_name="地区"
    )
    name = models.CharField("名称", max_length=NAME_LENGTH)
    month = models.PositiveSmallIntegerField("月")
    day = models.PositiveSmallIntegerField("日")
    moved_from_sunday = models.BooleanField("逢周日顺延", default=False)
    since = models.PositiveSmallIntegerField("起始年份", null=True, blank=True)
    until = models.PositiveSmallIntegerField("终止年份", null=True, blank=True)

    class Meta:
        verbose_name = "固定的地方节日"
        verbose_name_plural = "固定的地方节日"
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="calendar_anniversary_once"),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31)),
                name="calendar_anniversary_is_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.month}月{self.day}日）"


class CalendarTable(Entered):
    """某地区某年的表已经录入：``festival`` 为空是全国的整年安排，不空是地方的某个节日。"""

    region = models.ForeignKey(
        CalendarRegion, models.PROTECT, related_name="+", verbose_name="地区"
    )
    year = models.PositiveSmallIntegerField("年份")
    festival = models.CharField("节日", max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = "年度日历表"
        verbose_name_plural = "年度日历表"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "festival"], name="calendar_table_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region}{self.year}年{self.festival or '放假安排'}"


class CalendarDay(Entered):
    """与星期几不符的一天。属于（地区，日期的年份，``festival``）那张表。"""

    region = models.ForeignKey(
        CalendarRegion, models.PROTECT, related_name="+", verbose_name="地区"
    )
    date = models.DateField("日期")
    festival = models.CharField("所属节日表", max_length=NAME_LENGTH, blank=True)
    works = models.BooleanField("上班")
    name = models.CharField("缘由", max_length=NAME_LENGTH)

    class Meta:
        verbose_name = "特殊日"
        verbose_name_plural = "特殊日"
        ordering = ("date", "region")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "date"],
                name="calendar_day_once",
                violation_error_message="这一天已经录入过。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region}{self.date} {self.name}{'上班' if self.works else '放假'}"


class CalendarChange(AppendOnly):
    """日历的一次改动。它的编号就是日历的版本号，也是重算期限的缘由。"""

    action = models.CharField("动作", max_length=40)
    region = models.ForeignKey(
        CalendarRegion, models.PROTECT, related_name="+", verbose_name="地区"
    )
    summary = models.CharField("内容", max_length=300)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    assignment = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, related_name="+", verbose_name="任职"
    )
    idempotency_key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "日历改动"
        verbose_name_plural = "日历改动"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.summary
