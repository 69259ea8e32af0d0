"""文件汇编：选的规则、人工选入和不收的、排好的文字版和 PDF。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication

from .circulation import CIRCULATION
from .policy import CompilationPolicy
from .rules import COLLECTED, GROUPINGS, STEPS, VALIDITIES


class Compilation(LivingRecord):
    """一部汇编。``unit`` 是收哪个机构及其下级（本系统）的文件。

    ``checked_up_to`` 是对照到了变更日志封存的哪一笔，``checked_edition`` 是对照的时候排法是哪一版。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[CompilationPolicy] = CompilationPolicy()

    title = models.CharField("名称", max_length=200)
    about = models.CharField("编辑说明", max_length=500, blank=True)
    since = models.PositiveSmallIntegerField("起始年份", null=True, blank=True)
    until = models.PositiveSmallIntegerField("截止年份", null=True, blank=True)
    subject = models.CharField("主题分类", max_length=40, blank=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="收哪个系统的"
    )
    collected = models.CharField(
        "收哪几种", max_length=8, choices=list(COLLECTED.items()), default="all"
    )
    validity = models.CharField("有效性", max_length=10, choices=list(VALIDITIES.items()))
    grouping = models.CharField("目录", max_length=10, choices=list(GROUPINGS.items()))
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    approved_under = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="签发人",
    )  # fmt: skip
    checked_up_to = models.PositiveBigIntegerField("对照到", default=0, editable=False)
    checked_edition = models.PositiveSmallIntegerField("照哪一版排法", default=0, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "文件汇编"
        verbose_name_plural = "文件汇编"
        constraints = [
            state_is_known(CIRCULATION, "compilation_state_known"),
            models.CheckConstraint(
                condition=models.Q(validity__in=sorted(VALIDITIES)),
                name="compilation_validity_known",
            ),
            models.CheckConstraint(
                condition=models.Q(grouping__in=sorted(GROUPINGS)),
                name="compilation_grouping_known",
            ),
            models.CheckConstraint(
                condition=models.Q(collected__in=sorted(COLLECTED)),
                name="compilation_collected_known",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "id", "title"], name="compilation_listed"),
            models.Index(fields=["state", "checked_up_to"], name="compilation_to_check"),
            models.Index(fields=["updated_at", "id", "organisation"], name="compilation_by_update"),
        ]

    def __str__(self) -> str:
        return self.title

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from yangguang.hub.screening.selectors import examine_record

        from .selectors import contents_of, made_of, pictured, withdrawn_picks

        contents = contents_of(self)
        made = made_of(self, contents)
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "entries": contents.total,
            "pictured": pictured(contents),
            "withdrawn_picks": withdrawn_picks(self),
            "made": (made.step, made.message) if made else ("", ""),
            "screening": examine_record(self).reasons,
            "columns": self.columns.exists(),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """排版、公布、撤回的后果。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class Pick(models.Model):
    """人工选入（``is_in``）或者不收的一份，和理由。"""

    compilation = models.ForeignKey(Compilation, models.CASCADE, related_name="picks")
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name="信息"
    )
    is_in = models.BooleanField("选入")
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = "人工选定"
        verbose_name_plural = "人工选定"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["compilation", "publication"], name="picked_once_a_compilation"
            )
        ]

    def __str__(self) -> str:
        return f"{'选入' if self.is_in else '不收'}《{self.publication}》"


class Made(models.Model):
    """排好的一份；``digest`` 是所排内容的摘要，内容变了另排一份。"""

    compilation = models.ForeignKey(Compilation, models.CASCADE, related_name="made")
    digest = models.CharField("内容的摘要", max_length=64)
    step = models.CharField("走到哪一步", max_length=8, choices=list(STEPS.items()))
    word = models.CharField("文字版的摘要", max_length=64, blank=True)
    word_size = models.PositiveBigIntegerField("文字版的字节数", default=0)
    pdf = models.CharField("PDF 的摘要", max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField("PDF 的字节数", default=0)
    pages = models.PositiveIntegerField("页数", default=0)
    message = models.CharField("没有排成的缘由", max_length=500, blank=True)

    class Meta:
        verbose_name = "排好的汇编"
        verbose_name_plural = "排好的汇编"
        constraints = [
            models.UniqueConstraint(
                fields=["compilation", "digest"], name="compilation_typeset_once"
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=sorted(STEPS)), name="compilation_step_known"
            ),
        ]
