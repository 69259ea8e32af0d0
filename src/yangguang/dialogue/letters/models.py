"""一件申请的文书：起草时经办人写的和这一份的各项，签发时编号、定稿，做成的 docx 和 PDF，送出和送达。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.reading_day import reading_day

from .circulation import CIRCULATION, WAYS
from .kinds import BY_KIND, Kind
from .policy import LetterPolicy


class CaseLetter(LivingRecord):
    """一份文书。``organisation`` 是申请的受理机构。

    ``written`` 是经办人写的各部分，``terms`` 是这一份的各项（期限、天数、收费的件数页数、征求谁的意见）。
    签发时定稿：``sealed`` 是各部分的文字（有申请人的姓名，加密），docx、PDF 照它做，以后再不变。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[LetterPolicy] = LetterPolicy()
    named_with = ("request",)

    request = models.ForeignKey(
        DisclosureRequest, models.PROTECT, related_name="letters", verbose_name="申请"
    )
    kind = models.CharField(
        "种类",
        max_length=28,
        choices=[(k.code, k.outcome.label if k.outcome else k.title) for k in BY_KIND.values()],
    )
    written = models.JSONField("写的各部分", default=dict)
    terms = models.JSONField("这一份的各项", default=dict)
    addressee = models.CharField("给谁", max_length=100, blank=True)
    way = models.CharField("怎样送达", max_length=10, choices=list(WAYS.items()))
    copies = models.CharField("抄送", max_length=200, blank=True)
    number = models.CharField("文号", max_length=60, blank=True, editable=False)
    written_on = models.DateField("成文日期", null=True, editable=False)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="签发人"
    )
    sealed = models.TextField("定稿（加密的）", blank=True, editable=False)
    docx = models.CharField("docx 的摘要", max_length=64, blank=True, editable=False)
    pdf = models.CharField("PDF 的摘要", max_length=64, blank=True, editable=False)
    pages = models.PositiveIntegerField("PDF 的页数", default=0, editable=False)
    sent_on = models.DateField("送出之日", null=True, editable=False)
    mail_number = models.CharField("邮件号", max_length=40, blank=True, editable=False)
    delivered_on = models.DateField("送达之日", null=True, editable=False)
    proof = models.CharField("送达的凭据", max_length=300, blank=True, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "答复文书"
        verbose_name_plural = "答复文书"
        constraints = [
            state_is_known(CIRCULATION, "letter_state_known"),
            models.CheckConstraint(condition=Q(kind__in=list(BY_KIND)), name="letter_kind_known"),
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="letter_way_known"),
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=~Q(number=""),
                name="letter_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="letter_listed"),
            models.Index(fields=["state", "organisation"], name="letter_by_state"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} {self.request.number}"

    @property
    def kind_of(self) -> Kind:
        """是哪一种。"""
        return BY_KIND[self.kind]

    @property
    def label(self) -> str:
        """怎样称呼：答复书写明是哪一种答复。"""
        kind = self.kind_of
        return f"答复书（{kind.outcome.label}）" if kind.outcome else kind.title

    @property
    def deadline(self) -> date | None:
        """随申请的答复期限；送出以后没有。"""
        return self.request.reply_due if self.sent_on is None else None

    def progress(self, facts: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """程序性的文书没有合法性审核、保密审查两步。"""
        steps = tuple(self.lifecycle.progress)
        if self.kind_of.outcome:
            return steps
        return tuple(each for each in steps if each not in ("in_legality", "in_secrecy"))

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .effects import request_refusals
        from .gathering import draft_faults, enclosure_faults

        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "today": reading_day(),
            "is_reply": self.kind_of.outcome is not None,
            "faults": draft_faults(self) if self.state in ("draft", "in_signing") else [],
            "is_made": bool(self.pdf and self.docx),
            "written_on": self.written_on,
            "sent_on": self.sent_on,
            "way": self.way,
            "request_refusals": (
                [*request_refusals(self), *enclosure_faults(self)] if self.state == "signed" else []
            ),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """签发编号定稿；送出、送达，申请随着走一步。"""
        from .effects import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs)


class Enclosure(models.Model):
    """随文书给申请人的一份文件：所提供的信息，遮盖过的一份。"""

    letter = models.ForeignKey(CaseLetter, models.PROTECT, related_name="enclosures")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    title = models.CharField("名称", max_length=200)
    redaction = models.ForeignKey(
        Redaction, models.PROTECT, null=True, related_name="+", verbose_name="出自哪件遮盖件"
    )

    class Meta:
        verbose_name = "随文书的文件"
        verbose_name_plural = "随文书的文件"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title
