"""审计：谁、以何身份、何时、对什么、做了什么。事件和封印只增不改。"""

from typing import ClassVar

from django.db import models

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.organisations.models import Organisation

from .append_only import AppendOnly


class AuditEvent(AppendOnly):
    """一件事。公开字段记值；其余字段只记名称；个人信息只记带密钥的摘要。

    ``user_name`` 是当时的姓名，日后改名不影响这里；为空表示系统作业。代人行事的写作“乙（代甲）”，
    ``assignment`` 也指明所代的任职；登录之类还没有以哪个任职行事的，没有 ``assignment``，
    ``organisation`` 是此人任职的机构。
    """

    action = models.CharField("动作", max_length=80)
    at = models.DateTimeField("时间", db_index=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    user_name = models.CharField("经办人姓名", max_length=130, blank=True)
    assignment = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, related_name="+", verbose_name="任职"
    )
    role = models.CharField("角色", max_length=24, choices=Role.choices, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="机构"
    )
    target_type = models.CharField("对象种类", max_length=80, blank=True)
    target_id = models.CharField("对象编号", max_length=64, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    fields = models.JSONField("改动的字段", default=list)
    public = models.JSONField("公开字段的值", default=dict)
    personal = models.JSONField("个人信息的摘要", default=dict)
    digest_key = models.CharField("摘要所用密钥", max_length=32, blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "审计事件"
        verbose_name_plural = "审计事件"
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_of_target"),
            models.Index(fields=["role", "id"], name="audit_of_role"),
            models.Index(fields=["user", "id"], name="audit_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name or '系统'} {self.action}"


class DigestKey(models.Model):
    """一个对象的摘要密钥。销毁它，这个对象的个人信息摘要就再也对不上任何值。"""

    identifier = models.CharField("编号", max_length=32, unique=True)
    subject_type = models.CharField("对象种类", max_length=80)
    subject_id = models.CharField("对象编号", max_length=64)
    secret = models.CharField("密钥", max_length=64)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "摘要密钥"
        verbose_name_plural = "摘要密钥"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], name="digest_key_one_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class SealBase(AppendOnly):
    """一条链上的一个封印：序号、前一摘要、摘要。

    子类再声明一个一对一外键，指向被封印的行；``of`` 写它的名字。
    """

    of: ClassVar[str]

    sequence = models.PositiveBigIntegerField("序号", primary_key=True)
    previous = models.CharField("前一摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        abstract = True
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest[:12]}"


class AuditSeal(SealBase):
    """审计事件的封印。"""

    of = "event"

    event = models.OneToOneField(
        AuditEvent, models.PROTECT, related_name="seal", verbose_name="事件"
    )

    class Meta(SealBase.Meta):
        verbose_name = "审计封印"
        verbose_name_plural = "审计封印"
