"""依申请公开：受理机构，一件申请，和它的补正、征求意见、延期、收费、检索、判断、材料。

申请人的身份、证件、联系方式加密成 ``sealed``，认人用带密钥的摘要；平常只显示 ``applicant_label``（自然人只留姓）。
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.deadlines import LONGEST_EXTENSION
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.models import Resident

from .applicants import DELIVERY_FORMS, DELIVERY_WAYS, KINDS
from .clocks import Course, Opinion
from .fees import METHODS
from .outcomes import BY_OUTCOME
from .policy import RequestPolicy
from .rules import HANDLING
from .states import CHANNELS
from .table3 import BY_CODE

MOST_DESCRIPTION = 2000


class RequestOffice(models.Model):
    """一个机构的政府信息公开工作机构：依申请公开的受理机构（条例第四条、第十二条）。

    ``agency_code`` 是答复文书文号里的机关代字；``review_online_url`` 是行政复议的网上申请渠道，电子送达的答复
    必须告知；``lead_days`` 是内部办结比法定期限早几个工作日；``correction_days`` 是通常给申请人补正的工作日数。
    """

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="request_office", verbose_name="机构"
    )
    name = models.CharField("受理机构名称", max_length=100)
    address = models.CharField("办公地址", max_length=200)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    hours = models.CharField("办公时间", max_length=200)
    telephone = models.CharField("联系电话", max_length=60)
    fax = models.CharField("传真号码", max_length=60, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    agency_code = models.CharField("机关代字", max_length=20, blank=True)
    review_online_url = models.URLField("行政复议网上申请渠道", blank=True)
    accepts_online = models.BooleanField("受理网上申请", default=True)
    lead_days = models.PositiveSmallIntegerField(
        "内部办结提前几个工作日", default=3, validators=[MaxValueValidator(15)]
    )
    correction_days = models.PositiveSmallIntegerField(
        "通常给几个工作日补正", default=15, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    procedure = models.TextField("内部制度：登记、审核、办理、答复、归档", blank=True)

    class Meta:
        verbose_name = "依申请公开受理机构"
        verbose_name_plural = "依申请公开受理机构"

    def __str__(self) -> str:
        return f"{self.organisation}受理机构"


class DisclosureRequest(LivingRecord):
    """一件政府信息公开申请。

    ``came_on`` 是申请到达之日，``received_on`` 是条例第三十一条的收到申请之日，还没有确认的为空；
    ``reply_due`` 是答复的届满日，期限停着的为空，只由期限计算写入。``finished_on`` 是办结之日（答复之日、撤回之日、
    认定不再处理之日），``result`` 是表三的行。``is_counted`` 为假的不计入年度报告：拆开的原件，复议、判决后重作的
    （重作怎样计没有规定，不另计件）。``legacy_number`` 是上线时转入的旧案原来的编号。
    """

    lifecycle = HANDLING
    policy: ClassVar[RequestPolicy] = RequestPolicy()

    created_by = models.ForeignKey(  # type: ignore[assignment]  # 网上提出的，确认以前没有登记人
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="登记人"
    )
    number = models.CharField("申请编号", max_length=24, unique=True, editable=False)
    legacy_number = models.CharField("原编号", max_length=40, blank=True, editable=False)
    query_digest = models.CharField("查询码的摘要", max_length=64, blank=True, editable=False)
    channel = models.CharField("提出方式", max_length=10, choices=list(CHANNELS.items()))
    is_oral = models.BooleanField("口头申请，由工作人员代为填写", default=False)
    submitted_at = models.DateTimeField("提交时间", editable=False)
    came_on = models.DateField("到达日期")
    confirmed_on = models.DateField("双方确认日期", null=True, editable=False)
    evidence = models.TextField("怎样确认的", blank=True, editable=False)
    received_on = models.DateField("收到申请之日", null=True, editable=False)

    applicant_kind = models.CharField(
        "申请人类别", max_length=16, choices=list(KINDS.items()), editable=False
    )
    applicant_label = models.CharField("申请人", max_length=100, editable=False)
    applicant_digest = models.CharField("申请人的摘要", max_length=64, blank=True, editable=False)
    sealed = models.TextField("申请人的身份和联系方式（加密的）", blank=True, editable=False)
    resident = models.ForeignKey(
        Resident,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="实名用户",
    )

    subject = models.CharField("所需信息的名称", max_length=200)
    document_number = models.CharField("文号", max_length=100, blank=True)
    description = models.TextField(
        "便于查询的其他特征性描述", max_length=MOST_DESCRIPTION, blank=True
    )
    delivery_form = models.CharField(
        "获取信息的形式", max_length=12, choices=list(DELIVERY_FORMS.items())
    )
    delivery_way = models.CharField(
        "获取信息的途径", max_length=8, choices=list(DELIVERY_WAYS.items())
    )
    wants_publication = models.BooleanField("建议主动公开", default=False)
    is_public_health = models.BooleanField("公共卫生类", default=False)
    inner_office = models.CharField("承办科室", max_length=60, blank=True, editable=False)

    reply_due = models.DateField("答复期限", null=True, editable=False)
    reply_due_provisional = models.BooleanField("答复期限是暂定的", default=False, editable=False)
    correction_due = models.DateField("告知补正的期限", null=True, editable=False)
    correction_due_provisional = models.BooleanField(
        "告知补正的期限是暂定的", default=False, editable=False
    )
    delayed_until = models.DateField("延迟答复到", null=True, editable=False)

    outcome = models.CharField("答复种类", max_length=28, blank=True, editable=False)
    result = models.CharField("办理结果", max_length=40, blank=True, editable=False)
    replied_on = models.DateField("答复之日", null=True, editable=False)
    delivered_on = models.DateField("送达之日", null=True, editable=False)
    finished_on = models.DateField("办结之日", null=True, editable=False)
    is_late = models.BooleanField("逾期答复", default=False, editable=False)
    is_counted = models.BooleanField("计入年度报告", default=True, editable=False)
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", editable=False, verbose_name="拆自"
    )
    reopened_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="redone",
        editable=False,
        verbose_name="重作自",
    )
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "政府信息公开申请"
        verbose_name_plural = "政府信息公开申请"
        constraints = [
            state_is_known(HANDLING, "request_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "legacy_number"],
                condition=~Q(legacy_number=""),
                name="request_moved_in_once",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=list(KINDS)), name="request_applicant_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=list(BY_CODE)), name="request_result_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=list(BY_OUTCOME)),
                name="request_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True, result="")
                | (Q(finished_on__isnull=False) & ~Q(result="")),
                name="request_finished_with_result",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True)
                | Q(finished_on__isnull=True)
                | Q(finished_on__gte=models.F("received_on")),
                name="request_finished_after_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="request_listed"),
            models.Index(
                fields=["organisation", "reply_due"], name="request_by_due",
                condition=Q(finished_on__isnull=True),
            ),
            models.Index(fields=["organisation", "received_on"], name="request_by_receipt"),
            models.Index(fields=["organisation", "finished_on"], name="request_by_finish"),
            models.Index(fields=["applicant_digest", "received_on"], name="request_by_applicant"),
            models.Index(fields=["resident", "-id"], name="request_of_resident"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def deadline(self) -> date | None:
        """答复期限。"""
        return self.reply_due

    @property
    def channel_label(self) -> str:
        """提出方式。"""
        return CHANNELS[self.channel]

    @property
    def content(self) -> str:
        """申请的内容，供答复书原文引用。"""
        parts = [self.subject, self.document_number and f"文号：{self.document_number}"]
        return "；".join(each for each in (*parts, self.description) if each)

    def course(self) -> Course:
        """与期限有关的经过。先取好了 ``PARTS`` 的不查询。"""
        clarification: Clarification | None = getattr(self, "clarification", None)
        fee: ProcessingFee | None = getattr(self, "fee", None)
        extension: Extension | None = getattr(self, "extension", None)
        asked = [*self.third_parties.all(), *self.agencies.all()]
        return Course(
            received=self.received_on,
            correction_asked=clarification.sent_on if clarification else None,
            corrected=clarification.corrected_on if clarification else None,
            opinions=tuple(Opinion(each.sent_on, each.settled_on) for each in asked),
            charged=fee.notified_on if fee else None,
            paid=fee.paid_on if fee else None,
            extended_days=extension.days if extension else 0,
            delayed_until=self.delayed_until,
        )

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import decided

        clarification: Clarification | None = getattr(self, "clarification", None)
        fee: ProcessingFee | None = getattr(self, "fee", None)
        inquiry: ReasonInquiry | None = getattr(self, "reason_inquiry", None)
        found = decided(self)
        return {
            "created_by": self.created_by_id,
            "today": reading_day(),
            "state": self.state,
            "channel": self.channel,
            "came_on": self.came_on,
            "received_on": self.received_on,
            "replied_on": self.replied_on,
            "due": self.reply_due,
            "correction_due": self.correction_due,
            "correction_asked": clarification.sent_on if clarification else None,
            "correction_until": clarification.until if clarification else None,
            "attempts": self.attempts.values("on").distinct().count(),
            "extended_days": getattr(getattr(self, "extension", None), "days", 0),
            "delayed_until": self.delayed_until,
            "charged": fee.notified_on if fee else None,
            "payment_due": fee.payment_due if fee else None,
            "reason_asked": inquiry.asked_on if inquiry else None,
            "reason_verdict": inquiry.verdict if inquiry else "",
            "reason_until": inquiry.until if inquiry else None,
            "decision_faults": list(found.faults),
            "decided_outcome": found.outcome.code if found.outcome else "",
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """每一步的后果。"""
        from .handling import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs)


class ContactAttempt(models.Model):
    """联系申请人确认收到申请的一次尝试：没有联系上的也是凭据。"""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="attempts")
    on = models.DateField("日期")
    note = models.CharField("怎样联系、结果", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = "联系申请人"
        verbose_name_plural = "联系申请人"
        ordering = ("on", "pk")


class Clarification(models.Model):
    """补正：一次性告知的事项和期限，申请人补正的内容（条例第三十条）。"""

    request = models.OneToOneField(
        DisclosureRequest, models.PROTECT, related_name="clarification", verbose_name="申请"
    )
    items = models.JSONField("需要补正的事项")
    until = models.DateField("补正的期限")
    sent_on = models.DateField("告知日期")
    corrected_on = models.DateField("收到补正之日", null=True)
    answer = models.TextField("补正的内容", blank=True)

    class Meta:
        verbose_name = "补正"
        verbose_name_plural = "补正"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("sent_on")), name="clarification_until_after_sent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request.number} 补正"


class OpinionSought(models.Model):
    """征求一方的意见。第三方（条例第三十二条）和其他机关（第三十四条）逾期的后果相反，各是一张表。

    ``delivered_on`` 是对方收到征求意见书之日，``opinion_due`` 由它起算 15 个工作日；``settled_on`` 是有了结果之日：
    收到意见，或者逾期。
    """

    name = models.CharField("向谁征求", max_length=100)
    sent_on = models.DateField("发出日期")
    delivered_on = models.DateField("对方收到之日", null=True)
    opinion_due = models.DateField("提出意见的期限", null=True, editable=False)
    opinion_due_provisional = models.BooleanField("期限是暂定的", default=False, editable=False)
    settled_on = models.DateField("有了结果之日", null=True)
    answer = models.CharField("结果", max_length=10, blank=True)
    opinion = models.TextField("意见和理由", blank=True)

    class Meta:
        abstract = True

    @property
    def answer_label(self) -> str:
        """结果的说法。"""
        answers: dict[str, str] = self.ANSWERS  # type: ignore[attr-defined]
        return answers.get(self.answer, "")

    @property
    def organisation(self) -> Organisation:
        """期限按哪个机构的工作日历算。"""
        return self.request.organisation  # type: ignore[attr-defined,no-any-return]


class ThirdPartyConsultation(OpinionSought):
    """征求第三方的意见：逾期没有表示意见，不等于同意，由行政机关依照条例决定（条例第三十二条）。"""

    ANSWERS: ClassVar[dict[str, str]] = {
        "agrees": "同意公开", "objects": "不同意公开", "silent": "逾期没有提出意见",
        "unreached": "无法送达，撤回征求",
    }  # fmt: skip

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="third_parties")
    sealed_contact = models.TextField("联系方式（加密的）", blank=True)
    told_on = models.DateField("公开后告知第三方之日", null=True)

    class Meta:
        verbose_name = "征求第三方意见"
        verbose_name_plural = "征求第三方意见"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", settled_on__isnull=True)
                | Q(
                    answer__in=["agrees", "objects", "silent", "unreached"],
                    settled_on__isnull=False,
                ),
                name="third_party_settled_with_answer",
            )
        ]

    def __str__(self) -> str:
        return f"征求第三方意见：{self.name}"

    @property
    def consents(self) -> bool:
        """同意公开：只有明白表示同意的才算。"""
        return self.answer == "agrees"


class AgencyConsultation(OpinionSought):
    """征求共同制作机关的意见：逾期没有提出意见，视为同意公开（条例第三十四条）。"""

    ANSWERS: ClassVar[dict[str, str]] = {
        "agrees": "同意公开", "objects": "不同意公开", "deemed": "逾期，视为同意公开",
        "unreached": "无法送达，撤回征求",
    }  # fmt: skip

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="agencies")

    class Meta:
        verbose_name = "征求共同制作机关意见"
        verbose_name_plural = "征求共同制作机关意见"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", settled_on__isnull=True)
                | Q(
                    answer__in=["agrees", "objects", "deemed", "unreached"],
                    settled_on__isnull=False,
                ),
                name="agency_settled_with_answer",
            )
        ]

    def __str__(self) -> str:
        return f"征求共同制作机关意见：{self.name}"

    @property
    def consents(self) -> bool:
        """同意公开：逾期也算。"""
        return self.answer in ("agrees", "deemed")


class Extension(models.Model):
    """延期：一件申请至多一次，经工作机构负责人同意、在原期限届满以前告知申请人（条例第三十三条）。"""

    request = models.OneToOneField(
        DisclosureRequest, models.PROTECT, related_name="extension", verbose_name="申请"
    )
    days = models.PositiveSmallIntegerField("延长几个工作日")
    reason = models.CharField("理由", max_length=500)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="批准人")
    told_on = models.DateField("告知申请人之日")

    class Meta:
        verbose_name = "延期"
        verbose_name_plural = "延期"
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LONGEST_EXTENSION), name="extension_within_20"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request.number} 延长 {self.days} 个工作日"


class ProcessingFee(models.Model):
    """信息处理费：按件或者按量，只能选一种（国办函〔2020〕109号）。金额以元计。

    ``delivered_on`` 是申请人收到收费通知之日，``payment_due`` 由它起算 20 个工作日。
    """

    request = models.OneToOneField(
        DisclosureRequest, models.PROTECT, related_name="fee", verbose_name="申请"
    )
    method = models.CharField("计算方式", max_length=8, choices=list(METHODS.items()))
    quantity = models.PositiveIntegerField("第几件、几页")
    yuan = models.PositiveIntegerField("应缴（元）")
    notified_on = models.DateField("通知发出之日")
    delivered_on = models.DateField("申请人收到通知之日", null=True)
    payment_due = models.DateField("缴费期限", null=True, editable=False)
    payment_due_provisional = models.BooleanField("缴费期限是暂定的", default=False, editable=False)
    paid_on = models.DateField("缴费之日", null=True)
    voucher = models.CharField("票据号", max_length=60, blank=True)

    class Meta:
        verbose_name = "信息处理费"
        verbose_name_plural = "信息处理费"
        constraints = [
            models.CheckConstraint(condition=Q(yuan__gt=0), name="fee_is_positive"),
            models.CheckConstraint(condition=Q(method__in=list(METHODS)), name="fee_method_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request.number} 信息处理费 {self.yuan} 元"

    @property
    def organisation(self) -> Organisation:
        """期限按哪个机构的工作日历算。"""
        return self.request.organisation


class ReasonInquiry(models.Model):
    """要求申请人说明大量、反复申请的理由，和本机关的认定（条例第三十五条）。"""

    VERDICTS: ClassVar[dict[str, str]] = {"reasonable": "理由合理", "unreasonable": "理由不合理"}

    request = models.OneToOneField(
        DisclosureRequest, models.PROTECT, related_name="reason_inquiry", verbose_name="申请"
    )
    asked_on = models.DateField("要求说明之日")
    until = models.DateField("请在哪天以前说明", null=True)
    is_lapsed = models.BooleanField("逾期没有说明", default=False)
    answered_on = models.DateField("收到说明之日", null=True)
    answer = models.TextField("申请人的说明", blank=True)
    verdict = models.CharField("认定", max_length=12, blank=True, choices=list(VERDICTS.items()))
    grounds = models.CharField("认定的缘由", max_length=500, blank=True)

    class Meta:
        verbose_name = "说明理由"
        verbose_name_plural = "说明理由"

    def __str__(self) -> str:
        return f"{self.request.number} 说明理由"


class SearchRecord(models.Model):
    """一次检索：范围、关键词、地方、检索的人和结果。答复“信息不存在”的凭据。"""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="searches")
    scope = models.CharField("范围", max_length=300)
    words = models.CharField("关键词", max_length=200)
    places = models.CharField("在哪里找", max_length=300)
    way = models.CharField("怎样检索", max_length=200)
    found = models.CharField("结果", max_length=500)
    searched_on = models.DateField("检索日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="检索人")
    at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = "检索记录"
        verbose_name_plural = "检索记录"
        ordering = ("searched_on", "pk")


class Decision(models.Model):
    """七步判断：``answers`` 是各问的答案和所写的理由（``deciding``），``outcome`` 是走到的答复。"""

    request = models.OneToOneField(
        DisclosureRequest, models.PROTECT, related_name="decision", verbose_name="申请"
    )
    answers = models.JSONField("答案", default=dict)
    outcome = models.CharField("走到的答复", max_length=28, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁判断的")
    decided_at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "判断"
        verbose_name_plural = "判断"

    def __str__(self) -> str:
        return f"{self.request.number} 判断"


class RequestFile(models.Model):
    """一件申请的材料。``is_from_applicant`` 是申请人交来的。"""

    KINDS: ClassVar[dict[str, str]] = {
        "original": "申请原件", "identity": "身份证明", "proxy": "委托证明", "evidence": "确认收到的凭据",
        "correction": "补正材料", "opinion": "意见书", "reason": "理由说明", "other": "其他材料",
    }  # fmt: skip

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    kind = models.CharField("种类", max_length=12, choices=list(KINDS.items()))
    is_from_applicant = models.BooleanField("申请人交来的", default=False)
    at = models.DateTimeField("收到时间", default=timezone.now)

    class Meta:
        verbose_name = "申请的材料"
        verbose_name_plural = "申请的材料"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.file.name


class YearTable(models.Model):
    """一个机构一年封存的表三：年度报告照它写，以后再有改动也不变，下一年的上年结转与它核对。"""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    year = models.PositiveSmallIntegerField("年度")
    cells = models.JSONField("各格")
    sealed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="封存的人")
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "封存的表三"
        verbose_name_plural = "封存的表三"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="year_table_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year} 年度表三"


PARTS = ("clarification", "fee", "extension", "reason_inquiry", "decision")
"""一件申请的各个部分，一件至多一份：列表、期限要用的一次取齐。"""
OPINIONS = ("third_parties", "agencies")
