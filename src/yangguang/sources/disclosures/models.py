"""公开属性补定：一批，批里的各件。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.sources.documents.disclosure import DISCLOSURES, RESERVED
from yangguang.sources.ledger.models import LedgerEntry

from .circulation import CIRCULATION
from .policy import BatchPolicy


class DisclosureBatch(LivingRecord):
    """一批补定：从一张表读来，审查以后写进台账。``faults`` 是没有收的各行，``headings`` 是那张表的栏名。"""

    lifecycle = CIRCULATION
    policy: ClassVar[BatchPolicy] = BatchPolicy()

    name = models.CharField("表格", max_length=120)
    headings = models.JSONField("栏名", default=list, editable=False)
    faults = models.JSONField("没有收的行", default=list, editable=False)
    faulty = models.PositiveIntegerField("没有收几行", default=0, editable=False)
    settled = models.PositiveIntegerField("补定几件", default=0, editable=False)

    class Meta:
        verbose_name = "公开属性补定"
        verbose_name_plural = "公开属性补定"
        constraints = [state_is_known(CIRCULATION, "disclosure_batch_state_known")]

    def __str__(self) -> str:
        return self.name

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        struck = self.lines.exclude(struck="").count()
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "struck": struck,
            "standing": self.lines.count() - struck,
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """审查通过的写进台账。"""
        from .services import carry_out

        if transition.event == "settle":
            carry_out(self, actor=actor)


class DisclosureLine(models.Model):
    """批里的一件。``before`` 是拟定时台账里的公开属性，没有登记过为空；``struck`` 是审查时退回的缘由。"""

    batch = models.ForeignKey(DisclosureBatch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("第几行")
    identity = models.CharField("认定同一件的", max_length=600)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=500)
    written_on = models.DateField("成文日期", null=True)
    issued_on = models.DateField("印发日期")
    disclosure = models.CharField("公开属性", max_length=12, choices=list(DISCLOSURES.items()))
    disclosure_ground = models.CharField("理由类别", max_length=20, blank=True)
    disclosure_reason = models.CharField("理由", max_length=500, blank=True)
    is_norm = models.BooleanField("行政规范性文件", default=False)
    online_on = models.DateField("上网日期", null=True)
    address = models.CharField("网址", max_length=500, blank=True)
    before = models.CharField(
        "原来的公开属性", max_length=12, blank=True, choices=list(DISCLOSURES.items())
    )
    struck = models.CharField("退回的缘由", max_length=200, blank=True)
    entry = models.ForeignKey(
        LedgerEntry, models.SET_NULL, null=True, related_name="settlings", verbose_name="台账"
    )

    class Meta:
        verbose_name = "补定的一件"
        verbose_name_plural = "补定的各件"
        ordering = ("number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "identity"], name="disclosure_line_once_a_batch"
            ),
            models.CheckConstraint(
                condition=Q(disclosure="proactive", disclosure_ground="", disclosure_reason="")
                | (
                    Q(disclosure__in=RESERVED, is_norm=False)
                    & ~Q(disclosure_ground="")
                    & ~Q(disclosure_reason="")
                ),
                name="disclosure_line_complete",
            ),
        ]
        indexes = [models.Index(fields=["identity"], name="disclosure_line_identity")]

    def __str__(self) -> str:
        return self.document_number or self.title
