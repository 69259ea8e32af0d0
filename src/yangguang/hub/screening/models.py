"""把关的账：词典和它的版本、样文；三关各由谁把的；放行；查出的差错；附件检测的结果。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.organisations.models import Organisation

from .entries import DICTIONARIES, SEVERITIES, Entry
from .kinds import GATES, KINDS
from .versions import DICTIONARY_LIFE, OPEN_STATES, Sample

_CODES = [(each.code, each.label) for each in DICTIONARIES.values()]
_GATES = list(GATES.items())
_KINDS = list(KINDS.items())
_SEVERITIES = list(SEVERITIES.items())


class DictionaryPolicy(AccessPolicy["DictionaryVersion"]):
    """监督员管自己范围之内的；别的角色不看。"""

    read_roles = frozenset({"supervisor"})
    write_roles = frozenset({"supervisor"})

    def visible(self, actor: Actor | None) -> models.QuerySet["DictionaryVersion"]:
        """此人看得见的。"""
        self.model = DictionaryVersion
        return super().visible(actor).select_related("organisation", "created_by")


class DictionaryVersion(LivingRecord):
    """一部词典的一版。用在 ``organisation`` 及其下级；起草中的才能改词条（数据库触发器保证）。"""

    lifecycle = DICTIONARY_LIFE
    policy: ClassVar[DictionaryPolicy] = DictionaryPolicy()

    dictionary = models.CharField("词典", max_length=10, choices=_CODES)
    number = models.PositiveIntegerField("版次", editable=False)
    note = models.CharField("说明", max_length=300)
    digest = models.CharField("词条的摘要", max_length=64, blank=True, editable=False)
    in_force_at = models.DateTimeField("启用时间", null=True, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "词典版本"
        verbose_name_plural = "词典版本"
        ordering = ("-pk",)
        constraints = [
            state_is_known(DICTIONARY_LIFE, "dictionary_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "dictionary", "number"], name="dictionary_number_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "dictionary"], condition=Q(state="in_force"),
                name="dictionary_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "dictionary"], condition=Q(state__in=OPEN_STATES),
                name="dictionary_one_draft",
                violation_error_message="这部词典已有一版正在起草。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label}第 {self.number} 版"

    @property
    def label(self) -> str:
        """词典的名称。"""
        return DICTIONARIES[self.dictionary].label

    def samples(self) -> models.QuerySet["SampleText"]:
        """这部词典的样文：各版合用。"""
        return SampleText.objects.filter(
            organisation=self.organisation_id, dictionary=self.dictionary
        ).order_by("pk")

    def guard_facts(self) -> Mapping[str, Any]:
        """词条、样文有没有，样文试得怎样。"""
        from .dictionaries import trial_of

        samples = [sample.plain for sample in self.samples()]
        return {
            **super().guard_facts(),
            "entries": self.entries.exists(),
            "with_errors": any(sample.expected for sample in samples),
            "without_errors": any(not sample.expected for sample in samples),
            "trial": trial_of(self) if self.state in OPEN_STATES else [],
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """试过的记下词条的摘要；启用的替换原来那一版。"""
        from .dictionaries import carry_out

        carry_out(self, transition.event, actor=actor, at=at)


class DictionaryEntry(models.Model):
    """一条。各栏的意思见 ``entries.DICTIONARIES``。"""

    version = models.ForeignKey(DictionaryVersion, models.CASCADE, related_name="entries")
    text = models.CharField("词", max_length=100)
    right = models.CharField("正", max_length=100, blank=True)
    variants = models.JSONField("误写", default=list)
    exceptions = models.JSONField("除外", default=list)
    severity = models.CharField("处理", max_length=5, blank=True, choices=_SEVERITIES)
    valid_from = models.DateField("起", null=True, blank=True)
    valid_until = models.DateField("止", null=True, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "词条"
        verbose_name_plural = "词条"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="dictionary_entry_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def plain(self, dictionary: str) -> Entry:
        """平白的值。"""
        return Entry(
            dictionary, self.text, self.right, tuple(self.variants), tuple(self.exceptions),
            self.severity, self.valid_from, self.valid_until, self.note,
        )  # fmt: skip

    @classmethod
    def of(cls, version: DictionaryVersion, entry: Entry) -> Self:
        """由平白的值来的一条，还没有存。"""
        return cls(
            version=version, text=entry.text, right=entry.right, variants=list(entry.variants),
            exceptions=list(entry.exceptions), severity=entry.severity,
            valid_from=entry.valid_from, valid_until=entry.valid_until, note=entry.note,
        )  # fmt: skip


class SampleText(models.Model):
    """样文：一部词典的各版都要试过它。``expected`` 是该查出的字样，空的是一处也不该查出。"""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dictionary = models.CharField("词典", max_length=10, choices=_CODES)
    text = models.TextField("样文", max_length=5000)
    expected = models.JSONField("该查出的", default=list)

    class Meta:
        verbose_name = "样文"
        verbose_name_plural = "样文"

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def plain(self) -> Sample:
        """平白的值。"""
        return Sample(self.text, tuple(self.expected))


class FileScreening(models.Model):
    """附件检测的结果：同样的内容、同样的词典只检测一次。个人信息只留遮盖过的样子。"""

    sha256 = models.CharField("摘要", max_length=64)
    lexicon = models.CharField("所用词典", max_length=64)
    findings = models.JSONField("发现", default=list)
    screened_at = models.DateTimeField("检测时间", auto_now_add=True)

    class Meta:
        verbose_name = "附件检测"
        verbose_name_plural = "附件检测"
        constraints = [
            models.UniqueConstraint(fields=["sha256", "lexicon"], name="file_screened_once")
        ]


class OfRecord(models.Model):
    """说的是哪一条记录。"""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )

    class Meta:
        abstract = True


class ByHand(models.Model):
    """谁、以什么身份、什么时候，用的哪几版词典。"""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    assignment = models.ForeignKey(RoleAssignment, models.PROTECT, related_name="+")
    versions = models.JSONField("所用词典", default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True


class GateVerdict(OfRecord, ByHand, AppendOnly):
    """一关的结论：谁把的，对的是哪一份内容（摘要），过了还是没有过。内容改了，要再把一次。"""

    class Verdict(models.TextChoices):
        """过没有过。"""

        PASSED = "passed", "通过"
        REFUSED = "refused", "不通过"

    gate = models.CharField("关", max_length=10, choices=_GATES)
    verdict = models.CharField("结论", max_length=8, choices=Verdict.choices)
    digest = models.CharField("内容的摘要", max_length=64)
    blocked = models.PositiveIntegerField("拦下的", default=0)
    warned = models.PositiveIntegerField("提醒的", default=0)
    overruled = models.PositiveIntegerField("放行的", default=0)
    note = models.CharField("意见", max_length=500, blank=True)
    at_publication = models.BooleanField("随发布把的", default=False)

    class Meta:
        verbose_name = "把关结论"
        verbose_name_plural = "把关结论"
        indexes = [models.Index(fields=["content_type", "object_id"], name="verdict_of_record")]


class Overrule(OfRecord, ByHand, AppendOnly):
    """放行：审核的人看过，认为这一处没有问题。只对这一条记录里的这一处字样。"""

    kind = models.CharField("种类", max_length=20, choices=_KINDS)
    gate = models.CharField("关", max_length=10, choices=_GATES)
    fingerprint = models.CharField("字样的摘要", max_length=64)
    excerpt = models.CharField("字样", max_length=120)
    reason = models.CharField("理由", max_length=500)

    class Meta:
        verbose_name = "放行"
        verbose_name_plural = "放行"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "fingerprint"], name="overruled_once"
            )
        ]


class CaughtError(OfRecord):
    """发布之前查出的一处差错：哪一关、哪一种、什么时候查出，后来改了、放行了，还是照发了。"""

    gate = models.CharField("关", max_length=10, choices=_GATES)
    kind = models.CharField("种类", max_length=20, choices=_KINDS)
    severity = models.CharField("处理", max_length=5, choices=_SEVERITIES)
    fingerprint = models.CharField("字样的摘要", max_length=64)
    place = models.CharField("在哪里", max_length=200)
    caught_at = models.DateTimeField("查出时间")
    caught_on = models.DateField("查出日期")
    mended_at = models.DateTimeField("改好时间", null=True)
    is_overruled = models.BooleanField("放行了", default=False)

    class Meta:
        verbose_name = "查出的差错"
        verbose_name_plural = "查出的差错"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "fingerprint"], name="caught_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "caught_on"], name="caught_by_unit")]
