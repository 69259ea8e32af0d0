"""规章、行政规范性文件，它们之间和与上位依据的关系，上位依据的变动。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.richtext.blocks import plain_text
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.codes import subject_label
from yangguang.hub.publications.rules import STAGES, VALIDITIES
from yangguang.sources.documents.models import OfficialDocument

from .circulation import CIRCULATION, CLEANING, ENTERING, UPPER_LIFE
from .policy import CleanUpPolicy, InventoryPolicy, NormPolicy, UpperTextPolicy
from .rules import CONCLUSIONS, KINDS, RELATIONS, UPPER_KINDS, Life, Verdict, validity_on

ENDS = {"expired": "失效", "repealed": "废止"}
"""终止的两种说法。"""


class Norm(LivingRecord):
    """一份规章或行政规范性文件。

    ``body`` 是公布时的正文；以后的文本在修改它的关系里。``repealed_on``、``amended_on`` 是缓存，只由公布了的
    关系得出；``validity`` 是截至 ``as_of`` 这一天算出的有效性，也是缓存，都只由服务写；
    ``is_stale`` 是别的文件改了它的效力，公开页面还没有跟上。
    ``ended_on``、``ended_how``、``ended_basis`` 是清理宣布的、补录时写明的终止。
    ``approved_under`` 是编号的签发人的任职：到时自动更新公开页面，就是以它的名义。
    ``back_filled_from`` 写明从哪里补录的：有系统以前就公布了的，公开时照公布日期排，不当作今天的新文件。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[NormPolicy] = NormPolicy()

    kind = models.CharField("类别", max_length=10, choices=list(KINDS.items()), default="document")
    title = models.CharField("标题", max_length=300)
    register_number = models.CharField("统一登记号", max_length=60, blank=True)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issuers = models.JSONField("制定机关", default=list)
    document = models.ForeignKey(
        OfficialDocument, models.PROTECT, null=True, blank=True, related_name="norms",
        verbose_name="由哪份公文印发",
    )  # fmt: skip
    promulgated_on = models.DateField("公布日期", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    ceases_on = models.DateField("失效日期", null=True, blank=True)
    term_reason = models.CharField("有效期的说明", max_length=300, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_how = models.CharField("怎样终止", max_length=8, blank=True, choices=list(ENDS.items()))
    ended_basis = models.CharField("终止的依据", max_length=300, blank=True)
    body = models.JSONField("正文", default=list)
    subject = models.CharField("主题分类", max_length=60, blank=True)
    stage = models.CharField("五公开", max_length=12, blank=True, choices=list(STAGES.items()))
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    filed_on = models.DateField("报送备案日期", null=True, editable=False)
    filed_with = models.CharField("备案机关", max_length=80, blank=True, editable=False)
    filing_number = models.CharField("备案编号", max_length=60, blank=True, editable=False)
    repealed_on = models.DateField("被废止的日期", null=True, editable=False)
    amended_on = models.DateField("最早被修改的日期", null=True, editable=False)
    validity = models.CharField(
        "有效性", max_length=12, default="pending", choices=list(VALIDITIES.items()), editable=False
    )
    as_of = models.DateField("有效性截至", null=True, editable=False)
    is_stale = models.BooleanField("公开页面待更新", default=False, editable=False)
    approved_under = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, editable=False, related_name="+"
    )
    back_filled_from = models.CharField("补录来源", max_length=120, blank=True, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "规范性文件"
        verbose_name_plural = "规范性文件"
        constraints = [
            state_is_known(CIRCULATION, "norm_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=sorted(KINDS)), name="norm_kind_known"),
            models.UniqueConstraint(
                fields=["register_number"], condition=~models.Q(register_number=""),
                name="norm_register_number_once",
                violation_error_message="这个统一登记号已经用过。",
            ),
            models.UniqueConstraint(
                fields=["document_number"], condition=~models.Q(document_number=""),
                name="norm_document_number_once",
                violation_error_message="这个发文字号已经用过。",
            ),
            models.CheckConstraint(
                condition=models.Q(ceases_on__isnull=True)
                | models.Q(effective_on__isnull=True)
                | models.Q(ceases_on__gt=models.F("effective_on")),
                name="norm_ceases_after_effect",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_how="")
                | models.Q(ended_on__isnull=False, ended_how__in=sorted(ENDS)),
                name="norm_end_is_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["ceases_on"], name="norm_ceasing",
                condition=models.Q(state="published", ceases_on__isnull=False),
            ),
            models.Index(fields=["organisation", "state", "validity"], name="norm_of_unit"),
        ]  # fmt: skip

    @property
    def subject_label(self) -> str:
        """主题分类在公布那天的说法，没有公布的照登记那天。一次查询，没有选的不查。"""
        registered = timezone.localdate(self.created_at or timezone.now())
        return subject_label(self.subject, self.promulgated_on or registered)

    def __str__(self) -> str:
        return self.title

    @property
    def life(self) -> Life:
        """效力上的各个日子。"""
        return Life(
            self.effective_on, self.ceases_on, self.repealed_on, self.amended_on, self.ended_on,
            self.ended_how,
        )  # fmt: skip

    def verdict(self, day: date) -> Verdict:
        """``day`` 这一天的有效性。"""
        return validity_on(self.life, day)

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import is_typeset, open_flags
        from .services import date_faults_of, relation_faults_of, screening_faults

        today = timezone.localdate()
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "title": self.title,
            "issuers": self.issuers,
            "body": bool(plain_text(self.body)),
            "promulgated_on": self.promulgated_on,
            "effective_on": self.effective_on,
            "ceases_on": self.ceases_on,
            "stage": self.stage,
            "columns": self.columns.exists(),
            "filed_on": self.filed_on,
            "validity": self.verdict(today).validity,
            "today": today,
            "date_faults": date_faults_of(self),
            "relation_faults": relation_faults_of(self),
            "screening": screening_faults(self),
            "is_typeset": is_typeset(self),
            "flags": len(open_flags(self)),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """编号、公布、报备、延长、更正、撤回的后果。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class UpperText(LivingRecord):
    """上位的依据：法律、行政法规、地方性法规、自治条例、规章、上级文件。各机构共用一份。"""

    lifecycle = UPPER_LIFE
    policy: ClassVar[UpperTextPolicy] = UpperTextPolicy()

    kind = models.CharField("类别", max_length=16, choices=list(UPPER_KINDS.items()))
    title = models.CharField("名称", max_length=200, unique=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    href = models.URLField("公布的地址", max_length=500, blank=True)

    class Meta:
        verbose_name = "上位依据"
        verbose_name_plural = "上位依据"
        constraints = [
            state_is_known(UPPER_LIFE, "upper_text_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(UPPER_KINDS)), name="upper_text_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """变了的，标出依据、实施它的文件。"""
        from .uppers import flag_dependents

        flag_dependents(self, actor=actor, inputs=inputs, at=at)


class NormRelation(models.Model):
    """一份文件对另一份文件、对上位依据的关系。

    ``target_articles`` 是所指文件的哪些条，``source_articles`` 是本文件的哪些条。``on`` 是修改、废止从哪一天
    起，空的从本文件施行之日起；``body`` 是修改后的全文。
    公布、更正公布时才算数：``settled_on`` 记下那时定的日期，此后本文件再修订，签发之前不牵动别的文件；
    ``is_dropped`` 是修订时去掉了、等更正公布的。
    """

    source = models.ForeignKey(
        Norm, models.CASCADE, related_name="relations", verbose_name="本文件"
    )
    kind = models.CharField("关系", max_length=10, choices=list(RELATIONS.items()))
    target = models.ForeignKey(
        Norm, models.PROTECT, null=True, blank=True, related_name="referrers",
        verbose_name="库里的文件",
    )  # fmt: skip
    upper = models.ForeignKey(
        UpperText, models.PROTECT, null=True, blank=True, related_name="referrers",
        verbose_name="上位依据",
    )  # fmt: skip
    target_articles = models.CharField("所指的条款", max_length=200, blank=True)
    source_articles = models.CharField("本文件的条款", max_length=200, blank=True)
    on = models.DateField("从哪一天起", null=True, blank=True)
    body = models.JSONField("修改后的全文", default=list)
    settled_on = models.DateField("公布时定的日期", null=True, editable=False)
    is_dropped = models.BooleanField("更正后去掉", default=False, editable=False)

    class Meta:
        verbose_name = "关系"
        verbose_name_plural = "关系"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(RELATIONS)), name="norm_relation_known"
            ),
            models.CheckConstraint(
                condition=models.Q(target__isnull=False, upper__isnull=True)
                | models.Q(target__isnull=True, upper__isnull=False)
                & ~models.Q(kind__in=["amends", "repeals"]),
                name="norm_relation_has_one_end",
            ),
            models.CheckConstraint(
                condition=models.Q(target__isnull=True)
                | ~models.Q(target=models.F("source")),
                name="norm_relation_to_another",
            ),
            models.UniqueConstraint(
                fields=["source", "kind", "target"], condition=models.Q(target__isnull=False),
                name="norm_related_once",
            ),
            models.UniqueConstraint(
                fields=["source", "kind", "upper"], condition=models.Q(upper__isnull=False),
                name="norm_based_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{RELATIONS[self.kind]}《{self.other}》"

    @property
    def other(self) -> "Norm | UpperText":
        """所指的一方。"""
        found = self.target or self.upper
        assert found is not None  # noqa: S101  数据库约束：总有一个
        return found

    @property
    def takes_effect(self) -> date | None:
        """从哪一天起，照本文件现在写的。"""
        return self.on or self.source.effective_on


class UpperChange(models.Model):
    """上位依据的一次变动。"""

    upper = models.ForeignKey(UpperText, models.CASCADE, related_name="changes")
    changed_on = models.DateField("从哪一天起")
    articles = models.CharField("哪些条款", max_length=200, blank=True)
    what = models.CharField("变了什么", max_length=500)

    class Meta:
        verbose_name = "上位依据的变动"
        verbose_name_plural = "上位依据的变动"
        ordering = ("changed_on", "pk")

    def __str__(self) -> str:
        return f"{self.upper} {self.changed_on.isoformat()}"


class Flag(models.Model):
    """上位依据变了，一份依据它的文件要核对；核对过的写着结论。"""

    norm = models.ForeignKey(Norm, models.CASCADE, related_name="flags", verbose_name="文件")
    change = models.ForeignKey(UpperChange, models.CASCADE, related_name="flags")
    settled_at = models.DateTimeField("核对时间", null=True)
    finding = models.CharField("核对的结论", max_length=2000, blank=True)

    class Meta:
        verbose_name = "待核对"
        verbose_name_plural = "待核对"
        constraints = [
            models.UniqueConstraint(fields=["norm", "change"], name="norm_flagged_once_a_change")
        ]
        indexes = [
            models.Index(
                fields=["norm"], name="norm_flag_open", condition=models.Q(settled_at__isnull=True)
            )
        ]


class TypesetText(models.Model):
    """一份文件排好的文字版（Word）和图片版（PDF）；``digest`` 是所排内容的摘要，内容变了另排一份。"""

    norm = models.ForeignKey(Norm, models.CASCADE, related_name="typeset")
    digest = models.CharField("内容的摘要", max_length=64)
    word = models.CharField("文字版的摘要", max_length=64)
    word_size = models.PositiveBigIntegerField("文字版的字节数")
    pdf = models.CharField("图片版的摘要", max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField("图片版的字节数", default=0)

    class Meta:
        verbose_name = "排好的文本"
        verbose_name_plural = "排好的文本"
        constraints = [models.UniqueConstraint(fields=["norm", "digest"], name="norm_typeset_once")]


class CleanUp(LivingRecord):
    """一轮清理：把现行有效的逐件过一遍，得出继续有效、修订、失效、废止四张清单。"""

    lifecycle = CLEANING
    policy: ClassVar[CleanUpPolicy] = CleanUpPolicy()

    title = models.CharField("名称", max_length=200)
    basis = models.TextField("依据和范围", max_length=2000)
    document_number = models.CharField("宣布结论的文号", max_length=60, blank=True)
    takes_effect_on = models.DateField("结论从哪一天起", null=True, blank=True)
    stage = models.CharField("五公开", max_length=12, blank=True, choices=list(STAGES.items()))
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "清理"
        verbose_name_plural = "清理"
        constraints = [state_is_known(CLEANING, "clean_up_state_known")]

    def __str__(self) -> str:
        return self.title

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .cleaning import in_scope, tally_of
        from .services import screening_faults

        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "in_scope": self.state != "draft" or in_scope(self.organisation).exists(),
            "open": tally_of(self).open,
            "takes_effect_on": self.takes_effect_on,
            "stage": self.stage,
            "columns": self.columns.exists(),
            "screening": screening_faults(self) if self.state == "in_approval" else [],
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """列出、定下、公布的后果。"""
        from .cleaning import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class CleanUpItem(models.Model):
    """一轮清理里的一件，和它的结论。``ceases_on`` 是继续有效的、延长以后的失效日期。"""

    clean_up = models.ForeignKey(CleanUp, models.CASCADE, related_name="items")
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="clean_up_items")
    conclusion = models.CharField(
        "结论", max_length=8, blank=True, choices=list(CONCLUSIONS.items())
    )
    reason = models.CharField("理由", max_length=500, blank=True)
    ceases_on = models.DateField("延长以后的失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "清理的一件"
        verbose_name_plural = "清理的各件"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["clean_up", "norm"], name="cleaned_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(conclusion__in=["", *CONCLUSIONS]), name="conclusion_known"
            ),
        ]


class Inventory(LivingRecord):
    """导入的一张清单。``rows`` 是读出的各行（``inventory.kept``），对账随看随算。"""

    lifecycle = ENTERING
    policy: ClassVar[InventoryPolicy] = InventoryPolicy()

    name = models.CharField("文件名", max_length=120)
    rows = models.JSONField("各行", default=list)
    entered = models.PositiveIntegerField("入库几件", default=0)

    class Meta:
        verbose_name = "清单"
        verbose_name_plural = "清单"
        constraints = [state_is_known(ENTERING, "inventory_state_known")]

    def __str__(self) -> str:
        return self.name

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .entering import reconciliation_of

        return {"new": reconciliation_of(self).counts["new"]}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """新的入库。"""
        from .entering import enter_new

        if transition.event == "enter":
            enter_new(self, actor=actor)
