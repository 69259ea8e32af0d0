"""接口的密钥、用量，和幂等键办成的事。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition

from .policy import KeyPolicy
from .rules import KEY_LIFE

MOST_PER_MINUTE = 6_000


class ApiKey(LivingRecord):
    """一把密钥：哪个机构的哪个系统、能做什么、从哪里来、到什么时候。

    ``organisation`` 是用它的机构。只存摘要，全文发出时显示一次。能写的密钥以 ``assignment``
    行事：发出时为这个系统单立的账号，不能登录，撤销时停用。
    """

    lifecycle = KEY_LIFE
    policy: ClassVar[KeyPolicy] = KeyPolicy()

    name = models.CharField("系统名称", max_length=40)
    prefix = models.CharField("密钥的开头", max_length=12, unique=True, editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)
    scopes = models.JSONField("权限", default=list, blank=True)
    networks = models.JSONField("限定的来源地址", default=list, blank=True)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止")
    per_minute = models.PositiveIntegerField("每分钟次数")
    assignment = models.OneToOneField(
        RoleAssignment, models.PROTECT, null=True, related_name="+", verbose_name="以何任职行事"
    )

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        constraints = [
            state_is_known(KEY_LIFE, "api_key_state_known"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="api_key_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(per_minute__gte=1, per_minute__lte=MOST_PER_MINUTE),
                name="api_key_pace_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（yg_{self.prefix}）"

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """撤销时连同它的账号一并停用。"""
        if self.assignment is not None:
            self.assignment.user.is_active = False
            self.assignment.user.save(update_fields=["is_active"])


class KeyUse(models.Model):
    """一把密钥用了多少。另立一表：每次请求都写，不碰密钥本身的更新时间。

    ``arrival`` 见 ``rules.Pace``。
    """

    api_key = models.OneToOneField(ApiKey, models.CASCADE, primary_key=True, related_name="use")
    arrival = models.FloatField("限速的时刻", default=0.0)
    count = models.PositiveBigIntegerField("用过几次", default=0)
    last_used_at = models.DateTimeField("上次使用", null=True)

    class Meta:
        verbose_name = "密钥用量"
        verbose_name_plural = "密钥用量"


class Done(models.Model):
    """幂等键办成的一件事：同一把密钥、同一个幂等键、同样的内容再来，照原样答复。

    ``fingerprint`` 是内容的摘要；``status`` 为空是正在办，或者办到一半断了。``body`` 是答复的原文，
    一字不差（存成 JSON，PostgreSQL 会另排次序）。
    """

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    key = models.CharField("幂等键", max_length=80)
    fingerprint = models.CharField("内容的摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    body = models.TextField("答复", blank=True, default="")
    location = models.CharField("地址", max_length=200, blank=True)
    claimed_at = models.DateTimeField("开始办的时间", db_index=True)

    class Meta:
        verbose_name = "办成的事"
        verbose_name_plural = "办成的事"
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="done_once_a_key"),
        ]
