"""信息报送：下级单位的投稿，上级的约稿，采用记的分。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.blocks import picture_faults, plain_text
from yangguang.sources.articles.models import Article

from .policy import CallPolicy, ContributionPolicy
from .rules import CALLING, GRADES, MOST_POINTS, ON_TIME, POINTS, SENDING


class Call(LivingRecord):
    """约稿：上级要几个单位就一件事报送信息。``organisation`` 是发约稿的机构。"""

    lifecycle = CALLING
    policy: ClassVar[CallPolicy] = CallPolicy()

    title = models.CharField("约什么", max_length=120)
    requirements = models.TextField("要求", max_length=2000)
    due_on = models.DateField("报送期限")
    units = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name="约哪些单位"
    )

    class Meta:
        verbose_name = "约稿"
        verbose_name_plural = "约稿"
        constraints = [state_is_known(CALLING, "call_state_known")]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> date | None:
        """报送期限。"""
        return self.due_on

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {
            "organisation": self.organisation_id,
            "units": self.units.exists(),
            "due_on": self.due_on,
            "today": timezone.localdate(),
        }


class Contribution(LivingRecord):
    """投稿：一个单位报给上级的一篇。

    ``body`` 是正文的块；``points`` 采用时记下，之后分值另定了也不变。采用成的、用进去的稿件是 ``article``。
    """

    lifecycle = SENDING
    policy: ClassVar[ContributionPolicy] = ContributionPolicy()

    title = models.CharField("标题", max_length=200)
    body = models.JSONField("正文", default=list)
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="报给"
    )
    call = models.ForeignKey(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name="应哪个约稿",
    )
    sent_on = models.DateField("报送日期", null=True, editable=False)
    is_on_time = models.BooleanField("按期应约", default=False, editable=False)
    grade = models.CharField(
        "怎样采用", max_length=10, blank=True, choices=list(GRADES.items()), editable=False
    )
    points = models.PositiveSmallIntegerField("记分", default=0, editable=False)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, editable=False, related_name="contributions",
        verbose_name="采用成的稿件",
    )  # fmt: skip

    class Meta:
        verbose_name = "投稿"
        verbose_name_plural = "投稿"
        constraints = [
            state_is_known(SENDING, "contribution_state_known"),
            models.CheckConstraint(
                condition=~models.Q(receiver=models.F("organisation")),
                name="contribution_goes_to_another",
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "sent_on"], name="contribution_by_month"),
            # 列表的范围、次序、查找都在索引里，不必翻开正文
            models.Index(
                fields=["receiver", "state", "organisation", "id"], name="contribution_received"
            ),
            models.Index(
                fields=["organisation", "state", "receiver", "id", "title"],
                name="contribution_listed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "organisation": self.organisation_id,
            "receiver": self.receiver_id,
            "title": self.title,
            "body": bool(plain_text(self.body)),
            "picture_faults": picture_faults(self.body),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """报送记日期；采用记分、成稿。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class PointsTable(models.Model):
    """一个接收机构定的分值；没有这一行的用 ``rules.POINTS``。"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    full = models.PositiveSmallIntegerField(
        "单独采用", default=POINTS["full"], validators=[MaxValueValidator(MOST_POINTS)]
    )
    merged = models.PositiveSmallIntegerField(
        "综合采用", default=POINTS["merged"], validators=[MaxValueValidator(MOST_POINTS)]
    )
    forwarded = models.PositiveSmallIntegerField(
        "采用并报上级", default=POINTS["forwarded"], validators=[MaxValueValidator(MOST_POINTS)]
    )
    on_time = models.PositiveSmallIntegerField(
        "约稿按期加分", default=ON_TIME, validators=[MaxValueValidator(MOST_POINTS)]
    )

    class Meta:
        verbose_name = "分值"
        verbose_name_plural = "分值"

    def __str__(self) -> str:
        return f"{self.organisation}的分值"

    @property
    def by_grade(self) -> dict[str, int]:
        """各种采用记几分。"""
        return {grade: getattr(self, grade) for grade in GRADES}
