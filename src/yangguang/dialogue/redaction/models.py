"""遮盖件：区分处理时，一份文件遮去不予公开的内容以后给申请人（条例第三十七条）。"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of

from .boxes import Box, from_stored
from .policy import RedactionPolicy
from .rules import ORDER_LASTS, REDACTING


@dataclass(frozen=True)
class Suggestion:
    """收下文件时机器找到的一处号码，等人看了打勾。``shown`` 已遮去中间。"""

    kind: str
    shown: str
    boxes: tuple[Box, ...]


class Redaction(LivingRecord):
    """一份遮盖件。

    ``source`` 是原件；``view_sha256``、``view_type`` 是按页看的一份（docx 排成的 PDF，别的就是原件）；``sheets``
    是各页的宽、高（磅）；``boxes``、``withheld`` 是遮盖的框、整页不予公开的页；``unread`` 是机器读不出字的页。
    ``output`` 是做成的一份，改了框就没有了。``ordered_at``、``ordered_as`` 是交给后台制作的时间和身份，做完为空；
    ``fault`` 是上次没有做成的缘由。
    """

    lifecycle = REDACTING
    policy: ClassVar[RedactionPolicy] = RedactionPolicy()

    request = models.ForeignKey(
        DisclosureRequest, models.PROTECT, related_name="redactions", verbose_name="申请"
    )
    title = models.CharField("文件名称", max_length=200)
    source = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", editable=False, verbose_name="原件"
    )
    view_sha256 = models.CharField("按页看的一份的摘要", max_length=64, editable=False)
    view_type = models.CharField("按页看的一份的类型", max_length=100, editable=False)
    sheets = models.JSONField("各页的大小", editable=False)
    unread = models.JSONField("读不出字的页", default=list, editable=False)
    suggested = models.JSONField("机器找到的", default=list, editable=False)
    boxes = models.JSONField("遮盖的地方", default=list, editable=False)
    withheld = models.JSONField("整页不予公开的页", default=list, editable=False)
    output = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="做成的一份",
    )  # fmt: skip
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="制作人"
    )
    ordered_at = models.DateTimeField("交给后台的时间", null=True, editable=False)
    ordered_as = models.ForeignKey(
        RoleAssignment, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name="交给后台的人",
    )  # fmt: skip
    fault = models.CharField("没有做成的缘由", max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = "遮盖件"
        verbose_name_plural = "遮盖件"
        constraints = [
            state_is_known(REDACTING, "redaction_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft", output__isnull=True)
                | (~Q(state="draft") & Q(output__isnull=False, made_by__isnull=False)),
                name="redaction_output_once_made",
            ),
            models.CheckConstraint(
                condition=Q(ordered_at__isnull=True, ordered_as__isnull=True)
                | Q(ordered_at__isnull=False, ordered_as__isnull=False, state="draft"),
                name="redaction_ordered_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="redaction_listed"),
            models.Index(fields=["state", "organisation"], name="redaction_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def pages(self) -> int:
        """共几页。"""
        return len(self.sheets)

    @property
    def marks(self) -> list[Box]:
        """遮盖的框。"""
        return from_stored(self.boxes)

    @property
    def marks_digest(self) -> str:
        """框和整页的摘要：制作时的与做完时的对得上，做成的才是这些框的。"""
        return hashlib.sha256(canonical_json([self.boxes, self.withheld])).hexdigest()

    @property
    def suggestions(self) -> list[Suggestion]:
        """机器找到的各处。"""
        return [
            Suggestion(each["kind"], each["shown"], tuple(from_stored(each["boxes"])))
            for each in self.suggested
        ]

    @property
    def is_being_made(self) -> bool:
        """交给了后台，还没有做完。"""
        return self.ordered_at is not None and timezone.now() - self.ordered_at < ORDER_LASTS

    @property
    def output_name(self) -> str:
        """做成的一份下载时叫什么。"""
        return f"{self.title[:100]}（遮盖）.pdf"

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {
            "created_by": self.created_by_id,
            "keeper": keeper_of(self).pk,
            "level": self.organisation.level,
            "made_by": self.made_by_id,
            "boxes": len(self.boxes),
            "withheld": len(self.withheld),
            "is_being_made": self.is_being_made,
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """制作记下做成的一份；改框、退回的，做成的一份不再能用。"""
        from .services import carry_out

        carry_out(self, transition.event, actor=actor, inputs=inputs)
