"""机构：发布或答复政府信息的任何单位；它的历任名称、分合沿革，以及公文里指代一批机构的集合词。"""

from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from .rules import DEMONSTRATION_PREFIX


class Level(models.TextChoices):
    """层级。"""

    PREFECTURE = "prefecture", "州"
    COUNTY = "county", "县市"
    TOWNSHIP = "township", "乡镇街道"


class Kind(models.TextChoices):
    """性质：决定适用哪些公开义务、文书和统计（条例第二条、第五十四条、第五十五条）。"""

    GOVERNMENT = "government", "人民政府"
    ADMINISTRATIVE = "administrative", "行政机关"
    PARTY = "party", "党委机构"
    AUTHORISED = "authorised", "授权组织"
    PUBLIC_INSTITUTION = "public_institution", "公共企事业单位"
    VERTICAL = "vertical", "垂直管理"
    AGENCY = "agency", "派出机构"
    PROVINCIAL = "provincial", "省属在临"


class Certainty(models.TextChoices):
    """这一行资料有多可靠。名录宁缺毋错，存疑的要看得出来。"""

    CERTAIN = "certain", "确定"
    TO_VERIFY = "to_verify", "待核实"


class NameKind(models.TextChoices):
    """名称的种类。全称、简称同一时间只有一个，别称可以有几个。"""

    OFFICIAL = "official", "全称"
    SHORT = "short", "简称"
    ALIAS = "alias", "别称"


def _dates_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from__isnull=True)
        | Q(valid_until__isnull=True)
        | Q(valid_until__gte=F("valid_from")),
        name=name,
        violation_error_message="止日不能早于起日。",
    )


class Organisation(MP_Node):
    """机构。

    树是平台的管理范围（州人民政府 → 部门、县市 → 部门、乡镇街道），不等于领导关系：
    党委机构、垂直管理单位也挂在所在地之下，它们有没有公开义务看 ``kind``。
    """

    code = models.SlugField("代码", max_length=64, unique=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=60)
    level = models.CharField("层级", max_length=20, choices=Level.choices)
    kind = models.CharField("性质", max_length=20, choices=Kind.choices)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    uscc_is_demonstration = models.BooleanField("信用代码是演示代码", default=False)
    division_code = models.CharField("行政区划代码", max_length=12, blank=True, default="")
    disclosure_authority = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised",
        verbose_name="政府信息公开工作主管部门",
    )
    line_superior = models.CharField(
        "上级业务主管机关",
        max_length=100,
        blank=True,
        default="",
        help_text="垂直管理单位的上一级机关，可以不在本平台的名录里。",
    )
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_until = models.DateField("撤销日期", null=True, blank=True)
    certainty = models.CharField(
        "可靠程度", max_length=20, choices=Certainty.choices, default=Certainty.CERTAIN
    )
    source = models.CharField("资料来源", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~Q(uscc=""), name="organisation_uscc_unique"
            ),
            models.CheckConstraint(
                condition=Q(uscc="") | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="organisation_uscc_is_18_characters",
                violation_error_message="统一社会信用代码应为 18 位数字或大写字母。",
            ),
            models.CheckConstraint(
                condition=Q(uscc_is_demonstration=True, uscc__startswith=DEMONSTRATION_PREFIX)
                | (Q(uscc_is_demonstration=False) & ~Q(uscc__startswith=DEMONSTRATION_PREFIX)),
                name="organisation_demonstration_uscc_is_marked",
                violation_error_message="演示代码须标明，真实代码不得标为演示。",
            ),
            models.CheckConstraint(
                condition=Q(division_code="")
                | Q(division_code__regex=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$"),
                name="organisation_division_code_is_digits",
                violation_error_message="行政区划代码应为 6、9 或 12 位数字。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="organisation_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="organisation_kind_is_known"
            ),
            _dates_in_order("organisation_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.short_name


class OrganisationName(models.Model):
    """机构在某一期间的名称。起止为空表示不限；两端的日子都算在内。

    ``Organisation.name`` 和 ``short_name`` 是最新的一个，这里是全部历史和别称。
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="names", verbose_name="机构"
    )
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("种类", max_length=20, choices=NameKind.choices)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_until = models.DateField("停用日期", null=True, blank=True)
    note = models.CharField("依据与说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "机构名称"
        verbose_name_plural = "机构名称"
        ordering = ["organisation", "kind", "valid_from", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(valid_until__isnull=True) & ~Q(kind=NameKind.ALIAS),
                name="organisation_name_one_current",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"],
                condition=Q(valid_from__isnull=True),
                name="organisation_name_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "name", "valid_from"],
                name="organisation_name_once_from",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values), name="organisation_name_kind_is_known"
            ),
            _dates_in_order("organisation_name_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """沿革：``predecessor`` 的职责自 ``on`` 之日起由 ``successor`` 承接（合并、重组、更名设立新机构）。"""

    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="successions", verbose_name="原机构"
    )
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="predecessions", verbose_name="承接机构"
    )
    on = models.DateField("承接日期")
    note = models.CharField("依据与说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "沿革"
        verbose_name_plural = "沿革"
        ordering = ["on", "predecessor"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_between_two",
                violation_error_message="机构不能承接自己。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}（{self.on}）"


class OrganisationGroup(models.Model):
    """集合词：“各县市人民政府”“州政府有关部门”之类，指代 ``organisation`` 所辖的一批机构。

    ``rule`` 按层级、性质筛出成员，``members`` 是另行指明的成员。
    ``is_open`` 表示文件没有说尽（“有关”“相关”）或名录尚未收全，成员要由牵头单位指明。
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="groups", verbose_name="所属机构"
    )
    phrase = models.CharField("集合词", max_length=60)
    variants = models.JSONField("其他写法", default=list, blank=True)
    is_open = models.BooleanField("开放", default=False)
    rule = models.JSONField("筛选规则", default=dict, blank=True)
    members = models.ManyToManyField(
        Organisation, related_name="member_of", blank=True, verbose_name="指明的成员"
    )
    note = models.CharField("说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "集合词"
        verbose_name_plural = "集合词"
        ordering = ["organisation", "phrase"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "phrase"], name="group_phrase_once")
        ]

    def __str__(self) -> str:
        return self.phrase
