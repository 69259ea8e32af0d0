"""站点与栏目。"""

from django.core.exceptions import ValidationError
from django.db import models
from treebeard.mp_tree import MP_Node

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.colours import ACCENT, accent_faults

from .rules import COLUMN_TYPES, STATUTORY_CONTENT, is_identification_code


def check_identification_code(code: str) -> None:
    """网站标识码不合格式时抛出 ``ValidationError``。"""
    if not is_identification_code(code):
        raise ValidationError("网站标识码应为 10 位数字，或 bm 加 8 位数字。")


def check_accent(accent: str) -> None:
    """主色看不清的抛出 ``ValidationError``，说明在哪里看不清。"""
    if faults := accent_faults(accent):
        raise ValidationError(faults)


class Site(models.Model):
    """站点：一个政府网站。一个资源库可以供给多个站点。

    地址是域名加路径前缀，末尾没有斜杠。``other_hosts`` 里的主机名也打开这个站点，只作入口，
    不是它的地址。
    """

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

    class Meta:
        verbose_name = "站点"
        verbose_name_plural = "站点"
        constraints = [
            models.UniqueConstraint(fields=["domain", "path_prefix"], name="site_address_once")
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


class Column(MP_Node):
    """栏目。树按导航层次；类别用规范用语。"""

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

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="column_code_once_in_site")
        ]

    def __str__(self) -> str:
        return self.name
