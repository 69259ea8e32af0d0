"""专题：围绕一件事，把散在各栏目、各机构的文件、解读和结果收在一起。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import refresh

from .parts import PARTS
from .policy import TopicPolicy
from .rules import LIFE, told_tasks


class Topic(LivingRecord):
    """专题。``organisation`` 是站点的主办单位；收哪些信息见 ``rules.Gathering``。

    落实工作方案的，有责任单位（``owner``）、依据和第几项任务，分几部分（``parts.PARTS``）列出，
    哪一部分空着要报警（``supply``）。
    """

    lifecycle = LIFE
    policy = TopicPolicy()

    site = models.ForeignKey(Site, models.PROTECT, related_name="topics", verbose_name="站点")
    code = models.CharField(
        "地址代码", max_length=60, validators=[RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z")]
    )
    name = models.CharField("名称", max_length=60)
    summary = models.CharField("简介", max_length=300)
    opened_on = models.DateField("开设日期")
    closed_on = models.DateField("结束日期", null=True, blank=True, editable=False)
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name="机构"
    )
    words = models.JSONField("标题字词", default=list, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="责任单位",
    )  # fmt: skip
    basis = models.CharField("依据", max_length=120, blank=True)
    tasks = models.JSONField("第几项任务", default=list, blank=True)

    class Meta:
        verbose_name = "专题"
        verbose_name_plural = "专题"
        constraints = [
            state_is_known(LIFE, "topic_state_known"),
            models.UniqueConstraint(fields=["site", "code"], name="topic_code_once_in_site"),
            models.UniqueConstraint(fields=["site", "name"], name="topic_name_once_in_site"),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_on__isnull=True)
                | models.Q(state="closed", closed_on__isnull=False),
                name="topic_closed_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_parts(self) -> bool:
        """分不分几部分列出：落实工作方案的才分。"""
        return self.owner_id is not None

    @property
    def told_basis(self) -> str:
        """依据，连同第几项任务。"""
        return told_tasks(self.basis, self.tasks)

    @property
    def data_key(self) -> str:
        """专题有变动时，变更日志里记的键。"""
        return f"{TOPIC}{self.pk}"

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """结束、重新开放：记下日期，页面重烘。"""
        closes = transition.target == "closed"
        self.closed_on = timezone.localdate(at) if closes else None
        refresh(self.data_key)


TOPIC = "topic:"
"""变更日志里专题变动的键的前缀，后面是编号。"""


class TopicChoice(models.Model):
    """指定收进专题的、或移出专题的一条信息：不看条件。``part`` 是编辑定的归哪一部分，空的照规则。"""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="choices", verbose_name="专题")
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="topic_choices", verbose_name="信息"
    )
    is_excluded = models.BooleanField("移出", default=False)
    part = models.CharField("归哪一部分", max_length=16, blank=True, choices=list(PARTS.items()))
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    chosen_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "专题的指定"
        verbose_name_plural = "专题的指定"
        constraints = [
            models.UniqueConstraint(fields=["topic", "publication"], name="topic_chosen_once")
        ]


class TopicMove(models.Model):
    """专题随站点关停迁走了：原来在哪个站点、哪个地址。原地址上据此写明迁到了哪里。"""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="moves", verbose_name="专题")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="原来的站点")
    code = models.CharField("原来的地址代码", max_length=60)
    moved_at = models.DateTimeField("迁走的时间")

    class Meta:
        verbose_name = "专题的迁移"
        verbose_name_plural = "专题的迁移"
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="topic_moved_from_once")
        ]

    def __str__(self) -> str:
        return f"{self.site}：{self.topic}"
