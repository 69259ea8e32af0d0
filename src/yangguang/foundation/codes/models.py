"""代码表里改过的各项。没有改过的表，用随产品发布的（``CodeTable.packaged``）。"""

from django.db import models

from yangguang.foundation.accounts.models import User

from .rules import BASIS_LENGTH, CODE_LENGTH, LABEL_LENGTH, Entry


class CodeEntry(models.Model):
    """代码的一种说法，从哪天到哪天。没有删除。"""

    table = models.CharField("代码表", max_length=40)
    position = models.PositiveSmallIntegerField("次序")
    code = models.CharField("代码", max_length=CODE_LENGTH)
    label = models.CharField("说法", max_length=LABEL_LENGTH)
    legal_basis = models.CharField("依据", max_length=BASIS_LENGTH, blank=True)
    valid_from = models.DateField("起用", null=True, blank=True)
    valid_until = models.DateField("用到", null=True, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = "代码"
        verbose_name_plural = "代码"
        constraints = [
            models.UniqueConstraint(
                fields=["table", "code", "valid_from"], name="code_wording_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["table", "code"],
                condition=models.Q(valid_until__isnull=True),
                name="code_current_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="code_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def entry(self) -> Entry:
        """规则用的样子。"""
        return Entry(self.code, self.label, self.legal_basis, self.valid_from, self.valid_until)
