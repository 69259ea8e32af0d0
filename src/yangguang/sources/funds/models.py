"""资金公开：一笔政策资金或者直达资金，和它逐级的分配、拨付、支出。

钱数都是整数的分（1 元 = 100 分，见 ``money``）：几百笔相加也不差一分。
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column

from .circulation import CIRCULATION
from .policy import FundPolicy
from .rules import FIGURES, KINDS, faults


class Fund(LivingRecord):
    """一笔资金，由收到它的机构公开。

    ``document_number`` 是上级下达它的文件的文号，``given_by`` 是下达单位，``amount`` 是收到多少（分）。
    ``paid``、``used`` 是本机构没有往下分、自己直接拨付到项目、企业、个人的，和其中已经支出的（分）。
    ``asked_at`` 是最近一次请各接收单位报数的时间；此后报的才算报过，``report_by`` 是请他们哪天以前报。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[FundPolicy] = FundPolicy()

    name = models.CharField("资金名称", max_length=200)
    kind = models.CharField("资金种类", max_length=8, choices=list(KINDS.items()))
    year = models.PositiveSmallIntegerField("年度")
    document_number = models.CharField("上级文件文号", max_length=60, blank=True)
    given_by = models.CharField("下达单位", max_length=100, blank=True)
    purpose = models.CharField("用途", max_length=500, blank=True)
    amount = models.BigIntegerField("金额（分）")
    received_on = models.DateField("收到日期", null=True, blank=True)
    paid = models.BigIntegerField("本级直接拨付（分）", null=True, blank=True)
    paid_on = models.DateField("本级拨付日期", null=True, blank=True)
    used = models.BigIntegerField("本级支出（分）", null=True, blank=True)
    used_on = models.DateField("本级支出日期", null=True, blank=True)
    asked_at = models.DateTimeField("请各单位报数的时间", null=True, editable=False)
    asked_key = models.CharField(max_length=80, blank=True, editable=False)
    report_by = models.DateField("报数期限", null=True, editable=False)
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "资金"
        verbose_name_plural = "资金"
        constraints = [
            state_is_known(CIRCULATION, "fund_state_known"),
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="fund_kind_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fund_amount_positive"),
            models.CheckConstraint(
                condition=(Q(paid=None) | Q(paid__gte=0)) & (Q(used=None) | Q(used__gte=0)),
                name="fund_spending_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], name="fund_listed"),
            models.Index(fields=["state", "organisation"], name="fund_by_state"),
            models.Index(fields=["updated_at", "id", "organisation"], name="fund_by_update"),
        ]

    def __str__(self) -> str:
        return self.name

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import account_of, tables_of
        from .services import screening_faults

        account = account_of(self)
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "document_number": self.document_number,
            "given_by": self.given_by,
            "received_on": self.received_on,
            "flows": len(account.flows),
            "paid": self.paid,
            "faults": faults(account, timezone.localdate()),
            "screening": screening_faults(self),
            "tables": tables_of(self) is not None,
            "columns": self.columns.exists(),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """发布、更正、撤回的后果。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class Allocation(models.Model):
    """一笔分配：从哪个单位到哪个单位。

    ``amount`` 是分配了多少，``received`` 是接收单位收到多少，``paid`` 是它直接拨付到项目、企业、个人的，
    ``used`` 是其中已经支出的（都是分）；还没有发生的为空。日期是最近一次的。
    """

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="allocations")
    position = models.PositiveIntegerField("第几笔")
    giver = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="分配单位"
    )
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="接收单位"
    )
    project = models.CharField("项目", max_length=200, blank=True)
    document_number = models.CharField("分配文件文号", max_length=60, blank=True)
    amount = models.BigIntegerField("分配（分）")
    allocated_on = models.DateField("分配日期", null=True, blank=True)
    received = models.BigIntegerField("收到（分）", null=True, blank=True)
    received_on = models.DateField("收到日期", null=True, blank=True)
    paid = models.BigIntegerField("拨付（分）", null=True, blank=True)
    paid_on = models.DateField("拨付日期", null=True, blank=True)
    used = models.BigIntegerField("支出（分）", null=True, blank=True)
    used_on = models.DateField("支出日期", null=True, blank=True)

    class Meta:
        verbose_name = "分配"
        verbose_name_plural = "分配"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["fund", "position"], name="allocation_position_once"),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="allocation_not_to_itself"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_amount_positive"),
            models.CheckConstraint(
                condition=(Q(received=None) | Q(received__gte=0))
                & (Q(paid=None) | Q(paid__gte=0))
                & (Q(used=None) | Q(used__gte=0)),
                name="allocation_figures_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver}→{self.receiver}"

    @property
    def figures(self) -> tuple[Any, ...]:
        """接收单位自己报的各项，现在记着的。"""
        return tuple(getattr(self, name) for name in FIGURES)


class FlowReport(models.Model):
    """接收单位报的一次数，只增不改，最近的一次算数。

    ``settled_at`` 是了结的时间：持有资金的机构采用了，接收单位又报了一次，或者报的与记着的本来相同。
    """

    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="reports")
    received = models.BigIntegerField("收到（分）", null=True)
    received_on = models.DateField("收到日期", null=True)
    paid = models.BigIntegerField("拨付（分）", null=True)
    paid_on = models.DateField("拨付日期", null=True)
    used = models.BigIntegerField("支出（分）", null=True)
    used_on = models.DateField("支出日期", null=True)
    by = models.ForeignKey(
        RoleAssignment, models.PROTECT, related_name="+", verbose_name="报数人"
    )  # fmt: skip
    at = models.DateTimeField("报数时间")
    settled_at = models.DateTimeField("了结时间", null=True)
    idempotency_key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = "单位报的数"
        verbose_name_plural = "单位报的数"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(received=None) | Q(received__gte=0))
                & (Q(paid=None) | Q(paid__gte=0))
                & (Q(used=None) | Q(used__gte=0)),
                name="flow_report_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.allocation}：{self.at:%Y-%m-%d}"

    @property
    def figures(self) -> tuple[Any, ...]:
        """报的各项。"""
        return tuple(getattr(self, name) for name in FIGURES)


class FundTables(models.Model):
    """一笔资金供下载的表格（xlsx、csv）；``digest`` 是所写内容的摘要，内容变了另做一份。"""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="tables")
    digest = models.CharField("内容的摘要", max_length=64)
    xlsx = models.CharField("xlsx 的摘要", max_length=64)
    xlsx_size = models.PositiveBigIntegerField("xlsx 的字节数")
    csv = models.CharField("csv 的摘要", max_length=64)
    csv_size = models.PositiveBigIntegerField("csv 的字节数")

    class Meta:
        verbose_name = "供下载的表格"
        verbose_name_plural = "供下载的表格"
        constraints = [models.UniqueConstraint(fields=["fund", "digest"], name="fund_tables_once")]

    def __str__(self) -> str:
        return f"{self.fund}的表格"
