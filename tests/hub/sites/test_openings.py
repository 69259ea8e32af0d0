"""开设站点：原则、域名、批准；开通以后按模板有了法定的栏目，网站上也有了。"""

import json
from pathlib import Path

import pytest
from django.conf import settings
from lxml import html

from tests.actors import actor, organisation
from tests.hub.publications.test_sharing_workbench import text
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    Desk,
    desk,
    kinds_registered,
)
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.rules import COLUMN_TYPES, FIXED, STATUTORY_CONTENT
from yangguang.hub.sites.models import SiteOpening
from yangguang.hub.sites.opening_rules import domain_faults, prefix_faults, unit_faults
from yangguang.hub.sites.packaged import site_templates
from yangguang.hub.sites.services import propose_site

APPROVED = {
    "approval": "州政办函〔2020〕15号", "filing": "当日提交", "security_test": "报告 2020-8",
}  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "is_government", "portal", "fault"),
    [
        ("www.yinxian.gov.cn", True, "www.donghe.gov.cn", ""),
        ("yinxian.gov.cn", True, "", "www."),
        ("www.yinxian.com", True, "", ".gov.cn"),
        ("slj.donghe.gov.cn", False, "www.donghe.gov.cn", ""),
        ("www.slj.gov.cn", False, "www.donghe.gov.cn", "下级域名"),
        ("Slj.donghe.gov.cn", False, "www.donghe.gov.cn", "小写字母"),
        ("http://a.gov.cn/", True, "", "小写字母"),
    ],
)
def test_domains_follow_the_rule(domain: str, is_government: bool, portal: str, fault: str) -> None:
    found = domain_faults(domain, is_government=is_government, portal=portal)
    assert found == [] if not fault else fault in found[0]


def test_prefixes_do_not_hide_the_addresses_of_the_site_above() -> None:
    assert prefix_faults("") == prefix_faults("yongjing") == []
    for prefix in ("search", "columns", "9a", "A", "a/b", "a" * 41):
        assert prefix_faults(prefix), prefix


def test_towns_and_county_departments_open_none_without_a_stated_basis() -> None:
    assert unit_faults("prefecture", "administrative", "") == []
    assert unit_faults("county", "government", "") == []
    assert "乡镇" in unit_faults("township", "government", "")[0]
    assert "县级部门" in unit_faults("county", "administrative", " ")[0]
    assert unit_faults("county", "administrative", "省政府办公厅批复") == []


@pytest.mark.parametrize("code", ["government", "department"])
def test_a_template_has_the_statutory_column_in_its_order_and_known_types(code: str) -> None:
    template = site_templates()[code]
    disclosure = template.columns[0]
    assert disclosure["name"] == "政府信息公开"
    names = [each["name"] for each in disclosure["children"]]
    assert names[:4] == [
        "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报",
    ]  # fmt: skip
    assert FIXED <= {disclosure["name"], *names} and "依申请公开" in names
    contents = [each["statutory_content"] for each in disclosure["children"][2]["children"]]
    assert set(contents) <= set(STATUTORY_CONTENT) and len(contents) == len(set(contents))
    assert code != "government" or contents == list(STATUTORY_CONTENT)
    raw = (Path(settings.DATA_ROOT) / "sites" / f"{code}.json").read_text()
    assert {t for t in COLUMN_TYPES if f'"{t}"' in raw} and json.loads(raw)["code"] == code
    assert "工作动态" not in json.dumps(disclosure, ensure_ascii=False)


@pytest.fixture
def supervisors(desk: Desk) -> tuple[Actor, Actor]:  # noqa: F811
    one, other = (
        actor("supervisor", desk.organisation, username=name, subtree=True)
        for name in ("asks", "approves")
    )
    return one, other


def test_a_county_gets_its_site_from_the_template_by_another_ones_approval(
    desk: Desk,  # noqa: F811
    supervisors: tuple[Actor, Actor],
) -> None:
    county = Organisation.objects.get(code="county-1")
    one, other = sign_in(supervisors[0]), sign_in(supervisors[1])
    given = {
        "organisation": county.pk, "template": "government", "reason": "县政府门户",
        "name": "银县人民政府", "short_name": "银县", "code": "yin", "domain": desk.site.domain,
        "path_prefix": "search", "identification_code": "6299020000", "accent": "#0b6e4f",
    }  # fmt: skip
    new = "/workbench/site-openings/new/"
    (box,) = html.fromstring(one.get(new).content).xpath("//input[@type='color']")
    assert not {"required", "maxlength", "placeholder"} & set(box.attrib), "颜色框不许写这些"
    answer = one.fill(new, **given)
    assert "已建立：银县人民政府" in text(answer)
    opening = SiteOpening.objects.get()
    record = f"/workbench/site-openings/{opening.pk}/"
    assert "不能作路径前缀" in text(one.get(record))
    one.fill(f"{record}edit/", path_prefix="yin")
    assert "已报批" in text(one.post(f"{record}do/ask/", {"key": "ask"}))
    assert "您自己申请的" in text(one.get(record))
    assert "银县人民政府" in text(other.get("/workbench/"))
    answer = other.fill(f"{record}do/open/", **APPROVED | {"security_test": ""})
    assert answer.status_code == 422 and not Site.objects.filter(code="yin").exists()
    assert "已批准开通" in text(other.fill(f"{record}do/open/", **APPROVED))
    site = Site.objects.get(code="yin")
    assert site.organisation == county and site.state == "running"
    assert Column.objects.filter(site=site).count() == site_templates()["government"].count
    desk.follow()
    home = (desk.root / "yin" / "index.html").read_text()
    assert "银县人民政府" in home and "/yin/columns/zhengfu-xinxi-gongkai/" in home
    assert "银县" in desk.page("index.html")


def test_one_unit_one_site_and_nobody_opens_for_a_unit_out_of_his_scope(
    desk: Desk,  # noqa: F811
    supervisors: tuple[Actor, Actor],
) -> None:
    values = {
        "organisation": desk.organisation, "template": "government", "code": "donghe",
        "name": "再开一个", "short_name": "再开", "domain": "www.zai.gov.cn",
        "path_prefix": "", "identification_code": desk.site.identification_code, "reason": "再开",
        "exception": "",
    }  # fmt: skip
    opening = propose_site(values, actor=supervisors[0], key="one")
    with pytest.raises(Refused, match=r"已经有网站.*代码 donghe.*标识码"):
        perform(opening, "ask", actor=supervisors[0], key="ask")
    with pytest.raises(OutOfScope):
        propose_site(
            values | {"organisation": organisation("far")}, actor=supervisors[0], key="two"
        )
    with pytest.raises(OutOfScope):
        propose_site(values, actor=desk.actor, key="three")
