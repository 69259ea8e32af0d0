"""检索的账：没有结果的查询；办公室维护的同义词和推荐结果。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication

from . import curation


class FruitlessSearch(models.Model):
    """哪一天、哪个站点、什么词没有查到，共几次。没有来访者的任何信息。"""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name="站点")
    day = models.DateField("日期")
    words = models.CharField("整理过的词", max_length=60)
    count = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = "没有结果的查询"
        verbose_name_plural = "没有结果的查询"
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "words"], name="fruitless_once_a_day")
        ]

    def __str__(self) -> str:
        return self.words


class CurationStamp(models.Model):
    """维护的印记：同义词、推荐结果一改，就换一个。各进程凭它知道自己记着的还作不作数。"""

    value = models.CharField("印记", max_length=32)

    class Meta:
        verbose_name = "检索维护的印记"
        verbose_name_plural = "检索维护的印记"

    @classmethod
    def renew(cls) -> None:
        """换一个。与所改的在同一个事务里。"""
        cls.objects.update_or_create(pk=1, defaults={"value": uuid4().hex})


class Curated(LivingRecord):
    """办公室维护的一条。``site`` 为空是 ``organisation`` 及其下级的全部站点。"""

    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="站点"
    )
    words = models.TextField("词，一行一个")
    reason = models.CharField("理由", max_length=300)

    class Meta:
        abstract = True

    @property
    def terms(self) -> list[str]:
        """各个词。"""
        return self.words.split("\n")

    @property
    def site_label(self) -> str:
        """用在哪个站点。"""
        return self.site.short_name if self.site else "全部站点"

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """停用、恢复使用，各进程记着的就不作数了。"""
        CurationStamp.renew()


class SynonymGroup(Curated):
    """一组同义词：查其中一个，别的也查。"""

    lifecycle = curation.SYNONYM_LIFE
    policy: ClassVar["CurationPolicy"]

    class Meta:
        verbose_name = "同义词"
        verbose_name_plural = "同义词"
        ordering = ("-pk",)
        constraints = [state_is_known(curation.SYNONYM_LIFE, "synonym_state_is_known")]

    def __str__(self) -> str:
        return " = ".join(self.terms)


class Promotion(Curated):
    """推荐结果：公众查这几个词时，放在最前面的一条信息，或站内的一个页面。"""

    lifecycle = curation.PROMOTION_LIFE
    policy: ClassVar["CurationPolicy"]

    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="信息"
    )
    address = models.CharField("站内地址", max_length=200, blank=True)
    label = models.CharField("显示的文字", max_length=80, blank=True)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "推荐结果"
        verbose_name_plural = "推荐结果"
        ordering = ("-pk",)
        constraints = [
            state_is_known(curation.PROMOTION_LIFE, "promotion_state_is_known"),
            models.CheckConstraint(
                condition=Q(publication__isnull=False, address="", label="")
                | Q(publication__isnull=True) & ~Q(address="") & ~Q(label=""),
                name="promotion_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="promotion_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{'、'.join(self.terms)} → {self.target}"

    @property
    def target(self) -> str:
        """推荐的是什么。"""
        return str(self.publication) if self.publication else self.label

    @property
    def is_gone(self) -> bool:
        """推荐的信息公众已经看不到。"""
        return self.publication is not None and self.publication.state != "published"

    def standing(self, today: date) -> str:
        """今天怎样（``curation.STANDINGS`` 的键）。"""
        return curation.standing(
            state=self.state, valid_from=self.valid_from, valid_until=self.valid_until,
            is_gone=self.is_gone, today=today,
        )  # fmt: skip

    def guard_facts(self) -> Mapping[str, Any]:
        """恢复使用之前要看信息还在不在。"""
        return {**super().guard_facts(), "is_gone": self.is_gone}


class CurationPolicy(AccessPolicy[Any]):
    """监督员看得见、改得了自己范围之内的；别的角色不看。"""

    read_roles = frozenset({"supervisor"})
    write_roles = frozenset({"supervisor"})

    def __init__(self, model: type[Curated]) -> None:
        self.model = model


SynonymGroup.policy = CurationPolicy(SynonymGroup)
Promotion.policy = CurationPolicy(Promotion)
