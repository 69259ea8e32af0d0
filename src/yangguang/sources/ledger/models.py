"""发文台账：每个机构印发的每一件文件，公开属性、上网期限、上网没有；导入的清单；核对和查出的问题。"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yangguang.foundation.accounts.models import User
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.disclosure import DISCLOSURES
from yangguang.sources.documents.models import OfficialDocument

from .policy import EntryPolicy
from .rules import FAULTS, LISTING, SOURCES

WITH_NUMBER = Q(state="listed") & ~Q(document_number="")
WITHOUT_NUMBER = Q(state="listed", document_number="")


class LedgerEntry(LivingRecord):
    """一件印发了的文件。``organisation`` 是制发机构。

    ``document`` 不为空的是本系统的公文，各项照公文和信息资源库记；同一文号先导入过的也是这一行。
    ``publish_due`` 自印发日期起算，``formed_due`` 自成文日期起算（条例第二十六条），只由期限计算写入。
    ``text`` 是印发的全文，核对时拿网上的与它比；本系统的公文用公文自己的，这里为空。
    ``is_reviewed`` 的是补定过公开属性、有人审查过的：要改公开属性，只有再补定一次。
    """

    lifecycle = LISTING
    policy: ClassVar[EntryPolicy] = EntryPolicy()

    document_number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=500)
    written_on = models.DateField("成文日期", null=True, blank=True)
    issued_on = models.DateField("印发日期")
    disclosure = models.CharField("公开属性", max_length=12, choices=list(DISCLOSURES.items()))
    disclosure_ground = models.CharField("不主动公开的理由类别", max_length=20, blank=True)
    disclosure_reason = models.CharField("理由", max_length=500, blank=True)
    is_reviewed = models.BooleanField("公开属性补定时审查过", default=False, editable=False)
    publish_due = models.DateField("上网期限", null=True, editable=False)
    publish_due_provisional = models.BooleanField("上网期限是暂定的", default=False, editable=False)
    formed_due = models.DateField("自形成之日起算的期限", null=True, editable=False)
    formed_due_provisional = models.BooleanField(
        "自形成之日起算的期限是暂定的", default=False, editable=False
    )
    online_on = models.DateField("上网日期", null=True, blank=True)
    address = models.CharField("网址", max_length=500, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True, editable=False)
    text = models.TextField("印发的全文", blank=True)
    source = models.CharField("从哪里来", max_length=8, choices=list(SOURCES.items()))
    system = models.CharField("来自哪份清单、哪个系统", max_length=120, blank=True)
    document = models.OneToOneField(
        OfficialDocument, models.PROTECT, null=True, editable=False, related_name="ledger_entry",
        verbose_name="公文",
    )  # fmt: skip
    checked_at = models.DateTimeField("核对时间", null=True, editable=False)

    class Meta:
        verbose_name = "发文台账"
        verbose_name_plural = "发文台账"
        constraints = [
            state_is_known(LISTING, "ledger_state_known"),
            models.UniqueConstraint(
                fields=["document_number"], condition=WITH_NUMBER, name="ledger_number_once",
                violation_error_message="台账里已有这个发文字号。",
            ),
            models.UniqueConstraint(
                fields=["organisation", "title", "issued_on"], condition=WITHOUT_NUMBER,
                name="ledger_once_without_number",
                violation_error_message="台账里已有同一天印发的同名文件。",
            ),
            models.CheckConstraint(
                condition=Q(disclosure__in=list(DISCLOSURES)), name="ledger_disclosure_known"
            ),
            models.CheckConstraint(
                condition=Q(is_reviewed=False)
                | Q(disclosure="proactive", disclosure_ground="", disclosure_reason="")
                | (~Q(disclosure="proactive") & ~Q(disclosure_ground="") & ~Q(disclosure_reason="")),
                name="ledger_reviewed_with_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["organisation", "-issued_on", "-id"], name="ledger_by_unit"),
            models.Index(fields=["-issued_on", "-id"], name="ledger_newest"),
            models.Index(
                fields=["publish_due"], name="ledger_owed",
                condition=Q(state="listed", disclosure="proactive", online_on__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> date | None:
        """上网期限。"""
        return self.publish_due

    @property
    def publish_due_text(self) -> str:
        """上网期限的文字，暂定的注明；没有期限为空。"""
        return _told(self.publish_due, self.publish_due_provisional)

    @property
    def formed_due_text(self) -> str:
        """自形成之日起算的期限的文字。"""
        return _told(self.formed_due, self.formed_due_provisional)

    def guard_facts(self) -> Mapping[str, Any]:
        """供守卫判断的普通值。"""
        return {
            "document": self.document_id,
            "disclosure": self.disclosure,
            "written_on": self.written_on,
            "issued_on": self.issued_on,
            "today": reading_day(),
        }

    def on_transition(self, transition: Any, *, actor: Any, inputs: Any, at: Any) -> None:
        """登记上网的写下日期和网址。"""
        if transition.event == "put_online":
            self.online_on = inputs["online_on"]
            self.address = inputs["address"]


def _told(due: date | None, is_provisional: bool) -> str:
    if due is None:
        return ""
    return due.isoformat() + ("（暂定）" if is_provisional else "")


class ListImport(models.Model):
    """导入一份清单的结果：各有几行，哪些行不对。接口交来的也是一份。"""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="导入的人")
    started_at = models.DateTimeField("导入时间")
    name = models.CharField("清单", max_length=120)
    source = models.CharField("从哪里来", max_length=8, choices=list(SOURCES.items()))
    key = models.CharField("幂等键", max_length=80, unique=True)
    total = models.PositiveIntegerField("行数")
    created = models.PositiveIntegerField("新增")
    updated = models.PositiveIntegerField("更新")
    unchanged = models.PositiveIntegerField("没有变")
    faulty = models.PositiveIntegerField("没有收的行")
    faults = models.JSONField("不对的地方", default=list)

    class Meta:
        verbose_name = "清单导入"
        verbose_name_plural = "清单导入"
        indexes = [models.Index(fields=["organisation", "-id"], name="list_import_newest")]

    def __str__(self) -> str:
        return self.name


class LedgerCheck(models.Model):
    """一次核对：范围里的每一件都去网上看过。由作业一批一批地做，断了接着做。

    ``cursor`` 是核对到哪一行，``last`` 是开始时的最后一行，后来登记的不在这一次里。
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="机构"
    )
    includes_subtree = models.BooleanField("连同下级")
    as_of = models.DateField("截至")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发起的人")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)
    key = models.CharField("幂等键", max_length=80, unique=True)
    cursor = models.PositiveBigIntegerField("核对到", default=0)
    last = models.PositiveBigIntegerField("最后一行")
    total = models.PositiveIntegerField("要核对的")
    done = models.PositiveIntegerField("核对过的", default=0)
    found = models.PositiveIntegerField("查出的问题", default=0)
    circular = models.ForeignKey(
        OfficialDocument, models.PROTECT, null=True, related_name="+", verbose_name="通报"
    )

    class Meta:
        verbose_name = "上网核对"
        verbose_name_plural = "上网核对"
        indexes = [models.Index(fields=["organisation", "-id"], name="ledger_check_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(finished_at__isnull=True),
                name="ledger_one_check_at_a_time",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        scope = "及下级" if self.includes_subtree else ""
        return f"{self.organisation}{scope}截至 {self.as_of.isoformat()} 的上网核对"

    @property
    def percent(self) -> int:
        """做了百分之几。"""
        if self.finished_at:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class Finding(models.Model):
    """核对查出的一个问题。标题、文号是查的时候的。"""

    check_run = models.ForeignKey(LedgerCheck, models.CASCADE, related_name="findings")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="单位"
    )
    code = models.CharField("问题", max_length=16, choices=list(FAULTS.items()))
    entry = models.ForeignKey(
        LedgerEntry, models.SET_NULL, null=True, related_name="findings", verbose_name="台账"
    )
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, related_name="+", verbose_name="信息"
    )
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=500)
    address = models.CharField("网址", max_length=500, blank=True)
    detail = models.TextField("怎样不对")

    class Meta:
        verbose_name = "核对查出的问题"
        verbose_name_plural = "核对查出的问题"
        constraints = [
            models.UniqueConstraint(
                fields=["check_run", "code", "entry"], name="ledger_fault_once",
                condition=Q(entry__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(code__in=list(FAULTS)), name="ledger_fault_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}：{self.get_code_display()}"
