"""开设站点的申请：批准以后按模板建成一个站点。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, state_is_known
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.services import Refused, start
from yangguang.foundation.organisations.models import Kind
from yangguang.foundation.theme.colours import ACCENT
from yangguang.hub.columns.models import Site, check_accent, check_identification_code
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.columns.services import plant

from .opening_rules import LIFE, domain_faults, prefix_faults, unit_faults
from .packaged import site_templates
from .policy import OpeningPolicy

COPIED = (
    "organisation", "code", "name", "short_name", "domain", "path_prefix", "identification_code",
    "undertaken_by", "contact", "icp_number", "police_number", "supports_ipv6", "party_mark_url",
    "fault_report_url", "accent",
)  # fmt: skip
"""开通时照搬到站点上的。"""


class SiteOpening(LivingRecord):
    """一次开设。``organisation`` 是主办单位；``site`` 是开通以后的站点。"""

    lifecycle = LIFE
    policy = OpeningPolicy()
    named_with = ("organisation",)

    code = models.SlugField("代码", max_length=40)
    name = models.CharField("规范名称", max_length=80)
    short_name = models.CharField("地名或简称", max_length=40)
    template = models.CharField("模板", max_length=20)
    domain = models.CharField("域名", max_length=100)
    path_prefix = models.CharField("路径前缀", max_length=40, blank=True)
    identification_code = models.CharField(
        "网站标识码", max_length=10, validators=[check_identification_code]
    )
    undertaken_by = models.CharField("承办单位", max_length=80, blank=True)
    contact = models.CharField("联系方式", max_length=120, blank=True)
    icp_number = models.CharField("ICP 备案号", max_length=60, blank=True)
    police_number = models.CharField("公安备案号", max_length=60, blank=True)
    supports_ipv6 = models.BooleanField("支持 IPv6", default=False)
    party_mark_url = models.URLField("党政机关网站标识的核验地址", blank=True)
    fault_report_url = models.URLField("“我为政府网站找错”的地址", blank=True)
    accent = models.CharField("主色", max_length=7, default=ACCENT, validators=[check_accent])
    reason = models.CharField("为什么开设", max_length=500)
    exception = models.CharField("原则上不开设的，依据", max_length=300, blank=True)
    approval = models.CharField("批准文件", max_length=120, blank=True, editable=False)
    filing = models.CharField("备案情况", max_length=120, blank=True, editable=False)
    security_test = models.CharField("安全检测", max_length=120, blank=True, editable=False)
    site = models.OneToOneField(
        Site, models.PROTECT, null=True, editable=False, related_name="opening",
        verbose_name="站点",
    )  # fmt: skip

    class Meta:
        verbose_name = "开设站点"
        verbose_name_plural = "开设站点"
        constraints = [
            state_is_known(LIFE, "site_opening_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="opened", site__isnull=False)
                | ~models.Q(state="opened") & models.Q(site__isnull=True),
                name="site_opening_opened_has_its_site",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """开通以后的完整地址，末尾没有斜杠。"""
        prefix = self.path_prefix.strip("/")
        return f"https://{self.domain}" + (f"/{prefix}" if prefix else "")

    def faults(self) -> list[str]:
        """此刻为什么开不成，每条一句。六次查询以内。"""
        unit = self.organisation
        above = site_for(unit)
        found = unit_faults(unit.level, unit.kind, self.exception)
        found += prefix_faults(self.path_prefix)
        host = Site.objects.filter(domain=self.domain, path_prefix="").exclude(state="closed")
        if not self.path_prefix:
            portal = above.domain if above else ""
            is_government = unit.kind == Kind.GOVERNMENT
            found += domain_faults(self.domain, is_government=is_government, portal=portal)
        elif not host.exists():
            found.append(f"{self.domain} 上没有不带前缀的站点；带路径前缀的要开在已有的域名下。")
        if Site.objects.filter(organisation=unit).exists():
            found.append(f"{unit}已经有网站：一个单位最多开设一个（国办发〔2017〕47号）。")
        found += [
            f"{label} {value} 已经用于别的站点。"
            for label, value, taken in (
                ("代码", self.code, {"code": self.code}),
                ("网站标识码", self.identification_code, {"identification_code": self.identification_code}),
                ("网址", self.address, {"domain": self.domain, "path_prefix": self.path_prefix}),
            )
            if Site.objects.filter(**taken).exists()
        ]  # fmt: skip
        return found

    def guard_facts(self) -> Mapping[str, Any]:
        """起草人，和此刻开不成的理由。"""
        return {**super().guard_facts(), "faults": self.faults()}

    def on_transition(
        self, transition: Transition, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
    ) -> None:
        """批准的，照模板建成站点。"""
        if transition.event != "open":
            return
        self.approval, self.filing = inputs["approval"], inputs["filing"]
        self.security_test = inputs["security_test"]
        site = Site(**{name: getattr(self, name) for name in COPIED})
        try:
            site.full_clean()
        except ValidationError as error:
            raise Refused(error.messages) from error
        start(site, actor=actor, key=f"site-opening:{self.pk}")
        plant(site, site_templates()[self.template].columns)
        self.site = site
