"""政府公报：一期、刊登的各篇、排好的 PDF。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication, PublicationVersion

from .circulation import CIRCULATION
from .policy import GazettePolicy
from .rules import SECTIONS, STEPS

LIVE = ~models.Q(state="dropped")


class GazetteIssue(LivingRecord):
    """一期公报。``number`` 是这一年第几期，``running`` 是总期号，``dated_on`` 是出版日期。"""

    lifecycle = CIRCULATION
    policy: ClassVar[GazettePolicy] = GazettePolicy()

    name = models.CharField("公报名称", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("期号")
    running = models.PositiveIntegerField("总期号")
    licence = models.CharField("准印证号", max_length=60, blank=True)
    dated_on = models.DateField("出版日期", null=True, blank=True)
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "政府公报"
        verbose_name_plural = "政府公报"
        constraints = [
            state_is_known(CIRCULATION, "gazette_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "year", "number"], condition=LIVE,
                name="gazette_number_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "running"], condition=LIVE, name="gazette_running_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}{self.numbering}"

    @property
    def numbering(self) -> str:
        """年份和期号。"""
        return f"{self.year}年第{self.number}期"

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import articles_of, print_of

        articles = articles_of(self)
        made = print_of(self, articles)
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "entries": len(articles),
            "dated_on": self.dated_on,
            "standings": [(each.title, each.standing) for each in articles],
            "print": (made.step, made.message) if made else ("", ""),
            "columns": self.columns.exists(),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """排版、公布、撤回的后果。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs)


class GazetteEntry(models.Model):
    """刊登的一篇：资源库里的一条信息的一个版本。版本不可更改，印的是什么永远查得到。"""

    issue = models.ForeignKey(GazetteIssue, models.CASCADE, related_name="entries")
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name="信息"
    )
    version = models.ForeignKey(
        PublicationVersion, models.PROTECT, related_name="+", verbose_name="版本"
    )
    section = models.CharField("栏目", max_length=12, choices=list(SECTIONS.items()))
    position = models.PositiveIntegerField("次序")

    class Meta:
        verbose_name = "刊登的一篇"
        verbose_name_plural = "刊登的各篇"
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["issue", "publication"], name="gazetted_once_an_issue"),
            models.CheckConstraint(
                condition=models.Q(section__in=sorted(SECTIONS)), name="gazette_section_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.version.payload["title"])


class GazettePrint(models.Model):
    """一期排成的 PDF；``digest`` 是所排内容的摘要，篇目变了另排一份。"""

    issue = models.ForeignKey(GazetteIssue, models.CASCADE, related_name="prints")
    digest = models.CharField("内容的摘要", max_length=64)
    step = models.CharField("走到哪一步", max_length=8, choices=list(STEPS.items()))
    pdf = models.CharField("PDF 的摘要", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)
    pages = models.PositiveIntegerField("页数", default=0)
    message = models.CharField("没有排成的缘由", max_length=500, blank=True)

    class Meta:
        verbose_name = "排好的公报"
        verbose_name_plural = "排好的公报"
        constraints = [
            models.UniqueConstraint(fields=["issue", "digest"], name="gazette_typeset_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=sorted(STEPS)), name="gazette_print_step_known"
            ),
        ]
