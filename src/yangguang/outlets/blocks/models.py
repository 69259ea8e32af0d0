"""首页和专题页的编排：草稿，和发布过的每一版。"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.refreshing import refresh
from yangguang.hub.topics.models import Topic

from .policy import AlertPolicy, BlockPagePolicy
from .rules import ALERT_LIFE, LAYOUT, LEVELS, Blocks, blocks_of


class BlockPage(LivingRecord):
    """一页的编排：站点的首页（没有专题），或者一个专题的页。

    ``draft`` 是草稿里的各块，``revision`` 每改一次加一。公众看到的是最后发布的那一版。
    """

    lifecycle = LAYOUT
    policy = BlockPagePolicy()
    named_with = ("site__organisation", "topic")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    topic = models.OneToOneField(
        Topic, models.PROTECT, null=True, blank=True, related_name="page", verbose_name="专题"
    )
    draft = models.JSONField("草稿", default=list)
    revision = models.PositiveIntegerField("改过几次", default=0)

    class Meta:
        verbose_name = "页面编排"
        verbose_name_plural = "页面编排"
        constraints = [
            state_is_known(LAYOUT, "block_page_state_known"),
            models.UniqueConstraint(
                fields=["site"], condition=models.Q(topic__isnull=True), name="one_home_a_site"
            ),
        ]

    def __str__(self) -> str:
        return f"专题“{self.topic.name}”" if self.topic else f"{self.site.short_name}首页"

    @property
    def place(self) -> str:
        """哪一种页：``home`` 或 ``topic``。"""
        return "topic" if self.topic_id else "home"

    @property
    def blocks(self) -> Blocks:
        """草稿里的各块。"""
        return blocks_of(self.draft)

    @property
    def data_key(self) -> str:
        """发布时变更日志里记的键。"""
        return arrangement_key(self.site, self.topic)

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断：草稿哪里不合规矩，改过几次。"""
        from .checking import faults_of

        return {"faults": faults_of(self), "revision": self.revision}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """发布留下一版，页面重烘；放弃改动退回最后一版。"""
        from .services import keep_version, put_back

        if transition.event == "publish":
            keep_version(self, actor=actor, note=str(inputs["message"]), at=at)
        elif transition.event == "discard":
            put_back(self)


def arrangement_key(site: Site, topic: Topic | None) -> str:
    """一页的编排的键：印这一页时记下，发布新的一版时更新。"""
    return f"arrangement:{site.code}:{topic.code if topic else ''}"


class Picture(models.Model):
    """站点图片库里的一张。存下的一份已经去掉拍摄信息；撤下的不再上网，也不再可选。"""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = "图片"
        verbose_name_plural = "图片"

    def __str__(self) -> str:
        return self.file.name

    @property
    def data_key(self) -> str:
        """图片撤下时变更日志里记的键。"""
        return f"picture:{self.pk}"


class Alert(LivingRecord):
    """紧急提示：站点每一页的最上面一条，写明有效到哪一天，过了自己消失。"""

    lifecycle = ALERT_LIFE
    policy = AlertPolicy()
    named_with = ("site",)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    level = models.CharField("级别", max_length=8, choices=list(LEVELS.items()))
    text = models.CharField("提示", max_length=120)
    href = models.CharField("详情的地址", max_length=300, blank=True)
    valid_until = models.DateField("有效到")

    class Meta:
        verbose_name = "紧急提示"
        verbose_name_plural = "紧急提示"
        constraints = [state_is_known(ALERT_LIFE, "alert_state_known")]

    def __str__(self) -> str:
        return self.text

    def as_json(self, link: Callable[[str], str]) -> dict[str, str]:
        """供各页的脚本取用的数据。"""
        return {
            "level": self.level,
            "word": LEVELS[self.level],
            "text": self.text,
            "href": link(self.href) if self.href else "",
            "until": self.valid_until.isoformat(),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """撤下：首页和那个小文件重烘。"""
        refresh(alerts_key(self.site))


def alerts_key(site: Site) -> str:
    """紧急提示的键：首页和各页取用的小文件都记着它。"""
    return f"alerts:{site.code}"


class BlockVersion(AppendOnly):
    """发布过的一版：公众见到的编排，不可更改（数据库触发器保证）。"""

    page = models.ForeignKey(BlockPage, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    blocks = models.JSONField("各块")
    digest = models.CharField("摘要", max_length=64)
    note = models.CharField("说明", max_length=300, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = "编排的版本"
        verbose_name_plural = "编排的版本"
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="block_version_number_once")
        ]
