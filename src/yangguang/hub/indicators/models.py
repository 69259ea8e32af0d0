"""指标的读数：作业定时数出来的，一个指标、一个机构一行，只留最近的一次。"""

from django.db import models

from yangguang.foundation.organisations.models import Organisation


class IndicatorReading(models.Model):
    """一个机构的一个指标，自始至 ``as_of``。随时可以重新数出来，不是依据。"""

    indicator = models.CharField("指标", max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name="机构"
    )
    numerator = models.BigIntegerField("分子")
    denominator = models.BigIntegerField("分母")
    as_of = models.DateField("截至")
    taken_at = models.DateTimeField("数的时间")

    class Meta:
        verbose_name = "指标读数"
        verbose_name_plural = "指标读数"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "organisation"], name="indicator_read_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}：{self.organisation}"
