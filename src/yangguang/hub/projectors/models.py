"""跟着变更日志走的各个出口，和每一次撤回由谁确认过。"""

from django.db import models

from yangguang.hub.publications.models import Change


class Projector(models.Model):
    """一个出口：一个站点的静态网站，一台主机上的检索索引。

    ``sequence`` 是它已经落实的最后一个封存序号。``enrolled_at`` 之前的撤回，从这一刻起算它的时间。
    """

    code = models.CharField("代码", max_length=120, unique=True)
    family = models.CharField("种类", max_length=20)
    label = models.CharField("名称", max_length=160)
    sequence = models.PositiveBigIntegerField("封存序号", default=0)
    enrolled_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "出口"
        verbose_name_plural = "出口"

    def __str__(self) -> str:
        return self.label


class Withdrawal(models.Model):
    """一次撤回的落实：``done_at`` 是最后一个出口确认的时间，空着就是还有出口没有确认。"""

    change = models.OneToOneField(
        Change, models.PROTECT, related_name="withdrawal", verbose_name="变更"
    )
    done_at = models.DateTimeField("落实时间", null=True)

    class Meta:
        verbose_name = "撤回的落实"
        verbose_name_plural = "撤回的落实"
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(done_at__isnull=True), name="withdrawal_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.change.publication} 撤回"


class Acknowledgement(models.Model):
    """回执：一个出口确认，公众从它那里已经看不到撤回的内容。"""

    withdrawal = models.ForeignKey(
        Withdrawal, models.PROTECT, related_name="acknowledgements", verbose_name="撤回"
    )
    projector = models.CharField("出口的代码", max_length=120)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回执"
        verbose_name_plural = "回执"
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "projector"], name="acknowledged_once")
        ]

    def __str__(self) -> str:
        return f"{self.projector} 已撤下"
