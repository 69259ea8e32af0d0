"""行政复议与行政诉讼：一件申请的答复被提起的每一次。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.reading_day import reading_day

from .policy import RemedyPolicy
from .proceedings import KINDS, PROCEEDINGS, RESULTS


class Remedy(LivingRecord):
    """一件复议或者诉讼。``kind`` 是表四的三组之一，``received_on`` 是收到受理（应诉）通知之日。

    ``answer_due`` 由它起算；``redone`` 是责令重作以后接着办的那件申请。
    """

    lifecycle = PROCEEDINGS
    policy: ClassVar[RemedyPolicy] = RemedyPolicy()
    named_with = ("request",)

    request = models.ForeignKey(
        DisclosureRequest, models.PROTECT, related_name="remedies", verbose_name="申请"
    )
    kind = models.CharField("哪一种", max_length=40, choices=list(KINDS.items()))
    body = models.CharField("复议机关、法院", max_length=100)
    case_number = models.CharField("案号", max_length=80, blank=True)
    is_simplified = models.BooleanField("适用简易程序", default=False)
    received_on = models.DateField("收到通知之日")
    answer_due = models.DateField("答复、答辩的期限", null=True, editable=False)
    answer_due_provisional = models.BooleanField("期限是暂定的", default=False, editable=False)
    answered_on = models.DateField("提交答复、答辩之日", null=True, editable=False)
    decided_on = models.DateField("审结之日", null=True, editable=False)
    result = models.CharField(
        "结果", max_length=12, blank=True, choices=list(RESULTS.items()), editable=False
    )
    decision_number = models.CharField(
        "决定书、判决书文号", max_length=80, blank=True, editable=False
    )
    orders_redo = models.BooleanField("责令重作", default=False, editable=False)
    redone = models.OneToOneField(
        DisclosureRequest, models.PROTECT, null=True, related_name="ordered_by", editable=False,
        verbose_name="重作的申请",
    )  # fmt: skip

    class Meta:
        verbose_name = "行政复议、行政诉讼"
        verbose_name_plural = "行政复议、行政诉讼"
        constraints = [
            state_is_known(PROCEEDINGS, "remedy_state_known"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="remedy_kind_known"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, result="")
                | (Q(decided_on__gte=F("received_on")) & Q(result__in=list(RESULTS))),
                name="remedy_decided_with_result",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "received_on"], name="remedy_by_receipt")]

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} {self.request.number}"

    @property
    def deadline(self) -> date | None:
        """答复、答辩的期限；提交以后没有。"""
        return self.answer_due if self.answered_on is None and self.decided_on is None else None

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {
            "created_by": self.created_by_id,
            "received_on": self.received_on,
            "today": reading_day(),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """记下提交的日期、审结的结果。"""
        if transition.event == "answer":
            self.answered_on = inputs["answered_on"]
        elif transition.event == "decide":
            self.decided_on = inputs["decided_on"]
            self.result = inputs["result"]
            self.orders_redo = bool(inputs.get("orders_redo"))
            self.decision_number = inputs.get("decision_number", "")
