"""流转的记录：每次转换一行，只增不改。"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.organisations.models import Organisation

from .rules import Lifecycle, Transition


class TransitionRecord(AppendOnly):
    """一次转换：谁、以何身份、何时、由何到何、意见、期限前后。"""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    event = models.CharField("事件", max_length=40)
    label = models.CharField("动作", max_length=40)
    source = models.CharField("原状态", max_length=40)
    target = models.CharField("新状态", max_length=40)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    assignment = models.ForeignKey(RoleAssignment, models.PROTECT, null=True, related_name="+")
    party = models.CharField("系统外的当事人", max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    message = models.TextField("意见", blank=True)
    old_deadline = models.DateField("原期限", null=True)
    new_deadline = models.DateField("新期限", null=True)
    idempotency_key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "流转记录"
        verbose_name_plural = "流转记录"
        ordering = ("pk",)
        indexes = [models.Index(fields=["content_type", "object_id"], name="transition_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(party="", user__isnull=False, assignment__isnull=False))
                | (~Q(party="") & Q(user__isnull=True, assignment__isnull=True)),
                name="transition_by_staff_or_party",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.label}"

    @property
    def who(self) -> str:
        """谁走的这一步：工作人员的姓名，或者系统外的当事人怎样称呼。"""
        return self.user.display_name if self.user else self.party


class Custody(models.Model):
    """一条记录移交给了谁：此后由他经办。没有移交过的，经办人就是起草人，这里没有它。"""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    keeper = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    since = models.DateTimeField("移交时间")

    class Meta:
        verbose_name = "经办"
        verbose_name_plural = "经办"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="custody_one_keeper_a_record"
            )
        ]
        indexes = [models.Index(fields=["content_type", "keeper"], name="custody_of_keeper")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}：{self.keeper}"


class LivingRecord(models.Model):
    """有一生的记录。子类声明 ``lifecycle`` 和 ``policy``；``state`` 只由流转引擎写。"""

    lifecycle: ClassVar[Lifecycle]
    policy: ClassVar[AccessPolicy[Any]]
    named_with: ClassVar[tuple[str, ...]] = ()
    """称呼这条记录、算它的期限要用到的关联：成批办理时一次取齐。"""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    state = models.CharField("状态", max_length=40, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name="起草人"
    )
    created_at = models.DateTimeField("建立时间", editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True, editable=False)
    custodies = GenericRelation(Custody)

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        """状态的中文。"""
        return self.lifecycle.states[self.state]

    @property
    def deadline(self) -> date | None:
        """这条记录当前的期限；没有则为 ``None``。"""
        return None

    def progress(self, facts: Mapping[str, Any] | None = None) -> Sequence[str]:
        """这条记录正常走完一遍的各步。各条步骤不同的改写它；``facts`` 是取过的守卫事实，没有取过为空。"""
        return self.lifecycle.progress

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {"created_by": self.created_by_id}

    @classmethod
    def guard_facts_of(cls, records: Iterable[Self]) -> dict[int, Mapping[str, Any]]:
        """许多条记录的事实，按编号。子类可改写成几次查询取齐。"""
        return {record.pk: record.guard_facts() for record in records}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """转换的其他后果：改字段、登记作业。在同一事务里、保存之前调用。

        ``inputs`` 里的 ``message`` 是操作者写的意见。
        """


def state_is_known(lifecycle: Lifecycle, name: str) -> models.CheckConstraint:
    """数据库约束：状态只能取转换表里的值。"""
    return models.CheckConstraint(
        condition=models.Q(state__in=sorted(map(str, lifecycle.states))), name=name
    )
