"""人员和任职：人员、一次性链接、请假代理、工作交接。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition

from .deputising import DEPUTISING
from .handing_over import HANDOVER
from .policy import DeputyPolicy, HandoverPolicy, StaffPolicy
from .rules import PEOPLE, link_fault


class StaffMember(LivingRecord):
    """一个人员：账号之外的那些。``organisation`` 是所在单位，管他账号的是这个单位的管理员。

    账号只在“在用”时能登录。给别的系统用的账号（接口密钥）不是人员。
    """

    lifecycle = PEOPLE
    policy: ClassVar[StaffPolicy] = StaffPolicy()

    user = models.OneToOneField(User, models.PROTECT, related_name="staff", verbose_name="账号")
    post = models.CharField("职务", max_length=40, blank=True)

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        constraints = [state_is_known(PEOPLE, "staff_state_known")]

    def __str__(self) -> str:
        return f"{self.user.display_name}（{self.user.username}）"

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import posts_of

        return {**super().guard_facts(), "user": self.user_id, "posts": posts_of(self.user)}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """账号随状态启用、停用；停用的当即断开一切。"""
        from .leaving import close_account

        self.user.is_active = transition.target == "active"
        self.user.save(update_fields=["is_active"])
        if transition.target == "left":
            close_account(self.user, actor=actor, at=at)


class EntryLink(models.Model):
    """一次性链接：本人凭它设口令。库里只有摘要，全文在发出时显示一次。"""

    class Purpose(models.TextChoices):
        """做什么用。"""

        INVITE = "invite", "邀请"
        RESET = "reset", "重设登录"

    user = models.ForeignKey(User, models.CASCADE, related_name="links", verbose_name="账号")
    purpose = models.CharField("用途", max_length=8, choices=Purpose.choices)
    digest = models.CharField("摘要", max_length=64, unique=True)
    issued_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使用时间", null=True)
    cancelled_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = "一次性链接"
        verbose_name_plural = "一次性链接"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="entry_link_expires_later"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="entry_link_one_open_a_person",
            ),
        ]

    @property
    def fault(self) -> str:
        """为什么不能用，一句话；能用为空串。"""
        return link_fault(
            is_used=self.used_at is not None,
            is_cancelled=self.cancelled_at is not None,
            is_expired=self.expires_at <= timezone.now(),
        )


class Deputyship(LivingRecord):
    """一次请假代理：``deputy`` 在期间之内代 ``principal`` 那一任职行事。

    ``organisation`` 是被代的岗位所在的机构；``acts_as`` 是代理人因此得到的任职，期间之外、提前结束后都无效。
    """

    lifecycle = DEPUTISING
    policy: ClassVar[DeputyPolicy] = DeputyPolicy()

    principal = models.ForeignKey(
        RoleAssignment, models.PROTECT, related_name="deputyships", verbose_name="被代的任职"
    )
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="代理人")
    acts_as = models.OneToOneField(
        RoleAssignment, models.PROTECT, related_name="deputyship", verbose_name="代理人的任职"
    )
    valid_from = models.DateField("起")
    valid_until = models.DateField("止")
    reason = models.CharField("事由", max_length=100)

    class Meta:
        verbose_name = "请假代理"
        verbose_name_plural = "请假代理"
        constraints = [
            state_is_known(DEPUTISING, "deputyship_state_known"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="deputyship_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        principal, deputy = self.principal.user.display_name, self.deputy.display_name
        return f"{deputy}代{principal}（{self.principal.get_role_display()}）"

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import post_of

        return {
            **super().guard_facts(),
            "principal": self.principal.user_id,
            "deputy": self.deputy_id,
            "post": post_of(self.principal),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """代理人的任职当即失效。"""
        self.acts_as.ended_at = at
        self.acts_as.save(update_fields=["ended_at"])


class Handover(LivingRecord):
    """一份交接单：``leaver`` 手上的事移交给 ``receiver``。``digest`` 是两个人签字的那份清单的摘要。"""

    lifecycle = HANDOVER
    policy: ClassVar[HandoverPolicy] = HandoverPolicy()

    leaver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="移交人")
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="接收人")
    digest = models.CharField("清单的摘要", max_length=64)

    class Meta:
        verbose_name = "交接单"
        verbose_name_plural = "交接单"
        constraints = [
            state_is_known(HANDOVER, "handover_state_known"),
            models.CheckConstraint(condition=~Q(leaver=F("receiver")), name="handover_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.leaver.display_name}移交{self.receiver.display_name}"

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .handovers import facts

        return {**super().guard_facts(), **facts(self)}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """签字的是哪一份清单入审计；签收的，事情随即移过去。"""
        from .handovers import carry_out

        carry_out(self, transition.event, actor=actor)


class HandoverLine(models.Model):
    """清单上的一行，列出当时的样子。``moved_at`` 为空的是没有移交：签收时已经办结。"""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("次序")
    kind = models.CharField("种类", max_length=80)
    object_id = models.PositiveBigIntegerField("编号")
    title = models.CharField("名称", max_length=200)
    standing = models.CharField("到哪一步", max_length=40, blank=True)
    moved_at = models.DateTimeField("移交时间", null=True)

    class Meta:
        verbose_name = "交接清单"
        verbose_name_plural = "交接清单"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "kind", "object_id"], name="handover_line_once"
            )
        ]
