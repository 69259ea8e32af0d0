"""工作方案 → 任务 → 分解项 → 分解任务（一个单位的一份）→ 报送与佐证。"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.models import Publication

from . import rules

LEDGER = "task_ledger"
"""任务台账在资源库里的种类。"""


class Role(models.TextChoices):
    """单位在一个分解项里的身份。"""

    LEAD = "lead", "牵头"
    IMPLEMENTING = "implementing", "实施"


class DueBasis(models.TextChoices):
    """分解项的期限从哪里来。"""

    NONE = "", "没有期限"
    OWN = "own", "分句自有"
    SENTENCE = "sentence", "承接同句"
    TASK = "task", "整项任务"
    SUPERVISOR = "supervisor", "监督员核定"


class ActionPlan(LivingRecord):
    """工作方案。``organisation`` 是监督落实的机构。"""

    lifecycle = rules.PLAN_LIFE
    policy: ClassVar["PlanPolicy"]

    title = models.CharField("题名", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    source = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="方案原文（已发布的信息）",
    )
    idempotency_key = models.CharField(max_length=60, unique=True, editable=False)
    closed_on = models.DateField("结项日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "工作方案"
        verbose_name_plural = "工作方案"
        ordering = ("-issued_on", "-pk")
        constraints = [state_is_known(rules.PLAN_LIFE, "plan_state_is_known")]

    def __str__(self) -> str:
        return self.title

    @property
    def data_key(self) -> str:
        """落实数据在资源库里的键。"""
        return f"plan:{self.pk}"

    def ledger(self) -> Publication | None:
        """公众现在看得到的任务台账；没有公开的为空。一次查询。"""
        return (
            Publication.objects.filter(
                kind=LEDGER,
                source_label=self._meta.label_lower,
                source_id=self.pk,
                state=Publication.State.PUBLISHED,
            )
            .select_related("current_version")
            .first()
        )

    def guard_facts(self) -> Mapping[str, Any]:
        """未收口的各份分工和未指明的单位：结项时逐条说明。"""
        shares = (
            DeliverableAssignment.objects.current()
            .filter(deliverable__task__plan=self, state__in=("in_progress", "reported"))
            .select_related("organisation", "deliverable__task")
            .order_by("deliverable__task__position", "deliverable__position", "pk")
        )
        groups = (
            UnitGroup.objects.waiting()
            .filter(deliverable__task__plan=self)
            .select_related("deliverable__task")
            .order_by("deliverable__task__position", "deliverable__position", "pk")
        )
        return {
            **super().guard_facts(),
            "plan_organisation_id": self.organisation_id,
            "plan_path": self.organisation.path,
            "ledger_is_public": self.ledger() is not None,
            "open_shares": [(share.pk, f"{share}：{share.state_label}") for share in shares],
            "open_groups": [(group.pk, f"{group}尚未指明") for group in groups],
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """记下结项之日；重新启动则抹去。"""
        if transition.event == "close":
            self.closed_on = timezone.localdate(at)
        elif transition.event == "reopen":
            self.closed_on = None


class Task(models.Model):
    """任务：方案里编了号的一项，或一项保障措施。"""

    plan = models.ForeignKey(
        ActionPlan, models.CASCADE, related_name="tasks", verbose_name="工作方案"
    )
    position = models.PositiveIntegerField("次序")
    number = models.CharField("编号", max_length=8)
    part = models.CharField("部分", max_length=200, blank=True)
    title = models.CharField("标题", max_length=300)
    text = models.TextField("内容")

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ("plan", "position")
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="task_position_once"),
            models.UniqueConstraint(fields=["plan", "part", "number"], name="task_number_once"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}项 {self.title}"


class Recurrence(models.Model):
    """任务里周期性或长期的要求，原样。"""

    task = models.ForeignKey(Task, models.CASCADE, related_name="recurrences", verbose_name="任务")
    phrase = models.CharField("要求", max_length=100)

    class Meta:
        verbose_name = "周期性要求"
        verbose_name_plural = "周期性要求"
        ordering = ("task", "pk")

    def __str__(self) -> str:
        return self.phrase


class Deliverable(models.Model):
    """分解项：一个分句的要求和它的期限。拆、并之后原来的留着，记下 ``retired_at``。"""

    task = models.ForeignKey(Task, models.CASCADE, related_name="deliverables", verbose_name="任务")
    position = models.PositiveIntegerField("次序")
    text = models.TextField("要求")
    due_on = models.DateField("期限", null=True, blank=True)
    phrase = models.CharField("期限的写法", max_length=60, blank=True)
    due_basis = models.CharField(
        "期限来源", max_length=12, choices=DueBasis.choices, blank=True, default=""
    )
    precedes_plan = models.BooleanField("方案印发时期限已过", default=False)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "分解项"
        verbose_name_plural = "分解项"
        ordering = ("task", "position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_basis__in=DueBasis.values), name="deliverable_due_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(due_basis=""),
                name="deliverable_basis_needs_date",
            ),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="deliverable_by_due")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 40 else f"{self.text[:39]}…"


class ShareQuerySet(QuerySet["DeliverableAssignment"]):
    """分解任务的查询用语。"""

    def current(self) -> "ShareQuerySet":
        """分解项没有停用的。"""
        return self.filter(deliverable__retired_at__isnull=True)

    def unfinished(self, as_of: date) -> "ShareQuerySet":
        """截至 ``as_of`` 既没有报送完成也没有结项的。"""
        return self.current().exclude(reported_on__lte=as_of).exclude(closed_on__lte=as_of)

    def with_standing(self, as_of: date) -> "ShareQuerySet":
        """附上截至 ``as_of`` 的状况 ``standing_code``，供列表筛选；与 ``rules.standing`` 一致。"""
        completed = Q(reported_on__lte=as_of, confirmed_on__lte=as_of)
        unreported = Q(reported_on__isnull=True) | Q(reported_on__gt=as_of)
        return self.annotate(
            standing_code=Case(
                When(closed_on__lte=as_of, then=Value("closed")),
                When(
                    completed & Q(reported_on__gt=F("deliverable__due_on")),
                    then=Value("completed_late"),
                ),
                When(completed, then=Value("completed_on_time")),
                When(
                    Q(deliverable__due_on__lt=as_of) & unreported,
                    then=Value("due_passed"),
                ),
                default=Value("in_progress"),
            )
        )


class DeliverableAssignment(LivingRecord):
    """分解任务：一个单位在一个分解项里的一份。``organisation`` 是这个单位。"""

    lifecycle = rules.SHARE_LIFE
    policy: ClassVar["SharePolicy"]
    named_with = ("organisation", "deliverable__task")

    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, related_name="assignments", verbose_name="分解项"
    )
    role = models.CharField("身份", max_length=12, choices=Role.choices)
    phrase = models.CharField("方案里的写法", max_length=100)
    leader_post = models.CharField(
        "负责同志职务", max_length=60, blank=True, help_text="写职务，如“分管副局长”，不写姓名。"
    )
    contact = models.CharField("联系电话", max_length=60, blank=True, help_text="写办公电话。")
    reported_on = models.DateField("报送完成之日", null=True, editable=False)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="报送人"
    )
    confirmed_on = models.DateField("核实之日", null=True, editable=False)
    closed_on = models.DateField("结项之日", null=True, editable=False)
    closing_reason = models.TextField("结项理由", blank=True, editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = "分解任务"
        verbose_name_plural = "分解任务"
        ordering = ("deliverable", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "organisation"], name="share_once_per_unit"
            ),
            state_is_known(rules.SHARE_LIFE, "share_state_is_known"),
            models.CheckConstraint(
                condition=Q(
                    state="completed", reported_on__isnull=False, confirmed_on__isnull=False
                )
                | ~Q(state="completed"),
                name="completed_share_has_its_dates",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="share_by_unit")]

    def __str__(self) -> str:
        return f"第{self.deliverable.task.number}项 {self.organisation}"

    @property
    def deadline(self) -> date | None:
        """期限在分解项上。"""
        return self.deliverable.due_on

    def standing(self, as_of: date) -> str:
        """截至 ``as_of`` 的状况，见 ``rules.STANDINGS``。"""
        return rules.standing(
            due_on=self.deliverable.due_on,
            reported_on=self.reported_on,
            confirmed_on=self.confirmed_on,
            closed_on=self.closed_on,
            as_of=as_of,
        )

    def guard_facts(self) -> Mapping[str, Any]:
        """方案是否在执行、谁报送的、本分解项已有哪些单位。两次查询。"""
        return self.guard_facts_of([self])[self.pk]

    @classmethod
    def guard_facts_of(cls, records: Iterable[Self]) -> dict[int, Mapping[str, Any]]:
        """许多份分解任务的事实。两次查询，与份数无关。"""
        listed = list(records)
        deliverables = {share.deliverable_id for share in listed}
        plans = {
            item.pk: item.task.plan
            for item in Deliverable.objects.filter(pk__in=deliverables).select_related(
                "task__plan__organisation"
            )
        }
        units: dict[int, set[int]] = defaultdict(set)
        for deliverable, unit in DeliverableAssignment.objects.filter(
            deliverable__in=deliverables
        ).values_list("deliverable_id", "organisation_id"):
            units[deliverable].add(unit)
        return {
            share.pk: {
                "created_by": share.created_by_id,
                "plan_is_active": plans[share.deliverable_id].state == "active",
                "plan_organisation_id": plans[share.deliverable_id].organisation_id,
                "plan_path": plans[share.deliverable_id].organisation.path,
                "organisation_id": share.organisation_id,
                "reported_by": share.reported_by_id,
                "units": units[share.deliverable_id],
            }
            for share in listed
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """记下报送、核实、结项之日；退回、重新办理则抹去。"""
        today = timezone.localdate(at)
        event = transition.event
        if event == "report":
            self.reported_on = inputs["reported_on"]
            self.reported_by_id = actor.user_id
        elif event == "confirm":
            # 补录的报送，核实之日不能早于报送之日
            self.confirmed_on = max(inputs.get("confirmed_on") or today, self.reported_on or today)
        elif event == "close":
            self.closed_on = today
            self.closing_reason = inputs["reason"]
        elif event in ("return", "reopen"):
            self.reported_on = self.reported_by_id = self.confirmed_on = self.closed_on = None
            self.closing_reason = ""
        elif event == "reassign":
            self.organisation_id = inputs["organisation_id"]
            self.leader_post = self.contact = ""


class GroupQuerySet(QuerySet["UnitGroup"]):
    """待指明单位的查询用语。"""

    def waiting(self) -> "GroupQuerySet":
        """还没有指明，也没有说明不再指明的。"""
        return self.filter(settled_at__isnull=True, deliverable__retired_at__isnull=True)


class UnitGroup(models.Model):
    """方案里没有说尽（“有关单位”）或名录里认不出的写法：等监督员指明是哪些单位。"""

    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, related_name="groups", verbose_name="分解项"
    )
    role = models.CharField("身份", max_length=12, choices=Role.choices)
    phrase = models.CharField("方案里的写法", max_length=100)
    is_unresolved = models.BooleanField("名录里认不出", default=False)
    candidates = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name="可供选择的单位"
    )
    settled_at = models.DateTimeField("指明时间", null=True, editable=False)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="指明人"
    )
    reason = models.TextField("不再指明的理由", blank=True, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "待指明的单位"
        verbose_name_plural = "待指明的单位"
        ordering = ("deliverable", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "role", "phrase"], name="group_once_per_deliverable"
            )
        ]

    def __str__(self) -> str:
        return f"第{self.deliverable.task.number}项“{self.phrase}”"


class ProgressReport(models.Model):
    """报送：单位签发人签出的进展或完成情况。"""

    assignment = models.ForeignKey(
        DeliverableAssignment, models.CASCADE, related_name="reports", verbose_name="分解任务"
    )
    is_completion = models.BooleanField("报送完成", default=False)
    text = models.TextField("情况")
    no_evidence = models.TextField("没有佐证的原因", blank=True)
    reported_on = models.DateField("报送之日")
    reported_on_source = models.CharField("补录来源", max_length=120, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="签发人")
    signed_as = models.ForeignKey(
        RoleAssignment, models.PROTECT, related_name="+", verbose_name="签发身份"
    )
    signed_at = models.DateTimeField("签发时间")
    is_confirmed = models.BooleanField("已核实", default=False)
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)

    class Meta:
        verbose_name = "报送"
        verbose_name_plural = "报送"
        ordering = ("reported_on", "pk")

    def __str__(self) -> str:
        return f"{self.assignment} {self.reported_on}"


class Evidence(models.Model):
    """佐证：平台上已发布的一条信息。"""

    report = models.ForeignKey(
        ProgressReport, models.CASCADE, related_name="evidence", verbose_name="报送"
    )
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name="已发布的信息"
    )

    class Meta:
        verbose_name = "佐证"
        verbose_name_plural = "佐证"
        constraints = [
            models.UniqueConstraint(fields=["report", "publication"], name="evidence_once")
        ]

    def __str__(self) -> str:
        return str(self.publication)


PLAN_READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
"""看得到方案和分解任务的角色（范围之内）；系统、安全、审计管理员不看业务。"""


class PlanPolicy(AccessPolicy[ActionPlan]):
    """方案：监督机构范围内的人看得见，分到任务的单位也看得见；只有监督员能收下方案。"""

    model = ActionPlan
    read_roles = PLAN_READERS
    write_roles = frozenset({"supervisor"})

    def scope(self, actor: Actor) -> Q:
        """监督范围，或名下有分解任务。"""
        # 牵头的那一份也在本单位名下，所监督的已在前一半里：只看名下的就够
        mine = DeliverableAssignment.objects.filter(super().scope(actor))
        return super().scope(actor) | Q(pk__in=mine.values("deliverable__task__plan").distinct())


class SharePolicy(AccessPolicy[DeliverableAssignment]):
    """分解任务：单位看自己的一份；牵头单位看同一分解项的各份；监督员看所辖范围。"""

    model = DeliverableAssignment
    read_roles = PLAN_READERS
    write_roles = frozenset({"drafter", "reviewer", "approver"})

    def scope(self, actor: Actor) -> Q:
        """本单位的，本单位牵头的，本机构监督的方案的。"""
        own = super().scope(actor)
        led = Q(
            deliverable__in=DeliverableAssignment.objects.filter(
                organisation_id=actor.organisation_id, role=Role.LEAD
            ).values("deliverable")
        )
        if actor.role != "supervisor":
            return own | led
        supervised = ActionPlan.objects.filter(AccessPolicy.scope(PLAN_POLICY, actor))
        return own | led | Q(deliverable__task__plan__in=supervised)


PLAN_POLICY = PlanPolicy()
ActionPlan.policy = PLAN_POLICY
DeliverableAssignment.policy = SharePolicy()
