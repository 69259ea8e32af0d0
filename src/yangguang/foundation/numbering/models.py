"""编号：每个系列、每年、每个机构一个计数行。"""

from django.db import models

from yangguang.foundation.organisations.models import Organisation


class Counter(models.Model):
    """计数行。``value`` 是已经取走的最大号，从 1 起，中间不缺。"""

    series = models.CharField("系列", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    value = models.PositiveIntegerField("已取到")

    class Meta:
        verbose_name = "计数"
        verbose_name_plural = "计数"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "organisation"], name="counter_one_per_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.series} {self.year}：{self.value}"
