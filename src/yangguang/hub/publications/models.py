"""信息资源库：每一条公开的信息只存一份，每一个公众见过的版本都留着。"""

from django.db import models

from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.audit.models import SealBase
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site

from .rules import STAGES, VALIDITIES


class Publication(models.Model):
    """政府信息条目：现在是什么样。内容都可由版本重建。"""

    class State(models.TextChoices):
        """公众现在能不能看到。"""

        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("种类", max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="publications", verbose_name="发布机构"
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="publications", verbose_name="站点")
    columns = models.ManyToManyField(
        Column, through="Placement", related_name="publications", verbose_name="栏目"
    )
    index_number = models.CharField("索引号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=12, choices=State.choices)
    current_version = models.ForeignKey(
        "PublicationVersion", models.PROTECT, null=True, related_name="+", verbose_name="现行版本"
    )
    title = models.CharField("标题", max_length=500)
    document_number = models.CharField("文号", max_length=60, blank=True)
    stage = models.CharField("五公开", max_length=12, choices=list(STAGES.items()))
    validity = models.CharField(
        "有效性", max_length=12, blank=True, choices=list(VALIDITIES.items())
    )
    written_on = models.DateField("成文日期", null=True)
    published_at = models.DateTimeField("发布时间")
    published_at_source = models.CharField("发布时间来源", max_length=120, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=300, blank=True)
    pinned_until = models.DateField("置顶到", null=True)
    is_demonstration = models.BooleanField("演示数据", default=False)
    source_label = models.CharField("来源记录类型", max_length=80)
    source_id = models.PositiveBigIntegerField("来源记录")

    class Meta:
        verbose_name = "政府信息"
        verbose_name_plural = "政府信息"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_label", "source_id"], name="published_once_per_source"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["published", "withdrawn"]),
                name="publication_state_known",
            ),
        ]
        indexes = [
            # 状态放在末尾：几乎每一条都是已公开的，放在前头 SQLite 会以为它挑得出几条，
            # 用它代替编号、列表这些真挑得出的条件，把全库扫一遍
            models.Index(fields=["-published_at", "-id", "state"], name="publication_newest"),
            models.Index(
                fields=["kind", "-published_at", "-id", "state"], name="publication_newest_of_kind"
            ),
            models.Index(fields=["organisation", "-published_at"], name="publication_by_unit"),
            models.Index(fields=["site", "-published_at"], name="publication_by_site"),
            models.Index(
                fields=["pinned_until"],
                name="publication_pinned",
                condition=models.Q(pinned_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Placement(models.Model):
    """信息放在哪个栏目；``is_primary`` 是它的组配分类，总在原件所在的站点。"""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="placements")
    column = models.ForeignKey(Column, models.PROTECT, related_name="placements")
    is_primary = models.BooleanField("组配分类", default=False)

    class Meta:
        verbose_name = "栏目归属"
        verbose_name_plural = "栏目归属"
        constraints = [
            models.UniqueConstraint(fields=["publication", "column"], name="placed_once"),
            models.UniqueConstraint(
                fields=["publication"],
                condition=models.Q(is_primary=True),
                name="one_primary_column",
            ),
        ]


class PublicationLink(models.Model):
    """互链：``source`` 讲的、刊登的是 ``target``，两边的页面互相链接，哪个站点的都可以。

    ``position`` 是 ``target`` 在 ``source`` 里的次序。由 ``source`` 现行版本的载荷得出（``linking``），可以重建。
    """

    class Relation(models.TextChoices):
        """怎样相关。"""

        INTERPRETS = "interprets", "解读"
        PRINTS = "prints", "刊登"

    source = models.ForeignKey(
        Publication, models.CASCADE, related_name="links_to", verbose_name="解读、公报"
    )
    target = models.ForeignKey(
        Publication, models.CASCADE, related_name="links_from", verbose_name="所解读、刊登的信息"
    )
    relation = models.CharField(
        "怎样相关", max_length=12, choices=Relation.choices, default=Relation.INTERPRETS
    )
    position = models.PositiveIntegerField("次序", default=0)

    class Meta:
        verbose_name = "互链"
        verbose_name_plural = "互链"
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="linked_once"),
            models.CheckConstraint(
                condition=models.Q(relation__in=["interprets", "prints"]),
                name="link_relation_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Share(models.Model):
    """转发：信息也出现在原件所在站点之外的一个站点。停止转发后仍留着这一行，原地址上写明去处。"""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="shares", verbose_name="信息"
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="shares", verbose_name="转发到")
    shared_at = models.DateTimeField("转发时间")
    ended_at = models.DateTimeField("停止时间", null=True)

    class Meta:
        verbose_name = "转发"
        verbose_name_plural = "转发"
        constraints = [
            models.UniqueConstraint(fields=["publication", "site"], name="shared_once_per_site")
        ]

    def __str__(self) -> str:
        return f"{self.publication} → {self.site}"


class ShareOrder(models.Model):
    """要求转发：上级要求一个站点在期限之前转发一条信息。

    转发了没有，看现在转发着没有：转发了又停止的，要求还在。撤销的要求留着这一行。
    """

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="share_orders", verbose_name="信息"
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name="要求哪个站点")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="要求的机构"
    )
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    ordered_at = models.DateTimeField("要求的时间")
    due_on = models.DateField("期限")
    note = models.CharField("要求", max_length=300, blank=True)
    cancelled_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "要求转发"
        verbose_name_plural = "要求转发"
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "site"],
                condition=models.Q(cancelled_at=None),
                name="one_share_order_a_site",
            )
        ]
        indexes = [models.Index(fields=["site", "due_on"], name="share_order_of_site")]

    def __str__(self) -> str:
        return f"{self.publication} → {self.site}"


class PublicationVersion(AppendOnly):
    """版本：公众见到的样子，不可更改（数据库触发器保证）。"""

    class Action(models.TextChoices):
        """因何而成。"""

        PUBLISH = "publish", "发布"
        CORRECT = "correct", "更正"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    action = models.CharField("因何", max_length=12, choices=Action.choices)
    schema_version = models.PositiveSmallIntegerField("载荷格式版本")
    payload = models.JSONField("载荷")
    digest = models.CharField("摘要", max_length=64)
    reason = models.CharField("说明", max_length=300, blank=True)
    created_at = models.DateTimeField("形成时间")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经手人")
    idempotency_key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="version_number_once")
        ]


class Change(AppendOnly):
    """变更日志：出口按它的次序跟进。只增不改；次序在提交之后由封存给出。

    ``columns`` 是发布、转发、换栏目、迁移之后信息在那个站点的哪些栏目里（代码，组配分类在前）：照日志从头数一遍，
    就知道每一条什么时候进了哪个列表。
    """

    class Action(models.TextChoices):
        """发生了什么。"""

        PUBLISH = "publish", "发布"
        CORRECT = "correct", "更正"
        WITHDRAW = "withdraw", "撤回"
        SHARE = "share", "转发"
        UNSHARE = "unshare", "停止转发"
        MOVE = "move", "换栏目"
        RELOCATE = "relocate", "迁移"
        REFRESH = "refresh", "数据更新"

    action = models.CharField("动作", max_length=12, choices=Action.choices)
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, related_name="changes", verbose_name="信息"
    )
    version = models.ForeignKey(
        PublicationVersion, models.PROTECT, null=True, related_name="+", verbose_name="版本"
    )
    key = models.CharField("数据键", max_length=120, blank=True)
    columns = models.JSONField("所在栏目", default=list, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "变更"
        verbose_name_plural = "变更日志"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action="refresh", publication__isnull=True, version__isnull=True)
                & ~models.Q(key="")
                | ~models.Q(action="refresh") & models.Q(publication__isnull=False),
                name="change_names_its_object",
            )
        ]


class PublicationFile(models.Model):
    """为一条信息写到公开树里的每一个文件：撤回时逐个清除，核验时逐个对照。"""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    path = models.CharField("路径", max_length=300)
    role = models.CharField("用途", max_length=20)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.PositiveBigIntegerField("字节数")

    class Meta:
        verbose_name = "公开文件"
        verbose_name_plural = "公开文件"
        constraints = [models.UniqueConstraint(fields=["site", "path"], name="public_path_once")]


class ChangeSeal(SealBase):
    """变更日志的封存：次序与摘要链。"""

    of = "change"

    change = models.OneToOneField(Change, models.PROTECT, related_name="seal", verbose_name="变更")

    class Meta(SealBase.Meta):
        verbose_name = "变更封印"
        verbose_name_plural = "变更封印"
