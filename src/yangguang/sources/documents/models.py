"""公文。"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.rules import label_on
from yangguang.foundation.codes.selectors import entries_of_several
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import history, keeper_of
from yangguang.foundation.numbering.rules import format_document_number
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.rules import STAGES, VALIDITIES
from yangguang.hub.topics.models import Topic

from .circulation import CIRCULATION
from .codes import TYPES, reasons
from .disclosure import DISCLOSURES, RESERVED, ground_label
from .interpreting import EXEMPT, PLANNED, PREPARED, Plan, needs_interpretation
from .policy import DocumentPolicy
from .printing import STEPS


class OfficialDocument(LivingRecord):
    """公文：GB/T 9704 的要素、公开属性，以及它走到了哪一步。

    ``organisation`` 是制发机构。``body`` 是正文的块，格式见 ``hub.publications``。
    ``publish_due`` 是上网期限，只由期限计算写入；经过放假安排未知的年份时是暂定的。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[DocumentPolicy] = DocumentPolicy()

    title = models.CharField("标题", max_length=500)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issuers = models.JSONField("发文机关", default=list)
    addressees = models.JSONField("主送机关", default=list, blank=True)
    copied_to = models.JSONField("抄送机关", default=list, blank=True)
    document_type = models.CharField("文种", max_length=20, blank=True)
    written_on = models.DateField("成文日期", null=True, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    subject = models.CharField("主题分类", max_length=60, blank=True)
    stage = models.CharField("五公开", max_length=12, blank=True, choices=list(STAGES.items()))
    validity = models.CharField(
        "有效性", max_length=12, default="effective", choices=list(VALIDITIES.items())
    )
    disclosure = models.CharField(
        "公开属性", max_length=12, blank=True, choices=list(DISCLOSURES.items())
    )
    disclosure_ground = models.CharField("不主动公开的理由类别", max_length=20, blank=True)
    disclosure_reason = models.CharField("理由", max_length=500, blank=True)
    is_norm = models.BooleanField("行政规范性文件", default=False)
    is_major_decision = models.BooleanField("重大行政决策", default=False)
    touches_operators = models.BooleanField("涉及经营者经济活动", default=False)
    is_policy = models.BooleanField("政策文件", default=False)
    interpretation = models.CharField(
        "政策解读", max_length=8, blank=True, choices=list(PREPARED.items()), editable=False
    )
    interpretation_due = models.DateField("解读期限", null=True, editable=False)
    interpretation_due_provisional = models.BooleanField(
        "解读期限是暂定的", default=False, editable=False
    )
    interpreted_on = models.DateField("解读发布的日期", null=True, editable=False)
    original_number = models.CharField("转发的原文字号", max_length=60, blank=True)
    original_disclosure = models.CharField(
        "原文的公开属性", max_length=12, blank=True, choices=list(DISCLOSURES.items())
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="转请谁办"
    )
    disclosure_mark = models.CharField("公开方式标注", max_length=40, blank=True)
    body = models.JSONField("正文", default=list)
    uncertain = models.JSONField("存疑", default=list, blank=True)
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name="专题")
    publish_due = models.DateField("上网期限", null=True, editable=False)
    publish_due_provisional = models.BooleanField("上网期限是暂定的", default=False, editable=False)
    back_filled_at = models.DateTimeField("补录的发布时间", null=True, editable=False)
    back_filled_from = models.CharField("补录来源", max_length=120, blank=True, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "公文"
        verbose_name_plural = "公文"
        constraints = [
            state_is_known(CIRCULATION, "document_state_known"),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~models.Q(document_number=""),
                name="document_number_once",
                violation_error_message="已有相同发文字号的公文。",
            ),
            models.CheckConstraint(
                condition=models.Q(disclosure__in=["", *DISCLOSURES]),
                name="document_disclosure_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(disclosure="proactive")
                | (
                    models.Q(disclosure__in=["on_request", "withheld"])
                    & ~models.Q(disclosure_ground="")
                    & ~models.Q(disclosure_reason="")
                ),
                name="document_disclosure_before_circulation",
            ),
            models.CheckConstraint(
                condition=models.Q(is_norm=False) | models.Q(disclosure__in=["", "proactive"]),
                name="document_norm_is_proactive",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | ~models.Q(disclosure="proactive")
                | models.Q(is_norm=False, is_major_decision=False, is_policy=False)
                | ~models.Q(interpretation=""),
                name="document_interpretation_before_circulation",
            ),
        ]
        # 列表的范围、次序、查找走前两个，不必翻开正文；筛选、期限走后面的
        indexes = [
            models.Index(
                fields=["organisation", "id", "title", "document_number"], name="document_listed"
            ),
            models.Index(fields=["id", "organisation"], name="document_in_order"),
            models.Index(fields=["state", "organisation"], name="document_by_state"),
            models.Index(fields=["disclosure", "organisation"], name="document_by_disclosure"),
            models.Index(fields=["publish_due", "id", "organisation"], name="document_by_due"),
            models.Index(fields=["written_on", "id", "organisation"], name="document_by_date"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> date | None:
        """上网期限。"""
        return self.publish_due

    @property
    def publish_due_text(self) -> str:
        """上网期限的文字，暂定的注明；没有期限为空。"""
        if self.publish_due is None:
            return ""
        return self.publish_due.isoformat() + ("（暂定）" if self.publish_due_provisional else "")

    @property
    def needs_interpretation(self) -> bool:
        """是政策文件，要解读。"""
        return needs_interpretation(
            disclosure=self.disclosure,
            is_norm=self.is_norm,
            is_major_decision=self.is_major_decision,
            is_policy=self.is_policy,
        )

    @property
    def plan(self) -> Plan | None:
        """解读方案，或者不作解读的理由；都没有写的为空，不查询。写了的至多一次查询。"""
        if self.interpretation not in (PLANNED, EXEMPT):
            return None
        found: InterpretationPlan | None = getattr(self, "interpretation_plan", None)
        return found.content if found else None

    @property
    def interpretation_due_text(self) -> str:
        """解读期限的文字，暂定的注明；没有期限为空。"""
        if self.interpretation_due is None:
            return ""
        provisional = "（暂定）" if self.interpretation_due_provisional else ""
        return self.interpretation_due.isoformat() + provisional

    def files(self) -> list[StoredFile]:
        """附件，按次序。"""
        return [a.file for a in self.document_attachments.all()]

    def progress(self, facts: Mapping[str, Any] | None = None) -> Sequence[str]:
        """这份公文要走的各步。没有取过事实的，两到三次查询。"""
        from .selectors import path_for

        steps: Sequence[str] = path_for(self) if facts is None else facts["path"]
        return steps

    @property
    def ground_label(self) -> str:
        """理由类别的说法：起草中的照今天的，送审以后的照送审那天的。三次查询以内，没有理由的不查。"""
        if not self.disclosure_ground:
            return ""
        is_draft = self.state == CIRCULATION.initial
        sent = None if is_draft else history(self).filter(event="submit").last()
        day = timezone.localdate(sent.at if sent else None)
        return ground_label(self.disclosure_ground, day, reasons())

    @property
    def coded_on(self) -> date:
        """文种、主题分类照哪一天的说法：印发、成文的日期，都没有的是收下的那天。"""
        at = self.created_at or timezone.now()
        return self.issued_on or self.written_on or timezone.localdate(at)

    @property
    def wordings(self) -> tuple[str, str]:
        """文种、主题分类的说法。至多一次查询，都没有选的不查。"""
        if not self.document_type and not self.subject:
            return "", ""
        entries = entries_of_several((TYPES, SUBJECTS))
        return (
            label_on(entries[TYPES.slug], self.document_type, self.coded_on),
            label_on(entries[SUBJECTS.slug], self.subject, self.coded_on),
        )

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import asked_now, path_for, pending_release, urged_today
        from .services import screening_faults

        return {
            "state": self.state,
            "organisation": self.organisation_id,
            "organisation_path": self.organisation.path,
            "path": path_for(self),
            "asked": asked_now(self),
            "assigned_to": self.assigned_to_id,
            "assigned_name": self.assigned_to.display_name if self.assigned_to else "",
            "is_urged_today": urged_today(self),
            "released_by": pending_release(self),
            "original_number": self.original_number,
            "original_disclosure": self.original_disclosure,
            "today": timezone.localdate(),
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "title": self.title,
            "body": self.body,
            "issuers": self.issuers,
            "stage": self.stage,
            "uncertain": [FIELD_LABELS.get(name, name) for name in self.uncertain],
            "disclosure": self.disclosure,
            "disclosure_ground": self.disclosure_ground,
            "reasons": reasons() if self.disclosure in RESERVED else (),
            "disclosure_reason": self.disclosure_reason,
            "is_norm": self.is_norm,
            "is_major_decision": self.is_major_decision,
            "needs_interpretation": self.needs_interpretation,
            "plan": self.plan if self.needs_interpretation else None,
            "written_on": self.written_on,
            "issued_on": self.issued_on,
            "columns": self.columns.exists(),
            "screening": screening_faults(self),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """会签、编号、印发、补审的记录；签发定期限；发布、更正、撤回写入信息资源库。"""
        from .consequences import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


FIELD_LABELS = {
    "title": "标题",
    "document_number": "发文字号",
    "issuers": "发文机关",
    "addressees": "主送机关",
    "written_on": "成文日期",
    "document_type": "文种",
    "disclosure": "公开属性",
    "disclosure_mark": "公开方式标注",
    "attachments": "附件",
}
"""``parse_document`` 各字段的中文名。"""


class AttachmentManager(models.Manager["DocumentAttachment"]):
    """附件总连同文件一并取。"""

    def get_queryset(self) -> models.QuerySet["DocumentAttachment"]:
        """各附件和文件。"""
        return super().get_queryset().select_related("file")


class DocumentAttachment(models.Model):
    """公文的附件，有先后。"""

    document = models.ForeignKey(
        OfficialDocument, models.CASCADE, related_name="document_attachments"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    position = models.PositiveSmallIntegerField("次序")

    objects = AttachmentManager()

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"], name="attachment_position_once"
            )
        ]


class DocumentPrint(models.Model):
    """一份公文排成的 PDF；``digest`` 是所排内容的摘要，公文改了另排一份。"""

    PATIENCE: ClassVar[timedelta] = timedelta(minutes=10)
    """过了这么久还没有排好的，可以再要一次。"""

    document = models.ForeignKey(
        OfficialDocument, models.CASCADE, related_name="prints", verbose_name="公文"
    )
    digest = models.CharField("内容的摘要", max_length=64)
    step = models.CharField("走到哪一步", max_length=8, choices=list(STEPS.items()))
    asked_at = models.DateTimeField("要的时间")
    asked = models.PositiveSmallIntegerField("要过几次", default=0)
    sha256 = models.CharField("PDF 的摘要", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)
    pages = models.PositiveIntegerField("页数", default=0)
    message = models.CharField("排不成的缘由", max_length=500, blank=True)

    class Meta:
        verbose_name = "公文的 PDF"
        verbose_name_plural = "公文的 PDF"
        constraints = [
            models.UniqueConstraint(fields=["document", "digest"], name="document_print_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=sorted(STEPS)), name="document_print_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}的 PDF"

    def may_be_asked(self, now: datetime) -> bool:
        """要得要不得：排好的、正排着的不必再要。"""
        is_under_way = self.step in ("queued", "setting") and now - self.asked_at < self.PATIENCE
        return self.step != "made" and not is_under_way


class CirculationRoute(models.Model):
    """一个机构的公文走哪几步，连同没有另定的下级；谁也没有定过的走全部步骤。"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    steps = models.JSONField("步骤", default=list)

    class Meta:
        verbose_name = "公文步骤"
        verbose_name_plural = "公文步骤"

    def __str__(self) -> str:
        return f"{self.organisation}的公文步骤"


class Countersignature(models.Model):
    """请一个机关会签。联合发文的各机关都要会签（``is_issuer``）；其余是征求同意的。

    送到会签那一步起对方才看得到（``is_sent``）；退回重来的，从前的同意作废。
    """

    class Standing(models.TextChoices):
        """会签到哪一步。"""

        WAITING = "waiting", "等会签"
        AGREED = "agreed", "同意"
        DECLINED = "declined", "不同意"

    document = models.ForeignKey(
        OfficialDocument, models.CASCADE, related_name="countersignatures", verbose_name="公文"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="会签机关"
    )
    is_issuer = models.BooleanField("联合发文机关", default=False)
    is_sent = models.BooleanField("送过会签", default=False, editable=False)
    standing = models.CharField(
        "会签", max_length=8, choices=Standing.choices, default=Standing.WAITING, editable=False
    )
    by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="会签人"
    )
    at = models.DateTimeField("会签时间", null=True, editable=False)
    opinion = models.TextField("意见", blank=True, editable=False)

    class Meta:
        verbose_name = "会签"
        verbose_name_plural = "会签"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["document", "organisation"], name="countersignature_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "standing"], name="countersign_asked")]

    def __str__(self) -> str:
        return f"{self.document}：{self.organisation}"


class FairnessSheet(models.Model):
    """一份公文的公平竞争审查表，每次审查一张，只增不改。内容的格式见 ``fairness``。"""

    document = models.ForeignKey(
        OfficialDocument, models.CASCADE, related_name="fairness_sheets", verbose_name="公文"
    )
    content = models.JSONField("内容")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审查人")
    at = models.DateTimeField("审查时间")

    class Meta:
        verbose_name = "公平竞争审查表"
        verbose_name_plural = "公平竞争审查表"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.document}的公平竞争审查表"


class EmergencyRelease(models.Model):
    """一次紧急发布：没有走完步骤就上网，写明缘由，事后补审。"""

    class Outcome(models.TextChoices):
        """补审的结论。"""

        PENDING = "pending", "等补审"
        SOUND = "sound", "补审通过"
        FAULTY = "faulty", "补审不通过"

    document = models.ForeignKey(
        OfficialDocument, models.CASCADE, related_name="releases", verbose_name="公文"
    )
    reason = models.TextField("缘由")
    skipped = models.JSONField("没有走的步骤", default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发布人")
    at = models.DateTimeField("发布时间")
    outcome = models.CharField(
        "补审", max_length=8, choices=Outcome.choices, default=Outcome.PENDING
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="补审人"
    )
    reviewed_at = models.DateTimeField("补审时间", null=True)
    opinion = models.TextField("补审意见", blank=True)

    class Meta:
        verbose_name = "紧急发布"
        verbose_name_plural = "紧急发布"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(outcome="pending"),
                name="emergency_one_pending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}的紧急发布"


class InterpretationPlan(models.Model):
    """一份公文的解读方案，随公文一同送审、签发；或者不作解读的理由。规则见 ``interpreting``。"""

    document = models.OneToOneField(
        OfficialDocument, models.CASCADE, related_name="interpretation_plan", verbose_name="公文"
    )
    exemption = models.CharField("不作解读的理由", max_length=500, blank=True)
    outline = models.TextField("提纲", blank=True)
    forms = models.JSONField("形式", default=list, blank=True)
    channels = models.JSONField("途径", default=list, blank=True)
    persons = models.JSONField("解读人", default=list, blank=True)
    principal = models.CharField("第一解读人（主要负责人）", max_length=100, blank=True)
    planned_on = models.DateField("计划发布的日期", null=True, blank=True)

    class Meta:
        verbose_name = "解读方案"
        verbose_name_plural = "解读方案"
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(exemption="")
                    & ~models.Q(outline="")
                    & models.Q(planned_on__isnull=False)
                )
                | (~models.Q(exemption="") & models.Q(outline="", planned_on__isnull=True)),
                name="interpretation_planned_or_exempt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}的解读方案"

    @property
    def content(self) -> Plan:
        """方案的内容。"""
        return Plan(
            exemption=self.exemption,
            outline=self.outline,
            forms=tuple(self.forms),
            channels=tuple(self.channels),
            persons=tuple(self.persons),
            principal=self.principal,
            planned_on=self.planned_on,
        )


class NumberSeries(models.Model):
    """一个机关代字：``code`` 如“某政办发”，每年从 1 号起。一个代字只归一个机构。"""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    code = models.CharField("机关代字", max_length=20, unique=True)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "机关代字"
        verbose_name_plural = "机关代字"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.code


class NumberEntry(models.Model):
    """发文登记簿的一行：一个字号给了哪份公文。作废的留着，不再给别的公文。"""

    series = models.ForeignKey(
        NumberSeries, models.PROTECT, related_name="entries", verbose_name="机关代字"
    )
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    document = models.ForeignKey(
        OfficialDocument, models.PROTECT, related_name="number_entries", verbose_name="公文"
    )
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="编号人")
    taken_at = models.DateTimeField("编号时间")
    voided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废缘由", max_length=2000, blank=True)

    class Meta:
        verbose_name = "发文字号"
        verbose_name_plural = "发文字号"
        ordering = ("series", "year", "serial")
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "serial"], name="number_entry_once")
        ]

    def __str__(self) -> str:
        return format_document_number(self.series.code, self.year, self.serial)
