"""检索的账：没有结果的查询，一天一词一行，只有次数。"""

from django.db import models

from yangguang.hub.columns.models import Site


class FruitlessSearch(models.Model):
    """哪一天、哪个站点、什么词没有查到，共几次。没有来访者的任何信息。"""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name="站点")
    day = models.DateField("日期")
    words = models.CharField("整理过的词", max_length=60)
    count = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = "没有结果的查询"
        verbose_name_plural = "没有结果的查询"
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "words"], name="fruitless_once_a_day")
        ]

    def __str__(self) -> str:
        return self.words
