"""站外链接的账：各站点的页面链到了哪里，最近查得怎样。"""

from django.db import models
from django.db.models import Q

from yangguang.hub.columns.models import Site
from yangguang.outlets.website.models import BakedPage

from .rules import FAULTS, LONGEST


class ExternalLink(models.Model):
    """一个站点链到的一个站外地址。``nights`` 是连着几夜打不开，``failing_since`` 是从何时起。"""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name="站点")
    url = models.CharField("地址", max_length=LONGEST)
    fault = models.CharField("毛病", max_length=20, blank=True, choices=list(FAULTS.items()))
    status = models.PositiveSmallIntegerField("应答码", null=True)
    checked_at = models.DateTimeField("查过的时间", null=True)
    failing_since = models.DateTimeField("打不开的起始时间", null=True)
    nights = models.PositiveIntegerField("连着几夜", default=0)

    class Meta:
        verbose_name = "站外链接"
        verbose_name_plural = "站外链接"
        constraints = [
            models.UniqueConstraint(fields=["site", "url"], name="external_link_once"),
            models.CheckConstraint(
                condition=Q(fault="", nights=0, failing_since=None)
                | ~Q(fault="") & Q(nights__gt=0, failing_since__isnull=False),
                name="external_link_fails_since_a_time",
            ),
        ]
        indexes = [models.Index(fields=["checked_at"], name="external_link_due")]

    def __str__(self) -> str:
        return self.url


class LinkPlace(models.Model):
    """链接在哪一页上。"""

    link = models.ForeignKey(ExternalLink, models.CASCADE, related_name="places")
    page = models.ForeignKey(BakedPage, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "链接所在的页"
        verbose_name_plural = "链接所在的页"
        constraints = [models.UniqueConstraint(fields=["link", "page"], name="link_once_a_page")]


class LinkScan(models.Model):
    """一个站点的页面收集到哪一个世代：此后烘过的页才再看。"""

    site = models.OneToOneField(Site, models.CASCADE, related_name="+", verbose_name="站点")
    generation = models.PositiveBigIntegerField("世代", default=0)

    class Meta:
        verbose_name = "链接的收集进度"
        verbose_name_plural = "链接的收集进度"


class LinkNight(models.Model):
    """最近一夜查得怎样，全平台一行：查了几个，有没有查完，是不是本机连不到外网。"""

    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("做完时间", null=True)
    checked = models.PositiveIntegerField("查了几个", default=0)
    is_offline = models.BooleanField("连不到外网", default=False)

    class Meta:
        verbose_name = "查链接的一夜"
        verbose_name_plural = "查链接的一夜"
