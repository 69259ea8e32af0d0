"""机构：发布或答复政府信息的任何单位。"""

from django.db import models
from treebeard.mp_tree import MP_Node


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


class Organisation(MP_Node):
    """机构。树按隶属关系：州人民政府 → 部门、县市 → 部门、乡镇街道。"""

    code = models.SlugField("代码", max_length=64, unique=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=60)
    level = models.CharField("层级", max_length=20, choices=Level.choices)
    kind = models.CharField("性质", max_length=20, choices=Kind.choices)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"

    def __str__(self) -> str:
        return self.short_name
