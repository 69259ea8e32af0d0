"""稿件：每天发的动态、通知公告、图片、视频、问答和单篇。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.library.models import LibraryItem, LibraryVersion
from yangguang.foundation.library.selectors import PublicCopy, copy_of, copy_of_file
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.blocks import picture_faults, picture_files, plain_text
from yangguang.foundation.theme.formats import minute
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.codes import subject_label
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.topics.models import Topic

from .circulation import CIRCULATION
from .policy import ArticlePolicy
from .rules import DEFAULT_ROUTE, LEVELS, LONGEST_SUMMARY, ROUTES, TYPES, Source, reprint_due


class Article(LivingRecord):
    """一篇稿件。

    ``body`` 是正文的块（``foundation.richtext.blocks``）；图片的块里 ``file`` 是资料的编号，``version``
    是写进来时的那一份：资料后来换了内容，这里不变，要换就在修订时重选。
    ``publish_at`` 是定时发布的时刻，``expires_on`` 是有效期的最后一天，``pinned_until`` 是置顶的最后一天。
    ``approved_under`` 是签发人签发时的任职：到时自动发布，就是以它的名义。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[ArticlePolicy] = ArticlePolicy()

    title = models.CharField("标题", max_length=200)
    article_type = models.CharField("类别", max_length=8, choices=list(TYPES.items()))
    summary = models.CharField("摘要", max_length=LONGEST_SUMMARY, blank=True)
    stage = models.CharField("五公开", max_length=12, blank=True, choices=list(STAGES.items()))
    subject = models.CharField("主题分类", max_length=60, blank=True)
    body = models.JSONField("正文", default=list)
    video = models.ForeignKey(
        LibraryVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="视频"
    )
    captions = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="视频的字幕",
    )  # fmt: skip
    is_transcribed = models.BooleanField("正文里有文字稿", default=False)
    pictures = models.ManyToManyField(
        LibraryItem, blank=True, related_name="+", editable=False, verbose_name="文中的图片"
    )
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name="专题")
    source_name = models.CharField("来源", max_length=80, blank=True)
    source_href = models.URLField("原文地址", max_length=500, blank=True)
    source_level = models.CharField(
        "来自哪一级", max_length=8, blank=True, choices=list(LEVELS.items())
    )
    source_published_at = models.DateTimeField("原文发布的时间", null=True, blank=True)
    publish_at = models.DateTimeField("定时发布", null=True, blank=True)
    expires_on = models.DateField("有效期止于", null=True, blank=True)
    pinned_until = models.DateField("置顶到", null=True, blank=True)
    is_expired = models.BooleanField("已标明失效", default=False, editable=False)
    approved_under = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, editable=False, related_name="+"
    )
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "稿件"
        verbose_name_plural = "稿件"
        constraints = [
            state_is_known(CIRCULATION, "article_state_known"),
            models.CheckConstraint(
                condition=models.Q(article_type__in=sorted(TYPES)), name="article_type_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"], name="article_scheduled",
                condition=models.Q(state="approved", publish_at__isnull=False),
            ),
            models.Index(
                fields=["expires_on"], name="article_expiring",
                condition=models.Q(state="published", is_expired=False, expires_on__isnull=False),
            ),
            # 列表的范围、次序、查找走前两个，不必翻开正文；筛选、更新的先后走后面的
            models.Index(
                fields=["organisation", "id", "title", "source_name"], name="article_listed"
            ),
            models.Index(fields=["id", "organisation"], name="article_in_order"),
            models.Index(fields=["state", "organisation"], name="article_by_state"),
            models.Index(fields=["article_type", "organisation"], name="article_by_type"),
            models.Index(fields=["updated_at", "id", "organisation"], name="article_by_update"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> Source:
        """转载的来源。"""
        return Source(
            self.source_name, self.source_href, self.source_level, self.source_published_at
        )

    @property
    def deadline(self) -> date | None:
        """转载的时限到哪一天。"""
        due = reprint_due(self.source)
        return timezone.localtime(due).date() if due else None

    @property
    def subject_label(self) -> str:
        """主题分类在起草那天的说法。一次查询，没有选的不查。"""
        return subject_label(self.subject, timezone.localdate(self.created_at or timezone.now()))

    @property
    def is_pinned(self) -> bool:
        """还在置顶。"""
        return self.pinned_until is not None and self.pinned_until >= timezone.localdate()

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import first_reviewer, route_of, untold_videos
        from .services import screening_faults

        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "title": self.title,
            "article_type": self.article_type,
            "pictures": len(picture_files(self.body)),
            "picture_faults": picture_faults(self.body),
            "video": self.video_id is not None,
            "untold": untold_videos(self),
            "is_transcribed": self.is_transcribed,
            "body": bool(plain_text(self.body)),
            "stage": self.stage,
            "source": self.source,
            "publish_at": self.publish_at,
            "publish_at_text": minute(self.publish_at) if self.publish_at else "",
            "columns": self.columns.exists(),
            "is_pinned": self.is_pinned,
            "today": timezone.localdate(),
            "route": route_of(self.organisation_id),
            "first_reviewer": first_reviewer(self),
            "screening": screening_faults(self),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """签发、发布、更正、撤回、换栏目的后果。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class ArticleAttachment(models.Model):
    """稿件的附件：资料库里的一份，有先后。

    ``masked`` 是这篇稿件自己的、遮盖了个人信息的一份，有它就公开它；资料库里的原件不动，别处照用。
    ``captions`` 是视频的字幕。
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="attachments")
    version = models.ForeignKey(
        LibraryVersion, models.PROTECT, related_name="+", verbose_name="资料"
    )
    masked = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="遮盖过的一份"
    )
    captions = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="字幕"
    )
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["article", "position"], name="article_attachment_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def file(self) -> StoredFile:
        """工作台里打开的一份：遮盖过的，没有遮盖的就是资料库里的原件。"""
        return self.masked or self.version.file

    @property
    def public_copy(self) -> PublicCopy:
        """公开的一份。"""
        return copy_of(self.version) if self.masked is None else copy_of_file(self.masked)


class ReviewRoute(models.Model):
    """一个机构的稿件审几道；没有这一行的审核、签发各一次。"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    route = models.CharField(
        "审签步骤", max_length=8, choices=list(ROUTES.items()), default=DEFAULT_ROUTE
    )

    class Meta:
        verbose_name = "审签步骤"
        verbose_name_plural = "审签步骤"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(route__in=sorted(ROUTES)), name="review_route_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}：{ROUTES[self.route]}"
