"""政策解读：一份解读材料，和它的附件。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.library.models import LibraryVersion
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.richtext.blocks import plain_text
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import STAGES
from yangguang.sources.documents.interpreting import FORMS
from yangguang.sources.documents.models import OfficialDocument

from .circulation import CIRCULATION
from .policy import InterpretationPolicy
from .rules import copied_share, text_of


class Interpretation(LivingRecord):
    """一份解读材料，解读一份文件：本机构正在办的公文（``document``），或者公开着的一条信息（``publication``）。

    ``parts`` 是各部分的文字（``rules.PARTS``）；``address`` 是直播、发布会、网页作品的地址。
    ``back_filled_at`` 是有系统以前发布过的，当时的发布时间；``back_filled_from`` 写明依据。
    """

    lifecycle = CIRCULATION
    policy: ClassVar[InterpretationPolicy] = InterpretationPolicy()
    named_with = ("document", "publication")

    title = models.CharField("标题", max_length=200)
    document = models.ForeignKey(
        OfficialDocument, models.PROTECT, null=True, blank=True, related_name="interpretations",
        verbose_name="所解读的公文",
    )  # fmt: skip
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="所解读的信息",
    )  # fmt: skip
    form = models.CharField("形式", max_length=12, choices=list(FORMS.items()))
    parts = models.JSONField("各部分", default=dict)
    is_transcribed = models.BooleanField("文字里有文字稿", default=False)
    address = models.URLField("作品的地址", max_length=500, blank=True)
    interpreters = models.CharField("解读人", max_length=200, blank=True)
    stage = models.CharField("五公开", max_length=12, blank=True, choices=list(STAGES.items()))
    columns = models.ManyToManyField(Column, blank=True, related_name="+", verbose_name="栏目")
    back_filled_at = models.DateTimeField("补录的发布时间", null=True, editable=False)
    back_filled_from = models.CharField("补录来源", max_length=120, blank=True, editable=False)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)

    class Meta:
        verbose_name = "政策解读"
        verbose_name_plural = "政策解读"
        constraints = [
            state_is_known(CIRCULATION, "interpretation_state_known"),
            models.CheckConstraint(
                condition=models.Q(form__in=sorted(FORMS)), name="interpretation_form_known"
            ),
            models.CheckConstraint(
                condition=models.Q(document__isnull=False, publication__isnull=True)
                | models.Q(document__isnull=True, publication__isnull=False),
                name="interpretation_of_one_thing",
            ),
        ]
        indexes = [
            # 列表的范围、次序、查找走前两个；筛选、更新的先后走后面的
            models.Index(fields=["organisation", "id", "title"], name="interpretation_listed"),
            models.Index(fields=["id", "organisation"], name="interpretation_in_order"),
            models.Index(fields=["state", "organisation"], name="interpretation_by_state"),
            models.Index(
                fields=["updated_at", "id", "organisation"], name="interpretation_by_update"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> date | None:
        """解读的期限，就是公文上记的那一个；已经解读了的、不是本机构公文的没有。"""
        document = self.document
        if document is None or document.interpreted_on is not None:
            return None
        return document.interpretation_due

    @property
    def subject(self) -> str:
        """所解读的文件的标题。"""
        return str(self.document or self.publication)

    @property
    def copied(self) -> float:
        """文字与所解读的文件相同的份额，0 至 1。至多一次查询。"""
        if self.document is not None:
            original = self.document.body
        else:
            version = self.publication.current_version if self.publication else None
            original = version.payload["body"] if version else []
        return copied_share(text_of(self.parts), plain_text(original))

    def files(self) -> list[StoredFile]:
        """附件，按次序，字幕不在其中。一次查询。"""
        return [each.file for each in self.attachments.select_related("file")]

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        from .selectors import most_copied, nameless_pictures, subject_of, untold_videos
        from .services import screening_faults

        document, subject = self.document, subject_of(self)
        is_norm = document.is_norm if document else bool(subject and subject.kind == "norm")
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "title": self.title,
            "stage": self.stage,
            "form": self.form,
            "parts": self.parts,
            "is_norm": is_norm,
            "is_for_people": bool(document and (document.is_major_decision or document.is_policy)),
            "has_material": bool(self.address) or self.attachments.exists(),
            "untold": untold_videos(self),
            "nameless": nameless_pictures(self),
            "is_transcribed": self.is_transcribed,
            "columns": self.columns.exists(),
            "copied": self.copied,
            "most_copied": most_copied(self),
            "is_out": subject is not None and subject.state == Publication.State.PUBLISHED,
            "screening": screening_faults(self),
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """签关；发布、更正、撤回写入信息资源库，在公文上记下解读了没有。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs, at=at)


class InterpretationAttachment(models.Model):
    """解读材料的附件：图片、视频、音频或者文件，有先后。

    ``picture`` 是图片在资料库里的一份，替代文字、大小由它来；``captions`` 是视频的字幕。
    """

    interpretation = models.ForeignKey(
        Interpretation, models.CASCADE, related_name="attachments", verbose_name="政策解读"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    picture = models.ForeignKey(
        LibraryVersion, models.PROTECT, null=True, related_name="+", verbose_name="资料库里的图片"
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
                fields=["interpretation", "position"], name="interpretation_attachment_once"
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def alternative(self) -> str:
        """图片的替代文字；不是从资料库选的没有。"""
        return self.picture.item.alternative if self.picture else ""
