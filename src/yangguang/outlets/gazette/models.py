"""政府公报：一期、刊登的各篇、排好的 PDF。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication, PublicationVersion

from .circulation import CIRCULATION, READERS_LIFE
from .distribution import FEEDBACKS, KINDS
from .policy import GazettePolicy, ReaderPolicy
from .rules import SECTIONS, STEPS

LIVE = ~models.Q(state="dropped")


class GazetteIssue(LivingRecord):
    """一期公报。``number`` 是这一年第几期，``running`` 是总期号，``dated_on`` 是出版日期。

    ``back_filled_from`` 写明从哪里补录的：有系统以前就出了的，公开时照出版日期排，不当作今天的。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[GazettePolicy] = GazettePolicy()

    name = models.CharField("公报名称", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("期号")
    running = models.PositiveIntegerField("总期号")
    licence = models.CharField("准印证号", max_length=60, blank=True)
    dated_on = models.DateField("出版日期", null=True, blank=True)
    print_run = models.PositiveIntegerField("印数", null=True, blank=True)
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    back_filled_from = models.CharField("补录来源", max_length=120, blank=True, editable=False)
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
        from yangguang.hub.screening.selectors import examine_record

        from .selectors import articles_of, print_of, scan_of

        articles = articles_of(self)
        made = print_of(self, articles)
        is_past = scan_of(self) is not None
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "is_past": is_past,
            # 编的各期刊登的都是资源库里过了关的；往期的 PDF 是新收的
            "screening": examine_record(self).reasons if is_past and self.state == "draft" else (),
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


class GazetteScan(models.Model):
    """往期的一期：收入的 PDF，没有逐篇的标准文本。``contents`` 是目录（``past.Contents``），可以不列。"""

    issue = models.OneToOneField(GazetteIssue, models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="PDF")
    pages = models.PositiveIntegerField("页数")
    has_text = models.BooleanField("有文字层")
    contents = models.JSONField("目录", default=list, blank=True)

    class Meta:
        verbose_name = "往期的 PDF"
        verbose_name_plural = "往期的 PDF"


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


class GazetteReader(LivingRecord):
    """一个赠阅对象：收公报的单位或者阅览点，每期几份。不记个人。"""

    lifecycle = READERS_LIFE
    policy: ClassVar[ReaderPolicy] = ReaderPolicy()

    kind = models.CharField("类别", max_length=12, choices=list(KINDS.items()))
    name = models.CharField("名称", max_length=100)
    unit = models.CharField("送达单位", max_length=100, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    copies = models.PositiveIntegerField("每期份数")

    class Meta:
        verbose_name = "赠阅对象"
        verbose_name_plural = "赠阅对象"
        constraints = [
            state_is_known(READERS_LIFE, "gazette_reader_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "name"], name="gazette_reader_named_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(KINDS)), name="gazette_reader_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(copies__gte=1), name="gazette_reader_has_copies"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GazetteCopies(models.Model):
    """一期发给一个赠阅对象的份数。``planned`` 是列清单时它每期的份数。"""

    issue = models.ForeignKey(GazetteIssue, models.CASCADE, related_name="copies")
    reader = models.ForeignKey(
        GazetteReader, models.PROTECT, related_name="copies_received", verbose_name="赠阅对象"
    )
    planned = models.PositiveIntegerField("应发")
    sent = models.PositiveIntegerField("实发", default=0)
    returned = models.PositiveIntegerField("退回", default=0)
    reason = models.CharField("退回的缘由", max_length=200, blank=True)

    class Meta:
        verbose_name = "一期的赠阅"
        verbose_name_plural = "一期的赠阅"
        constraints = [
            models.UniqueConstraint(fields=["issue", "reader"], name="gazette_copies_once"),
            models.CheckConstraint(
                condition=models.Q(returned__lte=models.F("sent")), name="gazette_returned_of_sent"
            ),
        ]


class GazetteFeedback(models.Model):
    """一个赠阅对象对一期的反馈。``wanted`` 是要求增、减到的每期份数。"""

    issue = models.ForeignKey(GazetteIssue, models.CASCADE, related_name="feedbacks")
    reader = models.ForeignKey(
        GazetteReader, models.PROTECT, related_name="feedbacks", verbose_name="赠阅对象"
    )
    kind = models.CharField("反馈", max_length=8, choices=list(FEEDBACKS.items()))
    wanted = models.PositiveIntegerField("要求的份数", null=True, blank=True)
    text = models.CharField("反馈的内容", max_length=500, blank=True)
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = "赠阅的反馈"
        verbose_name_plural = "赠阅的反馈"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(FEEDBACKS)), name="gazette_feedback_kind_known"
            ),
        ]


class GazetteAdjustment(models.Model):
    """确认了的一条调整：哪一年，由几份改为几份（0 份是停止赠阅），缘由。"""

    reader = models.ForeignKey(
        GazetteReader, models.PROTECT, related_name="adjustments", verbose_name="赠阅对象"
    )
    year = models.PositiveSmallIntegerField("年份")
    before = models.PositiveIntegerField("原来每期份数")
    after = models.PositiveIntegerField("改为每期份数")
    reasons = models.JSONField("缘由")

    class Meta:
        verbose_name = "赠阅的调整"
        verbose_name_plural = "赠阅的调整"
        constraints = [
            models.UniqueConstraint(fields=["reader", "year"], name="gazette_adjusted_once_a_year"),
        ]
