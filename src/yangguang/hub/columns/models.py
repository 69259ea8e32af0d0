"""站点与栏目。"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from treebeard.mp_tree import MP_Node

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import (
    LivingRecord,
    state_is_known,
)
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.colours import ACCENT, accent_faults

from .policy import SitePolicy
from .rules import COLUMN_TYPES, STATUTORY_CONTENT, is_identification_code
from .site_life import LIFE, Announcement, closing_notice, offline_notice, path_along


def check_identification_code(code: str) -> None:
    """网站标识码不合格式时抛出 ``ValidationError``。"""
    if not is_identification_code(code):
        raise ValidationError("网站标识码应为 10 位数字，或 bm 加 8 位数字。")


def check_accent(accent: str) -> None:
    """主色看不清的抛出 ``ValidationError``，说明在哪里看不清。"""
    if faults := accent_faults(accent):
        raise ValidationError(faults)


MIGRATE = "sites.migrate"
"""把关停的站点的内容迁走的作业。"""


class Site(LivingRecord):
    """站点：一个政府网站。一个资源库可以供给多个站点。

    地址是域名加路径前缀，末尾没有斜杠。``other_hosts`` 里的主机名也打开这个站点，只作入口，
    不是它的地址。由数据文件装入的没有起草人，一装入就在正常运行。下面“下线、关停”的各项是这一次申请的；
    从前的看经过。
    """

    lifecycle = LIFE
    policy = SitePolicy()

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("规范名称", max_length=80)
    short_name = models.CharField("地名", max_length=40)
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="site", verbose_name="主办单位"
    )
    domain = models.CharField("域名", max_length=100)
    other_hosts = models.JSONField("也应答的主机名", default=list, blank=True)
    path_prefix = models.CharField("路径前缀", max_length=40, blank=True, default="")
    identification_code = models.CharField(
        "网站标识码", max_length=10, unique=True, validators=[check_identification_code]
    )
    undertaken_by = models.CharField("承办单位", max_length=80, blank=True)
    contact = models.CharField("联系方式", max_length=120, blank=True)
    icp_number = models.CharField("ICP 备案号", max_length=60, blank=True)
    police_number = models.CharField("公安备案号", max_length=60, blank=True)
    supports_ipv6 = models.BooleanField("支持 IPv6", default=False)
    party_mark_url = models.URLField("党政机关网站标识的核验地址", blank=True)
    fault_report_url = models.URLField("“我为政府网站找错”的地址", blank=True)
    accent = models.CharField("主色", max_length=7, default=ACCENT, validators=[check_accent])
    is_demonstration = models.BooleanField("演示", default=False)
    state = models.CharField("状态", max_length=40, default=LIFE.initial, editable=False)
    created_by = models.ForeignKey(  # type: ignore[assignment]
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="开设经办人",
    )  # fmt: skip
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    # ---- 下线、关停 ----
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="申请人",
    )  # fmt: skip
    reason = models.CharField("理由", max_length=500, blank=True, editable=False)
    approval = models.CharField("批准文件", max_length=120, blank=True, editable=False)
    filing = models.CharField("备案情况", max_length=120, blank=True, editable=False)
    since = models.DateField("下线或公告自", null=True, blank=True, editable=False)
    offline_until = models.DateField("预计恢复", null=True, blank=True, editable=False)
    notice_until = models.DateField("公告至", null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="heirs_of",
        verbose_name="内容迁到",
    )  # fmt: skip
    closed_on = models.DateField("关停日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "站点"
        verbose_name_plural = "站点"
        constraints = [
            state_is_known(LIFE, "site_state_known"),
            models.UniqueConstraint(fields=["domain", "path_prefix"], name="site_address_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def base(self) -> str:
        """路径前缀，以斜杠开头、末尾没有斜杠；没有前缀为空。"""
        prefix = self.path_prefix.strip("/")
        return f"/{prefix}" if prefix else ""

    @property
    def address(self) -> str:
        """站点的完整地址，末尾没有斜杠。"""
        return f"https://{self.domain}{self.base}"

    @property
    def notice(self) -> Announcement | None:
        """现在要对公众说的下线、关停公告；没有为 ``None``。有接收站点的多一次查询。"""
        organiser = self.organisation.name
        if self.state == "offline" and self.since and self.offline_until:
            return offline_notice(
                self.name, organiser, self.reason, since=self.since, until=self.offline_until,
                approval=self.approval, contact=self.contact,
            )  # fmt: skip
        heir = self.successor
        if self.state in ANNOUNCING and heir and self.since and self.notice_until:
            return closing_notice(
                self.name, organiser, self.reason, since=self.since, until=self.notice_until,
                successor=heir.name, address=heir.address, approval=self.approval,
                contact=self.contact, closed_on=self.closed_on,
            )  # fmt: skip
        return None

    def progress(self, facts: Mapping[str, Any] | None = None) -> Sequence[str]:
        """现在走的是哪条路：下线，还是关停。不查询。"""
        return path_along(self.state)

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的事实；还剩几条没有迁走，迁移的时候才数。六次查询以内。"""
        heir = self.successor
        approved: list[datetime] = [
            row.at for row in history(self) if row.event == "approve_offline"
        ]
        waiting = self.heirs_of.filter(state__in=("closing_asked", "announced", "moving"))
        return {
            "own": self.pk,
            "asked_by": self.asked_by_id,
            "today": timezone.localdate(),
            "offline_until": self.offline_until,
            "offline_years": [timezone.localtime(at).year for at in approved],
            "offline_days": settings.SITE_OFFLINE_DAYS,
            "offline_times": settings.SITE_OFFLINE_TIMES,
            "notice_until": self.notice_until,
            "successor": heir.pk if heir else None,
            "successor_organisation": (
                (heir.organisation_id, heir.organisation.path) if heir else (0, "")
            ),
            "successor_runs": heir is not None and heir.state == LIFE.initial,
            "heirs_of": list(waiting.values_list("name", flat=True)),
            "left": self._left() if self.state == "moving" else 0,
            "left_topics": self._left_topics() if self.state == "moving" else 0,
        }

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """记下这一次申请、批准的各项；迁移的排上作业。"""
        today = timezone.localdate(at)
        match transition.event:
            case "ask_offline":
                self._ask(actor, inputs)
                self.offline_until = inputs["until"]
            case "ask_closing":
                self._ask(actor, inputs)
                self.successor = inputs["successor"]
            case "approve_offline" | "announce":
                self.approval, self.filing = inputs["approval"], inputs["filing"]
                self.since = today
                if transition.event == "announce":
                    self.notice_until = today + timedelta(days=settings.SITE_NOTICE_DAYS)
            case "migrate":
                enqueue(
                    MIGRATE,
                    {
                        "site": self.pk,
                        "fallback": inputs["fallback"].pk,
                        "assignment": actor.assignment_id,
                    },
                    key=f"{self.pk}:{self.since}",
                )
            case "close":
                self.closed_on = today
            case _:
                self._clear()

    def _ask(self, actor: Actor, inputs: Mapping[str, Any]) -> None:
        self._clear()
        self.asked_by_id = actor.user_id
        self.reason = inputs["message"]

    def _clear(self) -> None:
        """这一次的事完了：公告撤下，各项清空，只留着是谁申请的；经过里都有。"""
        self.successor = None
        self.reason = self.approval = self.filing = ""
        self.since = self.offline_until = self.notice_until = None

    def _left(self) -> int:
        """还没有迁走的：原件在这里的，和还转发到这里的。"""
        publications: Any = self.publications  # type: ignore[attr-defined]
        shares: Any = self.shares  # type: ignore[attr-defined]
        return int(publications.count()) + int(shares.filter(ended_at=None).count())

    def _left_topics(self) -> int:
        """还没有迁走的专题。"""
        topics: Any = self.topics  # type: ignore[attr-defined]
        return int(topics.count())


ANNOUNCING = frozenset({"announced", "moving", "closed"})
"""挂着关停公告的。"""


class Column(MP_Node):
    """栏目。树按导航层次；类别用规范用语。

    没有删除：关闭了的（``closed_on``）不再收信息，不在导航里，页面和地址留着；信息移到了别的栏目的，
    ``merged_into`` 是那一个。
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="站点")
    code = models.SlugField("代码", max_length=60)
    name = models.CharField("名称", max_length=60)
    column_type = models.CharField(
        "类别", max_length=12, choices=[(name, name) for name in COLUMN_TYPES]
    )
    description = models.CharField("设置目的和主要内容", max_length=300)
    keywords = models.CharField("关键词", max_length=200)
    statutory_content = models.CharField(
        "法定主动公开内容",
        max_length=8,
        blank=True,
        choices=[(code, f"第{code[3:]}项 {name}") for code, name in STATUTORY_CONTENT.items()],
    )
    closed_on = models.DateField("关闭日期", null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="并入",
    )  # fmt: skip

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="column_code_once_in_site"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(closed_on__isnull=False),
                name="column_merged_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name
