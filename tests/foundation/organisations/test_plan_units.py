"""临州办发〔2020〕81号各任务括号里点到的单位，一个不漏地认出来。"""

import re
from datetime import date

import pytest
from django.conf import settings

from yangguang.foundation.organisations.selectors import resolve_units

ISSUED = date(2020, 9, 25)
COUNTIES = ("linxia-city", "linxia-county", "kangle", "yongjing", "guanghe", "hezheng",
            "dongxiang", "jishishan")  # fmt: skip
DEPARTMENTS = (
    "office", "development", "education", "science", "industry", "police", "civil-affairs",
    "justice", "finance", "human-resources", "natural-resources", "ecology", "housing",
    "transport", "water", "agriculture", "commerce", "culture-tourism", "health", "veterans",
    "emergency", "audit", "market", "statistics", "healthcare-security", "forestry", "poverty",
    "financial-office",
)  # fmt: skip
SINGLE = {
    "州委编办": "linxia-party-staffing",
    "州委宣传部": "linxia-party-publicity",
    "州委网信办": "linxia-party-cyberspace",
    "州政府办公室": "linxia-office",
    "州司法局": "linxia-justice",
    "州市场监管局": "linxia-market",
    "州市场监督管理局": "linxia-market",
    "州工信局": "linxia-industry",
    "州政府金融办": "linxia-financial-office",
    "州税务局": "linxia-tax",
    "州人行": "linxia-pboc",
    "州银监局": "linxia-cbirc",
    "州卫健委": "linxia-health",
    "州公安局": "linxia-police",
    "州人社局": "linxia-human-resources",
    "州教育局": "linxia-education",
    "州财政局": "linxia-finance",
    "州文旅局": "linxia-culture-tourism",
    "州政府研究室": "linxia-research",
    "州扶贫办": "linxia-poverty",
    "州发改委": "linxia-development",
    "州生态环境局": "linxia-ecology",
    "州民政局": "linxia-civil-affairs",
    "州医保局": "linxia-healthcare-security",
    "州退役军人事务局": "linxia-veterans",
}
OPEN = {
    "州政府有关部门": (),
    "州政府各有关部门": (),
    "州政府各相关部门": (),
    "省属在临有关单位": (),
    "直属事业单位": (),
    "州应对新冠肺炎疫情工作总指挥部各成员单位": (),
    "州级各医疗卫生机构": ("linxia-hospital", "linxia-cdc"),
    "各乡镇（街道）": (
        "linxia-city-fuhan", "linxia-county-hanji", "kangle-fucheng", "yongjing-liujiaxia",
        "guanghe-chengguan", "hezheng-chengguan", "dongxiang-suonan", "jishishan-chuimatan",
    ),
}  # fmt: skip
CLOSED = {
    "各县市人民政府": COUNTIES,
    "各县市政府": COUNTIES,
    "州政府各部门": tuple(f"linxia-{name}" for name in DEPARTMENTS),
}


def phrases_in_brackets() -> list[str]:
    """正文里每个“（牵头单位：……，实施单位：……）”拆出的各个写法。"""
    text = (settings.DATA_ROOT / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")
    brackets = re.findall(r"（牵头单位：(.+)）$", text, re.MULTILINE)
    assert len(brackets) == 44
    found: list[str] = []
    for bracket in brackets:
        found += re.split("[、，]", bracket.replace("实施单位：", ""))
    return list(dict.fromkeys(found))


def test_the_expectations_cover_every_phrase_of_the_plan() -> None:
    assert set(phrases_in_brackets()) == set(SINGLE) | set(OPEN) | set(CLOSED)


def test_every_unit_of_the_plan_resolves_on_the_day_it_was_issued(linxia: None) -> None:
    for found in resolve_units(phrases_in_brackets(), ISSUED):
        assert not found.unresolved, found
        if found.phrase in SINGLE:
            assert found.codes == (SINGLE[found.phrase],), found
            assert (found.group, found.is_open) == (None, False)
        elif found.phrase in OPEN:
            assert set(found.codes) == set(OPEN[found.phrase]), found
            assert found.is_open and found.group
        else:
            assert set(found.codes) == set(CLOSED[found.phrase]), found
            assert found.group and not found.is_open


def test_all_spellings_of_an_open_group_name_the_same_group(linxia: None) -> None:
    names = {found.group for found in resolve_units(
        ["州政府有关部门", "州政府各有关部门", "州政府各相关部门", "州政府相关部门"], ISSUED
    )}  # fmt: skip
    assert names == {"州政府有关部门"}


def test_the_counties_written_in_the_body_resolve_too(linxia: None) -> None:
    (offices,) = resolve_units(["县市政府办公室"], ISSUED)
    assert set(offices.codes) == {f"{county}-office" for county in COUNTIES}


@pytest.mark.parametrize(
    "phrase",
    ["临夏回族自治州市场监督管理局", "临夏州市场监督管理局", "临夏州市场监管局", " 州 市场监管局 ",
     "州市场监管局。", "“州市场监管局”"],
)  # fmt: skip
def test_a_unit_is_known_under_every_form_of_its_areas_name(linxia: None, phrase: str) -> None:
    (found,) = resolve_units([phrase], ISSUED)
    assert found.codes == ("linxia-market",)


@pytest.mark.parametrize(
    ("phrase", "on", "code"),
    [
        ("州扶贫办", date(2020, 9, 25), "linxia-poverty"),
        ("州乡村振兴局", date(2022, 1, 1), "linxia-rural-revitalisation"),
        ("州银监局", date(2018, 1, 1), "linxia-cbrc"),
        ("州银监局", date(2020, 9, 25), "linxia-cbirc"),
        ("州金融监管局", date(2024, 1, 1), "linxia-nfra"),
        ("中国人民银行临夏回族自治州中心支行", date(2020, 9, 25), "linxia-pboc"),
        ("中国人民银行临夏回族自治州分行", date(2024, 1, 1), "linxia-pboc"),
    ],
)
def test_reformed_bodies_resolve_by_the_name_of_the_day(
    linxia: None, phrase: str, on: date, code: str
) -> None:
    (found,) = resolve_units([phrase], on)
    assert found.codes == (code,)


@pytest.mark.parametrize(
    ("phrase", "on"),
    [
        ("州扶贫办", date(2022, 1, 1)),
        ("州乡村振兴局", date(2020, 9, 25)),
        ("中国人民银行临夏回族自治州分行", date(2020, 9, 25)),
    ],
)
def test_a_name_of_another_day_is_not_guessed_but_offered(
    linxia: None, phrase: str, on: date
) -> None:
    (found,) = resolve_units([phrase], on)
    assert found.unresolved and found.codes == ()
    assert len(found.candidates) == 1


def test_poverty_office_counts_among_the_departments_only_while_it_existed(linxia: None) -> None:
    (then,) = resolve_units(["州政府各部门"], ISSUED)
    (later,) = resolve_units(["州政府各部门"], date(2022, 1, 1))
    assert set(then.codes) - set(later.codes) == {"linxia-poverty"}
    assert set(later.codes) - set(then.codes) == {"linxia-rural-revitalisation"}
